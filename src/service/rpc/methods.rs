//! The names of methods: which service has which, in which generation.

use crate::model::definition::{Generation, Kind};

/// What a method does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Says that somebody is there.
    Ping,
    /// Says what runs.
    Status,
    /// Is of no consequence here: nothing is cached in front of the table.
    Accepted,
    /// Asks for routes or profiles.
    Ask(Question),
    /// Asks what becomes of a call.
    Session(Session),
    /// Shows a definition.
    Show(Kind, Generation),
    /// Lists the ids of definitions.
    List(Kind),
    /// States a definition.
    Set(Kind, Generation),
    /// Takes a definition away.
    Remove(Kind, Generation),
    /// Shows an account.
    ShowAccount,
    /// Changes an account.
    SetAccount,
    /// Changes a balance of an account.
    SetBalance,
    /// Takes an account away.
    RemoveAccount,
    /// Loads a tariff-plan folder.
    Load,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Profiles with their sorted routes.
    Routes,
    /// Their routes as a flat list.
    RoutesList,
    /// The profiles that match, as they were stated.
    Profiles,
    /// The best profile with its sorted suppliers (0.10).
    Suppliers,
    /// The profiles that match, as they were stated (0.10).
    SupplierProfiles,
}

/// What a proxy asks of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Session {
    /// Whether and how it may go on: `AuthorizeEvent`.
    Authorize,
    /// Likewise, with lists as texts: `AuthorizeEventWithDigest`.
    AuthorizeDigest,
    /// What its flags say: `ProcessEvent`.
    Process,
}

/// What there is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// A dot in the name.
    IllFormed,
    /// The service.
    Service,
    /// The method.
    Method,
}

impl Method {
    /// The method called `name`, as a server of `generation` has it.
    pub(super) fn find(name: &str, generation: Generation) -> Result<Self, Missing> {
        let (service, method) = name.rsplit_once('.').ok_or(Missing::IllFormed)?;
        let found = match service {
            "RouteSv1" => routes(method),
            "SupplierSv1" => suppliers(method),
            // Those of 1.0 take other arguments.
            "SessionSv1" if generation != Generation::V100 => sessions(method),
            "APIerSv1" | "ApierV1" => accounts(method).or_else(|| admin(method, Generation::V011)),
            "APIerSv2" | "ApierV2" => accounts_2(method),
            "AdminSv1" if generation == Generation::V100 => admin(method, Generation::V100),
            "CoreSv1" => core(method),
            "CacheSv1" => cache(method),
            _ => return Err(Missing::Service),
        };
        found.ok_or(Missing::Method)
    }
}

fn routes(method: &str) -> Option<Method> {
    Some(match method {
        "Ping" => Method::Ping,
        "GetRoutes" => Method::Ask(Question::Routes),
        "GetRoutesList" => Method::Ask(Question::RoutesList),
        "GetRouteProfilesForEvent" => Method::Ask(Question::Profiles),
        _ => return None,
    })
}

fn suppliers(method: &str) -> Option<Method> {
    Some(match method {
        "Ping" => Method::Ping,
        "GetSuppliers" => Method::Ask(Question::Suppliers),
        "GetSupplierProfilesForEvent" => Method::Ask(Question::SupplierProfiles),
        _ => return None,
    })
}

fn sessions(method: &str) -> Option<Method> {
    Some(match method {
        "Ping" => Method::Ping,
        "AuthorizeEvent" => Method::Session(Session::Authorize),
        "AuthorizeEventWithDigest" => Method::Session(Session::AuthorizeDigest),
        "ProcessEvent" => Method::Session(Session::Process),
        _ => return None,
    })
}

fn core(method: &str) -> Option<Method> {
    Some(match method {
        "Ping" => Method::Ping,
        "Status" => Method::Status,
        _ => return None,
    })
}

fn cache(method: &str) -> Option<Method> {
    const ACCEPTED: [&str; 6] =
        ["Clear", "LoadCache", "PrecacheStatus", "ReloadCache", "RemoveItem", "RemoveItems"];
    match method {
        "Ping" => Some(Method::Ping),
        _ => ACCEPTED.contains(&method).then_some(Method::Accepted),
    }
}

/// Accounts as 0.10 and 0.11 have them; those of 1.0 are something else.
fn accounts(method: &str) -> Option<Method> {
    Some(match method {
        "SetAccount" => Method::SetAccount,
        "SetBalance" => Method::SetBalance,
        "RemoveAccount" => Method::RemoveAccount,
        _ => return None,
    })
}

/// What the second edition of the service has.
fn accounts_2(method: &str) -> Option<Method> {
    Some(match method {
        "Ping" => Method::Ping,
        "GetAccount" => Method::ShowAccount,
        "SetAccount" => Method::SetAccount,
        _ => return None,
    })
}

fn admin(method: &str, generation: Generation) -> Option<Method> {
    match method {
        "Ping" => return Some(Method::Ping),
        "LoadTariffPlanFromFolder" => return Some(Method::Load),
        // Who is charged is no matter of routes.
        "SetChargerProfile" | "RemoveChargerProfile" => return Some(Method::Accepted),
        _ => {}
    }
    let old = Generation::V010;
    let objects = [
        ("RouteProfile", Kind::Profile, generation),
        ("SupplierProfile", Kind::Profile, old),
        ("Filter", Kind::Filter, generation),
        ("AttributeProfile", Kind::Attribute, generation),
        ("Destination", Kind::Destination, generation),
        ("Timing", Kind::Timing, generation),
    ];
    objects.into_iter().find_map(|(object, kind, generation)| {
        let (verb, rest) = method.split_once(object)?;
        Some(match (verb, rest) {
            ("Set", "") => Method::Set(kind, generation),
            ("Get", "") => Method::Show(kind, generation),
            ("Remove", "") => Method::Remove(kind, generation),
            ("Get", "IDs") => Method::List(kind),
            _ => return None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_found_by_its_whole_name_alone() {
        let profile = Kind::Profile;
        for (name, want) in [
            ("RouteSv1.GetRoutes", Ok(Method::Ask(Question::Routes))),
            ("RouteSv1.getRoutes", Err(Missing::Method)),
            ("routesv1.GetRoutes", Err(Missing::Service)),
            ("RouteSv1.GetRoutes.x", Err(Missing::Service)),
            ("A.B.C", Err(Missing::Service)),
            ("RouteSv1.", Err(Missing::Method)),
            ("GetRoutes", Err(Missing::IllFormed)),
            ("", Err(Missing::IllFormed)),
            ("APIerSv1.SetRouteProfile", Ok(Method::Set(profile, Generation::V011))),
            ("APIerSv1.GetRouteProfileIDs", Ok(Method::List(profile))),
            ("APIerSv1.GetRouteProfilesCount", Err(Missing::Method)),
            ("ApierV1.SetSupplierProfile", Ok(Method::Set(profile, Generation::V010))),
            ("AdminSv1.SetRouteProfile", Err(Missing::Service)),
            ("APIerSv1.SetBalance", Ok(Method::SetBalance)),
            ("APIerSv1.SetAccount", Ok(Method::SetAccount)),
            ("APIerSv2.SetAccount", Ok(Method::SetAccount)),
            ("APIerSv2.SetBalance", Err(Missing::Method)),
            ("ApierV2.GetAccount", Ok(Method::ShowAccount)),
            ("SessionSv1.AuthorizeEvent", Ok(Method::Session(Session::Authorize))),
            ("SessionSv1.InitiateSession", Err(Missing::Method)),
        ] {
            assert_eq!(Method::find(name, Generation::V011), want, "{name}");
        }
        let new = Method::find("AdminSv1.SetRouteProfile", Generation::V100);
        assert_eq!(new, Ok(Method::Set(profile, Generation::V100)));
    }
}
