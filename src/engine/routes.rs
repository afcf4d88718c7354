//! The choice among the routes of one profile: filters before and after what is known of a route, prices,
//! the order of the strategy, blockers.

use super::call::{Call, missing};
use super::explain::{Reason, Recorder};
use super::fields::{Failure, Figures, Price, Scope};
use super::matching::{Phase, Verdict};
use super::question::{Manner, Question, Terms};
use super::selection::{Origin, Passed, Place, Selection};
use super::sort;
use super::{price, rating};
use crate::model::definition::Generation;
use crate::table::profile::{Profile, ProfileIndex, ProfileRoute, Sorting};

/// The routes of a profile that matches.
pub(super) struct Routes<'w, 'q, R> {
    pub scope: Scope<'w>,
    pub question: &'w Question<'q>,
    pub terms: &'w Terms,
    pub index: ProfileIndex,
    pub profile: &'w Profile,
    pub recorder: &'w mut R,
    /// Memory of prices.
    pub scratch: &'w mut rating::Scratch,
    /// The call as prices see it, once a price is asked for.
    pub call: Option<Result<Call<'w>, Failure>>,
}

impl<'w, R: Recorder> Routes<'w, '_, R> {
    /// Appends the routes in the order of the strategy, up to a blocker.
    pub(super) fn choose(mut self, selection: &mut Selection) -> Result<(), Failure> {
        let mut passed = std::mem::take(&mut selection.passed);
        passed.clear();
        let walked = self.pass(&mut passed);
        if walked.is_ok() {
            self.place(&passed, selection);
        }
        selection.passed = passed;
        walked
    }

    /// The routes that pass, in the order of the strategy.
    fn pass(&mut self, passed: &mut Vec<Passed>) -> Result<(), Failure> {
        let profile = self.profile;
        let Some(sorting) = profile.sorting else {
            let name = &profile.definition.sorting;
            return Err(Failure::Unpriced(format!("unsupported sorting strategy: {name}")));
        };
        for (position, route) in (0_u32..).zip(&profile.routes) {
            let figures = Figures { weight: self.scope.graded(&route.weight)?, price: None };
            if !self.is_old() && self.fails(route, Phase::Early, None)? {
                continue;
            }
            passed.push(Passed { route: position, figures, blocks: false });
        }
        if profile.has_twins && !self.is_old() {
            self.keep_heaviest_twins(passed);
        }
        if sorting.needs_price() {
            self.check_priced(passed)?;
        }
        self.keep_those_that_stay(passed)?;
        let route_at = |one: &Passed| profile.routes.get(one.route as usize);
        passed.sort_unstable_by(|a, b| match sorting {
            Sorting::Weight => sort::weight::compare(a, b, &route_at, self.question.seed),
            Sorting::LeastCost => sort::cost::compare(a, b, &route_at, self.question.seed, false),
            Sorting::HighestCost => sort::cost::compare(a, b, &route_at, self.question.seed, true),
        });
        Ok(())
    }

    fn keep_those_that_stay(&mut self, passed: &mut Vec<Passed>) -> Result<(), Failure> {
        let mut failure = None;
        passed.retain_mut(|one| {
            let Some(route) = self.profile.routes.get(one.route as usize) else { return false };
            if failure.is_some() {
                return false;
            }
            self.stays(route, one).unwrap_or_else(|why| {
                failure = Some(why);
                false
            })
        });
        failure.map_or(Ok(()), Err)
    }

    /// Whether a route that passed its early filters stays when its figures are known.
    fn stays(&mut self, route: &'w ProfileRoute, one: &mut Passed) -> Result<bool, Failure> {
        if self.has_price(route) && !self.takes_price(route, one)? {
            return Ok(false);
        }
        let phase = if self.is_old() { Phase::Whole } else { Phase::Deferred };
        if self.fails(route, phase, Some(one.figures))? {
            return Ok(false);
        }
        let supplier = route.supplier_in(self.scope.table);
        if !supplier.is_some_and(|supplier| supplier.enabled) {
            self.recorder.route(self.profile, route, Reason::Disabled);
            return Ok(false);
        }
        let ignores = self.scope.table.rules.ignores_blockers();
        one.blocks = !ignores && self.scope.graded(&route.blocker)?;
        Ok(true)
    }

    /// Whether a route stays once its price is known.
    fn takes_price(&mut self, route: &'w ProfileRoute, one: &mut Passed) -> Result<bool, Failure> {
        let price = self.price(route);
        let reason = match &price {
            Ok(price) if self.is_too_dear(*price) => Reason::TooDear,
            // Nothing that has a price, and no reason why: 0.10 keeps the route all the same.
            Ok(None) if !self.is_old() => Reason::Unpriced(None),
            Ok(price) => {
                one.figures.price = *price;
                return Ok(true);
            }
            Err(failure) => Reason::Unpriced(Some(failure)),
        };
        self.recorder.route(self.profile, route, reason);
        match price {
            Err(failure) if !self.terms.ignores_errors => Err(failure),
            _ => Ok(false),
        }
    }

    /// A strategy that orders by price needs something that has one, of every route that is left.
    fn check_priced(&self, passed: &[Passed]) -> Result<(), Failure> {
        if self.scope.table.rules.generation == Generation::V100 {
            return Err(missing("connIDs"));
        }
        let is_bare = |route: &&ProfileRoute| {
            route.plans.is_empty() && (self.is_old() || route.accounts.is_empty())
        };
        let mut routes =
            passed.iter().filter_map(|one| self.profile.routes.get(one.route as usize));
        match routes.find(is_bare) {
            Some(_) if self.is_old() => Err(missing("RatingPlanIDs")),
            Some(_) => Err(missing("RatingPlanIDs or AccountIDs")),
            None => Ok(()),
        }
    }

    fn has_price(&self, route: &ProfileRoute) -> bool {
        let is_stated = !route.plans.is_empty() || !route.accounts.is_empty();
        is_stated && self.scope.table.rules.generation != Generation::V100
    }

    fn price(&mut self, route: &ProfileRoute) -> Result<Option<Price>, Failure> {
        if self.call.is_none() {
            let zone = &self.scope.table.rules.default_timezone;
            let now_ns = self.scope.now_ns;
            let is_native = matches!(self.question.manner, Manner::Native { .. });
            self.call = Some(Call::of(self.scope.event, zone, now_ns, is_native));
        }
        match &self.call {
            Some(Ok(call)) => {
                let number = self.question.number;
                let asked = price::Asked { scope: &self.scope, call, number };
                let bill = self.recorder.bill(route, &call.destination);
                price::of_route(&asked, route, self.scratch, bill)
            }
            Some(Err(failure)) => Err(failure.clone()),
            None => Ok(None),
        }
    }

    fn is_too_dear(&self, price: Option<Price>) -> bool {
        let ceiling = self.terms.max_cost;
        price.zip(ceiling).is_some_and(|(price, ceiling)| price.cost.is_above(ceiling))
    }

    /// Whether the rules of 0.10 hold: no filter is asked early, no entry hides its twin.
    fn is_old(&self) -> bool {
        matches!(self.question.manner, Manner::Suppliers(_))
    }

    /// Whether a route's filters of one phase do not pass; where all of them are inactive, they do.
    fn fails(
        &mut self,
        route: &'w ProfileRoute,
        phase: Phase,
        figures: Option<Figures>,
    ) -> Result<bool, Failure> {
        let without_options = figures.is_some() && self.scope.table.rules.quirks;
        let route_known = figures.map(|figures| (route, figures));
        let scope = Scope { route: route_known, without_options, ..self.scope };
        match scope.verdict(&route.filters, phase) {
            Ok(Verdict::Passes | Verdict::Inactive) => Ok(false),
            Ok(Verdict::Fails(filter, rule)) => {
                if R::HEARS_ALL {
                    self.recorder.saw(scope.seen(rule));
                }
                self.recorder.route(self.profile, route, Reason::Filter(filter, rule));
                Ok(true)
            }
            Err(failure) => {
                self.recorder.route(self.profile, route, Reason::NoAnswer(&failure));
                Err(failure)
            }
        }
    }

    /// Of routes with one id the heaviest stays, of equal ones the first.
    fn keep_heaviest_twins(&mut self, passed: &mut Vec<Passed>) {
        let profile = self.profile;
        let route = |one: &Passed| profile.routes.get(one.route as usize);
        let key = |one: &Passed| route(one).map(|route| route.tie_key);
        let mut kept: Vec<Passed> = Vec::with_capacity(passed.len());
        for mut one in passed.drain(..) {
            let Some(other) = kept.iter_mut().find(|other| key(other) == key(&one)) else {
                kept.push(one);
                continue;
            };
            if one.figures.weight > other.figures.weight {
                std::mem::swap(other, &mut one);
            }
            if let Some(route) = route(&one) {
                self.recorder.route(profile, route, Reason::Twin);
            }
        }
        *passed = kept;
    }

    fn place(&mut self, passed: &[Passed], selection: &mut Selection) {
        let mut is_blocked = false;
        for one in passed {
            let Some(route) = self.profile.routes.get(one.route as usize) else { continue };
            let reason = if is_blocked { Reason::Blocked } else { Reason::Chosen };
            self.recorder.route(self.profile, route, reason);
            if !is_blocked {
                let origin = Origin::Route { profile: self.index, route: one.route };
                let rank = self.rank_of(route, one, selection);
                selection.places.push(Place { supplier: route.supplier, origin, rank });
            }
            is_blocked |= one.blocks;
        }
    }

    /// The rank of a route, where it is not the one that was prepared.
    fn rank_of(
        &self,
        route: &ProfileRoute,
        one: &Passed,
        selection: &mut Selection,
    ) -> Option<u32> {
        let tells = one.blocks && self.scope.table.rules.generation == Generation::V100;
        let is_prepared = route.weight.fixed().is_some() && !tells && one.figures.price.is_none();
        if is_prepared {
            None
        } else {
            selection.add_rank(|rank| rank.write(&one.figures.known(route, tells)))
        }
    }
}
