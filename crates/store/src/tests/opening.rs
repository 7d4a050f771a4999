use std::fs;

use rusqlite::{Connection, StatementStatus};
use tempfile::TempDir;

use super::{Till, product};
use crate::store::FILE;
use crate::{Store, StoreError};

#[test]
fn a_store_that_is_open_is_not_opened_a_second_time() {
    let till = Till::new();
    let second = Store::open(till.dir());
    assert!(matches!(second, Err(StoreError::InUse { .. })), "{second:?}");
    let folder = till.close();
    Store::open(folder.path()).expect("free again");
}

#[test]
fn a_newer_file_is_not_touched() {
    let folder = Till::new().close();
    let file = folder.path().join(FILE);
    Connection::open(&file).expect("the file").pragma_update(None, "user_version", 99).expect("newer");
    let before = fs::read(&file).expect("read");
    let opened = Store::open(folder.path());
    assert!(matches!(opened, Err(StoreError::TooNew { found: 99, .. })), "{opened:?}");
    assert_eq!(fs::read(&file).expect("read"), before);
}

#[test]
fn a_file_of_another_program_is_not_touched() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join(FILE);
    Connection::open(&file).expect("a file").execute_batch("CREATE TABLE theirs (x)").expect("a table");
    let before = fs::read(&file).expect("read");
    let opened = Store::open(folder.path());
    assert!(matches!(opened, Err(StoreError::NotAStore { .. })), "{opened:?}");
    assert_eq!(fs::read(&file).expect("read"), before);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_said_so() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).expect("read-only");
    // Root may write anywhere, then there is nothing to see.
    if fs::write(folder.path().join("probe"), "").is_err() {
        let opened = Store::open(folder.path());
        assert!(matches!(opened, Err(StoreError::NotWritable { .. })), "{opened:?}");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("writable");
}

#[test]
fn what_the_system_says_of_a_file_is_told_apart_by_what_there_is_to_do() {
    let folder = TempDir::new().expect("a folder");
    let read_only = std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem);
    assert!(matches!(StoreError::io(folder.path(), read_only), StoreError::NotWritable { .. }));
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(StoreError::io(folder.path(), full), StoreError::DiskFull));
}

#[test]
fn a_store_can_be_looked_at_while_a_terminal_sells_on_it() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    let first = till.sell(&[&soap]).expect("sold");
    let looking = Store::open_read_only(till.dir()).expect("beside it");
    assert_eq!(looking.order(first.id).expect("read").expect("found").order, first);
    let second = till.sell(&[&soap]).expect("sold");
    assert_eq!(looking.recent(0, 1).expect("read")[0].id, second.id);
    assert!(looking.verify_projections().expect("verified").is_empty());
    let written = looking.set_setting("language", "en");
    assert!(matches!(written, Err(StoreError::NotWritable { .. })), "{written:?}");
    drop(looking);
    let folder = till.close();
    let looking = Store::open_read_only(folder.path()).expect("after it");
    assert_eq!(looking.head().expect("a head").seq, 2);
}

#[test]
fn looking_at_nothing_makes_nothing() {
    let folder = TempDir::new().expect("a folder");
    let opened = Store::open_read_only(folder.path());
    assert!(matches!(opened, Err(StoreError::Missing { .. })), "{opened:?}");
    assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0);
}

#[test]
fn a_store_that_was_killed_opens_with_everything_it_had_committed() {
    let till = Till::new();
    let soap = product("S1", "肥皂", "Soap");
    let sold = till.sell(&[&soap]).expect("sold");
    till.store.save_draft("window", "open order").expect("saved");
    // What lies on the disk at this moment, write-ahead log included, is what a killed process leaves.
    let left = TempDir::new().expect("a folder");
    for name in [FILE, "till.sqlite-wal", "drafts.sqlite", "drafts.sqlite-wal"] {
        fs::copy(till.dir().join(name), left.path().join(name)).expect("copied");
    }
    let store = Store::open(left.path()).expect("after the kill");
    assert_eq!(store.order(sold.id).expect("read").expect("found").order, sold);
    assert_eq!(store.draft("window").expect("read").as_deref(), Some("open order"));
    assert!(store.verify_projections().expect("verified").is_empty());
}

#[test]
fn a_damaged_file_of_open_orders_stops_no_shop() {
    let till = Till::new();
    let sold = till.sell(&[&product("S1", "肥皂", "Soap")]).expect("sold");
    till.store.save_draft("window", "open order").expect("saved");
    let folder = till.close();
    fs::write(folder.path().join("drafts.sqlite"), "not a database, as a failing disk leaves it").expect("damaged");
    let store = Store::open(folder.path()).expect("it opens");
    assert_eq!(store.draft("window").expect("read"), None);
    assert!(store.order(sold.id).expect("read").is_some());
    store.save_draft("window", "the next order").expect("saved");
    assert_eq!(store.draft("window").expect("read").as_deref(), Some("the next order"));
}

#[test]
fn the_newest_word_on_an_open_order_counts_wherever_it_stands() {
    let till = Till::new();
    till.store.save_draft("window", "one").expect("saved");
    // Finishing writes into the store, the next scan into the file beside it, and both are read after a restart.
    let sell = |till: &Till, draft| {
        let mut writer = till.store.writer().expect("its turn");
        let order = super::order(writer.next_receipt_number(), &[&product("S1", "肥皂", "Soap")]);
        let entry = journal::Entry::sign(&super::KEY, till.id, writer.head(), super::now(), None, super::sale(order));
        writer.record_closing(&entry.expect("signed"), "window", draft).expect("recorded");
    };
    sell(&till, Some("finished"));
    assert_eq!(till.store.draft("window").expect("read").as_deref(), Some("finished"));
    till.store.save_draft("window", "two").expect("saved");
    sell(&till, None);
    let folder = till.close();
    let store = Store::open(folder.path()).expect("opened again");
    assert_eq!(store.draft("window").expect("read"), None);
    store.save_draft("window", "three").expect("saved");
    drop(store);
    let store = Store::open(folder.path()).expect("opened again");
    assert_eq!(store.draft("window").expect("read").as_deref(), Some("three"));
}

#[test]
fn a_sound_store_passes_the_whole_check() {
    let till = Till::new();
    till.add(&product("S1", "肥皂", "Soap")).expect("added");
    till.store.checkpoint().expect("moved");
    till.store.integrity_check().expect("sound");
}

#[test]
fn the_log_is_moved_into_the_file_once_nobody_sells() {
    let till = Till::new();
    till.store.checkpoint().expect("moved");
    let size = || fs::metadata(till.dir().join(FILE)).expect("the file").len();
    let before = size();
    let soap = product("S1", "肥皂", "Soap");
    for _ in 0..20 {
        till.sell(&[&soap]).expect("sold");
    }
    let moved = (0..600).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        size() > before
    });
    assert!(moved);
}

#[test]
fn a_cached_statement_is_planned_once_also_when_there_are_statistics() {
    let till = Till::new();
    for number in 0..200 {
        till.add(&product(&format!("S{}", number % 7), "肥皂", "Soap")).expect("added");
    }
    till.store.write_side().connection.execute_batch("ANALYZE").expect("statistics");
    let till = till.restart();
    let planned_again = till.store.readers.with(|connection| {
        for number in 0..9 {
            let sku = format!("S{number}");
            connection.prepare_cached("SELECT key FROM products WHERE sku = ?1")?.exists([sku])?;
        }
        let statement = connection.prepare_cached("SELECT key FROM products WHERE sku = ?1")?;
        Ok(statement.get_status(StatementStatus::RePrepare))
    });
    assert_eq!(planned_again.expect("looked up"), 0);
}
