//! What CGRateS answers, siproute answers: recorded conversations, rows of its own tests, random tables.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod itself;
#[cfg(test)]
mod json;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod own;
#[cfg(test)]
mod property;
#[cfg(test)]
mod replay;
#[cfg(test)]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod unbuilt;
#[cfg(test)]
mod vectors;
