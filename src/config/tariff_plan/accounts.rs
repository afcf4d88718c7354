//! AccountActions.csv: accounts, with the balances that their plans of actions fill at once.

use super::actions::{ActionPlans, TopUp};
use super::merge::Merged;
use super::missing::Named;
use super::rows::{Layout, PlanFile, Sink};
use crate::config::definition;
use crate::model::definition::{Account, Balance};

static LAYOUT: Layout = Layout {
    model: "AccountActionMdl",
    columns: &[
        "Tenant",
        "Account",
        "ActionPlanId",
        "ActionTriggersId",
        "AllowNegative",
        "Disabled",
    ],
};

pub(super) fn read<'f, 's: 'f>(
    files: impl Iterator<Item = &'f PlanFile<'s>>,
    plans: &ActionPlans,
    sink: &mut Sink<'s>,
) -> Vec<definition::Row<Account>> {
    let mut merged: Merged<(String, String), definition::Row<Account>> = Merged::default();
    let mut plan_ids = Named::new("ActionPlans.csv", "id", sink);
    for file in files {
        file.each(&LAYOUT, sink, |row, sink| {
            let (allows_negative, is_disabled) = (row.flag(4, sink), row.flag(5, sink));
            let Some((tenant, id)) = row.key(sink) else { return };
            let make = || {
                let (tenant, id) = (tenant.to_owned(), id.to_owned());
                row.begin(1, sink, Account { tenant, id, ..Account::default() })
            };
            let Some(account) = merged.entry((tenant.to_owned(), id.to_owned()), make) else {
                return;
            };
            let account = &mut account.definition;
            account.allows_negative = allows_negative;
            account.is_disabled = is_disabled;
            let named = row.text(2);
            if named.is_empty() {
                return;
            }
            match plans.get(named) {
                Some(top_ups) => top_ups.for_each(|top_up| fill(&mut account.balances, top_up)),
                None => {
                    let said = format!("could not get action plan with tag {named}");
                    plan_ids.miss(row, 2, &said, sink);
                }
            }
        });
    }
    merged.into_vec()
}

/// Fills the balance of the same id and kind; where there is none it is made.
fn fill(balances: &mut Vec<Balance>, TopUp { balance, resets, .. }: &TopUp) {
    let known =
        balances.iter_mut().find(|known| known.id == balance.id && known.kind == balance.kind);
    match known {
        Some(known) if *resets => *known = balance.clone(),
        Some(known) => known.value += balance.value,
        None => balances.push(balance.clone()),
    }
}
