//! Training: nothing of it gets into the books; how its drills went does.

use domain::event::JournalOpened;
use domain::training::{DrillCompleted, Fault};
use domain::{Event, TerminalId};
use sync::wire::ProblemKind;

use crate::shop::Till;
use crate::support::on_both_databases;

on_both_databases! {
    fn a_journal_of_training_is_refused_from_its_first_entry_on(hub) {
        let mut till = Till::enrolled(hub);
        till.record(Event::JournalOpened(JournalOpened { version: "1".to_owned(), training: true }));
        till.sell_some(3);
        let refused = till.push_from(hub, 1).unwrap_err();
        assert_eq!((refused.kind, refused.acked), (ProblemKind::BadContent, Some(0)));
        // What follows cannot come without what is before it.
        assert_eq!(till.push_from(hub, 2).unwrap_err().kind, ProblemKind::Gap);
        assert_eq!(hub.number("SELECT count(*) FROM entries"), 0);
        assert_eq!(hub.number("SELECT count(*) FROM orders"), 0);
    }

    fn drills_are_listed_newest_first_and_book_nothing(hub) {
        let mut till = Till::enrolled(hub);
        let training = TerminalId::generate();
        let drill = |fault, passed: bool| DrillCompleted {
            fault,
            training,
            lasted_ms: 9_000,
            recovered_ms: passed.then_some(4_000),
            sales: 1,
            lost: 0,
            passed,
        };
        till.record(Event::DrillCompleted(drill(Fault::NetworkGone, true)));
        till.record(Event::DrillCompleted(drill(Fault::PowerCut, false)));
        till.push_from(hub, 1).unwrap();
        let listed = hub.hub.drills(hub.shop("S1").id).unwrap().drills;
        assert_eq!(listed.iter().map(|result| result.drill.fault).collect::<Vec<_>>(), [Fault::PowerCut, Fault::NetworkGone]);
        assert_eq!((listed[1].seq, listed[1].terminal, listed[1].drill.passed), (1, till.id, true));
        assert_eq!(hub.number("SELECT count(*) FROM orders"), 0);
    }
}
