//! Who may do what: decided by the role of who is signed in, on every command.

mod counter;

use counter::{BREAD, Counter, MILK};
use serde_json::{Value, json};
use till::api::ProblemCode;

fn rung_up(who: &str) -> (Counter, Value) {
    let counter = Counter::open();
    counter.sign_in(who);
    let line = counter.scan_some(MILK, "10")["lines"][0]["id"].clone();
    (counter, line)
}

#[test]
fn a_cashier_takes_off_up_to_a_tenth_and_sells_at_the_catalogues_price() {
    let (counter, line) = rung_up("ana");
    counter.done("set_line_discount", json!({ "line": line, "discount": "10%" }));
    counter.done("set_line_discount", json!({ "line": line, "discount": "12.90" }));
    for discount in ["10.1%", "12.91"] {
        let problem = counter.refused("set_line_discount", json!({ "line": line, "discount": discount }));
        assert_eq!((problem.code, problem.params["role"].as_str()), (ProblemCode::NotAllowed, "supervisor"), "{discount}");
    }
    assert_eq!(counter.refused_as("set_order_discount", json!({ "discount": "51%" })), ProblemCode::NotAllowed);
    assert_eq!(counter.refused_as("set_price", json!({ "line": line, "price": "1" })), ProblemCode::NotAllowed);
    counter.done("set_price", json!({ "line": line, "price": "" }));
}

#[test]
fn a_supervisor_takes_off_up_to_half_and_a_manager_all() {
    let (counter, line) = rung_up("sam");
    counter.done("set_line_discount", json!({ "line": line, "discount": "50%" }));
    let problem = counter.refused("set_line_discount", json!({ "line": line, "discount": "50.01%" }));
    assert_eq!(problem.params["role"], "manager");
    counter.sign_in("mei");
    counter.done("set_line_discount", json!({ "line": line, "discount": "100%" }));
}

#[test]
fn two_small_discounts_do_not_make_a_large_one() {
    let (counter, line) = rung_up("ana");
    counter.done("set_line_discount", json!({ "line": line, "discount": "10%" }));
    assert_eq!(counter.refused_as("set_order_discount", json!({ "discount": "10%" })), ProblemCode::NotAllowed);
    assert_eq!(counter.cart()["total"]["amount"], "116.10");
}

#[test]
fn a_smaller_order_under_the_same_discount_needs_the_role_for_it() {
    let (counter, line) = rung_up("ana");
    counter.scan(BREAD);
    counter.done("set_order_discount", json!({ "discount": "8" }));
    assert_eq!(counter.refused_as("remove_line", json!({ "line": line })), ProblemCode::NotAllowed);
    assert_eq!(counter.refused_as("set_quantity", json!({ "line": line, "quantity": "1" })), ProblemCode::NotAllowed);
    counter.done("set_order_discount", json!({ "discount": "" }));
    counter.done("remove_line", json!({ "line": line }));
}

#[test]
fn a_cashier_goes_on_selling_under_a_supervisors_discount() {
    let (counter, line) = rung_up("sam");
    counter.done("set_line_discount", json!({ "line": line, "discount": "30%" }));
    counter.sign_in("ana");
    counter.scan(BREAD);
    counter.done("set_quantity", json!({ "line": line, "quantity": "9" }));
    counter.pay_exactly();
    counter.prove();
}

#[test]
fn rounding_never_stands_in_the_way_of_an_allowed_percentage() {
    let counter = Counter::open();
    counter.sign_in("ana");
    let cheap = counter::product(9, "96385074", counter::name("", "Sweet"), "0.05", domain::Unit::Piece, true);
    counter.terminal().store().apply_changes(&[domain::Change::Product(cheap)], 3).expect("a product");
    let line = counter.scan("96385074")["lines"][0]["id"].clone();
    counter.done("set_line_discount", json!({ "line": line, "discount": "10%" }));
    counter.done("set_line_discount", json!({ "line": line, "discount": "" }));
    counter.done("set_order_discount", json!({ "discount": "10%" }));
}

#[test]
fn settings_are_a_managers_but_language_and_theme_are_anyones() {
    let counter = Counter::open();
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["language"] = json!("en");
    settings["theme"] = json!("dark");
    let kept = counter.done("set_settings", json!({ "settings": settings }));
    assert_eq!(kept["language"], "en");

    settings["sound"] = json!(false);
    assert_eq!(counter.refused_as("set_settings", json!({ "settings": settings })), ProblemCode::NotSignedIn);
    counter.sign_in("sam");
    assert_eq!(counter.refused_as("set_settings", json!({ "settings": settings })), ProblemCode::NotAllowed);
    counter.sign_in("mei");
    counter.done("set_settings", json!({ "settings": settings }));
    let counter = counter.reopened();
    assert_eq!(counter.done("app", json!({}))["settings"], settings);
}

#[test]
fn joining_a_hub_is_a_managers() {
    let counter = Counter::open();
    let args = json!({ "hub": "https://hub.example", "code": "X" });
    assert_eq!(counter.refused_as("enrol", args.clone()), ProblemCode::NotSignedIn);
    counter.sign_in("ana");
    assert_eq!(counter.refused_as("enrol", args), ProblemCode::NotAllowed);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let counter = Counter::open();
    counter.sign_in("mei");
    let settings = counter.done("app", json!({}))["settings"].clone();
    let with = |field: &str, value: Value| {
        let mut changed = settings.clone();
        changed[field] = value;
        json!({ "settings": changed })
    };
    let missing = counter.folder.path().join("not-there");
    let file = counter.folder.path().join("till.sqlite");
    for (field, value, code) in [
        ("printer_address", json!("http://printer"), ProblemCode::PrinterAddressWrong),
        ("mirror_folder", json!(missing), ProblemCode::MirrorUnwritable),
        ("mirror_folder", json!(file), ProblemCode::MirrorUnwritable),
        ("mirror_folder", json!("usb"), ProblemCode::MirrorUnwritable),
        ("theme", json!("pink"), ProblemCode::BadRequest),
        ("paper_columns", json!(40), ProblemCode::BadRequest),
    ] {
        assert_eq!(counter.refused_as("set_settings", with(field, value.clone())), code, "{field} {value}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    counter.done("set_settings", with("mirror_folder", json!(folder.path())));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "the test file is gone");
}
