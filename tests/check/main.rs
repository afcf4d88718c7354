//! What `check` finds, through the public functions, as rows: a text, the place, the text and the help
//! of what is found.

#[cfg(test)]
mod decks;
#[cfg(test)]
mod definitions;
#[cfg(test)]
mod documented;
#[cfg(test)]
mod files;
#[cfg(test)]
mod found;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod plan_rows;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod suppliers;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod tables;
