//! Open files: how many the process may have.
//!
//! Each connection is one. Many systems give a process 1024 and let it raise that itself up to a bound
//! of their own; what is missing then is for an operator to grant. How many are needed is not known here.

use rlimit::Resource;
use std::io;

/// Raises what this process may have open to `wanted`, or as far as the system lets it, and gives what
/// holds then; what is more already stays.
///
/// # Errors
/// What the kernel says.
pub fn raise(wanted: u64) -> io::Result<u64> {
    let (soft, hard) = Resource::NOFILE.get()?;
    let most = wanted.min(hard);
    if soft < most {
        Resource::NOFILE.set(most, hard)?;
    }
    Ok(soft.max(most))
}
