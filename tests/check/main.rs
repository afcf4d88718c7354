//! What `check` finds, through the public functions, as rows: a text, the place, the text and the help
//! of what is found.

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
mod plans;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod suppliers;
#[cfg(test)]
mod tables;
