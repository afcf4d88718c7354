//! Failover policies as data: which answer of a supplier lets the call go on to the next one.

use super::sip::SipCode;

/// What a policy says of one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The next supplier is tried.
    Continue,
    /// The outcome is final.
    Stop,
}

/// `[failover.policy.NAME]`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name: a built-in one or that of the table.
    pub name: String,
    /// Codes that go on, single ones.
    pub continue_codes: Vec<SipCode>,
    /// Classes that go on: 4 for `4xx`.
    pub continue_classes: Vec<u8>,
    /// Codes that are final, single ones.
    pub stop_codes: Vec<SipCode>,
    /// Classes that are final.
    pub stop_classes: Vec<u8>,
    /// What holds for a code that neither list names.
    pub unlisted: Verdict,
    /// Whether the proxy's own timeout, or its failure to send, goes on.
    pub on_timeout: bool,
    /// Whether a redirection (3xx) goes on; the codes above do not speak of 3xx.
    pub redirects: Verdict,
    /// Attempts of one call at most; `None` is no cap.
    pub max_attempts: Option<u32>,
    /// Milliseconds from the call's first question to the start of its last attempt; `None` is no cap.
    pub max_time_ms: Option<u32>,
}

impl Policy {
    /// What follows an attempt that ended with `code`.
    ///
    /// `local` is the proxy's own timeout or failure to send, whatever code it wrote. A code stands
    /// before its class, and stopping before going on where both lists name the same.
    #[must_use]
    pub fn verdict(&self, code: SipCode, local: bool) -> Verdict {
        if local {
            return if self.on_timeout { Verdict::Continue } else { Verdict::Stop };
        }
        let class = code.class();
        match class {
            1 | 2 => return Verdict::Stop,
            3 => return self.redirects,
            _ => {}
        }
        if self.stop_codes.contains(&code) {
            Verdict::Stop
        } else if self.continue_codes.contains(&code) {
            Verdict::Continue
        } else if self.stop_classes.contains(&class) {
            Verdict::Stop
        } else if self.continue_classes.contains(&class) {
            Verdict::Continue
        } else {
            self.unlisted
        }
    }

    /// The policies that are there without being declared.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        vec![Self::classic(), Self::voipbin(), Self::carrier()]
    }

    /// The rules of VoIPBIN's document: 404, 5xx and 6xx go on, every other 4xx stops.
    #[must_use]
    pub fn classic() -> Self {
        Self {
            name: "classic".into(),
            continue_codes: codes(&[404]),
            continue_classes: vec![5, 6],
            stop_codes: Vec::new(),
            stop_classes: vec![4],
            unlisted: Verdict::Stop,
            on_timeout: true,
            redirects: Verdict::Stop,
            max_attempts: None,
            max_time_ms: None,
        }
    }

    /// The rules of VoIPBIN's program: seven hangup causes are final, seen through Asterisk's map of
    /// SIP codes to causes (17: 486, 600; 19: 480, 483; 21: 401, 403, 407, 603; 16: 3xx); everything
    /// else goes on.
    #[must_use]
    pub fn voipbin() -> Self {
        Self {
            name: "voipbin".into(),
            continue_codes: Vec::new(),
            continue_classes: vec![4, 5, 6],
            stop_codes: codes(&[401, 403, 407, 480, 483, 486, 600, 603]),
            stop_classes: Vec::new(),
            unlisted: Verdict::Continue,
            on_timeout: true,
            redirects: Verdict::Stop,
            max_attempts: None,
            max_time_ms: None,
        }
    }

    /// What wholesale routing wants: the supplier's own faults go on, the called person's answer is
    /// final; five attempts within 20 seconds.
    #[must_use]
    pub fn carrier() -> Self {
        Self {
            name: "carrier".into(),
            continue_codes: codes(&[404, 408, 480]),
            continue_classes: vec![5],
            stop_codes: codes(&[486, 487]),
            stop_classes: vec![6],
            unlisted: Verdict::Stop,
            on_timeout: true,
            redirects: Verdict::Continue,
            max_attempts: Some(5),
            max_time_ms: Some(20_000),
        }
    }

    /// The codes that go on, as a regular expression over three digits for a script that walks the
    /// list itself: `404|408|480|5..`.
    ///
    /// Exact: a class is written as `5..` only when each of its 100 codes goes on.
    #[must_use]
    pub fn continue_pattern(&self) -> String {
        let goes_on = |code: u16| {
            SipCode::new(code).is_some_and(|code| self.verdict(code, false) == Verdict::Continue)
        };
        let mut parts: Vec<String> = Vec::new();
        for class in 3..=6_u16 {
            let first = class * 100;
            let going: Vec<u16> = (first..first + 100).filter(|code| goes_on(*code)).collect();
            match going.len() {
                0 => {}
                100 => parts.push(format!("{class}..")),
                _ => parts.extend(tens(&going)),
            }
        }
        parts.join("|")
    }
}

/// Codes of one class in a short plain form: whole tens as `41.`, a few one by one, most as `40[0245]`.
fn tens(going: &[u16]) -> Vec<String> {
    let mut parts = Vec::new();
    for ten in going.chunk_by(|a, b| a / 10 == b / 10) {
        match ten {
            [first, .., _] if ten.len() == 10 => parts.push(format!("{}.", first / 10)),
            few if few.len() <= 3 => parts.extend(few.iter().map(u16::to_string)),
            several => {
                let last: String = several.iter().map(|code| (code % 10).to_string()).collect();
                let head = several.first().map_or(0, |code| code / 10);
                parts.push(format!("{head}[{last}]"));
            }
        }
    }
    parts
}

fn codes(list: &[u16]) -> Vec<SipCode> {
    list.iter().filter_map(|code| SipCode::new(*code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_decide_as_their_documents_say() {
        let go = |policy: &Policy, code: u16| {
            policy.verdict(SipCode::new(code).unwrap(), false) == Verdict::Continue
        };
        let classic = Policy::classic();
        let voipbin = Policy::voipbin();
        let carrier = Policy::carrier();
        // (code, classic, voipbin, carrier)
        for (code, c, v, k) in [
            (302, false, false, true),
            (401, false, false, false),
            (403, false, false, false),
            (404, true, true, true),
            (407, false, false, false),
            (408, false, true, true),
            (410, false, true, false),
            (480, false, false, true),
            (483, false, false, false),
            (486, false, false, false),
            (487, false, true, false),
            (488, false, true, false),
            (500, true, true, true),
            (503, true, true, true),
            (600, true, false, false),
            (603, true, false, false),
            (604, true, true, false),
            (606, true, true, false),
            (200, false, false, false),
        ] {
            assert_eq!(go(&classic, code), c, "classic {code}");
            assert_eq!(go(&voipbin, code), v, "voipbin {code}");
            assert_eq!(go(&carrier, code), k, "carrier {code}");
        }
        for policy in Policy::built_in() {
            let timeout = SipCode::new(408).unwrap();
            assert_eq!(policy.verdict(timeout, true), Verdict::Continue, "{}", policy.name);
        }
    }

    #[test]
    fn the_pattern_says_what_the_policy_decides() {
        assert_eq!(Policy::classic().continue_pattern(), "404|5..|6..");
        assert_eq!(Policy::carrier().continue_pattern(), "3..|404|408|480|5..");
        assert_eq!(
            Policy::voipbin().continue_pattern(),
            "40[0245689]|41.|42.|43.|44.|45.|46.|47.|48[1245789]|49.|5..|60[12456789]|61.|62.|63.|64.|65.|66.|67.|68.|69."
        );
    }
}
