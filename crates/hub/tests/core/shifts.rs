//! Shifts at the hub: cash that moves is booked, a Z is held against its entries.

use domain::shift::{
    CashMove, CashMoved, Closing, Count, DrawerOpened, Period, ShiftClosed, ShiftHandedOver, ShiftOpened, ShiftResumed,
    ShiftSuspended,
};
use domain::{Event, Money, StaffId};
use journal::Entry;
use sync::wire::ProblemKind;

use crate::shop::Till;
use crate::support::{TestHub, cny, on_both_databases};

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, cny())
}

fn counted(minor: i64) -> Count {
    Count::of_total(fen(minor)).unwrap()
}

/// What the till's entries since its last Z come to.
fn period(till: &Till) -> Period {
    let mut period = Period::first(cny());
    for text in &till.journal {
        let entry = Entry::read(text).unwrap();
        match &entry.event {
            Event::ShiftClosed(z) => period = Period::after(z, entry.seq, entry.at, cny()).unwrap(),
            event => period.add(entry.seq, entry.at, entry.staff.as_ref(), event).unwrap(),
        }
    }
    period
}

fn open(till: &mut Till, float: i64) {
    let period = period(till);
    let brought_in = fen(float).minus(period.drawer.expected().unwrap()).unwrap();
    till.record(Event::ShiftOpened(ShiftOpened { number: period.number, float: counted(float), brought_in }));
}

fn moved(till: &mut Till, way: CashMove, minor: i64) {
    till.record(Event::CashMoved(CashMoved { way, amount: fen(minor), reason: "day\0".to_owned() }));
}

fn z(till: &Till, count: i64, taken_out: i64) -> ShiftClosed {
    let closing = Closing {
        count: counted(count),
        taken_out: fen(taken_out),
        reason: "short\0".to_owned(),
        approved_by: Some(StaffId::parse("chen").unwrap()),
        business_date: "2026-03-01".parse().unwrap(),
        head: till.head.hash.to_string(),
    };
    period(till).close(closing).unwrap()
}

/// A shift that took 11.30, half of it in cash, and ends 0.65 short.
fn shift(till: &mut Till) {
    open(till, 200_00);
    till.sell_some(1);
    moved(till, CashMove::PayIn, 50_00);
    moved(till, CashMove::PayOut, 5_00);
    moved(till, CashMove::SafeDrop, 100_00);
    moved(till, CashMove::BankDrop, 20_00);
    till.record(Event::DrawerOpened(DrawerOpened { reason: "change".to_owned() }));
    till.record(Event::ShiftSuspended(ShiftSuspended::default()));
    till.record(Event::ShiftResumed(ShiftResumed {}));
    let to = StaffId::parse("bob").unwrap();
    let over_short = fen(130_00).minus(period(till).drawer.expected().unwrap()).unwrap();
    till.record(Event::ShiftHandedOver(ShiftHandedOver { to, count: Some(counted(130_00)), over_short: Some(over_short) }));
    let z = z(till, 129_35, 29_35);
    till.record(Event::ShiftClosed(Box::new(z)));
}

fn account(hub: &TestHub, account: &str) -> i64 {
    hub.number(&format!("SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE account = '{account}'"))
}

on_both_databases! {
    fn a_shift_is_booked_and_its_z_is_kept(hub) {
        let mut till = Till::enrolled(hub);
        shift(&mut till);
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.incidents(hub.shop("S1").id), []);
        // What was left in the drawer is what its account says.
        assert_eq!(account(hub, "cash"), 100_00);
        assert_eq!(account(hub, "petty_cash"), 5_00);
        assert_eq!(account(hub, "bank_in_transit"), 20_00);
        // The float and the pay-in came from the safe; the drop and what was taken out at the end went there.
        assert_eq!(account(hub, "safe"), -200_00 - 50_00 + 100_00 + 29_35);
        let z = period(&till);
        assert_eq!((z.number, z.drawer.opening), (2, fen(100_00)));
        let row = |column: &str| hub.number(&format!("SELECT {column} FROM shifts"));
        assert_eq!((row("number"), row("first"), row("last")), (1, 1, till.journal.len() as i64 - 1));
        assert_eq!((row("counted"), row("over_short"), row("taken_out")), (129_35, -65, 29_35));
        assert_eq!(account(hub, "cash_over_short"), -row("over_short") - row("differences"));
        assert_eq!((row("grand_sales"), row("grand_refunds"), row("opened")), (11_30, 0, 1));
        assert_eq!(hub.text("SELECT reason FROM shifts"), "short\u{fffd}");
        assert_eq!(hub.text("SELECT approved_by FROM shifts"), "chen");
    }

    fn the_next_z_goes_on_from_the_one_before_also_in_another_push(hub) {
        let mut till = Till::enrolled(hub);
        shift(&mut till);
        let first = till.journal.len();
        till.push_from(hub, 1).unwrap();
        shift(&mut till);
        shift(&mut till);
        till.push_from(hub, first + 1).unwrap();
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.incidents(hub.shop("S1").id), []);
        assert_eq!(hub.number("SELECT COUNT(*) FROM shifts"), 3);
        assert_eq!(hub.number("SELECT MAX(grand_sales) FROM shifts"), 33_90);
        assert_eq!(account(hub, "cash"), 100_00);
    }

    fn a_z_that_is_not_the_sum_of_its_entries_is_an_incident_and_kept(hub) {
        let mut till = Till::enrolled(hub);
        open(&mut till, 100_00);
        till.sell_some(2);
        let honest = z(&till, 100_00, 0);
        let mut wrong = honest.clone();
        wrong.grand.sales = fen(1);
        till.record(Event::ShiftClosed(Box::new(wrong)));
        till.push_from(hub, 1).unwrap();
        let incidents = hub.hub.incidents(hub.shop("S1").id).unwrap().incidents;
        assert_eq!(incidents.iter().map(|incident| incident.kind).collect::<Vec<_>>(), [ProblemKind::BadContent]);
        assert!(incidents[0].detail.contains("Z 1 is not the sum of its entries: grand total of sales"), "{}", incidents[0].detail);
        assert_eq!(hub.number("SELECT COUNT(*) FROM entries"), till.journal.len() as i64);
        assert_eq!(hub.number("SELECT COUNT(*) FROM shifts"), 1);
    }

    fn a_z_with_a_number_left_out_is_an_incident(hub) {
        let mut till = Till::enrolled(hub);
        shift(&mut till);
        till.sell_some(1);
        let mut skipped = z(&till, 0, 0);
        skipped.number = 3;
        till.record(Event::ShiftClosed(Box::new(skipped)));
        till.push_from(hub, 1).unwrap();
        let incidents = hub.hub.incidents(hub.shop("S1").id).unwrap().incidents;
        assert!(incidents[0].detail.contains("number is 3, by the entries 2"), "{}", incidents[0].detail);
    }

    fn a_store_whose_day_begins_at_five_books_the_night_to_the_day_before(hub) {
        let mut till = Till::enrolled(hub);
        let shop = domain::Shop { day_starts_at: 5, ..hub.shop("S1") };
        hub.hub.publish(shop.id, &[domain::Change::Shop(shop)]).unwrap();
        till.at = "2026-02-27T20:30:00Z".parse().unwrap();
        till.sell_some(1);
        till.at = "2026-02-27T21:30:00Z".parse().unwrap();
        till.sell_some(1);
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.text("SELECT MIN(business_date) FROM orders"), "2026-02-27");
        assert_eq!(hub.text("SELECT MAX(business_date) FROM orders"), "2026-02-28");
    }
}
