//! The choice among the routes of one profile: filters before and after what is known of a route, prices,
//! the order of the strategy, blockers.

use super::explain::{Reason, Recorder};
use super::fields::{Failure, Figures, Scope};
use super::matching::{Phase, Verdict};
use super::question::{Manner, Question, Terms};
use super::selection::{Origin, Passed, Place, Selection};
use super::sort;
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
            return Err(Failure::Told(format!("unsupported sorting strategy: {name}")));
        };
        for (position, route) in (0_u32..).zip(&profile.routes) {
            let figures = Figures { weight: self.scope.graded(&route.weight)? };
            if !self.is_old()
                && let Some(reason) = self.fails(route, Phase::Early, None)?
            {
                self.tell(route, reason);
                continue;
            }
            passed.push(Passed { route: position, figures, blocks: false });
        }
        if profile.has_twins && !self.is_old() {
            keep_heaviest_twins(profile, passed);
        }
        self.keep_those_that_stay(passed)?;
        let route_at = |one: &Passed| profile.routes.get(one.route as usize);
        passed.sort_unstable_by(|a, b| match sorting {
            Sorting::Weight => sort::weight::compare(a, b, &route_at, self.question.seed),
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
        let phase = if self.is_old() { Phase::Whole } else { Phase::Deferred };
        if let Some(reason) = self.fails(route, phase, Some(one.figures))? {
            self.tell(route, reason);
            return Ok(false);
        }
        let supplier = route.supplier_in(self.scope.table);
        if !supplier.is_some_and(|supplier| supplier.enabled) {
            self.tell(route, Reason::Disabled);
            return Ok(false);
        }
        let ignores = self.scope.table.rules.ignores_blockers();
        one.blocks = !ignores && self.scope.graded(&route.blocker)?;
        Ok(true)
    }

    /// Whether the rules of 0.10 hold: no filter is asked early, no entry hides its twin.
    fn is_old(&self) -> bool {
        matches!(self.question.manner, Manner::Suppliers(_))
    }

    /// Why a route's filters of one phase do not pass; where all of them are inactive, they do.
    fn fails(
        &self,
        route: &'w ProfileRoute,
        phase: Phase,
        figures: Option<Figures>,
    ) -> Result<Option<Reason<'w>>, Failure> {
        let without_options = figures.is_some() && self.scope.table.rules.quirks;
        let scope = Scope { figures, without_options, ..self.scope };
        Ok(match scope.verdict(&route.filters, phase)? {
            Verdict::Fails(rule) => Some(Reason::Filter(rule)),
            Verdict::Passes | Verdict::Inactive => None,
        })
    }

    fn tell(&mut self, route: &'w ProfileRoute, reason: Reason<'w>) {
        if R::HEARS_ALL
            && let Reason::Filter(rule) = reason
        {
            self.recorder.saw(self.scope.shown(rule));
        }
        self.recorder.route(self.profile, route, reason);
    }

    fn place(&mut self, passed: &[Passed], selection: &mut Selection) {
        let mut is_blocked = false;
        for one in passed {
            let Some(route) = self.profile.routes.get(one.route as usize) else { continue };
            self.tell(route, if is_blocked { Reason::Blocked } else { Reason::Chosen });
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
        let is_prepared = route.weight.fixed().is_some() && !tells;
        if is_prepared {
            None
        } else {
            selection.add_rank(|rank| rank.write(&one.figures.known(tells)))
        }
    }
}

/// Of routes with one id the heaviest stays, of equal ones the first.
fn keep_heaviest_twins(profile: &Profile, passed: &mut Vec<Passed>) {
    let key = |one: &Passed| profile.routes.get(one.route as usize).map(|route| route.tie_key);
    let mut kept: Vec<Passed> = Vec::with_capacity(passed.len());
    for one in passed.drain(..) {
        match kept.iter_mut().find(|other| key(other) == key(&one)) {
            Some(other) if one.figures.weight > other.figures.weight => *other = one,
            Some(_) => {}
            None => kept.push(one),
        }
    }
    *passed = kept;
}
