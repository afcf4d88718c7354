//! The script as far as its references go: routes defined and named, functions called, modules loaded.
//!
//! It reads what `opensips -C` would, without knowing types or values; OpenSIPS itself does the rest
//! where it is installed.

use std::collections::BTreeSet;

/// One word, string or mark of a script.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Mark(char),
}

/// Functions and the module each belongs to, in OpenSIPS 3.6 and 4.0. `core` needs no module.
const FUNCTIONS: [(&str, &str); 34] = [
    ("async", "core"),
    ("launch", "core"),
    ("return", "core"),
    ("xlog", "core"),
    ("t_check_trans", "tm"),
    ("t_local_replied", "tm"),
    ("t_newtran", "tm"),
    ("t_on_branch", "tm"),
    ("t_on_failure", "tm"),
    ("t_on_reply", "tm"),
    ("t_relay", "tm"),
    ("t_reply", "tm"),
    ("t_was_cancelled", "tm"),
    ("send_reply", "signaling"),
    ("loose_route", "rr"),
    ("record_route", "rr"),
    ("mf_process_maxfwd_header", "maxfwd"),
    ("has_totag", "sipmsgops"),
    ("is_method", "sipmsgops"),
    ("append_hf", "sipmsgops"),
    ("remove_hf", "sipmsgops"),
    ("create_dialog", "dialog"),
    ("dlg_on_hangup", "dialog"),
    ("uac_replace_from", "uac"),
    ("ts_usec_delta", "cfgutils"),
    ("rest_get", "rest_client"),
    ("rest_post", "rest_client"),
    ("do_routing", "drouting"),
    ("dr_disable", "drouting"),
    ("route_to_carrier", "drouting"),
    ("route_to_gw", "drouting"),
    ("use_next_gw", "drouting"),
    ("json_link", "json"),
    ("json_merge", "json"),
];

/// Variables that a module brings.
const VARIABLES: [(&str, &str); 7] = [
    ("json", "json"),
    ("shv", "cfgutils"),
    ("bavp", "tm"),
    ("T_reply_code", "tm"),
    ("dlg_val", "dialog"),
    ("DLG_did", "dialog"),
    ("DLG_lifetime", "dialog"),
];

/// Functions whose first argument names a route, and its kind.
const ROUTE_SETTERS: [(&str, &str); 4] = [
    ("t_on_failure", "failure_route"),
    ("t_on_reply", "onreply_route"),
    ("t_on_branch", "branch_route"),
    ("dlg_on_hangup", "route"),
];

const ROUTE_KINDS: [&str; 4] = ["route", "failure_route", "onreply_route", "branch_route"];

/// Modules that need no function or variable of theirs to be used.
const SILENT_MODULES: [&str; 4] = ["proto_udp", "proto_tcp", "sl", "db_text"];

/// What a script defines and uses.
#[derive(Debug, Default)]
pub struct Script {
    /// `(kind, name)` of every named route.
    pub defined: BTreeSet<(String, String)>,
    /// `(kind, name)` of every route that something names.
    pub named: BTreeSet<(String, String)>,
    /// Functions called, by name.
    pub called: BTreeSet<String>,
    /// Modules loaded, without `.so`.
    pub loaded: BTreeSet<String>,
    /// Modules whose parameters are set.
    pub configured: BTreeSet<String>,
    /// Variables, by the name before any parenthesis.
    pub variables: BTreeSet<String>,
}

impl Script {
    /// Reads `text`.
    pub fn read(text: &str) -> Self {
        let (tokens, variables) = tokens(text);
        let mut script = Self { variables, ..Self::default() };
        for (at, token) in tokens.iter().enumerate() {
            let Token::Word(word) = token else { continue };
            let next = |offset: usize| tokens.get(at + offset);
            match (next(1), next(2), next(3)) {
                (Some(Token::Mark('[')), Some(Token::Word(name)), Some(Token::Mark(']')))
                    if ROUTE_KINDS.contains(&word.as_str()) =>
                {
                    script.defined.insert((word.clone(), name.clone()));
                }
                (Some(Token::Text(file)), ..) if word == "loadmodule" => {
                    script.loaded.insert(file.trim_end_matches(".so").to_owned());
                }
                (Some(Token::Mark('(')), argument, _) => script.call(word, argument, &tokens, at),
                _ => {}
            }
        }
        script
    }

    fn call(&mut self, word: &str, argument: Option<&Token>, tokens: &[Token], at: usize) {
        let setter = ROUTE_SETTERS.iter().find(|(name, _)| *name == word);
        match (word, argument) {
            ("if" | "while" | "switch" | "for", _) => return,
            ("route", Some(Token::Word(name))) => {
                self.named.insert(("route".to_owned(), name.clone()));
                return;
            }
            ("modparam", Some(Token::Text(module))) => {
                self.configured.insert(module.clone());
                return;
            }
            ("async", _) => {
                if let Some(name) = last_argument(tokens, at + 1) {
                    self.named.insert(("route".to_owned(), name));
                }
            }
            (_, Some(Token::Text(name))) => {
                if let Some((_, kind)) = setter {
                    self.named.insert(((*kind).to_owned(), name.clone()));
                }
            }
            _ => {}
        }
        self.called.insert(word.to_owned());
    }

    /// Every reference that leads nowhere, and every part that nothing uses.
    pub fn findings(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (kind, name) in self.named.difference(&self.defined) {
            found.push(format!("{kind}[{name}] is named, but not defined"));
        }
        for (kind, name) in self.defined.difference(&self.named) {
            found.push(format!("{kind}[{name}] is defined, but nothing names it"));
        }
        let mut used = BTreeSet::new();
        for name in &self.called {
            match FUNCTIONS.iter().find(|(function, _)| function == name) {
                None => found.push(format!("{name}() is in no module that this test knows")),
                Some((_, "core")) => {}
                Some((_, module)) => {
                    used.insert(*module);
                    if !self.loaded.contains(*module) {
                        found.push(format!("{name}() needs the module {module}"));
                    }
                }
            }
        }
        for name in &self.variables {
            if let Some((_, module)) = VARIABLES.iter().find(|(variable, _)| variable == name) {
                used.insert(*module);
                if !self.loaded.contains(*module) {
                    found.push(format!("${name} needs the module {module}"));
                }
            }
        }
        for module in self.configured.difference(&self.loaded) {
            found.push(format!("modparam for {module}, which is not loaded"));
        }
        for module in &self.loaded {
            if !used.contains(module.as_str()) && !SILENT_MODULES.contains(&module.as_str()) {
                found.push(format!("the module {module} is loaded, but nothing of it is used"));
            }
        }
        found
    }
}

/// The word right before the parenthesis that closes the one at `open`.
fn last_argument(tokens: &[Token], open: usize) -> Option<String> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') if depth == 1 => {
                return match tokens.get(at - 1) {
                    Some(Token::Word(name)) => Some(name.clone()),
                    _ => None,
                };
            }
            Token::Mark(')') => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Comments and blanks dropped; variables taken out and given by name.
fn tokens(text: &str) -> (Vec<Token>, BTreeSet<String>) {
    let chars: Vec<char> = text.chars().collect();
    let (mut tokens, mut variables, mut at) = (Vec::new(), BTreeSet::new(), 0);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(&c) = chars.get(at) {
        match c {
            '#' => at += chars[at..].iter().take_while(|c| **c != '\n').count(),
            '"' => {
                let mut content = String::new();
                at += 1;
                while let Some(&c) = chars.get(at).filter(|c| **c != '"') {
                    if c == '\\' {
                        at += 1;
                    }
                    content.extend(chars.get(at));
                    at += 1;
                }
                at += 1;
                variables.extend(variables_in(&content));
                tokens.push(Token::Text(content));
            }
            '$' => {
                let end = end_of_variable(&chars, at);
                variables.extend(variables_in(&chars[at..end].iter().collect::<String>()));
                at = end;
            }
            _ if is_word(c) => {
                let word: String = chars[at..].iter().take_while(|c| is_word(**c)).collect();
                at += word.chars().count();
                tokens.push(Token::Word(word));
            }
            _ => {
                if !c.is_whitespace() {
                    tokens.push(Token::Mark(c));
                }
                at += 1;
            }
        }
    }
    (tokens, variables)
}

/// Where the variable that begins at `at` ends: `$name`, `$name(…)` or `$(…)`.
fn end_of_variable(chars: &[char], at: usize) -> usize {
    let mut end = at + 1;
    end += chars[end..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
    if chars.get(end) != Some(&'(') {
        return end;
    }
    let mut depth = 0_usize;
    for (offset, c) in chars[end..].iter().enumerate() {
        match c {
            '(' => depth += 1,
            ')' if depth == 1 => return end + offset + 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    chars.len()
}

/// Names of the variables in `text`, nested ones included.
fn variables_in(text: &str) -> Vec<String> {
    let name = |part: &str| {
        let part = part.trim_start_matches('(');
        part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    text.split('$').skip(1).map(name).filter(|name| !name.is_empty()).collect()
}
