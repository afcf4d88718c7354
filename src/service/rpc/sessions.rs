//! What a proxy asks of a call: SessionSv1 (section 2.7).
//!
//! Attributes, the longest usage and routes, in this order. Nothing is remembered of the call. Statistics
//! and resources that match there are none yet, and the answers say so as CGRateS does.

use super::methods::{Question, Session};
use super::{Call, Desk, text_of};
use crate::codec::cgr_event::Page;
use crate::codec::session::{Attributed, Wants, push_routes_digest, push_seconds};
use crate::engine::attributes::Changed;
use crate::engine::call;
use crate::engine::fields::{Failure, Scope};
use crate::engine::price;
use crate::engine::rating::Scratch;
use crate::engine::sort::weight::seed_of;
use crate::model::event::{Event, Slot};
use crate::model::json::push_integer;
use std::fmt::Write;

/// How long a call may last where nobody says it: three hours.
const SESSION_NS: i64 = 10_800_000_000_000;

/// Whose attributes change the events of sessions.
const CONTEXT: &str = "*sessions";

impl Call<'_> {
    /// Answers what is asked of a call.
    pub(super) fn session(
        &self,
        session: Session,
        desk: &mut Desk,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let mut wants = Wants::default();
        let seen = self.read(desk, &mut wants)?;
        if !seen.event {
            return Err("MANDATORY_IE_MISSING: [Event]".into());
        }
        if desk.query.id.is_empty() {
            // The same call has the same id wherever it is asked.
            let seed = seed_of(self.argument.unwrap_or_default());
            let _ = write!(desk.query.id, "{seed:016x}");
        }
        if session != Session::Process && !wants.is_enough() {
            return Err("MANDATORY_IE_MISSING: [Subsystems]".into());
        }
        let mut members = Reply { session, is_first: true, out };
        if wants.attributes || session == Session::AuthorizeDigest {
            self.tell_attributes(&wants, desk, &mut members)?;
        }
        if session == Session::AuthorizeDigest {
            members.null("ResourceAllocation");
        }
        self.tell_max_usage(&wants, desk, &mut members)?;
        // There are neither resources nor addresses. ProcessEvent tells of that last, after an error of the routes.
        let is_process = session == Session::Process;
        if wants.resources && !is_process {
            return Err("RESOURCES_ERROR:NOT_FOUND".into());
        }
        if wants.address && !is_process {
            return Err("IPS_ERROR:NOT_FOUND".into());
        }
        self.tell_routes(&wants, desk, &mut members)?;
        if wants.resources && is_process {
            return Err("PARTIALLY_EXECUTED".into());
        }
        members.end(&wants);
        Ok(())
    }

    fn tell_attributes(
        &self,
        wants: &Wants,
        desk: &mut Desk,
        reply: &mut Reply<'_>,
    ) -> Result<(), String> {
        let query = &mut desk.query;
        let (mut changed, mut profiles) = (Changed::default(), Vec::new());
        if wants.attributes {
            // Attributes may hand the event to another tenant; the profiles are of this one.
            let owner = query.tenant.clone();
            query.event.set(Slot::SUBSYSTEM, CONTEXT);
            changed = self
                .attribute(query, Some(CONTEXT), &wants.attribute_ids)
                .map_err(|failure| format!("ATTRIBUTES_ERROR:{}", text_of(failure)))?;
            profiles.extend(changed.profiles.iter().map(|id| format!("{owner}:{id}")));
        }
        let attributed = Attributed {
            argument: self.argument,
            tenant: &query.tenant,
            id: &query.id,
            event: &query.event,
            profiles: &profiles,
            fields: &changed.fields,
        };
        match (reply.session, profiles.is_empty()) {
            (Session::AuthorizeDigest, true) => reply.null("AttributesDigest"),
            (Session::AuthorizeDigest, false) => {
                reply.member("AttributesDigest", |out| attributed.push_digest(out));
            }
            (_, true) => {}
            (_, false) => reply.member("Attributes", |out| attributed.push(out)),
        }
        Ok(())
    }

    fn tell_max_usage(
        &self,
        wants: &Wants,
        desk: &Desk,
        reply: &mut Reply<'_>,
    ) -> Result<(), String> {
        let is_digest = reply.session == Session::AuthorizeDigest;
        let usage_ns = match (wants.max_usage, is_digest) {
            (true, _) => self.max_usage(&desk.query.tenant, &desk.query.event)?,
            (false, true) if self.table.rules.quirks => 0,
            // The `cgrates` module of OpenSIPS takes 0 for a refusal.
            (false, true) => SESSION_NS,
            (false, false) => return Ok(()),
        };
        reply.member("MaxUsage", |out| {
            if is_digest { push_seconds(usage_ns, out) } else { push_integer(out, usage_ns) }
        });
        Ok(())
    }

    /// How long the call may last: as long as it wants, or as its account pays where it is prepaid.
    fn max_usage(&self, tenant: &str, event: &Event) -> Result<i64, String> {
        let wanted_ns = match event.value(Slot::USAGE) {
            Some(usage) => call::length(usage).map_err(text_of)?,
            None => default_usage(event),
        };
        if !matches!(event.get(Slot::REQUEST_TYPE), Some("*prepaid" | "*pseudoprepaid")) {
            return Ok(wanted_ns);
        }
        let scope = Scope::new(self.table, tenant, event, self.moment.wall_ns);
        let paid = price::paid_by_account(&scope, wanted_ns, &mut Scratch::default());
        let paid_ns = paid.map_err(|failure| match failure {
            Failure::NotFound => "RALS_ERROR:NOT_FOUND".to_owned(),
            Failure::Told(text) | Failure::Unpriced(text) => format!("RALS_ERROR:{text}"),
        })?;
        Ok(paid_ns.min(wanted_ns))
    }

    fn tell_routes(
        &self,
        wants: &Wants,
        desk: &mut Desk,
        reply: &mut Reply<'_>,
    ) -> Result<(), String> {
        let is_old = wants.suppliers && !wants.routes;
        let is_digest = reply.session == Session::AuthorizeDigest;
        if !wants.routes && !wants.suppliers {
            if is_digest {
                reply.null("RoutesDigest");
                reply.null("SuppliersDigest");
            }
            return Ok(());
        }
        if desk.query.event.value(Slot::AVERAGE_DURATION).is_some() {
            desk.query.event.copy(Slot::AVERAGE_DURATION, Slot::USAGE);
        }
        let (asked, error) = if is_old {
            (Question::Suppliers, "SUPPLIERS_ERROR")
        } else {
            (Question::Routes, "ROUTES_ERROR")
        };
        self.routes(asked, Page::default(), desk).map_err(|text| format!("{error}:{text}"))?;
        if is_digest {
            let mut digest = 0..0;
            reply.member("RoutesDigest", |out| {
                let from = out.len();
                self.view(desk).answer(None, |answer| push_routes_digest(answer, out));
                digest = from..out.len();
            });
            // The scripts of 0.10 read it by this name.
            reply.member("SuppliersDigest", |out| out.extend_from_within(digest));
            self.service.count_offers(self.table, &desk.selection.places);
        } else {
            let name = if is_old { "Suppliers" } else { "RouteProfiles" };
            reply.member(name, |out| self.write(asked, desk, out));
        }
        Ok(())
    }
}

/// How long a call of its kind lasts where nobody says it; what is no call is counted in units.
fn default_usage(event: &Event) -> i64 {
    match event.get(Slot::TYPE_OF_RECORD) {
        Some("*data") => 1_048_576,
        Some("*sms") => 1,
        _ => SESSION_NS,
    }
}

/// A result, member by member.
struct Reply<'o> {
    session: Session,
    is_first: bool,
    out: &'o mut Vec<u8>,
}

impl Reply<'_> {
    /// Appends a member. ProcessEvent tells it of each run of a call: there is one, the call as it came.
    fn member(&mut self, name: &str, write: impl FnOnce(&mut Vec<u8>)) {
        let is_of_runs = self.session == Session::Process;
        self.out.push(if std::mem::take(&mut self.is_first) { b'{' } else { b',' });
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(if is_of_runs { b"\":{\"*raw\":" } else { b"\":" });
        write(self.out);
        if is_of_runs {
            self.out.push(b'}');
        }
    }

    fn null(&mut self, name: &str) {
        self.member(name, |out| out.extend_from_slice(b"null"));
    }

    /// Appends what thresholds and statistics came into it, none, and ends the result.
    fn end(mut self, wants: &Wants) {
        let is_digest = self.session == Session::AuthorizeDigest;
        let [thresholds, queues] = match is_digest {
            true => ["Thresholds", "StatQueues"],
            false => ["ThresholdIDs", "StatQueueIDs"],
        };
        for (name, is_wanted) in [(thresholds, wants.thresholds), (queues, wants.stats)] {
            match (is_digest, is_wanted) {
                (true, true) => self.member(name, |out| out.extend_from_slice(b"\"\"")),
                (true, false) | (false, true) => self.null(name),
                (false, false) => {}
            }
        }
        self.out.extend_from_slice(if self.is_first { b"{}" } else { b"}" });
    }
}
