//! The choice among profiles: filters, activity, weight, blockers, pages.

use super::candidates;
use super::explain::{Reason, Recorder, Silent};
use super::fields::{Failure, Scope};
use super::matching::{Phase, Verdict};
use super::question::{Manner, Question, Terms};
use super::routes::Routes;
use super::selection::{Candidate, Selection, Source};
use crate::model::definition::Generation;
use crate::table::Table;
use crate::table::profile::{Graded, Profile, ProfileIndex};
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
        Manner::Native { profiles, terms } => walk.native(&chosen, profiles.max(1), terms),
        _ if chosen.is_empty() => Ok(false),
        Manner::Routes(terms) => walk.pages(&chosen, terms()?),
        Manner::Suppliers(terms) => walk.best(&chosen, terms()?),
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
        tell_others(scope, tenant, question, &candidates, recorder);
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
        if is_asked
            && let Some(reason) = heard(mismatch(scope, profile, question), profile, recorder)?
        {
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
) {
    for (_, index) in tenant.profiles().filter(|(_, index)| !candidates.contains(index)) {
        let Some(profile) = scope.table.objects.profile(index) else { continue };
        let reason = match mismatch(scope, profile, question) {
            Ok(Some(reason)) => reason,
            Ok(None) | Err(_) => Reason::Hidden,
        };
        tell_profile(scope, profile, reason, recorder);
    }
}

/// Tells of filters that give no answer.
fn heard<T, R: Recorder>(
    asked: Result<T, Failure>,
    profile: &Profile,
    recorder: &mut R,
) -> Result<T, Failure> {
    asked.inspect_err(|failure| recorder.profile(profile, Reason::NoAnswer(failure)))
}

fn tell_profile<'p, R: Recorder>(
    scope: &Scope<'p>,
    profile: &'p Profile,
    reason: Reason<'p>,
    recorder: &mut R,
) {
    if R::HEARS_ALL
        && let Reason::Filter(_, rule) = reason
    {
        recorder.saw(scope.seen(rule));
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
        Verdict::Fails(filter, rule) => Some(Reason::Filter(filter, rule)),
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
    fn native(
        &mut self,
        chosen: &[Candidate],
        mut wanted: usize,
        terms: Terms,
    ) -> Result<bool, Failure> {
        let mut is_blocked = false;
        for candidate in chosen {
            if wanted == 0 && !R::HEARS_ALL {
                break;
            }
            let Some(profile) = self.profile(candidate.index) else { continue };
            let unmatched = heard(self.unmatched(candidate, profile), profile, self.recorder);
            let reason = match unmatched {
                // Nobody would have asked it but for the story.
                Err(_) if is_blocked || wanted == 0 => continue,
                Err(failure) => return Err(failure),
                Ok(Some(reason)) => reason,
                Ok(None) if is_blocked => Reason::Blocked,
                Ok(None) if wanted == 0 => Reason::NotNeeded,
                Ok(None) => Reason::Chosen,
            };
            tell_profile(&self.scope, profile, reason, self.recorder);
            if !matches!(reason, Reason::Chosen) {
                continue;
            }
            self.answers(candidate.index);
            self.routes(candidate.index, profile, &terms)?;
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
    fn pages(&mut self, chosen: &[Candidate], terms: Terms) -> Result<bool, Failure> {
        let paging = terms.paging;
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
            self.routes(candidate.index, profile, &terms)?;
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
    fn best(&mut self, chosen: &[Candidate], terms: Terms) -> Result<bool, Failure> {
        let paging = terms.paging;
        let Some(candidate) = chosen.first() else { return Ok(false) };
        let Some(profile) = self.profile(candidate.index) else { return Ok(false) };
        self.recorder.profile(profile, Reason::Chosen);
        self.answers(candidate.index);
        self.routes(candidate.index, profile, &terms)?;
        let whole = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
        self.cut(0, whole(paging.offset).unwrap_or(0), whole(paging.limit));
        Ok(true)
    }

    /// Appends the routes of one profile in the order of its strategy, up to a blocker.
    fn routes(
        &mut self,
        index: ProfileIndex,
        profile: &'w Profile,
        terms: &Terms,
    ) -> Result<(), Failure> {
        let (scope, question) = (self.scope, self.question);
        let recorder = &mut *self.recorder;
        let mut scratch = std::mem::take(&mut self.selection.scratch);
        let routes = Routes {
            scope,
            question,
            terms,
            index,
            profile,
            recorder,
            scratch: &mut scratch,
            call: None,
        };
        let chosen = routes.choose(self.selection);
        self.selection.scratch = scratch;
        chosen
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
        if self.scope.table.rules.ignores_blockers() {
            Ok(false)
        } else {
            self.scope.graded(&profile.blocker)
        }
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
}
