//! The running sums of reports: the same figures as the till's own fold, whatever way its journal came in.

use domain::report::{Dimension, Tally};
use domain::{Order, OrderId, ProductId, Role, StaffId};
use hub::NewStaff;
use jiff::civil::{Date, date};
use journal::Entry;
use proptest::prelude::*;
use sync::figures::{FigureOf, FigureQuestion};
use sync::wire::ProblemKind;

use crate::shop::{Till, adjustment, order, product};
use crate::support::{TestHub, cny, code, now, on_both_databases};

const FROM: Date = date(2026, 1, 1);
const TO: Date = date(2026, 12, 31);

/// The till's own fold of its entries, by the same hours.
fn own(hub: &TestHub, tills: &[&Till]) -> Tally {
    let zone = hub.shop("S1").zone();
    let mut tally = Tally::default();
    for text in tills.iter().flat_map(|till| &till.journal) {
        let Ok(entry) = Entry::read(text) else { continue };
        let hour = u8::try_from(entry.at.to_zoned_datetime(zone.clone()).hour()).unwrap();
        tally.add(&entry.event, entry.staff.as_ref(), hour).unwrap();
    }
    tally
}

fn sums(hub: &TestHub) -> Tally {
    hub.hub.sums(&code("S1"), FROM, TO, true).unwrap()
}

/// Sales, refunds with and without a receipt, stock, products, over two days.
fn mixed(hub: &TestHub, number: usize) -> Till {
    let mut till = Till::enrolled_as(hub, number, "S1");
    till.at = "2026-02-27T15:59:00Z".parse().unwrap();
    till.sell_some(3);
    let sale = order(ProductId::generate(), 4, "2.35");
    till.sell(sale.clone());
    till.record(adjustment(sale.lines[0].product, "-2"));
    till.at = "2026-02-28T01:30:00Z".parse().unwrap();
    till.refund(Some(sale.id), Order { id: OrderId::generate(), ..sale });
    till.refund(None, order(ProductId::generate(), 1, "0.10"));
    let added = product("NEW");
    till.record(domain::Event::ProductAdded(domain::event::ProductAdded { product: added }));
    till.sell_some(2);
    till
}

fn manager(hub: &TestHub) -> StaffId {
    let id = StaffId::parse("chen").unwrap();
    let name = domain::Name { zh: "陈".to_owned(), en: "Chen".to_owned() };
    let staff = NewStaff { id: id.clone(), name, role: Role::Manager, pin: "9999".to_owned() };
    hub.hub.add_staff(&code("S1"), &staff).unwrap();
    id
}

/// What the till comes to for its net sales.
fn question(hub: &TestHub, till: &Till, staff: &StaffId) -> FigureQuestion {
    let tally = own(hub, &[till]);
    let sales = tally.total(Dimension::Sales, cny()).unwrap();
    let refunds = tally.total(Dimension::Refunds, cny()).unwrap();
    let mut net = sales.plus(refunds).unwrap();
    net.amount = Some(tally.net(cny()).unwrap());
    let acked = hub.hub.head(till.id).unwrap().acked;
    FigureQuestion {
        from: FROM,
        to: TO,
        of: FigureOf::Net,
        currency: cny(),
        acked,
        own: net.into(),
        runs: vec![(1, till.journal.len() as u64)],
        staff: staff.clone(),
    }
}

on_both_databases! {
    fn the_hub_comes_to_the_same_figures_as_its_tills(hub) {
        let (one, two) = (mixed(hub, 0), mixed(hub, 1));
        one.push_from(hub, 1).unwrap();
        two.push(hub, &two.journal[..4]).unwrap();
        two.push_from(hub, 3).unwrap();
        assert_eq!(sums(hub), own(hub, &[&one, &two]));
        let verdict = hub.hub.verify_sums().unwrap();
        assert_eq!((verdict.terminals, verdict.wrong), (2, 0));
        assert!(verdict.right > 20, "{verdict:?}");

        let day = hub.hub.report_day(&code("S1"), date(2026, 2, 28), date(2026, 2, 28), true).unwrap();
        // Two sales of 11.30 of each till, less refunds of 9.40 and 0.10.
        assert_eq!(day.net.amount(), "26.20");
        let tender = |key: &str| day.figures.iter().find(|it| it.dimension == Dimension::Tender && it.key == key).unwrap().count;
        assert_eq!(tender("cash"), 8);
    }

    fn what_was_not_booked_is_not_counted(hub) {
        let mut till = Till::enrolled(hub);
        let sale = order(ProductId::generate(), 1, "5.00");
        till.sell(sale.clone());
        till.sell(sale);
        let mut wrong = order(ProductId::generate(), 1, "5.00");
        wrong.total = domain::Money::from_minor(999, cny());
        till.sell(wrong);
        till.push_from(hub, 1).unwrap();
        assert_eq!(sums(hub).net(cny()).unwrap().amount(), "5.00");
        assert_eq!(hub.hub.verify_sums().unwrap().wrong, 0);
    }

    fn sums_that_somebody_changed_are_found_and_put_right(hub) {
        let till = mixed(hub, 0);
        till.push_from(hub, 1).unwrap();
        hub.sql("UPDATE report_sums SET amount = amount + 1 WHERE dimension = 'sales' AND business_date = '2026-02-28'").unwrap();
        let verdict = hub.hub.verify_sums().unwrap();
        assert_eq!(verdict.wrong, 1);
        assert_eq!((verdict.differences[0].figure.as_str(), verdict.differences[0].date.as_str()), ("sales '' CNY", "2026-02-28"));
        hub.hub.rebuild_sums().unwrap();
        assert_eq!(hub.hub.verify_sums().unwrap().wrong, 0);
        assert_eq!(sums(hub), own(hub, &[&till]));
    }

    fn data_from_before_the_sums_is_folded_when_the_hub_opens(hub) {
        let till = mixed(hub, 0);
        till.push_from(hub, 1).unwrap();
        hub.sql("DELETE FROM report_sums; UPDATE report_sums_state SET complete = 0").unwrap();
        drop(hub.reopened());
        assert_eq!(sums(hub), own(hub, &[&till]));
        assert_eq!(hub.number("SELECT complete FROM report_sums_state"), 1);
    }

    fn a_till_proves_a_figure_and_a_difference_is_an_incident(hub) {
        let till = mixed(hub, 0);
        till.push_from(hub, 1).unwrap();
        let staff = manager(hub);
        let asked = question(hub, &till, &staff);
        let answer = hub.hub.prove_figure(till.id, &asked, now()).unwrap();
        assert_eq!((answer.kept, answer.entries, answer.differs), (asked.own, asked.own, false));
        assert_eq!(answer.entries_behind, 8);
        assert!(hub.incidents(hub.shop("S1").id).is_empty());

        let early = FigureQuestion { acked: asked.acked - 1, ..asked.clone() };
        let answer = hub.hub.prove_figure(till.id, &early, now()).unwrap();
        assert_eq!((answer.acked, answer.differs), (asked.acked, false));

        hub.sql("UPDATE report_sums SET amount = amount + 1 WHERE dimension = 'sales' AND business_date = '2026-02-28'").unwrap();
        for _ in 0..2 {
            assert!(hub.hub.prove_figure(till.id, &asked, now()).unwrap().differs);
        }
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::SumsDiffer]);
        assert_eq!(hub.number("SELECT times FROM incidents"), 2);
        assert_eq!(hub.text("SELECT evidence FROM incidents").lines().count(), 8);
        // Nothing was evened out.
        assert_eq!(hub.hub.verify_sums().unwrap().wrong, 1);
    }

    fn only_who_may_read_reports_may_ask(hub) {
        let till = mixed(hub, 0);
        till.push_from(hub, 1).unwrap();
        let stranger = StaffId::parse("nobody").unwrap();
        let refused = hub.hub.prove_figure(till.id, &question(hub, &till, &stranger), now()).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::Forbidden);
    }
}

#[test]
fn any_mixture_of_sales_and_refunds_comes_to_the_same() {
    let hub = TestHub::sqlite();
    let config = ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() };
    let events = prop::collection::vec((0..4_u8, 1..6_i64, 1..90_i64, 0..40_i64), 1..20);
    let mut tills: Vec<Till> = Vec::new();
    let cell = std::cell::RefCell::new(&mut tills);
    proptest!(config, |(events in events, cut in 0..20_usize)| {
        let mut till = Till::alone(0);
        hub.hub.enrol(&till.request(&hub.enrolment_code("S1").code), now()).unwrap();
        till.at = "2026-02-20T00:00:00Z".parse().unwrap();
        for (kind, pieces, price, hours) in events {
            till.at += jiff::SignedDuration::from_hours(hours);
            let order = order(ProductId::generate(), pieces, &format!("0.{price:02}"));
            if kind == 0 { till.refund(None, order) } else { till.sell(order) }
        }
        till.push(&hub, &till.journal[..cut.min(till.journal.len())]).unwrap();
        till.push_from(&hub, 1).unwrap();
        let mut tills = cell.borrow_mut();
        tills.push(till);
        let all: Vec<&Till> = tills.iter().collect();
        prop_assert_eq!(sums(&hub), own(&hub, &all));
    });
    assert_eq!(hub.hub.verify_sums().unwrap().wrong, 0);
}
