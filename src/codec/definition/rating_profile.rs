//! A RatingProfile: `Tenant`, `Category`, `Subject`, `RatingPlanActivations`.

use super::activation;
use super::read::{self, Wrong};
use super::write::Writer;
use crate::model::definition::{PlanActivation, RatingProfile, Stamp};

pub(super) fn read(raw: &str) -> Result<RatingProfile, Wrong> {
    let mut profile = RatingProfile::default();
    let mut activations = None;
    let names = &["Tenant", "Category", "Subject", "RatingPlanActivations"];
    read::object(raw, names, |name, value| match name {
        "Tenant" => read::string(value, &mut profile.tenant),
        "Category" => read::string(value, &mut profile.category),
        "Subject" => read::string(value, &mut profile.subject),
        _ => read::objects(value, &mut activations, activation),
    })?;
    profile.activations = activations.unwrap_or_default();
    profile.activations.sort_by_key(|activation| activation.from.ns);
    Ok(profile)
}

fn activation(raw: &str) -> Result<PlanActivation, Wrong> {
    let (mut from, mut plan, mut fallback) = (None, String::new(), None);
    let names = &["ActivationTime", "RatingPlanId", "FallbackSubjects"];
    read::object(raw, names, |name, value| match name {
        "ActivationTime" => activation::read_stamp(value, &mut from),
        "RatingPlanId" => read::string(value, &mut plan),
        _ => read::strings(value, &mut fallback),
    })?;
    let from = from.unwrap_or_else(Stamp::first);
    Ok(PlanActivation { from, plan, fallback: fallback.unwrap_or_default() })
}

pub(super) fn write(profile: &RatingProfile, out: &mut Vec<u8>) {
    let mut object = Writer::object(out);
    object.string("Tenant", &profile.tenant);
    object.string("Category", &profile.category);
    object.string("Subject", &profile.subject);
    object.list("RatingPlanActivations", Some(&profile.activations), |activation, out| {
        let mut object = Writer::object(out);
        object.string("ActivationTime", &activation.from.text);
        object.string("RatingPlanId", &activation.plan);
        object.strings("FallbackSubjects", Some(&activation.fallback));
        object.end();
    });
    object.end();
}
