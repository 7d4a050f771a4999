//! A terminal's id and keys belong to its store.

mod counter;

use std::fs;

use counter::Counter;
use domain::Event;
use journal::{Entry, VaultKind};
use till::{Terminal, TerminalOptions, TillError};

fn options(folder: &std::path::Path) -> TerminalOptions {
    TerminalOptions { vault: VaultKind::File, ..TerminalOptions::new(folder) }
}

#[test]
fn a_new_store_gets_an_id_keys_and_the_first_entry_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let terminal = Terminal::open(options(folder.path())).expect("opens");
    let id = terminal.id();
    let store = terminal.store();
    assert_eq!(store.head().expect("a head").seq, 1);
    let first = Entry::read(&store.entry(1).expect("the store").expect("an entry")).expect("an entry");
    assert!(matches!(first.event, Event::JournalOpened(_)));
    assert_eq!(store.shop().code.as_str(), "LOCAL");
    drop(terminal);
    let again = Terminal::open(options(folder.path())).expect("opens again");
    assert_eq!((again.id(), again.store().head().expect("a head").seq), (id, 1));
}

#[test]
fn a_journal_without_its_keys_is_refused() {
    let counter = Counter::open();
    let folder = counter::copy_of(counter.folder.path());
    fs::remove_dir_all(folder.path().join("keys")).expect("no keys");
    let refused = Terminal::open(options(folder.path())).expect_err("refused");
    assert!(matches!(refused, TillError::KeysMissing { terminal } if terminal == counter.terminal().id()), "{refused}");
}

#[test]
fn a_journal_that_other_keys_signed_is_refused() {
    let counter = Counter::open();
    let folder = counter::copy_of(counter.folder.path());
    fs::remove_dir_all(folder.path().join("keys")).expect("no keys");
    let vault = journal::Vault::open(folder.path(), VaultKind::File).expect("the vault");
    vault.save(counter.terminal().id(), &journal::TerminalKeys::generate().expect("keys")).expect("kept");
    let refused = Terminal::open(options(folder.path())).expect_err("refused");
    assert!(matches!(refused, TillError::KeysForeign { .. }), "{refused}");
}

#[test]
fn a_store_is_open_once() {
    let counter = Counter::open();
    let refused = Terminal::open(options(counter.folder.path())).expect_err("refused");
    assert_eq!(refused.problem().code, till::api::ProblemCode::StoreInUse);
}
