//! What an API changes of an account: single fields, the others stay as they are.
//!
//! What a field was before is not known to whoever asks: two changes of one account that come at the same
//! time are both made.

use super::{Account, Balance, BalanceKind, Stamp};

/// Changes of an account; it is made where there is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccountEdit {
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
    /// Whether it may owe.
    pub allows_negative: Option<bool>,
    /// Whether it pays for nothing.
    pub is_disabled: Option<bool>,
    /// A balance that is set.
    pub balance: Option<BalanceEdit>,
}

/// Changes of the balance with an id and a kind; it is made where there is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BalanceEdit {
    /// Its id.
    pub id: String,
    /// What it holds.
    pub kind: BalanceKind,
    /// When it is set (Unix nanoseconds): one that has expired by then is left alone.
    pub now_ns: i64,
    /// What is in it.
    pub value: Option<f64>,
    /// Before which others it pays.
    pub weight: Option<f64>,
    /// Destinations that it pays for; empty: all.
    pub destinations: Option<Vec<String>>,
    /// Categories that it pays for; empty: all.
    pub categories: Option<Vec<String>>,
    /// Whose rates its time is counted by.
    pub rating_subject: Option<String>,
    /// From when on it holds nothing; the inner `None`: never.
    pub expires: Option<Option<Stamp>>,
    /// Whether it pays for nothing.
    pub is_disabled: Option<bool>,
}

impl AccountEdit {
    /// The account afterwards; `before` is none where there was none.
    #[must_use]
    pub fn apply(&self, before: Option<&Account>) -> Account {
        let new =
            || Account { tenant: self.tenant.clone(), id: self.id.clone(), ..Account::default() };
        let mut account = before.cloned().unwrap_or_else(new);
        put(&mut account.allows_negative, self.allows_negative.as_ref());
        put(&mut account.is_disabled, self.is_disabled.as_ref());
        if let Some(edit) = &self.balance {
            edit.apply(&mut account.balances);
        }
        account
    }
}

impl BalanceEdit {
    fn apply(&self, balances: &mut Vec<Balance>) {
        let is_meant = |balance: &Balance| {
            let is_over = balance.expires.as_ref().is_some_and(|stamp| stamp.ns <= self.now_ns);
            balance.id == self.id && balance.kind == self.kind && !is_over
        };
        match balances.iter_mut().find(|balance| is_meant(balance)) {
            Some(balance) => self.change(balance),
            None => {
                let (id, kind) = (self.id.clone(), self.kind);
                let mut balance = Balance { id, kind, ..Balance::default() };
                self.change(&mut balance);
                balances.push(balance);
            }
        }
    }

    fn change(&self, balance: &mut Balance) {
        put(&mut balance.value, self.value.as_ref());
        put(&mut balance.weight, self.weight.as_ref());
        put(&mut balance.destinations, self.destinations.as_ref());
        put(&mut balance.categories, self.categories.as_ref());
        put(&mut balance.rating_subject, self.rating_subject.as_ref());
        put(&mut balance.expires, self.expires.as_ref());
        put(&mut balance.is_disabled, self.is_disabled.as_ref());
    }
}

fn put<T: Clone>(field: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        field.clone_from(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_balance_is_changed_field_by_field_and_made_where_there_is_none() {
        let edit = |id: &str, kind, value: f64| BalanceEdit {
            id: id.into(),
            kind,
            value: Some(value),
            now_ns: 100,
            ..BalanceEdit::default()
        };
        let voice = BalanceKind::Voice;
        let expires = |ns| Some(Some(Stamp { ns, text: String::new() }));
        let mut account = None;
        for (balance, want) in [
            (None, vec![]),
            (
                Some(BalanceEdit { weight: Some(20.0), ..edit("A", voice, 1.0) }),
                vec![("A", 1.0, 20.0)],
            ),
            // The weight stays.
            (Some(edit("A", voice, 2.0)), vec![("A", 2.0, 20.0)]),
            // Of another kind it is another balance.
            (Some(edit("A", BalanceKind::Monetary, 3.0)), vec![("A", 2.0, 20.0), ("A", 3.0, 0.0)]),
            (
                Some(BalanceEdit { expires: expires(101), value: None, ..edit("A", voice, 0.0) }),
                vec![("A", 2.0, 20.0), ("A", 3.0, 0.0)],
            ),
            (
                Some(BalanceEdit { expires: expires(100), ..edit("A", voice, 4.0) }),
                vec![("A", 4.0, 20.0), ("A", 3.0, 0.0)],
            ),
            // What is over is left alone.
            (Some(edit("A", voice, 5.0)), vec![("A", 4.0, 20.0), ("A", 3.0, 0.0), ("A", 5.0, 0.0)]),
        ] {
            let edit = AccountEdit { id: "1001".into(), balance, ..AccountEdit::default() };
            let after = edit.apply(account.as_ref());
            let told: Vec<(&str, f64, f64)> =
                after.balances.iter().map(|one| (one.id.as_str(), one.value, one.weight)).collect();
            assert_eq!(told, want, "{edit:?}");
            account = Some(after);
        }
        let edit = AccountEdit { allows_negative: Some(true), ..AccountEdit::default() };
        let after = edit.apply(account.as_ref());
        assert_eq!((after.id.as_str(), after.balances.len()), ("1001", 3));
        assert!(after.allows_negative && !after.is_disabled);
    }
}
