//! Which plan rates a subject's calls (section 7.3), and what an event costs by it.

use super::clock::Clock;
use super::destination::{self, Found};
use super::{Call, Cost, Quirks, Rated, Recorder, Scratch, Stretch, Uncovered, total};
use crate::model::definition::{PlanActivation, RatingProfile};
use crate::table::prices::Prices;
use crate::table::rating::Plan;

/// The subject whose profile counts for everybody without one.
const ANY_SUBJECT: &str = "*any";

/// How many profiles are asked one for the other, the first included.
const DEPTH_MAX: u32 = 3;

/// Why an event has no cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RatingError {
    /// Neither the subject nor everybody has a profile in that category.
    PlanNotFound,
    /// No plan of the profile has a price for all of the call.
    Unauthorized,
}

impl RatingError {
    /// What clients are told.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::PlanNotFound => "RATING_PLAN_NOT_FOUND",
            Self::Unauthorized => Uncovered::TEXT,
        }
    }
}

impl From<Uncovered> for RatingError {
    fn from(_: Uncovered) -> Self {
        Self::Unauthorized
    }
}

/// Whose calls are rated, and what there is to rate them by.
#[derive(Clone, Copy)]
pub struct Rater<'a> {
    /// Plans and profiles.
    pub prices: &'a Prices,
    /// Whose profiles.
    pub tenant: &'a str,
    /// The category; `*routes` for accounts.
    pub category: &'a str,
    /// Whose calls.
    pub subject: &'a str,
}

/// What an event costs as a normal call of its subject: the ceiling `*event_cost`. Usage 0 costs nothing,
/// whoever's it is.
///
/// # Errors
/// [`RatingError`]
pub fn event_cost(
    rater: &Rater<'_>,
    call: &Call<'_>,
    rounding_decimals: i32,
    scratch: &mut Scratch,
    recorder: &mut impl Recorder,
) -> Result<Cost, RatingError> {
    if call.usage_ns == 0 {
        return Ok(Cost { value: 0.0, prefix: None, quirks: Quirks::default() });
    }
    let clock = Clock::of(call).ok_or(Uncovered)?;
    let stretch = Stretch { clock, from_ns: 0, until_ns: call.usage_ns, is_voice: call.is_voice };
    let rated = rater.rated(rater.subject, call, &stretch)?;
    Ok(total::cost(&rated, &stretch, rounding_decimals, scratch, recorder)?)
}

/// From when on a plan, or none, is in force for a call.
#[derive(Clone, Copy)]
struct Info<'a> {
    /// In nanoseconds since the start of the call.
    at_ns: i64,
    found: Option<(&'a Plan, Found)>,
    fallback: Fallback<'a>,
}

/// Who is asked where nothing was found.
#[derive(Clone, Copy)]
enum Fallback<'a> {
    Everybody,
    Subjects(&'a [String]),
}

/// A call, or a part of it, as far as choosing a plan needs it.
#[derive(Clone, Copy)]
struct Window<'c> {
    number: &'c str,
    setup_ns: i128,
    clock: Clock,
    from_ns: i64,
    until_ns: i64,
}

impl Window<'_> {
    /// When an activation begins, in nanoseconds since the start of the call.
    fn since(&self, activation: &PlanActivation) -> i64 {
        let since = i128::from(activation.from.ns) - self.setup_ns;
        i64::try_from(since).unwrap_or(if since < 0 { i64::MIN } else { i64::MAX })
    }
}

impl<'a> Rater<'a> {
    /// What rates a stretch of a subject's call.
    pub(super) fn rated(
        &self,
        subject: &str,
        call: &Call<'_>,
        stretch: &Stretch,
    ) -> Result<Rated<'a>, RatingError> {
        let window = Window {
            number: call.destination,
            setup_ns: call.setup.ns,
            clock: stretch.clock,
            from_ns: stretch.from_ns,
            until_ns: stretch.until_ns,
        };
        let Some(profile) = self.profile(subject).or_else(|| self.profile(ANY_SUBJECT)) else {
            return Err(RatingError::PlanNotFound);
        };
        // Nearly always one activation rates all of a call.
        if let [only] = active(profile, &window)
            && window.since(only) <= window.from_ns
            && let Some((plan, found)) = self.found(only, &window)
        {
            return Ok(Rated { plan, offer: found.offer, prefix: found.prefix, cut_ns: None });
        }
        let infos = self.infos(profile, &window, 1);
        if !is_continuous(&infos, window.from_ns) {
            return Err(RatingError::Unauthorized);
        }
        rated(&infos, window.from_ns).ok_or(RatingError::Unauthorized)
    }

    fn profile(&self, subject: &str) -> Option<&'a RatingProfile> {
        let stated = self.prices.profile(self.tenant, self.category, subject)?;
        Some(&stated.definition)
    }

    fn found(&self, activation: &PlanActivation, window: &Window<'_>) -> Option<(&'a Plan, Found)> {
        let plan = self.prices.compiled(&activation.plan)?;
        let found = destination::find(plan, window.number, window.clock.at(window.from_ns))?;
        Some((plan, found))
    }

    /// What a profile has for a window, what its fallback subjects add included.
    fn infos(&self, profile: &'a RatingProfile, window: &Window<'_>, depth: u32) -> Vec<Info<'a>> {
        let mut infos = self.own(profile, window);
        if is_continuous(&infos, window.from_ns) || depth >= DEPTH_MAX {
            return infos;
        }
        for index in 0..infos.len() {
            let Some(info) = infos.get(index).copied() else { break };
            let part = Window {
                from_ns: if index == 0 { window.from_ns } else { info.at_ns },
                until_ns: infos.get(index + 1).map_or(window.until_ns, |next| next.at_ns),
                ..*window
            };
            let Some(first) = self.fallback(info.fallback, &part, depth + 1) else { continue };
            match infos.get_mut(index) {
                Some(info) if info.found.is_none() => info.found = first.found,
                _ => {}
            }
            if index == 0 && info.at_ns > window.from_ns {
                infos.insert(0, first);
            }
        }
        infos
    }

    /// What the first of the fallback subjects has that covers a window.
    fn fallback(
        &self,
        fallback: Fallback<'a>,
        window: &Window<'_>,
        depth: u32,
    ) -> Option<Info<'a>> {
        let one = matches!(fallback, Fallback::Everybody).then_some(ANY_SUBJECT);
        let many = match fallback {
            Fallback::Everybody => &[][..],
            Fallback::Subjects(list) => list,
        };
        one.into_iter().chain(many.iter().map(String::as_str)).find_map(|subject| {
            let infos = self.infos(self.profile(subject)?, window, depth);
            is_continuous(&infos, window.from_ns).then(|| infos.first().copied()).flatten()
        })
    }

    /// What a profile itself has for a window. A plan that is not there counts for nothing.
    fn own(&self, profile: &'a RatingProfile, window: &Window<'_>) -> Vec<Info<'a>> {
        let mut infos = Vec::new();
        for (index, activation) in active(profile, window).iter().enumerate() {
            if self.prices.compiled(&activation.plan).is_none() {
                continue;
            }
            let at_ns = window.since(activation);
            if index == 0 && at_ns > window.from_ns {
                infos.push(Info {
                    at_ns: window.from_ns,
                    found: None,
                    fallback: Fallback::Everybody,
                });
            }
            let found = self.found(activation, window);
            if found.is_some() || !activation.fallback.is_empty() {
                let fallback = Fallback::Subjects(&activation.fallback);
                infos.push(Info { at_ns, found, fallback });
            }
        }
        infos
    }
}

/// The latest activation that is not after the start, and those up to the end. All of them where every one is
/// later than the start.
fn active<'a>(profile: &'a RatingProfile, window: &Window<'_>) -> &'a [PlanActivation] {
    let all = &profile.activations;
    let begun = all.partition_point(|activation| window.since(activation) <= window.from_ns);
    let up_to = all.partition_point(|activation| window.since(activation) <= window.until_ns);
    all.get(begun.saturating_sub(1)..up_to).unwrap_or_default()
}

/// Whether there is a plan for all of the time from `from_ns` on.
fn is_continuous(infos: &[Info<'_>], from_ns: i64) -> bool {
    infos.first().is_some_and(|first| first.at_ns <= from_ns)
        && infos.iter().all(|info| info.found.is_some())
}

/// The plan that is in force at the start rates all of the call; the first that begins later cuts it.
fn rated<'a>(infos: &[Info<'a>], from_ns: i64) -> Option<Rated<'a>> {
    let begun = infos.partition_point(|info| info.at_ns < from_ns).saturating_sub(1);
    let (plan, found) = infos.get(begun)?.found?;
    let later = infos.iter().map(|info| info.at_ns).find(|ns| *ns > from_ns);
    Some(Rated { plan, offer: found.offer, prefix: found.prefix, cut_ns: later })
}
