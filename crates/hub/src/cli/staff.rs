//! `staff add`.

use domain::{Change, Name, StaffId};
use hub::NewStaff;
use serde_json::json;

use super::answer::{Failure, Output};
use super::arguments::StaffAddArguments;
use super::{open, state};

/// The number of the first member of the staff who gets none by hand.
const FIRST_NUMBER: u32 = 1001;

/// Adds or changes a member of the staff.
pub(super) fn add(arguments: StaffAddArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let id = match arguments.id {
        Some(id) => id,
        None => next_id(&state::changes(&hub, hub.store(&arguments.store)?.id)?)?,
    };
    let pin = if arguments.pin == "-" { read_pin()? } else { arguments.pin };
    let name = Name { zh: arguments.name, en: arguments.name_en };
    let staff = hub.add_staff(&arguments.store, &NewStaff { id, name, role: arguments.role, pin })?;
    let answer = json!({ "id": staff.id, "store": arguments.store, "name": staff.name, "role": staff.role });
    output
        .answer(&answer, &format!("{} signs in as {} at the tills of store {}.", shown(&staff.name), staff.id, arguments.store));
    Ok(())
}

fn shown(name: &Name) -> &str {
    name.in_language(domain::Language::Zh)
}

fn next_id(changes: &[Change]) -> Result<StaffId, Failure> {
    let taken = changes.iter().filter_map(|change| match change {
        Change::Staff(staff) => staff.id.as_str().parse::<u32>().ok(),
        _ => None,
    });
    let next = taken.max().map_or(FIRST_NUMBER, |last| last.saturating_add(1).max(FIRST_NUMBER));
    StaffId::parse(&next.to_string()).map_err(|error| Failure::new("staff_id", error.to_string()))
}

fn read_pin() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| Failure::new("pin", format!("the PIN cannot be read from standard input: {error}")))?;
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Role, Staff};

    fn staff(id: &str) -> Change {
        let id = StaffId::parse(id).expect("an id");
        Change::Staff(Staff { id, name: Name::default(), role: Role::Cashier, pin_hash: String::new(), active: false })
    }

    #[test]
    fn a_new_member_gets_the_number_after_the_highest_that_was_ever_used() {
        let next = |changes: &[Change]| next_id(changes).expect("a number").to_string();
        assert_eq!(next(&[]), "1001");
        assert_eq!(next(&[staff("1007"), staff("anna"), staff("1003")]), "1008");
        assert_eq!(next(&[staff("3")]), "1001");
    }
}
