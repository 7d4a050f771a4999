//! Every command of the table needs a permission that was chosen on purpose, and refuses whoever lacks it.

mod counter;

use counter::Counter;
use domain::{Permission, Role};
use serde_json::{Map, Value, json};
use till::api::{COMMANDS, Problem, ProblemCode};

/// Commands that need nobody signed in, or ask for themselves (signing in, settings that are anyone's, leaving training).
const OPEN: [&str; 10] =
    ["app", "sign_in", "sign_out", "sync", "enrol", "set_settings", "authorise", "end_training", "begin_drill", "end_drill"];

/// What every other command needs. A new command adds its line here, on purpose.
const NEEDS: &[(&str, Permission)] = &[
    ("categories", Permission::Sell),
    ("browse", Permission::Sell),
    ("search", Permission::Sell),
    ("scan", Permission::Sell),
    ("add", Permission::Sell),
    ("set_quantity", Permission::Sell),
    ("set_price", Permission::OverridePrice),
    ("set_line_discount", Permission::Sell),
    ("set_order_discount", Permission::Sell),
    ("set_mo_ling", Permission::Sell),
    ("remove_line", Permission::Sell),
    ("clear", Permission::Sell),
    ("hold", Permission::Sell),
    ("held", Permission::Sell),
    ("recall", Permission::Sell),
    ("begin_payment", Permission::Sell),
    ("tender_cash", Permission::Sell),
    ("tender_card", Permission::Sell),
    ("remove_payment", Permission::Sell),
    ("cancel_payment", Permission::Sell),
    ("finish", Permission::Sell),
    ("recent", Permission::Sell),
    ("receipt", Permission::Sell),
    ("reprint", Permission::Sell),
    ("test_print", Permission::Sell),
    ("sync_now", Permission::Sell),
    ("still_here", Permission::Sell),
    ("undo", Permission::Sell),
    ("begin_training", Permission::Train),
    ("drills", Permission::Sell),
    ("audit", Permission::Audit),
    ("audit_export", Permission::Audit),
    ("command_codes", Permission::Sell),
    ("print_command_codes", Permission::Sell),
    ("report", Permission::ReadReports),
    ("report_entries", Permission::ReadReports),
];

/// Arguments that a command reads without complaint about their form, found by asking it.
fn arguments(counter: &Counter, command: &str) -> Value {
    let mut args = Map::new();
    // What stands in for a value of each form, by what the complaint says was expected.
    for _ in 0..60 {
        let Err(problem) = counter.call_in("nobody", command, Value::Object(args.clone())) else { break };
        if problem.code != ProblemCode::BadRequest {
            break;
        }
        let said = &problem.detail;
        if let Some((_, rest)) = said.split_once("missing field `") {
            let field = rest.split('`').next().unwrap_or_default();
            args.insert(field.to_owned(), json!("1"));
            continue;
        }
        let value = match said {
            text if text.contains("expected u") || text.contains("expected i") => json!(1),
            text if text.contains("a boolean") => json!(false),
            text if text.contains("a sequence") => json!([]),
            text if text.contains("a map") || text.contains("expected struct") => json!({}),
            _ => break,
        };
        // The field that was given last in the form of a text is the one that is wrong.
        let Some(wrong) = wrong_field(counter, command, &args) else { break };
        args.insert(wrong, value);
    }
    Value::Object(args)
}

/// The field that a command complains about: the first one without which the complaint is another.
fn wrong_field(counter: &Counter, command: &str, args: &Map<String, Value>) -> Option<String> {
    let complaint = |args: &Map<String, Value>| counter.call_in("nobody", command, Value::Object(args.clone())).err();
    args.keys().filter(|field| args[*field] == json!("1")).find_map(|field| {
        let mut tried = args.clone();
        tried.insert(field.clone(), json!(1));
        let before = complaint(args)?.detail;
        let after = complaint(&tried).map(|problem| problem.detail);
        (after.as_deref() != Some(before.as_str()) && !after.unwrap_or_default().contains("expected a string"))
            .then(|| field.clone())
            .or_else(|| None)
    })
}

fn refused(answer: &Result<Value, Problem>) -> Option<&Problem> {
    answer.as_ref().err().filter(|problem| problem.code == ProblemCode::NotAllowed)
}

#[test]
fn every_command_names_its_permission_on_purpose() {
    let named = |command: &&str| OPEN.contains(command) || NEEDS.iter().any(|(name, _)| name == command);
    let missing: Vec<_> = COMMANDS.iter().filter(|command| !named(command)).collect();
    assert!(missing.is_empty(), "say in this file what these commands need: {missing:?}");
    let gone: Vec<_> = NEEDS.iter().filter(|(name, _)| !COMMANDS.contains(name)).collect();
    assert!(gone.is_empty(), "there are no such commands any more: {gone:?}");
}

#[test]
fn every_command_refuses_every_role_that_lacks_its_permission_and_nobody_else() {
    let counter = Counter::open();
    for (command, permission) in NEEDS {
        let args = arguments(&counter, command);
        let nobody = counter.call_in("nobody", command, args.clone()).expect_err("nobody is signed in");
        assert_eq!(nobody.code, ProblemCode::NotSignedIn, "{command} {args}: {}", nobody.detail);
        for (who, role) in [("ana", Role::Cashier), ("sam", Role::Supervisor), ("mei", Role::Manager)] {
            let counter = Counter::open();
            counter.sign_in(who);
            let answer = counter.call(command, args.clone());
            match role.allow(*permission) {
                Ok(()) => assert!(refused(&answer).is_none(), "{command} was refused to a {role:?}: {answer:?}"),
                Err(expected) => {
                    let problem =
                        refused(&answer).unwrap_or_else(|| panic!("{command} was let through for a {role:?}: {answer:?}"));
                    assert_eq!(problem.params["permission"], permission.to_string(), "{command}");
                    assert_eq!(problem.detail, expected.to_string());
                }
            }
        }
    }
}
