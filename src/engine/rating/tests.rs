//! Costs worked out by hand from section 7 of the specification.
