//! `member list`, `member export`, `member erase` and `member rules`.

use domain::Change;
use domain::member::{LoyaltyRules, SeenFor};
use hub::{Asker, MemberSummary};
use jiff::Timestamp;
use serde_json::json;

use super::answer::{Column, Failure, Output};
use super::arguments::{MemberEraseArguments, MemberExportArguments, MemberListArguments, MemberRulesArguments};
use super::open;

/// Every member by id; who they are is not shown.
pub(super) fn list(arguments: MemberListArguments, output: &Output) -> Result<(), Failure> {
    let rows = open(&arguments.database)?.members()?;
    let columns = [
        Column::text("member", |row: &MemberSummary| row.id.to_string()),
        Column::text("store", |row| row.home.to_string()),
        Column::text("since", |row| row.joined_at.strftime("%Y-%m-%d").to_string()),
        Column::text("erased", |row| row.erased_at.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()),
    ];
    output.list(&rows, &columns, "There are no members.");
    Ok(())
}

/// All that is known of a member, as JSON in a file or on standard output.
pub(super) fn export(arguments: MemberExportArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let file = hub.member_file(&Asker::Operator, arguments.member, SeenFor::Export, Timestamp::now())?;
    let file = file.ok_or_else(|| unknown(&arguments.member.to_string()))?;
    let text = serde_json::to_string_pretty(&file).map_err(|error| Failure::new("failed", error.to_string()))?;
    match arguments.file {
        None => output.text(&text),
        Some(path) => {
            std::fs::write(&path, text).map_err(|error| {
                Failure::new("file", format!("{} cannot be written ({error}): name another file", path.display()))
            })?;
            let answer = json!({ "member": arguments.member, "file": path });
            output.answer(&answer, &format!("What is known of the member is in {}.", path.display()));
        }
    }
    Ok(())
}

/// Erases a member by discarding their key.
pub(super) fn erase(arguments: MemberEraseArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    if arguments.confirm != arguments.member {
        let detail = "--confirm must repeat the member's id: what is erased cannot be had back";
        return Err(Failure::new("not_confirmed", detail));
    }
    if !hub.erase_member(&Asker::Operator, arguments.member, arguments.reason, Timestamp::now())? {
        return Err(unknown(&arguments.member.to_string()));
    }
    let answer = json!({ "member": arguments.member, "erased": true });
    output.answer(&answer, "The member is erased: their key is gone. Tills learn of it with their next sync.");
    Ok(())
}

/// Gives a store its rules of points and levels.
pub(super) fn rules(arguments: MemberRulesArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::new("rules", format!("{} cannot be read as rules of points: {error}", arguments.file.display()))
    };
    let text = std::fs::read_to_string(&arguments.file).map_err(|error| wrong(&error))?;
    let rules: LoyaltyRules = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
    let shop = hub.store(&arguments.store)?;
    let currencies = [rules.earn_per.currency(), rules.point_value.currency()];
    let foreign = currencies.into_iter().chain(rules.levels.iter().map(|level| level.from_spend.currency()));
    if foreign.into_iter().any(|currency| currency != shop.currency) {
        return Err(wrong(&format!("amounts must be in {}, the currency of the store", shop.currency)));
    }
    if rules.earn_per.minor() <= 0 || rules.point_value.minor() <= 0 {
        return Err(wrong(&"earn_per and point_value must be above zero"));
    }
    hub.publish(shop.id, &[Change::Loyalty(rules)])?;
    let answer = json!({ "store": arguments.store });
    output.answer(&answer, &format!("The tills of store {} have new rules of points with their next sync.", arguments.store));
    Ok(())
}

fn unknown(member: &str) -> Failure {
    Failure::new(
        "unknown_member",
        format!("there is no member {member}, or they were erased: `tillbridge-hub member list` shows them"),
    )
}
