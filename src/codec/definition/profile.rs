//! A RouteProfile, in the names of each generation and in those of the state database.

use super::activation;
use super::conditional;
use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::{Conditional, Generation, RouteDefinition, RouteProfile};

/// Whose names are read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Those of a generation's API.
    Of(Generation),
    /// Ours: everything that a profile can have, its generation included.
    Stored,
}

impl Form {
    fn profile_names(self) -> &'static [&'static str] {
        match self {
            Self::Of(Generation::V010) => &[
                "Tenant",
                "ID",
                "FilterIDs",
                "ActivationInterval",
                "Sorting",
                "SortingParameters",
                "Suppliers",
                "Weight",
            ],
            Self::Of(Generation::V011) => &[
                "Tenant",
                "ID",
                "FilterIDs",
                "ActivationInterval",
                "Sorting",
                "SortingParameters",
                "Routes",
                "Weight",
                "APIOpts",
            ],
            Self::Of(Generation::V100) => &[
                "Tenant",
                "ID",
                "FilterIDs",
                "Weights",
                "Blockers",
                "Sorting",
                "SortingParameters",
                "Routes",
                "APIOpts",
            ],
            Self::Stored => &[
                "Generation",
                "Tenant",
                "ID",
                "FilterIDs",
                "ActivationInterval",
                "Weight",
                "Weights",
                "Blocker",
                "Blockers",
                "Sorting",
                "SortingParameters",
                "Routes",
            ],
        }
    }

    fn route_names(self) -> &'static [&'static str] {
        match self {
            Self::Of(Generation::V010) => &[
                "ID",
                "FilterIDs",
                "AccountIDs",
                "RatingPlanIDs",
                "ResourceIDs",
                "StatIDs",
                "Weight",
                "Blocker",
                "SupplierParameters",
            ],
            Self::Of(Generation::V011) => &[
                "ID",
                "FilterIDs",
                "AccountIDs",
                "RatingPlanIDs",
                "ResourceIDs",
                "StatIDs",
                "Weight",
                "Blocker",
                "RouteParameters",
            ],
            Self::Of(Generation::V100) => &[
                "ID",
                "FilterIDs",
                "AccountIDs",
                "RateProfileIDs",
                "ResourceIDs",
                "StatIDs",
                "Weights",
                "Blockers",
                "RouteParameters",
            ],
            Self::Stored => &[
                "ID",
                "FilterIDs",
                "AccountIDs",
                "RatingPlanIDs",
                "ResourceIDs",
                "StatIDs",
                "Weight",
                "Weights",
                "Blocker",
                "Blockers",
                "RouteParameters",
            ],
        }
    }

    /// What a weight or blocker is that is not told.
    fn untold<T: Default>(self) -> Conditional<T> {
        match self {
            Self::Of(Generation::V100) => Conditional::First(None),
            _ => Conditional::default(),
        }
    }
}

pub(super) fn read(raw: &str, form: Form) -> Result<RouteProfile, Wrong> {
    let mut profile =
        RouteProfile { weight: form.untold(), blocker: form.untold(), ..RouteProfile::default() };
    if let Form::Of(generation) = form {
        profile.generation = generation;
    }
    read::object(raw, form.profile_names(), |name, value| match name {
        "Generation" => generation(value, &mut profile.generation),
        "Tenant" => read::string(value, &mut profile.tenant),
        "ID" => read::string(value, &mut profile.id),
        "FilterIDs" => read::strings(value, &mut profile.filter_ids),
        "ActivationInterval" => activation::read(value, &mut profile.active),
        "Sorting" => read::string(value, &mut profile.sorting),
        "SortingParameters" => read::strings(value, &mut profile.sorting_parameters),
        "Routes" | "Suppliers" => read::objects(value, &mut profile.routes, |raw| route(raw, form)),
        "Weight" => conditional::read_fixed(value, &mut profile.weight),
        "Weights" => conditional::read_list(value, &mut profile.weight),
        "Blocker" => conditional::read_fixed(value, &mut profile.blocker),
        "Blockers" => conditional::read_list(value, &mut profile.blocker),
        _ => read::options(value),
    })?;
    Ok(profile)
}

fn route(raw: &str, form: Form) -> Result<RouteDefinition, Wrong> {
    let mut route = RouteDefinition {
        weight: form.untold(),
        blocker: form.untold(),
        ..RouteDefinition::default()
    };
    read::object(raw, form.route_names(), |name, value| match name {
        "ID" => read::string(value, &mut route.id),
        "FilterIDs" => read::strings(value, &mut route.filter_ids),
        "AccountIDs" => read::strings(value, &mut route.account_ids),
        "RatingPlanIDs" | "RateProfileIDs" => read::strings(value, &mut route.rating_plan_ids),
        "ResourceIDs" => read::strings(value, &mut route.resource_ids),
        "StatIDs" => read::strings(value, &mut route.stat_ids),
        "Weight" => conditional::read_fixed(value, &mut route.weight),
        "Weights" => conditional::read_list(value, &mut route.weight),
        "Blocker" => conditional::read_fixed(value, &mut route.blocker),
        "Blockers" => conditional::read_list(value, &mut route.blocker),
        _ => read::string(value, &mut route.parameters),
    })?;
    Ok(route)
}

pub(super) fn write(profile: &RouteProfile, form: Form, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    if form == Form::Stored {
        object.string("Generation", profile.generation.name());
    }
    object.string("Tenant", &profile.tenant);
    object.string("ID", &profile.id);
    object.strings("FilterIDs", profile.filter_ids.as_ref());
    let interval = |object: &mut Writer<'_>| {
        activation::write(profile.active.as_ref(), object.field("ActivationInterval"));
    };
    match form {
        Form::Of(Generation::V100) => {
            conditional::write_list(&profile.weight, &mut object);
            conditional::write_list(&profile.blocker, &mut object);
        }
        Form::Of(_) => interval(&mut object),
        Form::Stored => {
            interval(&mut object);
            conditional::write_stored(&profile.weight, &mut object);
            conditional::write_stored(&profile.blocker, &mut object);
        }
    }
    object.string("Sorting", &profile.sorting);
    object.strings("SortingParameters", profile.sorting_parameters.as_ref());
    let is_v010 = form == Form::Of(Generation::V010);
    let routes = if is_v010 { "Suppliers" } else { "Routes" };
    object.list(routes, profile.routes.as_ref(), |route, out| write_route(route, form, out));
    if matches!(form, Form::Of(Generation::V010 | Generation::V011)) {
        conditional::write_fixed(&profile.weight, &mut object);
    }
    object.end();
}

fn write_route(route: &RouteDefinition, form: Form, out: &mut Vec<u8>) {
    let is_v100 = form == Form::Of(Generation::V100);
    let plans = if is_v100 { "RateProfileIDs" } else { "RatingPlanIDs" };
    let mut object = Writer::object(out);
    object.string("ID", &route.id);
    object.strings("FilterIDs", route.filter_ids.as_ref());
    object.strings("AccountIDs", route.account_ids.as_ref());
    object.strings(plans, route.rating_plan_ids.as_ref());
    object.strings("ResourceIDs", route.resource_ids.as_ref());
    object.strings("StatIDs", route.stat_ids.as_ref());
    match form {
        Form::Of(Generation::V100) => {
            conditional::write_list(&route.weight, &mut object);
            conditional::write_list(&route.blocker, &mut object);
        }
        Form::Of(_) => {
            conditional::write_fixed(&route.weight, &mut object);
            conditional::write_fixed(&route.blocker, &mut object);
        }
        Form::Stored => {
            conditional::write_stored(&route.weight, &mut object);
            conditional::write_stored(&route.blocker, &mut object);
        }
    }
    let is_v010 = form == Form::Of(Generation::V010);
    let parameters = if is_v010 { "SupplierParameters" } else { "RouteParameters" };
    object.string(parameters, &route.parameters);
    object.end();
}

fn generation(raw: &str, field: &mut Generation) -> Result<(), Wrong> {
    let mut name = String::new();
    read::string(raw, &mut name)?;
    *field = Generation::named(&name)
        .ok_or_else(|| Wrong::Text(format!("there is no generation {name:?} of CGRateS")))?;
    Ok(())
}
