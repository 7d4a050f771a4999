//! The database is taken care of: newer ones are left alone, reopened ones are the same.

use domain::{Name, Role, StaffId};
use hub::{DatabaseError, DatabaseUrl, Hub, HubError, NewStaff};

use crate::shop::Till;
use crate::support::{code, on_both_databases};

on_both_databases! {
    fn a_database_of_a_newer_version_is_not_touched(hub) {
        hub.sql("UPDATE schema_version SET version = 999").unwrap();
        let Err(error) = Hub::open(&hub.url) else { panic!("it was opened") };
        assert!(matches!(error, HubError::Database(DatabaseError::TooNew { found: 999, .. })), "{error}");
        assert_eq!(hub.number("SELECT version FROM schema_version"), 999);
    }

    fn a_hub_begun_anew_goes_on_with_the_same_key_and_data(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(2);
        let answer = till.push_from(hub, 1).unwrap();
        let again = hub.reopened();
        again.ping().unwrap();
        assert_eq!(again.public_key(), hub.hub.public_key());
        assert_eq!(again.head(till.id).unwrap(), answer);
    }

    fn several_hubs_over_one_database_begin_together(hub) {
        let keys: Vec<String> = std::thread::scope(|scope| {
            let openers: Vec<_> = (0..4).map(|_| scope.spawn(|| hub.reopened().public_key().to_owned())).collect();
            openers.into_iter().map(|opener| opener.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == hub.hub.public_key()));
    }

    fn staff_reach_the_tills(hub) {
        hub.enrolment_code("S1");
        let name = Name { zh: String::new(), en: "Anna".to_owned() };
        let anna = NewStaff { id: StaffId::parse("anna").unwrap(), name, role: Role::Manager, pin: "4711".to_owned() };
        let staff = hub.hub.add_staff(&code("S1"), &anna).unwrap();
        assert_eq!(hub.hub.feed(hub.shop("S1").id, 1).unwrap().changes, [domain::Change::Staff(staff)]);
        assert!(hub.hub.add_staff(&code("S1"), &NewStaff { pin: "12".to_owned(), ..anna }).is_err());
    }
}

#[test]
fn another_programs_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE theirs (n INTEGER)").unwrap();
    assert!(Hub::open(&DatabaseUrl::file(&file)).is_err());
    let tables: i64 = rusqlite::Connection::open(&file)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_file_that_is_no_database_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hub.sqlite");
    std::fs::write(&file, "certainly no database, and long enough to be taken for a header of one ".repeat(20)).unwrap();
    let Err(error) = Hub::open(&DatabaseUrl::file(&file)) else { panic!("it was opened") };
    assert!(error.to_string().contains("damaged or is no database"), "{error}");
}

#[test]
fn a_server_that_does_not_answer_is_named_without_its_password() {
    let url = "postgres://hub:secret@127.0.0.1:1/shop".parse().unwrap();
    let Err(error) = Hub::open(&url) else { panic!("it was opened") };
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:1/shop") && !text.contains("secret"), "{text}");
}
