//! The verbs that need a hub: joining, syncing, replaying into one, and recovering a lost terminal.

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Name, Role, StaffId};
use hub::NewStaff;
use program::hub::{RunningHub, store};
use program::{Place, Said, text};
use serde_json::{Value, json};
use till::api::dispatch;
use till::{Terminal, TerminalOptions};

const HEADER: &str = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice\n";
const DAY_ONE: &str =
    "1,A,thing,2,2010-12-01 08:26:00,2.50\n2,B,other,1,2010-12-01 09:00:00,0.99\nC3,A,thing,-1,2010-12-01 10:00:00,2.50\n";
const DAY_TWO: &str = "4,A,thing,4,2010-12-02 08:26:00,2.50\n5,a,thing,1,2010-12-02 08:27:00,0.005\n";

fn enrol(place: &Place, store: &Path, hub: &RunningHub, name: &str) -> Said {
    place.run(&["enrol", "--store", &text(store), "--hub", &hub.url(), "--code", &hub.code(name), "--json"])
}

#[track_caller]
fn well(said: &Said) -> Value {
    assert_eq!(said.code, 0, "{said:?}");
    said.json()
}

#[test]
fn a_terminal_joins_sells_and_syncs() {
    let place = Place::new();
    let mut hub = RunningHub::start(place.folder.path());
    let joined = well(&enrol(&place, &place.till(), &hub, "Front"));
    assert_eq!((&joined["store"], &joined["number"], &joined["currency"]), (&json!("S1"), &json!(1), &json!("GBP")));

    hub.switch_off();
    let file = place.write("one.csv", &[HEADER, DAY_ONE].concat());
    well(&place.run(&["replay", &text(&file), "--store", &text(&place.till()), "--json"]));
    let said = place.run(&["sync", "--store", &text(&place.till()), "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("hub_unreachable")), "{said:?}");

    hub.switch_on();
    let synced = well(&place.run(&["sync", "--store", &text(&place.till()), "--json"]));
    assert_eq!(synced["unsent"], 0);
    assert_eq!(hub.days(), ["2010-12-01 2 1 5.99 2.50 3.49"]);
    let verified = well(&place.run(&["verify", "--store", &text(&place.till()), "--json"]));
    assert_eq!(
        (&verified["unsent"], &verified["countersignatures"]),
        (&json!(0), &json!(4)),
        "the three orders carry one each, and the hub the newest"
    );
    assert_eq!(well(&place.run(&["sync", "--store", &text(&place.till()), "--json"])), synced, "nothing new, nothing done");
}

#[test]
fn a_code_is_good_once_and_a_wrong_one_never() {
    let place = Place::new();
    let hub = RunningHub::start(place.folder.path());
    let code = hub.code("Front");
    let with =
        |store: &Path, code: &str| place.run(&["enrol", "--store", &text(store), "--hub", &hub.url(), "--code", code, "--json"]);
    well(&with(&place.till(), &code));
    for code in [code.as_str(), "WRONG"] {
        let said = with(&place.path("other"), code);
        assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("code_refused")), "{said:?}");
    }
}

#[test]
fn a_replay_pushes_while_it_sells_and_a_second_one_adds_nothing() {
    let place = Place::new();
    let hub = RunningHub::start(place.folder.path());
    well(&enrol(&place, &place.till(), &hub, "Front"));
    let file = place.write("both.csv", &[HEADER, DAY_ONE, DAY_TWO].concat());
    let replay = || place.run(&["replay", &text(&file), "--store", &text(&place.till()), "--hub", &hub.url(), "--json"]);
    assert_eq!(well(&replay())["unsent"], 0);
    let days = ["2010-12-01 2 1 5.99 2.50 3.49", "2010-12-02 2 0 10.01 0.00 10.01"];
    assert_eq!(hub.days(), days);
    let again = well(&replay());
    assert_eq!((&again["sales"], &again["already_recorded"], &again["unsent"]), (&json!(0), &json!(5), &json!(0)));
    assert_eq!(hub.days(), days);
    let said = place.run(&["replay", &text(&file), "--store", &text(&place.till()), "--hub", "http://127.0.0.1:1", "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("enrolled_elsewhere")), "{said:?}");
}

fn open(dir: &Path) -> std::sync::Arc<Terminal> {
    let vault = journal::VaultKind::File;
    Terminal::open(TerminalOptions { vault, ..TerminalOptions::new(dir) }).expect("the terminal opens")
}

/// Mirrors into `mirror`, as a manager sets it up at the window.
fn mirror_into(terminal: &Terminal, mirror: &Path) {
    let call = |name: &str, args: Value| dispatch(terminal, "window", name, args).unwrap_or_else(|problem| panic!("{problem:?}"));
    call("sign_in", json!({ "staff": "mei", "pin": "9999" }));
    let mut settings = call("app", json!({}))["settings"].clone();
    settings["mirror_folder"] = json!(text(mirror));
    call("set_settings", json!({ "settings": settings }));
}

fn manager() -> NewStaff {
    NewStaff {
        id: StaffId::parse("mei").expect("an id"),
        name: Name { zh: "阿梅".to_owned(), en: "Mei".to_owned() },
        role: Role::Manager,
        pin: "9999".to_owned(),
    }
}

/// A terminal that sold day two without the hub, and whose disk is gone: its mirror is all that is left.
fn lost_terminal(place: &Place, hub: &mut RunningHub) -> PathBuf {
    let mirror = place.path("stick");
    fs::create_dir(&mirror).expect("a stick");
    well(&enrol(place, &place.till(), hub, "Front"));
    hub.hub.add_staff(&store(), &manager()).expect("a manager");
    let one = place.write("one.csv", &[HEADER, DAY_ONE].concat());
    well(&place.run(&["replay", &text(&one), "--store", &text(&place.till()), "--hub", &hub.url(), "--json"]));
    hub.switch_off();

    let two = place.write("two.csv", &[HEADER, DAY_TWO].concat());
    let terminal = open(&place.till());
    mirror_into(&terminal, &mirror);
    drop(terminal);
    well(&place.run(&["replay", &text(&two), "--store", &text(&place.till()), "--json"]));
    fs::remove_dir_all(place.till()).expect("the disk is gone");
    hub.switch_on();
    mirror
}

#[test]
fn a_lost_terminal_is_recovered_from_its_mirror_nothing_lost_nothing_doubled() {
    let place = Place::new();
    let mut hub = RunningHub::start(place.folder.path());
    let mirror = lost_terminal(&place, &mut hub);
    assert_eq!(hub.days().len(), 1);

    let new = place.path("new");
    let recover = || place.run(&["recover", "--from", &text(&mirror), "--store", &text(&new), "--json"]);
    assert_eq!(enrol(&place, &new, &hub, "New").code, 0);
    let recovered = well(&recover());
    assert_eq!((&recovered["store"], &recovered["unsent"], &recovered["torn_line"]), (&json!("S1"), &json!(0), &json!(false)));
    assert!(recovered["delivered"].as_u64().expect("a number") >= 2, "{recovered}");
    let days = ["2010-12-01 2 1 5.99 2.50 3.49", "2010-12-02 2 0 10.01 0.00 10.01"];
    assert_eq!(hub.days(), days);

    let again = well(&recover());
    assert_eq!((&again["delivered"], &again["unsent"]), (&json!(0), &json!(0)));
    assert_eq!(hub.days(), days);
    let proof = place.path("proof");
    well(&place.run(&["journal", "export", &text(&proof), "--store", &text(&new), "--json"]));
    let said = fs::read_to_string(proof.join("entries.jws")).expect("entries");
    let notes = said.lines().filter(|line| journal::Entry::read(line).expect("an entry").event.kind() == "journal_recovered");
    assert_eq!(notes.count(), 1, "the new terminal's journal says it once");
}

#[test]
fn a_mirror_that_breaks_off_in_the_middle_of_a_line_is_delivered_up_to_there() {
    let place = Place::new();
    let mut hub = RunningHub::start(place.folder.path());
    let mirror = lost_terminal(&place, &mut hub);
    let entries = fs::read_dir(&mirror)
        .expect("a stick")
        .flatten()
        .map(|entry| entry.path().join("entries.jws"))
        .find(|path| path.exists());
    let entries = entries.expect("a mirror");
    let whole = fs::read(&entries).expect("entries");
    fs::write(&entries, &whole[..whole.len() - 20]).expect("torn");

    let new = place.path("new");
    assert_eq!(enrol(&place, &new, &hub, "New").code, 0);
    let recovered = well(&place.run(&["recover", "--from", &text(&mirror), "--store", &text(&new), "--json"]));
    assert_eq!(recovered["torn_line"], true);
    assert_eq!(hub.days()[1], "2010-12-02 1 0 10.00 0.00 10.00", "all but the sale whose line was torn");
}

#[test]
fn a_mirror_without_the_entries_before_it_says_what_is_missing() {
    let place = Place::new();
    let mut hub = RunningHub::start(place.folder.path());
    let mirror = lost_terminal(&place, &mut hub);
    let entries = fs::read_dir(&mirror)
        .expect("a stick")
        .flatten()
        .map(|entry| entry.path().join("entries.jws"))
        .find(|path| path.exists());
    let entries = entries.expect("a mirror");
    let kept = fs::read_to_string(&entries).expect("entries").lines().skip(1).flat_map(|line| [line, "\n"]).collect::<String>();
    fs::write(&entries, kept).expect("cut");

    let new = place.path("new");
    assert_eq!(enrol(&place, &new, &hub, "New").code, 0);
    let said = place.run(&["recover", "--from", &text(&mirror), "--store", &text(&new), "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("entries_missing")), "{said:?}");
    assert_eq!(hub.days().len(), 1);
    assert_eq!(hub.hub.incidents(hub.hub.store(&store()).expect("a store").id).expect("incidents").incidents, []);
}

#[test]
fn a_cut_off_tail_shows_when_the_journal_is_verified() {
    let place = Place::new();
    let hub = RunningHub::start(place.folder.path());
    well(&enrol(&place, &place.till(), &hub, "Front"));
    let file = place.write("one.csv", &[HEADER, DAY_ONE].concat());
    well(&place.run(&["replay", &text(&file), "--store", &text(&place.till()), "--hub", &hub.url(), "--json"]));
    let database = rusqlite::Connection::open(place.till().join("till.sqlite")).expect("opened");
    let last: u64 = database.query_row("SELECT max(seq) FROM journal", [], |row| row.get(0)).expect("a journal");
    let triggers: Vec<String> = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        .and_then(|mut names| names.query_map([], |row| row.get(0))?.collect())
        .expect("triggers");
    for trigger in triggers {
        database.execute_batch(&format!("DROP TRIGGER {trigger}")).expect("dropped");
    }
    database.execute_batch("PRAGMA foreign_keys = OFF").expect("off");
    database.execute("DELETE FROM journal WHERE seq = ?1", [last]).expect("cut");
    drop(database);
    let said = place.run(&["verify", "--store", &text(&place.till()), "--json"]);
    assert_eq!((said.code, said.json()["error"]["code"].as_str()), (1, Some("tail_cut_off")), "{said:?}");
}

#[test]
fn the_demo_shop_is_ready_to_sell_and_starts_again() {
    use std::io::Read;
    let place = Place::new();
    for start in 0..2 {
        let arguments = ["demo", "--headless", "--listen", "127.0.0.1:0", "--data", "demo", "--json"];
        let mut child = place.start(&arguments);
        let mut said = String::new();
        let mut out = child.stdout.take().expect("standard output");
        let answer: Value = loop {
            let mut byte = [0];
            assert_eq!(out.read(&mut byte).expect("read"), 1, "start {start}: the program ended: {said}");
            said.push(char::from(byte[0]));
            if let Ok(answer) = serde_json::from_str(&said) {
                break answer;
            }
        };
        assert!(answer["address"].as_str().expect("an address").starts_with("http://127.0.0.1:"), "{answer}");
        assert_eq!(answer["sign_ins"].as_array().expect("sign-ins").len(), 3);
        child.kill().expect("killed");
        child.wait().expect("gone");
    }
    let status = well(&place.run(&["status", "--store", "demo/till", "--json"]));
    assert_eq!(status["store"], "DEMO");
    assert_ne!(status["hub"], "");
}
