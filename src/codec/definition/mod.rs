//! Definitions as the APIs of CGRateS state and tell them, and as the state database keeps them.
//!
//! Reading is as lenient as CGRateS: names without regard to case, unknown members ignored, the difference
//! between no list and an empty one kept. A value of the wrong kind is refused with its place. Whether
//! what is stated can be used, its filters above all, is decided where tables are built.

mod account;
mod account_edit;
mod activation;
mod argument;
mod attribute;
mod conditional;
mod destination;
mod filter;
mod profile;
mod rating_plan;
mod rating_profile;
mod read;
mod timing;
mod write;

pub use account::balance_type;
pub use account_edit::{
    AccountName, decode_account, decode_balance, encode_account, encode_balance,
};
pub use argument::{FolderPath, IdList, TenantId, page};
pub use write::push_list;

use crate::model::definition::{
    AttributeProfile, Definition, Destination, FilterDefinition, Generation, Kind, RouteProfile,
    Timing,
};
use argument::owned;
use profile::Form;
use read::mandatory;

/// What is to be read where an argument has nothing set.
const NOTHING: &str = "{}";

/// Reads the argument of `Set…` for any kind; a destination's `Overwrite` is lost here.
///
/// # Errors
/// A field of the wrong kind, and mandatory fields that are missing.
pub fn decode(
    kind: Kind,
    argument: Option<&str>,
    generation: Generation,
) -> Result<Definition, String> {
    Ok(match kind {
        Kind::Filter => Definition::Filter(decode_filter(argument, generation)?),
        Kind::Destination => Definition::Destination(SetDestination::decode(argument)?.destination),
        Kind::Timing => Definition::Timing(decode_timing(argument)?),
        // No method of CGRateS states them whole.
        Kind::RatingPlan | Kind::RatingProfile | Kind::Account => {
            return Err(format!("a {} is not set in one piece", kind.name().replace('_', " ")));
        }
        Kind::Attribute => Definition::Attribute(decode_attribute(argument, generation)?),
        Kind::Profile => Definition::Profile(decode_profile(argument, generation)?),
    })
}

/// Reads the argument of `SetRouteProfile`, or of `SetSupplierProfile` in 0.10. A profile of 1.0 has routes.
///
/// # Errors
/// A field of the wrong kind, and mandatory fields that are missing.
pub fn decode_profile(
    argument: Option<&str>,
    generation: Generation,
) -> Result<RouteProfile, String> {
    let mut profile = profile::read(argument.unwrap_or(NOTHING), Form::Of(generation))?;
    owned(&mut profile.tenant, &profile.id, generation)?;
    if generation == Generation::V100 && profile.routes.as_ref().is_none_or(Vec::is_empty) {
        return Err(mandatory(&["Routes"]));
    }
    Ok(profile)
}

/// Reads the argument of `SetFilter`.
///
/// # Errors
/// A field of the wrong kind, and mandatory fields that are missing.
pub fn decode_filter(
    argument: Option<&str>,
    generation: Generation,
) -> Result<FilterDefinition, String> {
    let mut filter = filter::read(argument.unwrap_or(NOTHING))?;
    owned(&mut filter.tenant, &filter.id, generation)?;
    Ok(filter)
}

/// Reads the argument of `SetAttributeProfile`.
///
/// # Errors
/// A field of the wrong kind, and mandatory fields that are missing.
pub fn decode_attribute(
    argument: Option<&str>,
    generation: Generation,
) -> Result<AttributeProfile, String> {
    let mut profile = attribute::read(argument.unwrap_or(NOTHING))?;
    owned(&mut profile.tenant, &profile.id, generation)?;
    Ok(profile)
}

/// Reads the argument of `SetTiming`.
///
/// # Errors
/// A field of the wrong kind, and an id that is missing.
pub fn decode_timing(argument: Option<&str>) -> Result<Timing, String> {
    let timing = timing::read(argument.unwrap_or(NOTHING))?;
    if timing.id.is_empty() {
        return Err(mandatory(&["ID"]));
    }
    Ok(timing)
}

/// The argument of `SetDestination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetDestination {
    /// What is set.
    pub destination: Destination,
    /// Whether it replaces one that is there.
    pub overwrite: bool,
}

impl SetDestination {
    /// Reads it.
    ///
    /// # Errors
    /// A field of the wrong kind, mandatory fields that are missing, and a prefix that is empty: every
    /// number would be of that destination.
    pub fn decode(argument: Option<&str>) -> Result<Self, String> {
        let set = destination::read(argument.unwrap_or(NOTHING))?;
        let Destination { id, prefixes } = &set.destination;
        let missing: Vec<&str> = [("Id", id.is_empty()), ("Prefixes", prefixes.is_empty())]
            .iter()
            .filter_map(|(name, is_missing)| is_missing.then_some(*name))
            .collect();
        if !missing.is_empty() {
            return Err(mandatory(&missing));
        }
        match prefixes.iter().position(String::is_empty) {
            Some(index) => Err(format!("json: Prefixes[{index}] must not be empty")),
            None => Ok(set),
        }
    }
}

/// Appends a definition as `Get…` of a generation tells it.
pub fn encode(definition: &Definition, generation: Generation, out: &mut Vec<u8>) {
    match definition {
        Definition::Profile(profile) => encode_profile(profile, generation, out),
        Definition::Filter(filter) => encode_filter(filter, out),
        Definition::Attribute(profile) => attribute::write(profile, out),
        Definition::Destination(destination) => destination::write(destination, out),
        Definition::Timing(timing) => timing::write(timing, out),
        Definition::RatingPlan(plan) => rating_plan::write(plan, out),
        Definition::RatingProfile(profile) => rating_profile::write(profile, out),
        Definition::Account(account) => account::write(account, out),
    }
}

/// Appends a profile as `GetRouteProfile` of a generation tells it, `GetSupplierProfile` in 0.10.
pub fn encode_profile(profile: &RouteProfile, generation: Generation, out: &mut Vec<u8>) {
    profile::write(profile, Form::Of(generation), out);
}

/// Appends a filter as `GetFilter` tells it.
pub fn encode_filter(filter: &FilterDefinition, out: &mut Vec<u8>) {
    filter::write(filter, out);
}

/// A definition as the state database keeps it: nothing of it is lost.
#[must_use]
pub fn store(definition: &Definition) -> String {
    let mut out = Vec::new();
    match definition {
        Definition::Profile(profile) => profile::write(profile, Form::Stored, &mut out),
        other => encode(other, Generation::default(), &mut out),
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Reads what [`store`] gave.
///
/// # Errors
/// Text of another form.
pub fn restore(kind: Kind, json: &str) -> Result<Definition, String> {
    Ok(match kind {
        Kind::Profile => Definition::Profile(profile::read(json, Form::Stored)?),
        Kind::Filter => Definition::Filter(filter::read(json)?),
        Kind::Attribute => Definition::Attribute(attribute::read(json)?),
        Kind::Destination => Definition::Destination(destination::read(json)?.destination),
        Kind::Timing => Definition::Timing(timing::read(json)?),
        Kind::RatingPlan => Definition::RatingPlan(rating_plan::read(json)?.into()),
        Kind::RatingProfile => Definition::RatingProfile(rating_profile::read(json)?),
        Kind::Account => Definition::Account(account::read(json)?),
    })
}

#[cfg(test)]
mod tests;
