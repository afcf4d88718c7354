//! What a call costs by a route: its accounts first, what they do not pay by its rating plans.
//!
//! Section 4.3 of the CGRateS specification. One account is enough, the first that gives no error; the
//! plans are asked in their order. (The original stops at the first plan that lacks the destination, so
//! that its list is no list of stand-ins; with `compat.cgrates_quirks` so does this.)

use super::call::Call;
use super::fields::{Failure, Price, Scope};
use super::rating;
use crate::table::profile::ProfileRoute;
use crate::table::rating::Plan;
use std::borrow::Cow;

/// The category whose rating profiles price what accounts pay for.
const CATEGORY: &str = "*routes";
/// In the words of CGRateS: no plan has a price for the destination.
const UNAUTHORIZED: &str = "UNAUTHORIZED_DESTINATION";

/// The price of a route; `None`: nothing has one, and no reason why.
///
/// # Errors
/// No account pays, or no plan covers the destination.
pub(super) fn of_route(
    scope: &Scope<'_>,
    call: &Call<'_>,
    route: &ProfileRoute,
    scratch: &mut rating::Scratch,
) -> Result<Option<Price>, Failure> {
    let paid = paid_by_accounts(scope, call, route, scratch)?;
    let mut rest = rating::Call {
        destination: &call.destination,
        setup: call.setup,
        usage_ns: call.usage_ns,
    };
    let mut price = Price::default();
    if let Some((account, max_usage_ns)) = paid {
        price.account = Some(account);
        price.max_usage_ns = Some(max_usage_ns);
        // A call of no length is paid, and priced all the same.
        if call.usage_ns > 0 && call.usage_ns <= max_usage_ns {
            return Ok(Some(price));
        }
        rest.usage_ns -= max_usage_ns;
        rest.setup.ns += i128::from(max_usage_ns);
        if route.plans.is_empty() {
            return if call.usage_ns <= max_usage_ns {
                Ok(Some(price))
            } else {
                Err(Failure::told("no rating plans defined for remaining usage"))
            };
        }
    }
    let Some((plan, cost)) = priced_by_plans(scope, &rest, route, scratch)? else {
        return Ok(paid.map(|_| price));
    };
    price.plan = Some(plan);
    price.cost = cost;
    Ok(Some(price))
}

/// The first account that gives no error, and for how long it pays.
fn paid_by_accounts(
    scope: &Scope<'_>,
    call: &Call<'_>,
    route: &ProfileRoute,
    scratch: &mut rating::Scratch,
) -> Result<Option<(u16, i64)>, Failure> {
    let mut last = None;
    let asked = rating::Call {
        destination: &call.destination,
        setup: call.setup,
        usage_ns: call.usage_ns,
    };
    for (position, id) in (0_u16..).zip(&route.accounts) {
        match max_usage(scope, call, &asked, id, scratch) {
            Ok(usage_ns) => return Ok(Some((position, usage_ns))),
            Err(failure) => last = Some(failure),
        }
    }
    last.map_or(Ok(None), Err)
}

fn max_usage(
    scope: &Scope<'_>,
    call: &Call<'_>,
    asked: &rating::Call<'_>,
    id: &str,
    scratch: &mut rating::Scratch,
) -> Result<i64, Failure> {
    let objects = &scope.table.objects;
    let tenant = scope.tenant_name;
    let account = objects.prices().account(tenant, id);
    let account = account.ok_or_else(|| Failure::told("ACCOUNT_NOT_FOUND"))?;
    let party = rating::Party { tenant, category: CATEGORY, subject: &call.subject };
    rating::max_usage(&account.definition, objects.prices(), &party, asked, scope.now_ns, scratch)
        .map_err(|error| Failure::Told(error.to_string()))
}

/// The first plan that covers the destination, and what the call costs by it.
fn priced_by_plans(
    scope: &Scope<'_>,
    call: &rating::Call<'_>,
    route: &ProfileRoute,
    scratch: &mut rating::Scratch,
) -> Result<Option<(u16, f64)>, Failure> {
    if route.plans.is_empty() {
        return Ok(None);
    }
    for (position, id) in (0_u16..).zip(&route.plans) {
        // A call of no length costs nothing, whatever there is.
        if call.usage_ns == 0 {
            return Ok(Some((position, 0.0)));
        }
        let cost = match plan(scope, id) {
            Some(plan) => rating::cost(plan, call, scratch).ok(),
            None => None,
        };
        match cost {
            Some(cost) => return Ok(Some((position, cost.value))),
            None if scope.table.rules.quirks => break,
            None => {}
        }
    }
    Err(Failure::told(UNAUTHORIZED))
}

fn plan<'t>(scope: &Scope<'t>, id: &str) -> Option<&'t Plan> {
    scope.table.objects.prices().compiled(id)
}

/// What the event itself costs, as a call of its subject; `None`: nothing that could be a ceiling.
///
/// # Errors
/// What a price needs is missing, or there is none.
pub fn of_event(scope: &Scope<'_>, scratch: &mut rating::Scratch) -> Result<Option<f64>, Failure> {
    let _: Cow<'_, str> = Cow::Borrowed("");
    let call = Call::of_event(scope.event, &scope.table.rules.default_timezone, scope.now_ns)?;
    if call.usage_ns == 0 {
        return Ok(None);
    }
    let asked = rating::Call {
        destination: &call.destination,
        setup: call.setup,
        usage_ns: call.usage_ns,
    };
    let party = rating::Party {
        tenant: scope.tenant_name,
        category: &call.category,
        subject: &call.subject,
    };
    let cost = rating::event_cost(scope.table.objects.prices(), &party, &asked, scratch)
        .map_err(|error| Failure::Told(error.to_string()))?;
    Ok(Some(cost).filter(|cost| *cost != 0.0))
}
