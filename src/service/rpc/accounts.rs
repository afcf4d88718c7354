//! Methods that change and show accounts (section 2.5).
//!
//! A change of a balance leaves the rest of the account alone. What that is, is known when its turn comes:
//! the account is put together there.

use super::{Call, Refused, Work};
use crate::codec::definition::{AccountName, decode_account, decode_balance, encode_account};
use crate::model::definition::{Key, Kind};
use crate::table::change::{Change, Edit};

impl Call<'_> {
    /// `SetAccount`: makes an account, or changes what it may.
    pub(super) fn set_account(&self) -> Result<Work, Refused> {
        let edit = decode_account(self.argument)?;
        self.may_change()?;
        Ok(Work::Change(Edit::Account(Box::new(edit))))
    }

    /// `SetBalance`: makes a balance, or changes one.
    pub(super) fn set_balance(&self) -> Result<Work, Refused> {
        let zone = &self.table.rules.default_timezone;
        let edit = decode_balance(self.argument, zone, self.moment.wall_ns)?;
        self.may_change()?;
        Ok(Work::Change(Edit::Account(Box::new(edit))))
    }

    /// `RemoveAccount`.
    pub(super) fn remove_account(&self) -> Result<Work, Refused> {
        let AccountName { tenant, id } = AccountName::decode(self.argument)?;
        self.may_change()?;
        Ok(Work::Change(Change::Remove(Key { kind: Kind::Account, tenant, id }).into()))
    }

    /// `GetAccount`.
    pub(super) fn show_account(&self, out: &mut Vec<u8>) -> Result<(), Refused> {
        let AccountName { tenant, id } = AccountName::decode(self.argument)?;
        let account = self.table.objects.prices().account(&tenant, &id).ok_or("NOT_FOUND")?;
        encode_account(&account.definition, out);
        Ok(())
    }
}
