//! What `kamailio/` ships: files that Kamailio accepts, references that resolve, and real calls.
//!
//! Without Kamailio or sipp these tests fail, and say what to install.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod lab;
#[cfg(test)]
mod process;
#[cfg(test)]
mod script;
#[cfg(test)]
mod shipped;
#[cfg(test)]
mod tally;
