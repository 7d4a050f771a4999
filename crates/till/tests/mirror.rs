//! The second copy of unsent entries: complete, in order, and back by itself when its folder is.

mod counter;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use counter::{Counter, MILK, copy_of};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Waits until `what` holds; a test that would wait for ever fails here.
#[track_caller]
fn eventually(what: &str, holds: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_mins(1);
    while !holds() {
        assert!(Instant::now() < until, "never came true: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn mirrored(root: &Path) -> Vec<String> {
    let Some(dir) = folder(root) else { return Vec::new() };
    fs::read_to_string(dir.join("entries.jws")).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn folder(root: &Path) -> Option<PathBuf> {
    fs::read_dir(root).ok()?.flatten().map(|entry| entry.path()).find(|path| path.join("terminal.json").is_file())
}

fn unsent(counter: &Counter) -> Vec<String> {
    counter.terminal().store().entries_after(0, usize::MAX, usize::MAX).expect("the journal")
}

fn mirror_into(counter: &Counter, root: &Path) {
    counter.sign_in("mei");
    let mut settings = counter.done("app", json!({}))["settings"].clone();
    settings["mirror_folder"] = Value::from(root.to_str().expect("a path"));
    counter.done("set_settings", json!({ "settings": settings }));
}

fn sell(counter: &Counter) {
    counter.scan(MILK);
    counter.pay_exactly();
}

fn mirror_state(counter: &Counter) -> Value {
    counter.done("sync", json!({}))["mirror"].clone()
}

#[test]
fn the_mirror_holds_every_unsent_entry_and_what_a_recovery_needs() {
    let root = TempDir::new().expect("a folder");
    let counter = Counter::open();
    mirror_into(&counter, root.path());
    sell(&counter);
    let tasks = counter.terminal().start_background().expect("started");
    sell(&counter);
    sell(&counter);
    eventually("the entries are mirrored", || mirrored(root.path()) == unsent(&counter));
    eventually("the mirror is well", || mirror_state(&counter) == "ok");
    drop(tasks);

    let dir = folder(root.path()).expect("a mirror");
    assert_eq!(dir.file_name().expect("a name").to_string_lossy(), format!("S1-{}", counter.terminal().id()));
    let card: Value = serde_json::from_slice(&fs::read(dir.join("terminal.json")).expect("a card")).expect("JSON");
    assert_eq!(card["terminal"], counter.terminal().id().to_string());
    assert!(card["public_key"].as_str().expect("a key").starts_with("-----BEGIN PUBLIC KEY-----"));
    let secret = fs::read_dir(&dir)
        .expect("a folder")
        .flatten()
        .any(|entry| fs::read_to_string(entry.path()).is_ok_and(|content| content.contains("PRIVATE")));
    assert!(!secret, "no private key leaves the machine");
}

#[test]
fn a_folder_that_goes_and_comes_back_gets_the_whole_tail_and_selling_goes_on_meanwhile() {
    let place = TempDir::new().expect("a folder");
    let stick = place.path().join("stick");
    fs::create_dir(&stick).expect("a stick");
    let counter = Counter::open();
    mirror_into(&counter, &stick);
    let tasks = counter.terminal().start_background().expect("started");
    sell(&counter);
    eventually("the entries are mirrored", || mirrored(&stick) == unsent(&counter));

    fs::rename(&stick, place.path().join("pulled-out")).expect("pulled out");
    sell(&counter);
    eventually("the screen says so", || mirror_state(&counter) == "failing");
    assert_eq!(counter.done("sync", json!({}))["problem"]["code"], "mirror_unwritable");
    sell(&counter);

    fs::create_dir(&stick).expect("another stick");
    eventually("the whole tail is there", || mirrored(&stick) == unsent(&counter));
    eventually("the mirror is well", || mirror_state(&counter) == "ok");
    drop(tasks);
}

#[test]
fn a_file_that_somebody_else_cut_is_written_anew() {
    let root = TempDir::new().expect("a folder");
    let counter = Counter::open();
    mirror_into(&counter, root.path());
    let tasks = counter.terminal().start_background().expect("started");
    sell(&counter);
    eventually("the entries are mirrored", || mirrored(root.path()) == unsent(&counter));
    fs::write(folder(root.path()).expect("a mirror").join("entries.jws"), "").expect("cut");
    sell(&counter);
    eventually("the entries are mirrored again", || mirrored(root.path()) == unsent(&counter));
    drop(tasks);
}

#[test]
fn entries_that_an_older_copy_of_the_store_does_not_know_are_kept() {
    let root = TempDir::new().expect("a folder");
    let counter = Counter::open();
    mirror_into(&counter, root.path());
    let older = copy_of(counter.folder.path());
    let tasks = counter.terminal().start_background().expect("started");
    sell(&counter);
    eventually("the entries are mirrored", || mirrored(root.path()) == unsent(&counter));
    drop(tasks);
    let newest = unsent(&counter);
    drop(counter);

    let restored = Counter::in_folder(older);
    let tasks = restored.terminal().start_background().expect("started");
    eventually("the mirror is that of the older copy", || mirrored(root.path()) == unsent(&restored));
    drop(tasks);
    let kept = folder(root.path()).expect("a mirror").join("entries-kept-1.jws");
    assert_eq!(fs::read_to_string(kept).expect("kept").lines().collect::<Vec<_>>(), newest);
}
