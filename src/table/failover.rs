//! Failover policies of a table, by index.

use super::input::{EndWith, FailoverInput, NoRoute};
use crate::model::json::push_string;
use crate::model::policy::Policy;

/// Position of a policy in its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyIndex(u16);

impl PolicyIndex {
    /// The number from 1 to 15 as a call's memory keeps it; 0: the policy is a later one.
    #[must_use]
    pub fn number(self) -> u8 {
        u8::try_from(self.0 + 1).ok().filter(|number| *number <= 15).unwrap_or(0)
    }
}

/// A policy with what answers copy of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePolicy {
    /// The rules.
    pub rules: Policy,
    /// `,"continue":"…","on_timeout":…`: what answers say of it; the codes that go on stand as a
    /// regular expression.
    pub json: Vec<u8>,
}

/// `[failover]`, compiled.
#[derive(Debug, Clone)]
pub struct Failover {
    policies: Vec<TablePolicy>,
    default: TablePolicy,
    /// What a call without a route gets.
    pub no_route: NoRoute,
    /// Which code the caller gets when everything failed.
    pub end_with: EndWith,
}

impl Failover {
    /// Compiles the policies.
    ///
    /// # Errors
    /// Says so when the default policy is not among them.
    pub fn build(input: FailoverInput) -> Result<Self, String> {
        let compile = |rules: Policy| TablePolicy { json: fragment(&rules), rules };
        let policies: Vec<TablePolicy> = input.policies.into_iter().map(compile).collect();
        let default = policies
            .iter()
            .find(|policy| policy.rules.name == input.default)
            .cloned()
            .ok_or_else(|| format!("no failover policy is called `{}`", input.default))?;
        Ok(Self { policies, default, no_route: input.no_route, end_with: input.end_with })
    }

    /// The index of a policy's name.
    ///
    /// # Errors
    /// Says so when there is none.
    pub fn find(&self, name: &str) -> Result<PolicyIndex, String> {
        self.policies
            .iter()
            .position(|policy| policy.rules.name == name)
            .and_then(|index| u16::try_from(index).ok())
            .map(PolicyIndex)
            .ok_or_else(|| format!("no failover policy is called `{name}`"))
    }

    /// Whether it decides as the other one does; the order of the policies does not matter.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let all = |ours: &[TablePolicy], theirs: &[TablePolicy]| {
            ours.iter().all(|policy| theirs.contains(policy))
        };
        (&self.default, self.no_route, self.end_with)
            == (&other.default, other.no_route, other.end_with)
            && all(&self.policies, &other.policies)
            && all(&other.policies, &self.policies)
    }

    /// The policy's name at an index.
    #[must_use]
    pub fn name(&self, index: PolicyIndex) -> Option<&str> {
        self.policies.get(usize::from(index.0)).map(|policy| policy.rules.name.as_str())
    }

    /// The index under a number from 1 on, as a call's memory keeps it; 0 is none.
    #[must_use]
    pub fn numbered(&self, number: u8) -> Option<PolicyIndex> {
        number.checked_sub(1).map(u16::from).map(PolicyIndex)
    }

    /// The policy of a place: the row's, else its supplier's, else the default.
    #[must_use]
    pub fn policy(&self, row: Option<PolicyIndex>, supplier: Option<PolicyIndex>) -> &TablePolicy {
        row.or(supplier)
            .and_then(|index| self.policies.get(usize::from(index.0)))
            .unwrap_or(&self.default)
    }
}

fn fragment(rules: &Policy) -> Vec<u8> {
    let mut json = b",\"continue\":".to_vec();
    push_string(&mut json, &rules.continue_pattern());
    json.extend_from_slice(b",\"on_timeout\":");
    json.extend_from_slice(if rules.on_timeout { b"true" } else { b"false" });
    json
}
