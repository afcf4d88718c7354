//! The index answers like a scan of everything: random profiles, filters and events, and random changes
//! of them, rules that give no answer among them.

mod draw;
mod scan;
mod world;

use crate::support::site::Setup;
use draw::Random;
use world::{LISTS, Select, Size, Tally, World};

/// Where there are many profiles, most ways lead somewhere.
const LARGE: Size = Size { profiles: 40, filters: 6, flaws: 3 };
/// Where there are few, nobody else says what one of them fails to say.
const SMALL: Size = Size { profiles: 4, filters: 2, flaws: 30 };

/// Makes, changes and asks tables of random content.
fn compare(select: Select) {
    let mut routes = format!("indexed_selects = {}\n", select != Select::Everything);
    if select == Select::Lists {
        for (_, key, field) in LISTS {
            routes += &format!("{key} = [\"{field}\"]\n");
        }
    }
    let site = Setup { routes, ..Setup::default() }.start();
    let mut rpc = site.connect();
    let mut tally = Tally::default();
    for (size, tenants, changes, questions) in [(LARGE, 3, 40, 5), (SMALL, 80, 10, 5)] {
        for tenant in 0..tenants {
            let name = format!("random{}x{tenant}", size.profiles);
            let seed = tenant * 1_000_003 + size.profiles as u64 * 31 + select as u64;
            let mut world = World::new(name, select, size, Random(seed), &mut rpc);
            for _ in 0..changes {
                (0..questions).for_each(|_| world.ask());
                world.change();
            }
            tally.asked += world.tally.asked;
            tally.found += world.tally.found;
            tally.failed += world.tally.failed;
        }
    }
    // Events that find nothing prove little, and so do those that all fail alike.
    let Tally { asked, found, failed } = tally;
    println!("{asked} asked, {found} found a profile, {failed} failed");
    assert!(found * 3 > asked, "{found} of {asked} events found a profile");
    assert!(failed * 20 > asked && failed * 3 < asked, "{failed} of {asked} events failed");
}

#[test]
fn every_profile_is_found_that_a_scan_finds() {
    compare(Select::Everything);
}

#[test]
fn with_indexes_every_profile_is_found_that_they_lead_to() {
    compare(Select::Indexed);
}

#[test]
fn with_lists_of_fields_every_profile_is_found_that_they_lead_to() {
    compare(Select::Lists);
}
