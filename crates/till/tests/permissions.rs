//! Every command of the table needs a permission that was chosen on purpose, and refuses whoever lacks it.

mod counter;

use counter::Counter;
use domain::{Permission, Role};
use serde_json::{Map, Value, json};
use till::api::{COMMANDS, Problem, ProblemCode};

/// Commands that need nobody signed in, or ask for themselves (signing in, settings that are anyone's, leaving training).
const OPEN: [&str; 13] = [
    "logo",
    "customer",
    "take_scans",
    "app",
    "sign_in",
    "sign_out",
    "sync",
    "enrol",
    "set_settings",
    "authorise",
    "end_training",
    "begin_drill",
    "end_drill",
];

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
    ("remove_line", Permission::Void),
    ("clear", Permission::Void),
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
    ("variants", Permission::Sell),
    ("find_goods", Permission::MoveStock),
    ("product", Permission::Sell),
    ("stock_ledger", Permission::Sell),
    ("low_stock", Permission::Sell),
    ("receive_goods", Permission::MoveStock),
    ("count_goods", Permission::MoveStock),
    ("adjust_goods", Permission::MoveStock),
    ("transfers", Permission::MoveStock),
    ("send_goods", Permission::MoveStock),
    ("take_in_transfer", Permission::MoveStock),
    ("save_product", Permission::EditCatalogue),
    ("export_catalogue", Permission::EditCatalogue),
    ("import", Permission::EditCatalogue),
    ("labels", Permission::Sell),
    ("shift", Permission::Sell),
    ("add_up", Permission::Sell),
    ("open_shift", Permission::RunShift),
    ("move_cash", Permission::MoveCash),
    ("no_sale", Permission::RunShift),
    ("hand_over", Permission::RunShift),
    ("suspend_shift", Permission::RunShift),
    ("resume_shift", Permission::RunShift),
    ("x_report", Permission::RunShift),
    ("count_shift", Permission::RunShift),
    ("close_shift", Permission::RunShift),
    ("cancel_unfinished", Permission::Void),
    ("z_reports", Permission::RunShift),
    ("z_report", Permission::RunShift),
    ("prove_figure", Permission::ReadReports),
    ("print_report", Permission::ReadReports),
    ("export_report", Permission::ReadReports),
    ("add_coupon", Permission::Sell),
    ("remove_coupon", Permission::Sell),
    ("price_trace", Permission::Sell),
    ("refund_lookup", Permission::Sell),
    ("refund_preview", Permission::Sell),
    ("drop_exchange", Permission::Sell),
    ("set_note", Permission::Sell),
    ("customer_orders", Permission::Sell),
    ("print_order", Permission::Sell),
    ("print_queue", Permission::Sell),
    ("retry_prints", Permission::Sell),
    ("cancel_print", Permission::Sell),
    ("print_again", Permission::Sell),
    ("test_printer", Permission::Sell),
    ("promotions", Permission::ManagePromotions),
    ("save_promotion", Permission::ManagePromotions),
    ("end_promotion", Permission::ManagePromotions),
    ("start_trial", Permission::ManagePromotions),
    ("trial", Permission::ManagePromotions),
    ("cancel_trial", Permission::ManagePromotions),
    ("refund", Permission::Refund),
    ("begin_exchange", Permission::Refund),
    ("refund_goods", Permission::RefundWithoutReceipt),
    ("place_order", Permission::TakeOrders),
    ("pay_on_order", Permission::TakeOrders),
    ("take_up_order", Permission::TakeOrders),
    ("put_back_order", Permission::TakeOrders),
    ("change_order", Permission::TakeOrders),
    ("cancel_order", Permission::CancelOrders),
    ("find_members", Permission::ServeMembers),
    ("attach_member", Permission::ServeMembers),
    ("detach_member", Permission::ServeMembers),
    ("spend_points", Permission::ServeMembers),
    ("member_file", Permission::ServeMembers),
    ("create_member", Permission::ServeMembers),
    ("change_member", Permission::ServeMembers),
    ("record_consent", Permission::ServeMembers),
    ("adjust_points", Permission::ManageMembers),
    ("export_member", Permission::ManageMembers),
    ("erase_member", Permission::ManageMembers),
    ("ports", Permission::ChangeSettings),
    ("set_logo", Permission::ChangeSettings),
];

/// Commands that ask for more than this when their arguments are of a certain kind; tested where those kinds are.
const MORE: [&str; 2] = ["move_cash", "x_report"];

/// Arguments that a command reads without complaint about their form, found by asking it: each missing field gets a text, and
/// where a text is not what was expected, a value of another form.
fn arguments(counter: &Counter, command: &str) -> Value {
    let complaint = |args: &Map<String, Value>| {
        let answer = counter.call_in("nobody", command, Value::Object(args.clone()));
        answer.err().filter(|problem| problem.code == ProblemCode::BadRequest).map(|problem| problem.detail)
    };
    let mut args = Map::new();
    while let Some(said) = complaint(&args) {
        let missing = said.split_once("missing field `").and_then(|(_, rest)| rest.split('`').next()).map(str::to_owned);
        if let Some(field) = missing.filter(|field| !args.contains_key(field)) {
            args.insert(field, json!("1"));
            continue;
        }
        let others = [json!(1), json!(false), json!([]), json!({}), Value::Null];
        let texts: Vec<String> = args.iter().filter(|(_, value)| **value == json!("1")).map(|(field, _)| field.clone()).collect();
        let better = texts.iter().find_map(|field| {
            others.iter().find_map(|other| {
                let mut tried = args.clone();
                tried.insert(field.clone(), other.clone());
                let now = complaint(&tried);
                let mends = now.as_ref().is_none_or(|now| *now != said && !now.contains("expected a string"));
                mends.then_some(tried)
            })
        });
        // What has fields of its own is left: its form is refused, which is a refusal too.
        let Some(better) = better else { break };
        args = better;
    }
    Value::Object(args)
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
        // Some read what was typed before they ask who typed it; nothing is done either way.
        let read_first = nobody.code != ProblemCode::NotSignedIn;
        for (who, role) in [("ana", Role::Cashier), ("sam", Role::Supervisor), ("mei", Role::Manager)] {
            let counter = Counter::open();
            counter.sign_in(who);
            let answer = counter.call(command, args.clone());
            match role.allow(*permission) {
                Ok(()) if MORE.contains(command) => {}
                Ok(()) => assert!(refused(&answer).is_none(), "{command} was refused to a {role:?}: {answer:?}"),
                Err(_) if read_first => assert!(answer.is_err(), "{command} was done for a {role:?}"),
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
