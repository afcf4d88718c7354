//! The choice among profiles: filters, activity, weight, blockers, pages.

use super::candidates;
use super::explain::{Reason, Recorder, Silent};
use super::fields::{Failure, Figures, Scope};
use super::matching::{Phase, Verdict};
use super::question::{Manner, Paging, Question};
use super::selection::{Candidate, Origin, Passed, Place, Selection, Source};
use super::sort;
use crate::model::answer::Rank;
use crate::model::definition::Generation;
use crate::table::Table;
use crate::table::profile::{Graded, Profile, ProfileIndex, ProfileRoute, Sorting};
use crate::table::tenant::Tenant;

/// Appends the routes of the matching profiles; `false` when none matches.
///
/// # Errors
/// A filter gives no answer, or a profile names a strategy that there is not.
pub fn choose<R: Recorder>(
    table: &Table,
    question: &Question<'_>,
    selection: &mut Selection,
    recorder: &mut R,
) -> Result<bool, Failure> {
    let Some(tenant) = table.objects.tenant(question.tenant) else { return Ok(false) };
    let scope = Scope::of(table, question);
    let mut chosen = std::mem::take(&mut selection.chosen);
    chosen.clear();
    let found = rank(&scope, tenant, question, selection, &mut chosen, recorder);
    let mut walk = Walk { scope, question, selection, recorder };
    let matched = found.and_then(|()| match question.manner {
        Manner::Native { profiles } => walk.native(&chosen, profiles.max(1)),
        _ if chosen.is_empty() => Ok(false),
        Manner::Routes(pages) => walk.pages(&chosen, pages()?),
        Manner::Suppliers(pages) => walk.best(&chosen, pages()?),
    });
    selection.chosen = chosen;
    matched
}

/// The profiles that match, best first.
///
/// # Errors
/// A filter gives no answer.
pub fn matching<'t>(
    table: &'t Table,
    question: &Question<'_>,
    selection: &mut Selection,
) -> Result<Vec<&'t Profile>, Failure> {
    let Some(tenant) = table.objects.tenant(question.tenant) else { return Ok(Vec::new()) };
    let scope = Scope::of(table, question);
    let mut chosen = Vec::new();
    rank(&scope, tenant, question, selection, &mut chosen, &mut Silent)?;
    let mut found = Vec::new();
    for profile in chosen.iter().filter_map(|candidate| table.objects.profile(candidate.index)) {
        found.push(profile);
        // 1.0 leaves out those behind a blocker here, too.
        if table.rules.generation == Generation::V100 && scope.graded(&profile.blocker)? {
            break;
        }
    }
    Ok(found)
}

/// The profiles that match, best first; profiles whose matching can wait are not asked yet.
///
/// # Errors
/// As [`choose`].
fn rank<R: Recorder>(
    scope: &Scope<'_>,
    tenant: &Tenant,
    question: &Question<'_>,
    selection: &mut Selection,
    chosen: &mut Vec<Candidate>,
    recorder: &mut R,
) -> Result<(), Failure> {
    let mut candidates = std::mem::take(&mut selection.candidates);
    candidates.clear();
    candidates::find(scope, tenant, &mut candidates)?;
    if R::HEARS_ALL {
        tell_others(scope, tenant, question, &candidates, recorder)?;
    }
    let waits = matches!(question.manner, Manner::Native { .. });
    for index in &candidates {
        let Some(profile) = scope.table.objects.profile(*index) else { continue };
        // CGRateS cuts an id at its colon when it looks at all profiles, and so misses this one.
        if !waits && !scope.table.rules.indexed_selects && profile.id().contains(':') {
            recorder.profile(profile, Reason::Hidden);
            continue;
        }
        let is_fixed = matches!(profile.weight, Graded::Fixed(_));
        let is_asked = !waits || !is_fixed;
        if is_asked && let Some(reason) = mismatch(scope, profile, question)? {
            tell_profile(scope, profile, reason, recorder);
            continue;
        }
        let weight = scope.graded(&profile.weight)?;
        chosen.push(Candidate { index: *index, weight, is_asked });
    }
    selection.candidates = candidates;
    let id_of = |index| scope.table.objects.profile(index).map(Profile::id);
    chosen.sort_unstable_by(|a, b| {
        b.weight.total_cmp(&a.weight).then_with(|| id_of(a.index).cmp(&id_of(b.index)))
    });
    Ok(())
}

/// Tells of the profiles that the index leaves out.
fn tell_others<R: Recorder>(
    scope: &Scope<'_>,
    tenant: &Tenant,
    question: &Question<'_>,
    candidates: &[ProfileIndex],
    recorder: &mut R,
) -> Result<(), Failure> {
    for (_, index) in tenant.profiles().filter(|(_, index)| !candidates.contains(index)) {
        let Some(profile) = scope.table.objects.profile(index) else { continue };
        let reason = match mismatch(scope, profile, question)? {
            Some(reason) => reason,
            None => Reason::Hidden,
        };
        tell_profile(scope, profile, reason, recorder);
    }
    Ok(())
}

fn tell_profile<'p, R: Recorder>(
    scope: &Scope<'p>,
    profile: &'p Profile,
    reason: Reason<'p>,
    recorder: &mut R,
) {
    if R::HEARS_ALL
        && let Reason::Filter(rule) = reason
    {
        recorder.saw(scope.shown(rule));
    }
    recorder.profile(profile, reason);
}

/// Why a profile does not match.
fn mismatch<'p>(
    scope: &Scope<'p>,
    profile: &'p Profile,
    question: &Question<'_>,
) -> Result<Option<Reason<'p>>, Failure> {
    if let Some(at_ns) = question.active_at_ns {
        if at_ns <= profile.from_ns {
            return Ok(Some(Reason::NotYet(profile.from_ns)));
        }
        if at_ns >= profile.until_ns {
            return Ok(Some(Reason::Over(profile.until_ns)));
        }
    }
    Ok(match scope.verdict(&profile.filters, Phase::Whole)? {
        Verdict::Passes => None,
        Verdict::Fails(rule) => Some(Reason::Filter(rule)),
        Verdict::Inactive => Some(Reason::Inactive),
    })
}

/// A walk through the profiles that match.
struct Walk<'w, 'q, R> {
    scope: Scope<'w>,
    question: &'w Question<'q>,
    selection: &'w mut Selection,
    recorder: &'w mut R,
}

impl<'w, R: Recorder> Walk<'w, '_, R> {
    /// The best profiles, so many at most.
    fn native(&mut self, chosen: &[Candidate], mut wanted: usize) -> Result<bool, Failure> {
        let mut is_blocked = false;
        for candidate in chosen {
            if wanted == 0 && !R::HEARS_ALL {
                break;
            }
            let Some(profile) = self.profile(candidate.index) else { continue };
            let reason = match self.unmatched(candidate, profile)? {
                Some(reason) => reason,
                None if is_blocked => Reason::Blocked,
                None if wanted == 0 => Reason::NotNeeded,
                None => Reason::Chosen,
            };
            tell_profile(&self.scope, profile, reason, self.recorder);
            if !matches!(reason, Reason::Chosen) {
                continue;
            }
            self.answers(candidate.index);
            self.routes(candidate.index, profile)?;
            wanted -= 1;
            is_blocked |= self.scope.graded(&profile.blocker)?;
            if is_blocked && !R::HEARS_ALL {
                break;
            }
        }
        Ok(self.selection.source != Source::Nothing)
    }

    /// All profiles, cut as RouteS cuts. A limit counts the routes that a profile has, not those that
    /// pass its filters.
    fn pages(&mut self, chosen: &[Candidate], paging: Paging) -> Result<bool, Failure> {
        let mut skip = paging.offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0);
        let limit = paging.limit.map(|limit| usize::try_from(limit).unwrap_or(0));
        let wanted = paging.profiles.and_then(|count| usize::try_from(count).ok());
        let (mut got, mut answered) = (0, 0);
        let mut is_blocked = false;
        for candidate in chosen {
            let Some(profile) = self.profile(candidate.index) else { continue };
            let is_full = limit.is_some_and(|limit| got >= limit);
            let is_enough = wanted.is_some_and(|wanted| wanted > 0 && answered == wanted);
            if is_blocked || is_full || is_enough {
                let reason = if is_blocked { Reason::Blocked } else { Reason::NotNeeded };
                self.recorder.profile(profile, reason);
                continue;
            }
            self.recorder.profile(profile, Reason::Chosen);
            let stated = profile.routes.len();
            let own_limit = limit.map(|limit| limit - got).filter(|left| stated > *left);
            is_blocked |= self.blocks(profile)?;
            if skip > 0 && skip >= stated {
                skip -= stated;
                continue;
            }
            let own_offset = std::mem::take(&mut skip);
            let start = self.selection.places.len();
            self.routes(candidate.index, profile)?;
            self.cut(start, own_offset, own_limit);
            let count = self.selection.places.len() - start;
            got += count;
            if count > 0 {
                self.answers(candidate.index);
                answered += 1;
            }
        }
        Ok(self.selection.source != Source::Nothing)
    }

    /// The best profile alone, as SupplierS answers.
    fn best(&mut self, chosen: &[Candidate], paging: Paging) -> Result<bool, Failure> {
        let Some(candidate) = chosen.first() else { return Ok(false) };
        let Some(profile) = self.profile(candidate.index) else { return Ok(false) };
        self.recorder.profile(profile, Reason::Chosen);
        self.answers(candidate.index);
        self.routes(candidate.index, profile)?;
        let whole = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
        self.cut(0, whole(paging.offset).unwrap_or(0), whole(paging.limit));
        Ok(true)
    }

    fn profile(&self, index: ProfileIndex) -> Option<&'w Profile> {
        self.scope.table.objects.profile(index)
    }

    fn unmatched(
        &self,
        candidate: &Candidate,
        profile: &'w Profile,
    ) -> Result<Option<Reason<'w>>, Failure> {
        if candidate.is_asked { Ok(None) } else { mismatch(&self.scope, profile, self.question) }
    }

    fn answers(&mut self, index: ProfileIndex) {
        if self.selection.source == Source::Nothing {
            self.selection.source = Source::Profiles(index);
        }
    }

    /// Whether no profile after it is considered: upstream's 0.11 stores blockers without effect.
    fn blocks(&self, profile: &'w Profile) -> Result<bool, Failure> {
        if self.ignores_blockers() { Ok(false) } else { self.scope.graded(&profile.blocker) }
    }

    fn ignores_blockers(&self) -> bool {
        let rules = &self.scope.table.rules;
        rules.quirks && rules.generation != Generation::V100
    }

    /// Takes what lies outside of the page off the places from `start` on.
    fn cut(&mut self, start: usize, offset: usize, limit: Option<usize>) {
        let places = &mut self.selection.places;
        let count = places.len().saturating_sub(start);
        // The original keeps the whole list where the offset lies behind its end.
        let is_old = matches!(self.question.manner, Manner::Suppliers(_));
        let keeps_all = (self.scope.table.rules.quirks || is_old) && offset > count;
        let skipped = if keeps_all { 0 } else { offset.min(count) };
        for place in places.drain(start..start + skipped) {
            self.recorder.place(&place, Reason::Skipped);
        }
        let left = count - skipped;
        let kept = limit.map_or(left, |limit| limit.min(left));
        for place in places.drain(start + kept..) {
            self.recorder.place(&place, Reason::BeyondLimit);
        }
    }

    /// Appends the routes of one profile in the order of its strategy, up to a blocker.
    fn routes(&mut self, index: ProfileIndex, profile: &'w Profile) -> Result<(), Failure> {
        let mut passed = std::mem::take(&mut self.selection.passed);
        passed.clear();
        let walked = self.pass(profile, &mut passed);
        if walked.is_ok() {
            self.place(index, profile, &passed);
        }
        self.selection.passed = passed;
        walked
    }

    /// The routes that pass, in the order of the strategy.
    fn pass(&mut self, profile: &'w Profile, passed: &mut Vec<Passed>) -> Result<(), Failure> {
        let Some(sorting) = profile.sorting else {
            let name = &profile.definition.sorting;
            return Err(Failure::Told(format!("unsupported sorting strategy: {name}")));
        };
        let is_old = matches!(self.question.manner, Manner::Suppliers(_));
        for (position, route) in (0_u32..).zip(&profile.routes) {
            let figures = Figures { weight: self.scope.graded(&route.weight)? };
            if !is_old && let Some(reason) = self.route_fails(route, Phase::Early, None)? {
                self.tell_route(profile, route, reason);
                continue;
            }
            passed.push(Passed { route: position, figures, blocks: false });
        }
        if profile.has_twins && !is_old {
            keep_heaviest_twins(profile, passed);
        }
        let mut failure = None;
        passed.retain_mut(|one| {
            let Some(route) = profile.routes.get(one.route as usize) else { return false };
            match self.stays(profile, route, one, is_old) {
                Ok(stays) => stays,
                Err(why) => {
                    failure.get_or_insert(why);
                    false
                }
            }
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        let route_at = |one: &Passed| profile.routes.get(one.route as usize);
        passed.sort_unstable_by(|a, b| match sorting {
            Sorting::Weight => sort::weight::compare(a, b, &route_at, self.question.seed),
        });
        Ok(())
    }

    /// Whether a route that passed its early filters stays when its figures are known.
    fn stays(
        &mut self,
        profile: &'w Profile,
        route: &'w ProfileRoute,
        one: &mut Passed,
        is_old: bool,
    ) -> Result<bool, Failure> {
        let phase = if is_old { Phase::Whole } else { Phase::Deferred };
        if let Some(reason) = self.route_fails(route, phase, Some(one.figures))? {
            self.tell_route(profile, route, reason);
            return Ok(false);
        }
        let supplier = route.supplier_in(self.scope.table);
        if !supplier.is_some_and(|supplier| supplier.enabled) {
            self.recorder.route(profile, route, Reason::Disabled);
            return Ok(false);
        }
        one.blocks = !self.ignores_blockers() && self.scope.graded(&route.blocker)?;
        Ok(true)
    }

    /// Why a route's filters of one phase do not pass; where all of them are inactive, they do.
    fn route_fails(
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

    fn tell_route(&mut self, profile: &'w Profile, route: &'w ProfileRoute, reason: Reason<'w>) {
        if R::HEARS_ALL
            && let Reason::Filter(rule) = reason
        {
            self.recorder.saw(self.scope.shown(rule));
        }
        self.recorder.route(profile, route, reason);
    }

    /// The rank of a route, where it is not the one that was prepared.
    fn rank_of(&mut self, route: &ProfileRoute, one: &Passed) -> Option<u32> {
        let is_new = self.scope.table.rules.generation == Generation::V100;
        if route.weight.fixed().is_some() && !(is_new && one.blocks) {
            return None;
        }
        self.selection.ranks.push(Rank::of_weight(one.figures.weight, is_new && one.blocks));
        u32::try_from(self.selection.ranks.len() - 1).ok()
    }

    fn place(&mut self, index: ProfileIndex, profile: &'w Profile, passed: &[Passed]) {
        let mut is_blocked = false;
        for one in passed {
            let Some(route) = profile.routes.get(one.route as usize) else { continue };
            let reason = if is_blocked { Reason::Blocked } else { Reason::Chosen };
            self.recorder.route(profile, route, reason);
            if !is_blocked {
                let origin = Origin::Route { profile: index, route: one.route };
                let rank = self.rank_of(route, one);
                self.selection.places.push(Place { supplier: route.supplier, origin, rank });
            }
            is_blocked |= one.blocks;
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
