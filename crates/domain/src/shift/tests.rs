use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::event::{Event, SaleCompleted};
use crate::example::{any_cart, cny, fen, order_of, payment_id};
use crate::money::Money;
use crate::order::{Order, Refund};
use crate::report::Dimension;
use crate::tender::Tendering;

const YUAN: [u32; 5] = [10, 100, 500, 1_000, 10_000];

fn lin() -> StaffId {
    StaffId::parse("lin").expect("an id")
}

fn mei() -> StaffId {
    StaffId::parse("mei").expect("an id")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_500_000 + second).expect("a time")
}

fn sum(minor: i64) -> Count {
    Count::of_total(fen(minor)).expect("a count")
}

/// An order of some goods, paid in cash or by card.
fn order(cart: &crate::Cart, cash: bool) -> Order {
    let priced = cart.priced().expect("priced");
    let mut tendering = Tendering::begin(priced.total, None);
    if !priced.total.is_zero() {
        let id = payment_id();
        if cash { tendering.take_cash(id, priced.total) } else { tendering.take_card(id, priced.total, "4711") }.expect("taken");
    }
    order_of(priced, tendering)
}

/// A terminal's journal, as far as shifts go.
struct Journal {
    entries: Vec<(Timestamp, StaffId, Event)>,
    period: Period,
    zs: Vec<ShiftClosed>,
}

impl Journal {
    fn new() -> Self {
        Self { entries: Vec::new(), period: Period::first(cny()), zs: Vec::new() }
    }

    fn add(&mut self, event: Event) -> Result<(), PeriodError> {
        self.add_at(at(self.entries.len() as i64), event)
    }

    fn add_at(&mut self, at: Timestamp, event: Event) -> Result<(), PeriodError> {
        self.period.add(self.entries.len() as u64 + 1, at, Some(&lin()), &event)?;
        self.entries.push((at, lin(), event));
        Ok(())
    }

    fn open(&mut self, float: i64) {
        let brought_in = fen(float).minus(self.period.drawer.expected().expect("a sum")).expect("a difference");
        let opened = ShiftOpened { number: self.period.number, float: sum(float), brought_in };
        self.add(Event::ShiftOpened(opened)).expect("opened");
    }

    fn moved(&mut self, way: CashMove, minor: i64) {
        self.add(Event::CashMoved(CashMoved { way, amount: fen(minor), reason: "change".to_owned() })).expect("moved");
    }

    fn closing(&self, counted: i64, taken_out: i64) -> Closing {
        Closing {
            count: sum(counted),
            taken_out: fen(taken_out),
            reason: String::new(),
            approved_by: None,
            business_date: "2026-11-24".parse().expect("a date"),
            head: format!("{:064}", self.entries.len()),
        }
    }

    fn close(&mut self, counted: i64, taken_out: i64) -> ShiftClosed {
        let z = self.period.close(self.closing(counted, taken_out)).expect("closed");
        let seq = self.entries.len() as u64 + 1;
        self.entries.push((at(seq as i64), lin(), Event::ShiftClosed(Box::new(z.clone()))));
        self.period = Period::after(&z, seq, at(seq as i64), cny()).expect("a new period");
        self.zs.push(z.clone());
        z
    }

    fn drawer(&self) -> i64 {
        self.period.drawer.expected().expect("a sum").minor()
    }
}

#[test]
fn a_count_is_the_sum_of_its_coins_and_notes() {
    let count = Count::new(cny(), &YUAN, &[(10_000, 3), (500, 0), (10, 7)], fen(25)).expect("a count");
    assert_eq!(count.total, fen(300_95));
    assert_eq!(count.pieces.iter().map(|pieces| pieces.value).collect::<Vec<_>>(), [fen(10), fen(10_000)]);
    assert!(count.adds_up());
    assert!(!Count { total: fen(1), ..count }.adds_up());
    let wrong = |pieces: &[(u32, u32)], loose| Count::new(cny(), &YUAN, pieces, fen(loose)).expect_err("refused");
    assert_eq!(wrong(&[(20, 1)], 0), CountError::UnknownValue(fen(20)));
    assert_eq!(wrong(&[(10, 1), (10, 2)], 0), CountError::Twice(fen(10)));
    assert!(matches!(wrong(&[(10, 1_000_000)], 0), CountError::TooMany { .. }));
    assert_eq!(wrong(&[], -1), CountError::Negative);
}

#[test]
fn expected_cash_is_the_float_and_what_moved() {
    let mut journal = Journal::new();
    let cart = crate::example::cart_of(crate::example::price("11.30"), crate::example::tax_class(true, &["0.13"]));
    journal.open(200_00);
    journal.add(Event::SaleCompleted(SaleCompleted { order: order(&cart, true) })).expect("sold");
    journal.add(Event::SaleCompleted(SaleCompleted { order: order(&cart, false) })).expect("sold");
    assert_eq!(journal.drawer(), 211_30);
    journal.moved(CashMove::PayIn, 50_00);
    journal.moved(CashMove::PayOut, 12_00);
    journal.moved(CashMove::SafeDrop, 100_00);
    journal.moved(CashMove::BankDrop, 30_00);
    assert_eq!(journal.drawer(), 119_30);
    let of = None;
    let back = Refund {
        of,
        reason: String::new(),
        approved_by: None,
        of_receipt: None,
        unchecked: false,
        exchange: None,
        order: order(&cart, true),
    };
    journal.add(Event::RefundCompleted(back)).expect("given back");
    assert_eq!(journal.drawer(), 108_00);

    let z = journal.close(107_50, 7_50);
    assert_eq!((z.number, z.first, z.last, z.opened), (1, 1, 8, true));
    assert_eq!((z.expected, z.over_short, z.left().expect("left")), (fen(108_00), fen(-50), fen(100_00)));
    assert_eq!(z.grand, GrandTotals { sales: fen(22_60), refunds: fen(11_30) });
    assert_eq!(z.figures.figure(Dimension::CashMove, "safe_drop", Some(cny())).amount, Some(fen(100_00)));
    assert_eq!(z.figures.figure(Dimension::Tax, "VAT 0.13", Some(cny())).amount, Some(fen(1_30)));
    assert_eq!(z.figures.of(Dimension::Product).count(), 0);

    // What was left is what the next one begins with; a float that is more came from the safe.
    assert_eq!(journal.drawer(), 100_00);
    journal.open(150_00);
    assert_eq!(journal.period.drawer.brought_in, fen(50_00));
    assert_eq!(journal.period.number, 2);
}

#[test]
fn a_hand_over_with_a_count_settles_what_differs_and_one_without_leaves_it() {
    let mut journal = Journal::new();
    journal.open(100_00);
    let uncounted = ShiftHandedOver { to: mei(), count: None, over_short: None };
    journal.add(Event::ShiftHandedOver(uncounted.clone())).expect("handed over");
    assert_eq!(journal.period.state, ShiftState::Open { cashier: mei() });
    assert_eq!(journal.add(Event::ShiftHandedOver(uncounted)), Err(PeriodError::Shift(ShiftError::SameCashier)));
    let counted = |over| ShiftHandedOver { to: lin(), count: Some(sum(99_00)), over_short: Some(fen(over)) };
    let wrong = journal.add(Event::ShiftHandedOver(counted(5)));
    assert_eq!(wrong, Err(PeriodError::Drawer { said: fen(5), found: fen(-1_00) }));
    journal.add(Event::ShiftHandedOver(counted(-1_00))).expect("handed over");
    let z = journal.close(99_00, 0);
    assert_eq!((z.drawer.differences, z.over_short), (fen(-1_00), fen(0)));
}

#[test]
fn a_shift_goes_from_closed_to_open_to_away_and_back() {
    let (opened, suspended, resumed) = (
        Event::ShiftOpened(ShiftOpened { number: 1, float: sum(0), brought_in: fen(0) }),
        Event::ShiftSuspended(ShiftSuspended::default()),
        Event::ShiftResumed(ShiftResumed {}),
    );
    let lin = lin();
    let after = |state: &ShiftState, event: &Event| state.after(event, Some(&lin));
    let closed = ShiftState::Closed;
    assert_eq!(after(&closed, &suspended), Err(ShiftError::NotOpen));
    assert_eq!(after(&closed, &resumed), Err(ShiftError::NotSuspended));
    let open = after(&closed, &opened).expect("open");
    assert_eq!(open.cashier(), Some(&lin));
    assert_eq!(after(&open, &opened), Err(ShiftError::AlreadyOpen));
    let away = after(&open, &suspended).expect("away");
    assert_eq!(away.may_sell(false), Err(ShiftError::Suspended));
    assert_eq!(away.may_close(), Err(ShiftError::Suspended));
    assert_eq!(after(&away, &resumed), Ok(open.clone()));
    assert_eq!((closed.may_sell(false), closed.may_sell(true)), (Ok(()), Err(ShiftError::NotOpen)));
    assert_eq!((open.may_sell(true), closed.may_close()), (Ok(()), Ok(())));
}

#[test]
fn a_clock_that_was_set_back_shows_in_the_z() {
    let mut journal = Journal::new();
    journal.open(0);
    journal.add_at(at(-3_600), Event::DrawerOpened(DrawerOpened { reason: "change".to_owned() })).expect("kept");
    journal.add_at(at(-3_500), Event::DrawerOpened(DrawerOpened { reason: "change".to_owned() })).expect("kept");
    let z = journal.close(0, 0);
    assert_eq!(z.clock_back, 1);
    assert_eq!(z.figures.figure(Dimension::NoSale, "lin", None).count, 2);
}

#[test]
fn what_was_not_counted_cannot_be_taken_out() {
    let journal = Journal::new();
    assert_eq!(journal.period.close(journal.closing(5_00, 5_01)), Err(PeriodError::TooMuchTakenOut));
    assert_eq!(journal.period.close(journal.closing(5_00, -1)), Err(PeriodError::TooMuchTakenOut));
}

#[test]
fn a_count_holds_until_cash_moves() {
    let mut journal = Journal::new();
    journal.open(100_00);
    let counted = |over| Event::DrawerCounted(DrawerCounted { count: sum(99_00), over_short: fen(over) });
    assert!(journal.add(counted(0)).is_err(), "what it says of the drawer is what the entries say");
    journal.add(counted(-1_00)).expect("counted");
    journal.add(Event::DrawerOpened(DrawerOpened { reason: "look".to_owned() })).expect("opened");
    assert_eq!(journal.period.counted, Some(sum(99_00)));
    journal.moved(CashMove::PayIn, 1);
    assert_eq!(journal.period.counted, None);
}

#[derive(Debug, Clone)]
enum Step {
    Sale(crate::Cart, bool),
    Refund(crate::Cart, bool),
    Move(CashMove, i64),
    NoSale,
    Close(i64, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let way = prop_oneof![Just(CashMove::PayIn), Just(CashMove::PayOut), Just(CashMove::SafeDrop), Just(CashMove::BankDrop)];
    let step = prop_oneof![
        4 => (any_cart(), any::<bool>()).prop_map(|(cart, cash)| Step::Sale(cart, cash)),
        1 => (any_cart(), any::<bool>()).prop_map(|(cart, cash)| Step::Refund(cart, cash)),
        1 => (way, 1_i64..100_000).prop_map(|(way, minor)| Step::Move(way, minor)),
        1 => Just(Step::NoSale),
        1 => (0_i64..1_000_000, 0_u8..=100).prop_map(|(counted, share)| Step::Close(counted, share)),
    ];
    proptest::collection::vec(step, 0..14)
}

fn run(steps: Vec<Step>) -> Journal {
    let mut journal = Journal::new();
    journal.open(100_00);
    for step in steps {
        match step {
            Step::Sale(cart, cash) => {
                journal.add(Event::SaleCompleted(SaleCompleted { order: order(&cart, cash) })).expect("sold");
            }
            Step::Refund(cart, cash) => {
                let order = order(&cart, cash);
                let refund = Refund {
                    of: None,
                    reason: String::new(),
                    approved_by: None,
                    of_receipt: None,
                    unchecked: false,
                    exchange: None,
                    order,
                };
                journal.add(Event::RefundCompleted(refund)).expect("given back");
            }
            Step::Move(way, minor) => journal.moved(way, minor),
            Step::NoSale => journal.add(Event::DrawerOpened(DrawerOpened { reason: "x".to_owned() })).expect("opened"),
            Step::Close(counted, share) => {
                journal.close(counted, counted * i64::from(share) / 100);
                journal.open(100_00);
            }
        }
    }
    journal.close(0, 0);
    journal
}

/// The period before the Z with this place in the journal, made anew from the entries.
fn period_of(journal: &Journal, index: usize) -> Period {
    let z = &journal.zs[index];
    let mut period = match index.checked_sub(1).map(|before| &journal.zs[before]) {
        Some(before) => Period::after(before, before.last + 1, at(before.last as i64 + 1), cny()).expect("a period"),
        None => Period::first(cny()),
    };
    for seq in z.first..=z.last {
        let (at, staff, event) = &journal.entries[seq as usize - 1];
        period.add(seq, *at, Some(staff), event).expect("fits");
    }
    period
}

proptest! {
    #[test]
    fn every_z_is_the_sum_of_its_entries_and_no_other(steps in steps()) {
        let journal = run(steps);
        for (index, z) in journal.zs.iter().enumerate() {
            let period = period_of(&journal, index);
            prop_assert_eq!(z.check(&period, &z.head), Ok(()));
            let more = |money: Money| money.plus(fen(1)).expect("a sum");
            let tampered = [
                ShiftClosed { number: z.number + 1, ..z.clone() },
                ShiftClosed { expected: more(z.expected), ..z.clone() },
                ShiftClosed { over_short: more(z.over_short), ..z.clone() },
                ShiftClosed { grand: GrandTotals { sales: more(z.grand.sales), ..z.grand }, ..z.clone() },
                ShiftClosed { drawer: Drawer { pay_in: more(z.drawer.pay_in), ..z.drawer.clone() }, ..z.clone() },
                ShiftClosed { head: "0".to_owned(), ..z.clone() },
            ];
            for tampered in tampered {
                prop_assert!(tampered.check(&period, &z.head).is_err());
            }
            let text = serde_json::to_string(z).expect("JSON");
            prop_assert_eq!(&serde_json::from_str::<ShiftClosed>(&text).expect("read"), z);
        }
    }

    #[test]
    fn numbers_have_no_gap_and_periods_meet(steps in steps()) {
        let journal = run(steps);
        let mut next = (1, 1);
        for z in &journal.zs {
            prop_assert_eq!((z.number, z.first), next);
            next = (z.number + 1, z.last + 2);
        }
    }

    #[test]
    fn grand_totals_never_fall_and_are_those_of_all_orders(steps in steps()) {
        let journal = run(steps);
        let mut before = GrandTotals { sales: fen(0), refunds: fen(0) };
        for z in &journal.zs {
            prop_assert!(z.grand.sales.minor() >= before.sales.minor() && z.grand.refunds.minor() >= before.refunds.minor());
            before = z.grand;
        }
        let (mut sales, mut refunds) = (0, 0);
        for (_, _, event) in &journal.entries {
            match event {
                Event::SaleCompleted(sale) => sales += sale.order.total.minor(),
                Event::RefundCompleted(refund) => refunds += refund.order.total.minor(),
                _ => {}
            }
        }
        prop_assert_eq!((before.sales.minor(), before.refunds.minor()), (sales, refunds));
    }

    #[test]
    fn the_drawer_account_of_the_ledger_is_what_was_left(steps in steps()) {
        use crate::ledger::{Account, Posting};
        let journal = run(steps);
        let mut cash = 0;
        for (_, _, event) in &journal.entries {
            let posting = match event {
                Event::SaleCompleted(sale) => Some(Posting::of_sale(&sale.order).expect("balanced")),
                Event::RefundCompleted(refund) => Some(Posting::of_refund(&refund.order).expect("balanced")),
                other => Posting::of_shift(other).expect("balanced"),
            };
            let Some(posting) = posting else { continue };
            prop_assert_eq!(posting.lines().iter().map(|(_, amount)| amount.minor()).sum::<i64>(), 0);
            cash += posting.lines().iter().filter(|(account, _)| *account == Account::Cash).map(|(_, m)| m.minor()).sum::<i64>();
        }
        prop_assert_eq!(fen(cash), journal.zs.last().expect("a Z").left().expect("left"));
    }
}
