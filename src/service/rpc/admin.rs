//! Methods that change and show definitions: APIerSv1 and its kin (section 2.5).

use super::{Call, Refused, Work};
use crate::codec::definition::{self as codec, IdList, SetDestination, TenantId};
use crate::model::definition::{Definition, Generation, Key, Kind};
use crate::model::go::json::push_string;
use crate::model::outcome::Outcome;
use crate::table::change::{Change, Edit};

impl Call<'_> {
    /// Whether this sender may change tables.
    pub(super) fn may_change(&self) -> Result<(), Refused> {
        let text = if self.channel.may_change {
            return Ok(());
        } else if self.channel.confirms {
            "SERVER_ERROR: this source may not change tables: see access.change"
        } else {
            "SERVER_ERROR: tables are not changed over UDP: use TCP"
        };
        Err(Refused { text: text.to_owned(), outcome: Outcome::NotAllowed })
    }

    /// `Set…`: states a definition.
    pub(super) fn set(&self, kind: Kind, generation: Generation) -> Result<Work, Refused> {
        let edit = if kind == Kind::Destination {
            let set = SetDestination::decode(self.argument)?;
            let definition = Box::new(Definition::Destination(set.destination));
            if set.overwrite { Change::Set(definition).into() } else { Edit::Add(definition) }
        } else {
            Change::Set(Box::new(codec::decode(kind, self.argument, generation)?)).into()
        };
        self.may_change()?;
        Ok(Work::Change(edit))
    }

    /// `Remove…`: takes a definition away.
    pub(super) fn remove(&self, kind: Kind, generation: Generation) -> Result<Work, Refused> {
        let key = self.key(kind, generation)?;
        self.may_change()?;
        Ok(Work::Change(Change::Remove(key).into()))
    }

    /// `LoadTariffPlanFromFolder`.
    pub(super) fn load(&self) -> Result<Work, Refused> {
        let folder = codec::FolderPath::decode(self.argument)?;
        self.may_change()?;
        Ok(Work::LoadFolder(folder.path))
    }

    /// `Get…`: shows a definition as it was stated. An inline filter shows itself.
    pub(super) fn show(
        &self,
        kind: Kind,
        generation: Generation,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let key = self.key(kind, generation)?;
        let definition = self.definition(&key).ok_or("NOT_FOUND")?;
        codec::encode(&definition, generation, out);
        Ok(())
    }

    /// `Get…IDs`: in the order of the ids.
    pub(super) fn list(&self, kind: Kind, out: &mut Vec<u8>) -> Result<(), String> {
        let wanted = IdList::decode(self.argument)?;
        let objects = &self.table.objects;
        let tenant = objects.tenant(&wanted.tenant);
        let ids: Vec<&str> = match kind {
            Kind::Profile => tenant.map(|it| it.profiles().map(|(id, _)| id).collect()),
            Kind::Filter => {
                tenant.map(|it| it.filters().map(|filter| filter.definition.id.as_str()).collect())
            }
            Kind::Attribute => tenant.map(|it| it.attribute_ids().collect()),
            Kind::Destination => Some(objects.destination_ids().collect()),
            Kind::Timing => Some(objects.timing_ids().collect()),
            // No method lists them.
            Kind::RatingPlan | Kind::RatingProfile | Kind::Account => None,
        }
        .unwrap_or_default();
        if ids.is_empty() {
            return Err("NOT_FOUND".into());
        }
        let Some(page) = codec::page(&ids, wanted.limit, wanted.offset) else {
            out.extend_from_slice(b"null");
            return Ok(());
        };
        codec::push_list(page, |id, out| push_string(out, id), out);
        Ok(())
    }

    /// `CoreSv1.Status`: what runs.
    pub(super) fn status(&self, out: &mut Vec<u8>) {
        let status = serde_json::json!({
            "NodeID": "siproute",
            "Version": concat!("siproute ", env!("CARGO_PKG_VERSION")),
            "Generation": self.table.generation,
            "Fingerprint": self.table.fingerprint,
        });
        out.extend_from_slice(status.to_string().as_bytes());
    }

    fn key(&self, kind: Kind, generation: Generation) -> Result<Key, String> {
        let TenantId { tenant, id } = TenantId::decode(self.argument, generation)?;
        Ok(Key { kind, tenant: if kind.has_tenant() { tenant } else { String::new() }, id })
    }

    fn definition(&self, key: &Key) -> Option<Definition> {
        let objects = &self.table.objects;
        let tenant = objects.tenant(&key.tenant);
        let id = key.id.as_str();
        Some(match key.kind {
            Kind::Profile => {
                let profile = objects.profile(tenant?.profile(id)?)?;
                Definition::Profile(profile.definition.as_ref().clone())
            }
            Kind::Filter if id.starts_with('*') => self.inline(key)?,
            Kind::Filter => Definition::Filter(tenant?.filter(id)?.definition.as_ref().clone()),
            Kind::Attribute => {
                Definition::Attribute(tenant?.attribute(id)?.definition.as_ref().clone())
            }
            Kind::Destination => {
                Definition::Destination(objects.destination(id)?.definition.clone())
            }
            Kind::Timing => Definition::Timing(objects.timing(id)?.definition.as_ref().clone()),
            Kind::RatingPlan | Kind::RatingProfile | Kind::Account => return None,
        })
    }

    fn inline(&self, key: &Key) -> Option<Definition> {
        let rule = crate::table::filter::parse_inline(&key.id, self.table.rules.generation).ok()?;
        Some(Definition::Filter(crate::model::definition::FilterDefinition {
            tenant: key.tenant.clone(),
            id: key.id.clone(),
            rules: Some(vec![rule]),
            active: None,
        }))
    }
}
