//! Arguments of methods that name definitions rather than state them.

use super::read::{self, mandatory};
use crate::model::definition::Generation;
use crate::model::query::DEFAULT_TENANT;

/// `{"Tenant","ID"}`, or the id alone: which definition is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantId {
    /// Whose it is.
    pub tenant: String,
    /// Its id.
    pub id: String,
}

impl TenantId {
    /// Reads it. An empty tenant is the default one, but in 0.10 it is missing.
    ///
    /// # Errors
    /// A field of the wrong kind, or one that is missing.
    pub fn decode(argument: Option<&str>, generation: Generation) -> Result<Self, String> {
        let (mut tenant, mut id) = (String::new(), String::new());
        // `GetDestination` of CGRateS has the id alone.
        if let Some(alone) = argument.filter(|argument| argument.starts_with('"')) {
            read::string(alone, &mut id).map_err(|_| "json: the id must be a string".to_owned())?;
            owned(&mut tenant, &id, generation)?;
            return Ok(Self { tenant, id });
        }
        read::object(argument.unwrap_or("{}"), &["Tenant", "ID", "APIOpts"], |name, value| {
            match name {
                "Tenant" => read::string(value, &mut tenant),
                "ID" => read::string(value, &mut id),
                _ => read::options(value),
            }
        })?;
        owned(&mut tenant, &id, generation)?;
        Ok(Self { tenant, id })
    }
}

/// Makes sure that something has an id and belongs to a tenant.
pub(super) fn owned(tenant: &mut String, id: &str, generation: Generation) -> Result<(), String> {
    let is_tenant_missing = generation == Generation::V010 && tenant.is_empty();
    match (is_tenant_missing, id.is_empty()) {
        (true, true) => return Err(mandatory(&["Tenant", "ID"])),
        (true, false) => return Err(mandatory(&["Tenant"])),
        (false, true) => return Err(mandatory(&["ID"])),
        (false, false) => {}
    }
    if tenant.is_empty() {
        DEFAULT_TENANT.clone_into(tenant);
    }
    Ok(())
}

/// `{"Tenant","Limit","Offset"}`: which ids are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdList {
    /// Whose definitions.
    pub tenant: String,
    /// How many at most.
    pub limit: Option<i64>,
    /// How many are left out at the head.
    pub offset: Option<i64>,
}

impl IdList {
    /// Reads it. `Search` is of no effect in CGRateS, and none here.
    ///
    /// # Errors
    /// A field of the wrong kind.
    pub fn decode(argument: Option<&str>) -> Result<Self, String> {
        let (mut tenant, mut search) = (String::new(), String::new());
        let (mut limit, mut offset) = (None, None);
        let places = |raw: &str, field: &mut Option<i64>| {
            *field = if read::is_null(raw) { None } else { Some(read::integer(raw)?) };
            Ok(())
        };
        let names = &["Tenant", "Limit", "Offset", "Search", "APIOpts"];
        read::object(argument.unwrap_or("{}"), names, |name, value| match name {
            "Tenant" => read::string(value, &mut tenant),
            "Limit" => places(value, &mut limit),
            "Offset" => places(value, &mut offset),
            "Search" => read::string(value, &mut search),
            _ => read::options(value),
        })?;
        if tenant.is_empty() {
            DEFAULT_TENANT.clone_into(&mut tenant);
        }
        Ok(Self { tenant, limit, offset })
    }
}

/// The part of `ids` that is asked for; `None` is null. A limit of 0 or less is none, so is such an offset;
/// an offset of as many as there are leaves an empty list, one beyond that null.
#[must_use]
pub fn page<T>(ids: &[T], limit: Option<i64>, offset: Option<i64>) -> Option<&[T]> {
    let places = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
    let rest = ids.get(places(offset).unwrap_or(0)..)?;
    match places(limit) {
        None | Some(0) => Some(rest),
        Some(limit) => Some(rest.get(..limit).unwrap_or(rest)),
    }
}

/// `{"FolderPath"}`: which folder with a tariff plan is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderPath {
    /// The folder.
    pub path: String,
    /// Whether it is only checked.
    pub is_dry_run: bool,
}

impl FolderPath {
    /// Reads it.
    ///
    /// # Errors
    /// A field of the wrong kind, and a path that is missing.
    pub fn decode(argument: Option<&str>) -> Result<Self, String> {
        let (mut path, mut is_dry_run, mut validate) = (String::new(), false, false);
        let names = &["FolderPath", "DryRun", "Validate", "APIOpts"];
        read::object(argument.unwrap_or("{}"), names, |name, value| match name {
            "FolderPath" => read::string(value, &mut path),
            "DryRun" => read::flag(value, &mut is_dry_run),
            // Every folder is validated.
            "Validate" => read::flag(value, &mut validate),
            _ => read::options(value),
        })?;
        if path.is_empty() {
            return Err(mandatory(&["FolderPath"]));
        }
        Ok(Self { path, is_dry_run })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_named_by_tenant_and_id() {
        const V011: Generation = Generation::V011;
        const V010: Generation = Generation::V010;
        for (argument, generation, want) in [
            (Some(r#"{"TENANT":"t","iD":"x","more":1}"#), V011, Ok(("t", "x"))),
            (Some(r#"{"ID":"x"}"#), V011, Ok(("cgrates.org", "x"))),
            (Some(r#"{"Tenant":"","ID":"x"}"#), V011, Ok(("cgrates.org", "x"))),
            (Some(r#"{"ID":"x","APIOpts":{"*cache":"*none"}}"#), V011, Ok(("cgrates.org", "x"))),
            (Some(r#"{"Tenant":"t"}"#), V011, Err("MANDATORY_IE_MISSING: [ID]")),
            (None, V011, Err("MANDATORY_IE_MISSING: [ID]")),
            (Some(r#"{"ID":"x"}"#), V010, Err("MANDATORY_IE_MISSING: [Tenant]")),
            (Some(r#"{"Tenant":"t"}"#), V010, Err("MANDATORY_IE_MISSING: [ID]")),
            (None, V010, Err("MANDATORY_IE_MISSING: [Tenant ID]")),
            (Some(r#"{"ID":5}"#), V011, Err("json: ID must be a string, not a number")),
            (Some("[]"), V011, Err("json: the argument must be an object, not a list")),
            (
                Some(r#"{"ID":"x","APIOpts":"x"}"#),
                V011,
                Err("json: APIOpts must be an object, not a string"),
            ),
        ] {
            let read = TenantId::decode(argument, generation);
            let want = want.map(|(tenant, id)| TenantId { tenant: tenant.into(), id: id.into() });
            assert_eq!(read, want.map_err(str::to_owned), "{argument:?}");
        }
    }

    #[test]
    fn lists_of_ids_have_pages() {
        let ids = ["a", "b", "c"];
        for (argument, want) in [
            ("{}", Some(&["a", "b", "c"][..])),
            (r#"{"Limit":2}"#, Some(&["a", "b"])),
            (r#"{"Limit":0}"#, Some(&["a", "b", "c"])),
            (r#"{"Limit":-1}"#, Some(&["a", "b", "c"])),
            (r#"{"Limit":9,"Offset":0}"#, Some(&["a", "b", "c"])),
            (r#"{"Limit":1,"Offset":1}"#, Some(&["b"])),
            (r#"{"Limit":9,"Offset":2}"#, Some(&["c"])),
            (r#"{"Offset":3}"#, Some(&[])),
            (r#"{"Offset":4}"#, None),
            (r#"{"Offset":-1}"#, Some(&["a", "b", "c"])),
            (r#"{"Limit":null,"Offset":null,"Search":"zz"}"#, Some(&["a", "b", "c"])),
        ] {
            let list = IdList::decode(Some(argument)).unwrap();
            assert_eq!(page(&ids, list.limit, list.offset), want, "{argument}");
        }
        for (argument, want) in [
            (r#"{"Limit":"x"}"#, "json: Limit must be a whole number, not a string"),
            (r#"{"Limit":1.5}"#, "json: Limit must be a whole number"),
            (r#"{"Tenant":1}"#, "json: Tenant must be a string, not a number"),
        ] {
            assert_eq!(IdList::decode(Some(argument)).unwrap_err(), want, "{argument}");
        }
    }

    #[test]
    fn a_folder_has_a_path() {
        let read = FolderPath::decode(Some(r#"{"folderpath":"/plan","DryRun":true}"#));
        assert_eq!(read, Ok(FolderPath { path: "/plan".into(), is_dry_run: true }));
        assert_eq!(FolderPath::decode(None).unwrap_err(), "MANDATORY_IE_MISSING: [FolderPath]");
    }
}
