//! Reloads on real files: what is seen, what is refused, what survives.

#[cfg(test)]
mod changes;
#[cfg(test)]
mod files;
#[cfg(test)]
mod folders;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod process;
#[cfg(test)]
mod state;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
