//! `[failover]` and its policies, from however many files.

use super::finding::shown;
use super::report::{Mark, Report};
use super::value::{class_of, code_of};
use super::walk::Node;
use crate::model::policy::{Policy, Verdict};
use crate::model::sip::SipCode;
use crate::table::input::{EndWith, FailoverInput, NoRoute};

/// The policies that need no declaration, in the order of `Policy::built_in`.
const BUILT_IN: [&str; 3] = ["classic", "voipbin", "carrier"];

/// What the files have said so far, and where.
#[derive(Debug, Default)]
pub(super) struct FailoverDraft {
    default: Option<(String, Mark)>,
    no_route: Option<(NoRoute, Mark)>,
    end_with: Option<(EndWith, Mark)>,
    policies: Vec<(Policy, Mark)>,
}

impl FailoverDraft {
    /// Reads the table of one file; a key that another file has as well is an error.
    pub(super) fn read(&mut self, node: Node<'_>, report: &mut Report<'_>) {
        let default = node.text("default").map(str::to_owned);
        keep(&mut self.default, default, node, "default", report);
        keep(&mut self.no_route, no_route(node), node, "no_route", report);
        keep(&mut self.end_with, end_with(node), node, "end_with", report);
        for (name, mark, policy) in node.named("policy") {
            self.add(name, mark, policy, report);
        }
    }

    fn add(&mut self, name: &str, mark: Mark, node: Node<'_>, report: &mut Report<'_>) {
        let shape = name.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-.".contains(&c));
        if !shape || name.is_empty() || name.len() > 64 {
            let text = format!("{} is no name of a policy", shown(name));
            report.error(mark, &text, "use 1 to 64 letters, digits and `_ - .`");
        }
        let first = self.policies.iter().find(|(policy, _)| policy.name == name);
        if let Some((_, first)) = first {
            let first = report.place(*first);
            let text = format!("the policy {} is declared twice, first at {first}", shown(name));
            report.error(mark, &text, "leave one out");
            return;
        }
        self.policies.push((policy(name, node, report), mark));
    }

    /// Whether a policy of this name is built in or declared.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    /// The names of all policies.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let declared = self.policies.iter().map(|(policy, _)| policy.name.as_str());
        let built_in = BUILT_IN.into_iter().filter(|name| !self.declares(name));
        built_in.chain(declared)
    }

    fn declares(&self, name: &str) -> bool {
        self.policies.iter().any(|(policy, _)| policy.name == name)
    }

    /// `failover.default`, if a file has it.
    pub(super) fn default(&self) -> Option<(&str, Mark)> {
        self.default.as_ref().map(|(name, mark)| (name.as_str(), *mark))
    }

    /// Built-in policies, replaced or joined by the declared ones.
    pub(super) fn into_input(self) -> FailoverInput {
        let mut input = FailoverInput::default();
        for (policy, _) in self.policies {
            match input.policies.iter_mut().find(|known| known.name == policy.name) {
                Some(known) => *known = policy,
                None => input.policies.push(policy),
            }
        }
        if let Some((default, _)) = self.default {
            input.default = default;
        }
        if let Some((no_route, _)) = self.no_route {
            input.no_route = no_route;
        }
        if let Some((end_with, _)) = self.end_with {
            input.end_with = end_with;
        }
        input
    }
}

fn keep<T>(
    slot: &mut Option<(T, Mark)>,
    value: Option<T>,
    node: Node<'_>,
    key: &str,
    report: &mut Report<'_>,
) {
    let Some(value) = value else { return };
    let mark = node.mark_of(key);
    match slot {
        Some((_, first)) => {
            let first = report.place(*first);
            let text = format!("`failover.{key}` is set twice, first at {first}");
            report.error(mark, &text, "leave one out: it holds for all files");
        }
        None => *slot = Some((value, mark)),
    }
}

fn no_route(node: Node<'_>) -> Option<NoRoute> {
    let value = node.code_or_word("no_route")?;
    match value.as_str() {
        Some("fallback") => Some(NoRoute::Fallback),
        _ => code_of(value).map(NoRoute::Reject),
    }
}

fn end_with(node: Node<'_>) -> Option<EndWith> {
    let value = node.code_or_word("end_with")?;
    match value.as_str() {
        Some("best") => Some(EndWith::Best),
        Some("last") => Some(EndWith::Last),
        _ => code_of(value).map(EndWith::Code),
    }
}

fn policy(name: &str, node: Node<'_>, report: &mut Report<'_>) -> Policy {
    let (continue_codes, continue_classes) = codes(node, "continue");
    let (stop_codes, stop_classes) = codes(node, "stop");
    for (item, mark) in node.items("continue") {
        let code = code_of(item).is_some_and(|code| stop_codes.contains(&code));
        let class = class_of(item).is_some_and(|class| stop_classes.contains(&class));
        if code || class {
            let text = format!("the policy {} both continues and stops there", shown(name));
            report.warn(mark, &text, "`stop` holds: leave one out");
        }
    }
    let goes_on = |key: &str, word: &str| match node.text(key) {
        Some(text) if text == word => Verdict::Continue,
        _ => Verdict::Stop,
    };
    Policy {
        name: name.to_owned(),
        continue_codes,
        continue_classes,
        stop_codes,
        stop_classes,
        unlisted: goes_on("unlisted", "continue"),
        on_timeout: node.boolean("on_timeout").unwrap_or(true),
        redirects: goes_on("redirects", "next"),
        max_attempts: node.integer("max_attempts").and_then(|count| u32::try_from(count).ok()),
        max_time_ms: node.duration_ms("max_time"),
    }
}

fn codes(node: Node<'_>, key: &str) -> (Vec<SipCode>, Vec<u8>) {
    let codes = node.items(key).filter_map(|(value, _)| code_of(value)).collect();
    let classes = node.items(key).filter_map(|(value, _)| class_of(value)).collect();
    (codes, classes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_built_in_policies_are_those_of_the_model() {
        let names: Vec<String> = Policy::built_in().into_iter().map(|policy| policy.name).collect();
        assert_eq!(names, BUILT_IN);
    }
}
