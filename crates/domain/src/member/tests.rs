use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::cart::Discount;
use crate::example::{any_cart, cart_of, cny, fen, price, tax_class};
use crate::ids::{OrderId, TerminalId};
use crate::money::{Currency, Money};
use crate::order::DiscountKind;

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).expect("a time")
}

fn rules() -> LoyaltyRules {
    let level = |code: &str, from: i64, percent| LevelRule {
        code: LevelCode::parse(code).expect("a code"),
        name: crate::Name::default(),
        from_spend: fen(from),
        earn_percent: percent,
    };
    LoyaltyRules {
        earn_per: fen(100),
        point_value: fen(1),
        minimum_spend: 100,
        expires_after_months: Some(12),
        level_months: 12,
        levels: vec![level("silver", 100_000, 100), level("gold", 500_000, 150)],
    }
}

/// The entries of one terminal.
struct Told {
    terminal: TerminalId,
    events: Vec<PointsEvent>,
}

impl Told {
    fn new() -> Self {
        Self { terminal: TerminalId::generate(), events: Vec::new() }
    }

    fn tell(&mut self, day: i64, fact: PointsFact) {
        let seq = self.events.len() as u64 + 1;
        self.events.push(PointsEvent { entry: EntryRef { terminal: self.terminal, seq }, at: at(day), fact });
    }

    /// A sale of one line of ten pieces.
    fn sell(&mut self, day: i64, earned: u64, spent: u64, expires: Option<i64>) -> OrderId {
        let order = OrderId::generate();
        let lines = vec![SoldLine { value: 1_000, milli: 10_000 }];
        let expires_at = expires.map(at);
        self.tell(day, PointsFact::Sale { order, total: fen(1_000), lines, earned, spent, expires_at });
        order
    }

    fn refund(&mut self, day: i64, of: OrderId, pieces: i64) {
        let parts = vec![RefundPart::Line { line: 0, milli: pieces * 1_000 }];
        self.tell(day, PointsFact::Refund { of, total: fen(pieces * 100), parts });
    }

    fn points(&self, day: i64) -> Points {
        Points::fold(self.events.clone(), at(day))
    }
}

#[test]
fn numbers_are_kept_in_one_form_however_they_are_typed() {
    for text in
        ["13800138000", "138 0013 8000", "+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００", "8613800138000"]
    {
        let number = PhoneNumber::parse(text);
        if text == "8613800138000" {
            assert!(number.is_err(), "without a plus it is no Chinese number");
            continue;
        }
        assert_eq!(number.expect(text).as_str(), "+8613800138000", "{text}");
    }
    assert_eq!(PhoneNumber::parse("(010) 6552 9988").expect("a landline").as_str(), "+861065529988");
    assert_eq!(PhoneNumber::parse("+44 20 7946 0123").expect("London").as_str(), "+442079460123");
}

#[test]
fn what_is_no_number_is_refused() {
    for text in ["", "12345", "12800138000", "1380013800", "138001380000", "+86 123", "+0 123 456 789", "anna", "1e10", "+"] {
        assert!(PhoneNumber::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_number_is_shown_with_its_middle_hidden_and_never_logged() {
    let number = PhoneNumber::parse("13800138000").expect("a number");
    assert_eq!((number.masked().as_str(), number.tail()), ("138****8000", "8000"));
    assert_eq!(format!("{number:?}"), "PhoneNumber(138****8000)");
    assert_eq!(PhoneNumber::parse("+442079460123").expect("a number").masked(), "+44****0123");
}

#[test]
fn a_code_is_read_back_however_it_is_typed() {
    let code = MemberCode::from_bits(0x00_00AB_CDEF_0123);
    let text = code.as_str();
    assert_eq!(MemberCode::parse(text).as_ref(), Ok(&code));
    assert_eq!(MemberCode::parse(&format!(" {} ", text.to_lowercase())).as_ref(), Ok(&code));
    assert!(MemberCode::looks_like(text) && !MemberCode::looks_like("6901234567892"));
    assert!(MemberCode::parse("TBM").is_err() && MemberCode::parse("TBM会员会员会员").is_err());
}

#[test]
fn a_level_is_reached_by_what_was_spent_and_earns_more() {
    let rules = rules();
    assert_eq!(rules.level_for(99_999), None);
    assert_eq!(rules.level_for(100_000).map(|level| level.code.as_str()), Some("silver"));
    let gold = rules.level_for(600_000).map(|level| level.code.clone());
    assert_eq!(gold.as_ref().map(LevelCode::as_str), Some("gold"));
    assert_eq!((rules.earned(fen(1_299), None), rules.earned(fen(1_299), gold.as_ref())), (12, 19), "cut to whole points");
    let dollars = Money::from_minor(1_299, Currency::parse("USD").expect("a currency"));
    assert_eq!(rules.earned(dollars, None), 0);
}

#[test]
fn points_expire_after_the_same_day_months_later() {
    let shanghai = TimeZone::get("Asia/Shanghai").expect("a zone");
    let at = "2026-01-30T16:30:00Z".parse().expect("a time");
    let rules = LoyaltyRules { expires_after_months: Some(1), ..rules() };
    // 31 January in Shanghai; February ends on the 28th.
    assert_eq!(rules.expiry(at, &shanghai).expect("a day").to_string(), "2026-02-28T16:00:00Z");
    assert_eq!(LoyaltyRules { expires_after_months: None, ..rules }.expiry(at, &shanghai), None);
}

#[test]
fn spending_needs_the_minimum_and_the_points() {
    let rules = rules();
    assert_eq!(rules.may_spend(99, 1_000), Err(SpendRefused::BelowMinimum { minimum: 100 }));
    assert_eq!(rules.may_spend(200, 150), Err(SpendRefused::NotEnough { available: 150 }));
    assert_eq!(rules.may_spend(200, -5), Err(SpendRefused::NotEnough { available: 0 }));
    assert_eq!((rules.may_spend(150, 150), rules.worth(150)), (Ok(()), Ok(fen(150))));
}

#[test]
fn the_oldest_points_go_first_and_expire_first() {
    let mut told = Told::new();
    told.sell(0, 100, 0, Some(30));
    told.sell(10, 50, 0, Some(40));
    told.sell(20, 0, 70, None);
    assert_eq!((told.points(20).balance(), told.points(20).next_to_expire()), (80, Some((30, at(30)))));
    assert_eq!(told.points(30).balance(), 50, "what was left of the first");
    assert_eq!(told.points(40).balance(), 0);
}

#[test]
fn a_refund_takes_back_what_the_sale_gave_and_gives_back_what_it_took() {
    let mut told = Told::new();
    told.sell(0, 1_000, 0, None);
    let sale = told.sell(1, 7, 500, Some(400));
    assert_eq!(told.points(1).balance(), 507);
    told.refund(2, sale, 3);
    told.refund(3, sale, 3);
    told.refund(4, sale, 4);
    assert_eq!(told.points(4).balance(), 1_000, "whole, in three parts");
    assert_eq!(told.points(2).balance(), 507 - 2 + 150);
    assert_eq!(told.points(400).balance(), 500, "what was given back expires with its sale");
}

#[test]
fn points_spent_before_their_sale_came_back_are_owed() {
    let mut told = Told::new();
    let sale = told.sell(0, 100, 0, None);
    told.sell(1, 0, 80, None);
    told.refund(2, sale, 10);
    assert_eq!(told.points(2).balance(), -80);
    told.sell(3, 100, 0, None);
    assert_eq!(told.points(3).balance(), 20);
}

#[test]
fn a_refund_from_a_clock_behind_waits_for_its_sale() {
    let mut told = Told::new();
    let sale = told.sell(5, 10, 0, None);
    told.refund(4, sale, 10);
    assert_eq!(told.points(5).balance(), 0);
}

#[test]
fn spending_of_the_last_months_makes_the_level() {
    let mut told = Told::new();
    told.sell(0, 0, 0, None);
    let sale = told.sell(100, 0, 0, None);
    told.refund(101, sale, 4);
    let twice: Vec<PointsEvent> = told.events.iter().chain(&told.events).cloned().collect();
    assert_eq!(rolling_spend(&twice, cny(), at(50), at(200)), 600);
}

#[test]
fn points_come_off_after_every_other_discount_and_tax_follows() {
    let mut cart = cart_of(price("100"), tax_class(true, &["0.13"]));
    cart.discount_order(Some(Discount::parse_percent("10").expect("a share"))).expect("given");
    cart.pay_with_points(Some(fen(1_000))).expect("taken");
    let priced = cart.priced().expect("priced");
    assert_eq!((priced.total, priced.discount), (fen(8_000), fen(2_000)));
    let kinds: Vec<DiscountKind> = priced.lines[0].line.discounts.iter().map(|discount| discount.kind).collect();
    assert_eq!(kinds, [DiscountKind::Order, DiscountKind::Points]);
    assert!(cart.pay_with_points(Some(fen(9_001))).is_err(), "never more than there is to pay");
    assert_eq!(cart.points(), Some(fen(1_000)));
}

/// What may happen to a member: a sale that earns and asks to spend, a refund of an earlier sale, a correction by hand.
#[derive(Debug, Clone)]
enum Step {
    Sale(u64, u64, Option<i64>),
    Refund(usize, i64),
    Adjust(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u64..500, 0_u64..400, proptest::option::of(1_i64..60)).prop_map(|(earned, spent, life)| Step::Sale(earned, spent, life)),
        2 => (any::<usize>(), 1_i64..=10).prop_map(|(which, pieces)| Step::Refund(which, pieces)),
        1 => (-100_i64..300).prop_map(Step::Adjust),
    ]
}

/// Tells the steps day by day; a sale spends no more than there is, as the hub sees to.
fn told(steps: &[Step]) -> (Told, Vec<(OrderId, i64)>) {
    let mut told = Told::new();
    let mut left: Vec<(OrderId, i64)> = Vec::new();
    for (day, step) in (0..).zip(steps) {
        match step {
            Step::Sale(earned, wanted, life) => {
                let available = u64::try_from(told.points(day).balance()).unwrap_or(0);
                let order = told.sell(day, *earned, (*wanted).min(available), life.map(|life| day + life));
                left.push((order, 10));
            }
            Step::Refund(which, pieces) if !left.is_empty() => {
                let which = which % left.len();
                let (order, rest) = &mut left[which];
                let back = (*pieces).min(*rest);
                *rest -= back;
                let order = *order;
                if back > 0 {
                    told.refund(day, order, back);
                }
            }
            Step::Refund(..) => {}
            Step::Adjust(points) => told.tell(day, PointsFact::Adjusted { points: *points, expires_at: None }),
        }
    }
    (told, left)
}

proptest! {
    #[test]
    fn the_balance_is_the_sum_of_the_movements(steps in proptest::collection::vec(step(), 1..40), later in 0_i64..100) {
        let (told, _) = told(&steps);
        let points = told.points(later);
        prop_assert_eq!(points.balance(), points.movements.iter().map(|movement| movement.points).sum::<i64>());
    }

    #[test]
    fn spending_never_leads_below_zero(steps in proptest::collection::vec(step(), 1..40)) {
        let (told, _) = told(&steps);
        let mut sum = 0_i64;
        for movement in told.points(i64::from(u16::MAX)).movements {
            sum += movement.points;
            if movement.kind == MovementKind::Spent {
                prop_assert!(sum >= 0, "{} after {:?}", sum, movement);
            }
        }
    }

    #[test]
    fn what_arrives_twice_and_in_any_order_counts_once(steps in proptest::collection::vec(step(), 1..30)) {
        let (told, _) = told(&steps);
        let doubled = told.events.iter().rev().chain(&told.events).cloned();
        prop_assert_eq!(Points::fold(doubled, at(100)), told.points(100));
    }

    #[test]
    fn whatever_is_given_back_whole_leaves_nothing(steps in proptest::collection::vec(step(), 1..30)) {
        let steps: Vec<Step> = steps.into_iter().filter(|step| !matches!(step, Step::Adjust(_))).map(|step| match step {
            Step::Sale(earned, spent, _) => Step::Sale(earned, spent, None),
            other => other,
        }).collect();
        let (mut told, left) = told(&steps);
        for (order, rest) in left {
            if rest > 0 {
                told.refund(50, order, rest);
            }
        }
        prop_assert_eq!(told.points(100).balance(), 0);
    }

    #[test]
    fn one_wrong_character_of_a_code_is_found(bits in any::<u64>(), place in 3_usize..12, other in 0_usize..32) {
        let text = MemberCode::from_bits(bits).to_string();
        let letter = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"[other];
        let mut wrong = text.clone().into_bytes();
        prop_assume!(wrong[place] != letter);
        wrong[place] = letter;
        prop_assert!(MemberCode::parse(std::str::from_utf8(&wrong).expect("ASCII")).is_err());
        prop_assert!(MemberCode::parse(&text).is_ok());
    }

    #[test]
    fn points_never_change_what_adds_up(cart in any_cart(), share in 0_i64..=100) {
        let mut cart = cart;
        let before = cart.priced().expect("priced");
        let worth = Money::from_minor(before.total.minor() * share / 100, cny());
        if cart.pay_with_points(Some(worth)).is_ok() {
            let after = cart.priced().expect("priced");
            let off: i64 = after.lines.iter().flat_map(|line| &line.line.discounts)
                .filter(|discount| discount.kind == DiscountKind::Points).map(|discount| discount.amount.minor()).sum();
            prop_assert_eq!(off, worth.minor());
            prop_assert_eq!(after.lines.iter().map(|line| line.line.payable.minor()).sum::<i64>(), after.total.minor());
        }
    }
}
