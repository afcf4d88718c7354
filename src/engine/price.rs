//! What a call costs by a route: its accounts first, what they do not pay by its rating plans.
//!
//! Section 4.3 of the CGRateS specification. One account is enough, the first that gives no error; the
//! plans are asked in their order. (The original stops at the first plan that lacks the destination, so
//! that its list is no list of stand-ins; with `compat.cgrates_quirks` so does this.)

use super::call::Call;
use super::fields::{Failure, Price, Scope};
use super::rating::account::{self, AccountError, Payment};
use super::rating::{self, ROUNDING_DECIMALS, Rater, Scratch, Uncovered, exact};
use crate::model::amount::Amount;
use crate::model::definition::Compare;
use crate::model::event::{Kind, Slot};
use crate::model::number::Number;
use crate::table::profile::ProfileRoute;
use crate::table::rating::Pricing;
use crate::table::rating::deck::{CompiledDeck, Start};

/// Whose prices are asked.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub scope: &'a Scope<'a>,
    /// The call.
    pub call: &'a Call<'a>,
    /// The called number as it was normalised; `None`: nobody did that yet, or it is no number.
    pub number: Option<&'a Number>,
}

/// The price of a route; `None`: nothing has one, and no reason why.
///
/// # Errors
/// No account pays, or no plan covers the destination.
pub(super) fn of_route(
    asked: &Asked<'_>,
    route: &ProfileRoute,
    scratch: &mut Scratch,
    recorder: &mut impl rating::Recorder,
) -> Result<Option<Price>, Failure> {
    let call = asked.call;
    let mut rest = rated(call);
    let paid = asked.paid_by_accounts(&rest, route, scratch)?;
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
    let Some((plan, cost)) = asked.priced_by_plans(&rest, route, scratch, recorder)? else {
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

impl Asked<'_> {
    /// The first account that gives no error, and for how long it pays.
    fn paid_by_accounts(
        &self,
        call: &rating::Call<'_>,
        route: &ProfileRoute,
        scratch: &mut Scratch,
    ) -> Result<Option<(u16, i64)>, Failure> {
        let mut last = None;
        for (position, id) in (0_u16..).zip(&route.accounts) {
            let subject = self.call.subject.as_ref();
            match paid_by(self.scope, id, account::CATEGORY, subject, call, scratch) {
                Ok(usage_ns) => return Ok(Some((position, usage_ns))),
                Err(error) => last = Some(Failure::unpriced(error.text())),
            }
        }
        last.map_or(Ok(None), Err)
    }

    /// The first plan that covers the destination, and what the call costs by it.
    fn priced_by_plans(
        &self,
        call: &rating::Call<'_>,
        route: &ProfileRoute,
        scratch: &mut Scratch,
        recorder: &mut impl rating::Recorder,
    ) -> Result<Option<(u16, Amount)>, Failure> {
        if route.plans.is_empty() {
            return Ok(None);
        }
        for (position, id) in (0_u16..).zip(&route.plans) {
            // A call of no length costs nothing, whatever there is.
            if call.usage_ns == 0 {
                return Ok(Some((position, Amount::default())));
            }
            match self.by_plan(id, call, scratch, recorder) {
                Some(cost) => return Ok(Some((position, cost))),
                None if self.scope.table.rules.quirks => break,
                None => {}
            }
        }
        Err(Failure::unpriced(Uncovered::TEXT))
    }

    /// What a call costs by a plan; `None`: it has no price for it.
    fn by_plan(
        &self,
        id: &str,
        call: &rating::Call<'_>,
        scratch: &mut Scratch,
        recorder: &mut impl rating::Recorder,
    ) -> Option<Amount> {
        let table = self.scope.table;
        if let Some(Pricing::Exact(deck)) = table.decks.find(id).map(|stated| &stated.pricing) {
            return self.by_deck(id, deck, call, recorder);
        }
        let plan = table.objects.prices().compiled(id)?;
        let mut own = None;
        let destination = self.compared(plan.compare(), &mut own);
        let call = rating::Call { destination, ..*call };
        let cost = rating::cost_told(plan, &call, ROUNDING_DECIMALS, scratch, recorder).ok()?;
        Some(Amount::Cgrates(cost.value))
    }

    fn by_deck(
        &self,
        id: &str,
        deck: &CompiledDeck,
        call: &rating::Call<'_>,
        recorder: &mut impl rating::Recorder,
    ) -> Option<Amount> {
        if call.usage_ns < 0 {
            return None;
        }
        let mut own = None;
        let number = self.compared(deck.compare(), &mut own);
        let ns = i64::try_from(call.setup.ns).ok()?;
        let price = deck.find(number, Start { ns, offset_s: call.setup.zone.offset_s() })?;
        recorder.found_in_deck(id, price.prefix.and_then(|length| number.get(..length)));
        Some(Amount::Exact(exact::cost_told(&price, call.usage_ns, recorder)))
    }

    /// The called number in the form that a plan compares with; `own` keeps one that nobody normalised yet. What
    /// is no number has the price of every number.
    fn compared<'n>(&'n self, compare: Compare, own: &'n mut Option<Number>) -> &'n str {
        let text = self.call.destination.as_ref();
        if compare == Compare::Text {
            return text;
        }
        if self.number.is_none() {
            *own = self.scope.table.numbers.normalise(text);
        }
        self.number.or(own.as_ref()).map_or("", Number::digits)
    }
}

/// How much of a call an account pays for by the prices of a category and a subject, in nanoseconds.
fn paid_by(
    scope: &Scope<'_>,
    account: &str,
    category: &str,
    subject: &str,
    call: &rating::Call<'_>,
    scratch: &mut Scratch,
) -> Result<i64, AccountError> {
    let Scope { table, tenant_name: tenant, now_ns, .. } = *scope;
    let prices = table.objects.prices();
    let holds = |id: &str, number: &str| {
        table.objects.destination(id).is_some_and(|destination| destination.holds(number))
    };
    let payment = Payment {
        rater: Rater { prices, tenant, category, subject },
        covers: &holds,
        now_ns,
        rounding_decimals: ROUNDING_DECIMALS,
    };
    let stated = prices.account(tenant, account).map(|stated| stated.definition.as_ref());
    account::max_usage(stated, &payment, call, scratch)
}

/// How much of an event's usage its own account pays for, in nanoseconds; its category is `call` where nobody
/// says it.
///
/// # Errors
/// What a price needs is missing, or the account cannot pay, with the words that CGRateS has for it.
pub fn paid_by_account(
    scope: &Scope<'_>,
    usage_ns: i64,
    scratch: &mut Scratch,
) -> Result<i64, Failure> {
    let call = Call::of(scope.event, &scope.table.rules.default_timezone, scope.now_ns, false)?;
    let category = Some(call.category.as_ref()).filter(|category| !category.is_empty());
    let rated = rating::Call { usage_ns, ..rated(&call) };
    let paid =
        paid_by(scope, &call.account, category.unwrap_or("call"), &call.subject, &rated, scratch);
    let paid_ns = paid.map_err(|error| Failure::unpriced(error.text()))?;
    // One that may owe pays for everything.
    Ok(if paid_ns < 0 { usage_ns } else { paid_ns })
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
