//! What `kamailio/` ships: files that Kamailio accepts, references that resolve, and real calls.
//!
//! Without Kamailio or sipp these tests fail, and say what to install.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod script;
#[cfg(test)]
mod shipped;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod tally;
