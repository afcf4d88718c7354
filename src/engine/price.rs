//! What a call costs by a route: its accounts first, what they do not pay by its rating plans.
//!
//! Section 4.3 of the CGRateS specification. One account is enough, the first that gives no error; the
//! plans are asked in their order. (The original stops at the first plan that lacks the destination, so
//! that its list is no list of stand-ins; with `compat.cgrates_quirks` so does this.)

use super::call::Call;
use super::fields::{Failure, Price, Scope};
use super::rating::account::{self, Payment};
use super::rating::{self, ROUNDING_DECIMALS, Rater, Scratch, Uncovered};
use crate::model::event::{Kind, Slot};
use crate::table::profile::ProfileRoute;

/// The price of a route; `None`: nothing has one, and no reason why.
///
/// # Errors
/// No account pays, or no plan covers the destination.
pub(super) fn of_route(
    scope: &Scope<'_>,
    call: &Call<'_>,
    route: &ProfileRoute,
    scratch: &mut Scratch,
    recorder: &mut impl rating::Recorder,
) -> Result<Option<Price>, Failure> {
    let mut rest = rated(call);
    let paid = paid_by_accounts(scope, call, &rest, route, scratch)?;
    let mut price = Price::default();
    if let Some((account, max_usage_ns)) = paid {
        price.account = Some(account);
        price.max_usage_ns = Some(max_usage_ns);
        let is_paid = call.usage_ns <= max_usage_ns;
        // A call of no length is paid, and the plans are asked all the same.
        if is_paid && (call.usage_ns > 0 || route.plans.is_empty()) {
            return Ok(Some(price));
        }
        if route.plans.is_empty() {
            return Err(Failure::unpriced("no rating plans defined for remaining usage"));
        }
        // An account that may owe says -1: the rest is a nanosecond longer than the call.
        rest.usage_ns = rest.usage_ns.saturating_sub(max_usage_ns);
        rest.setup.ns += i128::from(max_usage_ns);
    }
    let Some((plan, cost)) = priced_by_plans(scope, &rest, route, scratch, recorder)? else {
        return Ok(paid.map(|_| price));
    };
    price.plan = Some(plan);
    price.cost = cost;
    Ok(Some(price))
}

/// A route's call is one, whatever its event says it is.
fn rated<'c>(call: &'c Call<'_>) -> rating::Call<'c> {
    rating::Call {
        destination: &call.destination,
        setup: call.setup,
        usage_ns: call.usage_ns,
        is_voice: true,
    }
}

/// The first account that gives no error, and for how long it pays.
fn paid_by_accounts(
    scope: &Scope<'_>,
    call: &Call<'_>,
    rated: &rating::Call<'_>,
    route: &ProfileRoute,
    scratch: &mut Scratch,
) -> Result<Option<(u16, i64)>, Failure> {
    let objects = &scope.table.objects;
    let tenant = scope.tenant_name;
    let prices = objects.prices();
    let holds = |id: &str, number: &str| objects.destination(id).is_some_and(|it| it.holds(number));
    let payment = Payment {
        rater: Rater { prices, tenant, category: account::CATEGORY, subject: &call.subject },
        covers: &holds,
        now_ns: scope.now_ns,
        rounding_decimals: ROUNDING_DECIMALS,
    };
    let mut last = None;
    for (position, id) in (0_u16..).zip(&route.accounts) {
        let stated = prices.account(tenant, id).map(|stated| stated.definition.as_ref());
        match account::max_usage(stated, &payment, rated, scratch) {
            Ok(usage_ns) => return Ok(Some((position, usage_ns))),
            Err(error) => last = Some(Failure::unpriced(error.text())),
        }
    }
    last.map_or(Ok(None), Err)
}

/// The first plan that covers the destination, and what the call costs by it.
fn priced_by_plans(
    scope: &Scope<'_>,
    call: &rating::Call<'_>,
    route: &ProfileRoute,
    scratch: &mut Scratch,
    recorder: &mut impl rating::Recorder,
) -> Result<Option<(u16, f64)>, Failure> {
    if route.plans.is_empty() {
        return Ok(None);
    }
    let prices = scope.table.objects.prices();
    for (position, id) in (0_u16..).zip(&route.plans) {
        // A call of no length costs nothing, whatever there is.
        if call.usage_ns == 0 {
            return Ok(Some((position, 0.0)));
        }
        let cost = prices.compiled(id).and_then(|plan| {
            rating::cost_told(plan, call, ROUNDING_DECIMALS, scratch, recorder).ok()
        });
        match cost {
            Some(cost) => return Ok(Some((position, cost.value))),
            None if scope.table.rules.quirks => break,
            None => {}
        }
    }
    Err(Failure::unpriced(Uncovered::TEXT))
}

/// What the event itself costs as a call of its subject; `None`: nothing that could be a ceiling.
///
/// # Errors
/// What a price needs is missing, or there is none.
pub fn of_event(scope: &Scope<'_>, scratch: &mut Scratch) -> Result<Option<f64>, Failure> {
    let call = Call::of_event(scope.event, &scope.table.rules.default_timezone, scope.now_ns)?;
    let kind = scope.event.value(Slot::TYPE_OF_RECORD);
    let is_voice = kind.is_none_or(|kind| match kind.kind {
        Kind::Text => matches!(kind.text, "" | "*voice"),
        _ => false,
    });
    let rater = Rater {
        prices: scope.table.objects.prices(),
        tenant: scope.tenant_name,
        category: &call.category,
        subject: &call.subject,
    };
    let rated = rating::Call { is_voice, ..rated(&call) };
    let cost = rating::event_cost(&rater, &rated, ROUNDING_DECIMALS, scratch, &mut ())
        .map_err(|error| Failure::unpriced(error.text()))?;
    Ok(Some(cost.value).filter(|cost| *cost != 0.0))
}
