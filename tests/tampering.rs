//! What a thief, a broken disk or a careless copy may do to a journal: the hub refuses it, a manager sees it, and the shop
//! goes on selling.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use domain::event::SignedIn;
use domain::{Event, TerminalId};
use jiff::Timestamp;
use journal::{Entry, Head, SigningKey, TerminalKeys, Vault, VaultKind};
use shop::{On, TestHub, TillAt, manager, wait_until};
use sync::wire::ProblemKind;
use sync::{ClientError, ClientOptions, HubAddress, HubClient};

#[test]
fn two_tills_from_one_copied_store_are_a_fork() {
    let hub = TestHub::start(On::Sqlite);
    let folder = tempfile::tempdir().expect("a folder");
    let (original, copy) = (folder.path().join("original"), folder.path().join("copy"));
    enrolled(&hub, &original);
    copy_folder(&original, &copy);

    let first = TillAt::open(&original).sign_in();
    first.sell(0);
    let running = first.0.start_background().expect("it starts");
    wait_until("the original is sent", || first.sync_view().unsent == 0);
    drop(running);

    let second = TillAt::open(&copy).sign_in();
    second.sell(1);
    refused_and_selling(&hub, &second, ProblemKind::Fork);
}

#[test]
fn a_journal_whose_acknowledged_tail_was_cut_off_is_noticed() {
    let hub = TestHub::start(On::Sqlite);
    let folder = tempfile::tempdir().expect("a folder");
    let (now, before) = (folder.path().join("now"), folder.path().join("before"));
    enrolled(&hub, &now);
    copy_folder(&now, &before);
    let till = TillAt::open(&now).sign_in();
    till.sell(0);
    till.sell(1);
    let running = till.0.start_background().expect("it starts");
    wait_until("both are sent", || till.sync_view().unsent == 0);
    drop(running);

    let rolled_back = TillAt::open(&before);
    let _running = rolled_back.0.start_background().expect("it starts");
    wait_until("the till says so", || rolled_back.sync_view().state == "refused");
    let problem = rolled_back.sync_view().problem.expect("it says what is wrong");
    assert!(problem.detail.contains("old copy"), "{}", problem.detail);
    incident(&hub, &rolled_back, ProblemKind::Truncated);
    let rolled_back = rolled_back.sign_in();
    rolled_back.sell(2);
}

#[test]
fn an_entry_changed_on_disk_is_refused_and_the_till_goes_on_selling() {
    let hub = TestHub::start(On::Sqlite);
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("till");
    enrolled(&hub, &dir);
    let till = TillAt::open(&dir).sign_in();
    till.sell(0);
    till.sell(1);
    change_in_journal(&dir, till.0.store().head().expect("a head").seq - 1);
    refused_and_selling(&hub, &till, ProblemKind::BadSignature);
    drop(till);
    assert!(till::proof::verify(&dir).is_err(), "the till's own check finds it too");
}

#[test]
fn gaps_and_entries_of_foreign_keys_and_terminals_are_refused() {
    let hub = TestHub::start(On::Sqlite);
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("till");
    enrolled(&hub, &dir);
    let till = TillAt::open(&dir);
    let running = till.0.start_background().expect("it starts");
    wait_until("the beginning is sent", || till.sync_view().unsent == 0);
    drop(running);
    let (id, head) = (till.0.id(), till.0.store().head().expect("a head"));
    let keys = Vault::open(&dir, VaultKind::File).expect("a vault").load(id).expect("it opens").expect("the keys");
    let own = keys.journal;
    let client = client(&hub, id, TerminalKeys { journal: SigningKey::generate().expect("a key"), request: keys.request });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let push = |entry: String| match runtime.block_on(client.push(&[entry])) {
        Err(ClientError::Refused(problem)) => problem.kind,
        other => panic!("the hub should refuse: {other:?}"),
    };

    let missing_one = Head { seq: head.seq + 1, hash: head.hash };
    assert_eq!(push(signed(&own, id, missing_one)), ProblemKind::Gap);
    let wrong_chain = Head { seq: head.seq, hash: journal::entry_hash("something else") };
    assert_eq!(push(signed(&own, id, wrong_chain)), ProblemKind::BrokenChain);
    let foreign_key = SigningKey::generate().expect("a key");
    assert_eq!(push(signed(&foreign_key, id, head)), ProblemKind::BadSignature);
    assert_eq!(push(signed(&own, TerminalId::generate(), head)), ProblemKind::ForeignEntry);

    let store = hub.hub.store(&TestHub::store()).expect("the store").id;
    let seen = hub.hub.incidents(store).expect("they can be read").incidents;
    for kind in [ProblemKind::BrokenChain, ProblemKind::BadSignature, ProblemKind::ForeignEntry] {
        assert!(seen.iter().any(|incident| incident.kind == kind && incident.terminal == Some(id)), "no incident for {kind:?}");
    }
    assert_eq!(hub.values("SELECT count(*) FROM orders"), ["0".to_owned()]);
    let till = till.sign_in();
    till.sell(0);
    let _running = till.0.start_background().expect("it starts");
    wait_until("the real journal is taken", || till.sync_view().unsent == 0);
}

fn enrolled(hub: &TestHub, dir: &Path) {
    TillAt::open(dir).enrol(&hub.url, &hub.code("Till"));
}

fn client(hub: &TestHub, id: TerminalId, keys: TerminalKeys) -> HubClient {
    let address = HubAddress::parse(&hub.url).expect("an address");
    HubClient::new(address, id, Arc::new(keys), &ClientOptions::default()).expect("a client")
}

fn signed(key: &SigningKey, terminal: TerminalId, after: Head) -> String {
    let event = Event::SignedIn(SignedIn { staff: manager() });
    Entry::sign(key, terminal, after, Timestamp::now(), Some(&manager()), event).expect("signed").text
}

/// The hub refuses what the till sends, keeps an incident of `kind` with its evidence, the till says so and still sells.
fn refused_and_selling(hub: &TestHub, till: &TillAt, kind: ProblemKind) {
    let _running = till.0.start_background().expect("it starts");
    wait_until("the till says that it is refused", || till.sync_view().state == "refused");
    let problem = till.sync_view().problem.expect("it says what is wrong");
    let number = incident(hub, till, kind);
    assert!(hub.hub.evidence(number).expect("it can be read").is_some_and(|text| !text.is_empty()));
    assert!(!problem.detail.is_empty());
    let orders: [String; 1] = hub.values("SELECT count(*) FROM orders");
    till.sell(2);
    assert_eq!(hub.values("SELECT count(*) FROM orders"), orders, "nothing of it gets past the refusal");
}

/// The number of the incident of `kind` that the hub keeps about the till, which the till shows as well.
fn incident(hub: &TestHub, till: &TillAt, kind: ProblemKind) -> i64 {
    let store = hub.hub.store(&TestHub::store()).expect("the store").id;
    let incidents = hub.hub.incidents(store).expect("they can be read").incidents;
    let found = incidents.iter().find(|incident| incident.kind == kind);
    let incident = found.unwrap_or_else(|| panic!("no {kind:?}: {incidents:?}"));
    assert_eq!(incident.terminal, Some(till.0.id()));
    wait_until("the till shows the incident", || till.sync_view().incidents.iter().any(|shown| shown.detail == incident.detail));
    incident.id
}

/// Changes one character in the middle of the entry `seq`, as a disk or an editor might.
fn change_in_journal(dir: &Path, seq: u64) {
    let connection = rusqlite::Connection::open(dir.join("till.sqlite")).expect("the file opens");
    let text: String = connection
        .query_row("SELECT text FROM journal WHERE seq = ?1", [seq.cast_signed()], |row| row.get(0))
        .expect("the entry");
    let (start, end) = text.split_at(text.len() / 2);
    let other = if end.starts_with('A') { "B" } else { "A" };
    let changed = format!("{start}{other}{}", &end[1..]);
    let triggers: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'journal'")
        .and_then(|mut found| found.query_map([], |row| row.get(0))?.collect())
        .expect("the schema can be read");
    for trigger in triggers {
        connection.execute_batch(&format!("DROP TRIGGER {trigger}")).expect("whoever owns the file can");
    }
    connection.execute("UPDATE journal SET text = ?1 WHERE seq = ?2", (changed, seq.cast_signed())).expect("it is changed");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("it can be read") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("it is copied");
        }
    }
}
