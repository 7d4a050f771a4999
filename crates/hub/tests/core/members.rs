//! Members: found without their number being kept, points that follow from entries alone, and erasure that leaves every
//! signature and sum as it was.

use std::sync::Arc;

use domain::event::SaleCompleted;
use domain::member::{
    AdjustReason, ConsentPurpose, ConsentRecorded, ErasureReason, LevelRule, LoyaltyRules, MemberCard, MemberSeen,
    PointsAdjusted, Profile, SeenFor,
};
use domain::{
    Change, Event, LevelCode, MemberId, Money, Name, Order, OrderPoints, PhoneNumber, PointsHoldId, ProductId, Refund, Role,
    StaffId,
};
use hub::{Asker, Hub, NewStaff};
use journal::SealKey;
use sync::members::{FindMembers, HoldPoints, KeepMember, KeptMember, MemberFile, about_greeting, about_store_key};
use sync::wire::ProblemKind;

use crate::shop::{Till, order};
use crate::support::{TestHub, cny, code, now, on_both_databases};

const PHONE: &str = "13800138000";

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, cny())
}

/// One point a yuan, a point is worth one fen; gold from 1,000 yuan.
fn rules() -> LoyaltyRules {
    LoyaltyRules {
        earn_per: fen(100),
        point_value: fen(1),
        minimum_spend: 10,
        expires_after_months: None,
        level_months: 12,
        levels: vec![LevelRule {
            code: LevelCode::parse("gold").unwrap(),
            name: Name::default(),
            from_spend: fen(100_000),
            earn_percent: 150,
        }],
    }
}

fn staff(id: &str) -> StaffId {
    StaffId::parse(id).unwrap()
}

fn asker(hub: &TestHub, till: &Till, who: &str) -> Asker {
    Asker::Staff { store: hub.shop("S1").id, terminal: till.id, staff: staff(who) }
}

fn profile(name: &str, phone: &str) -> Profile {
    let phone = (!phone.is_empty()).then(|| PhoneNumber::parse(phone).unwrap());
    let birthday = Some("1990-05-17".parse().unwrap());
    Profile { name: name.to_owned(), phone, birthday, email: "wang@example.cn".to_owned(), notes: "likes tea".to_owned() }
}

/// A till of store S1, with a cashier, a manager and rules of points.
fn shop(hub: &TestHub) -> Till {
    let till = Till::enrolled(hub);
    for (id, role) in [("anna", Role::Cashier), ("mei", Role::Manager)] {
        let name = Name { zh: String::new(), en: id.to_owned() };
        hub.hub.add_staff(&code("S1"), &NewStaff { id: staff(id), name, role, pin: "4711".to_owned() }).unwrap();
    }
    hub.hub.publish(hub.shop("S1").id, &[Change::Loyalty(rules())]).unwrap();
    till
}

fn join(hub: &TestHub, till: &Till, profile: Profile) -> KeptMember {
    let asked = KeepMember { staff: staff("anna"), member: MemberId::generate(), profile };
    hub.hub.keep_member(&asker(hub, till, "anna"), &asked, now()).unwrap()
}

fn find(hub: &TestHub, till: &Till, text: &str) -> Vec<MemberCard> {
    let asked = FindMembers { staff: staff("anna"), text: text.to_owned(), why: SeenFor::Sale };
    hub.hub.find_members(&asker(hub, till, "anna"), &asked, now()).unwrap().members
}

fn file(hub: &Hub, asker: &Asker, member: MemberId) -> Option<MemberFile> {
    hub.member_file(asker, member, SeenFor::Service, now()).unwrap()
}

/// An order of `yuan` for a member.
fn bought(member: MemberId, yuan: &str, points: Option<OrderPoints>) -> Order {
    Order { member: Some(member), points, ..order(ProductId::generate(), 1, yuan) }
}

fn earning(earned: u64) -> Option<OrderPoints> {
    Some(OrderPoints { earned, spent: 0, hold: None, expires_at: None })
}

fn feed_cards(hub: &TestHub) -> Vec<Change> {
    let page = hub.hub.feed(hub.shop("S1").id, 0).unwrap();
    page.changes.into_iter().filter(|change| matches!(change, Change::Member(_) | Change::MemberGone { .. })).collect()
}

/// Everything that the books say, to be compared before and after.
fn books(hub: &TestHub) -> [i64; 5] {
    [
        hub.number("SELECT COALESCE(SUM(amount * seq), 0) FROM posting_lines"),
        hub.number("SELECT COALESCE(SUM(total), 0) FROM orders"),
        hub.number("SELECT COALESCE(SUM(gross - refunded), 0) FROM daily_totals"),
        hub.number("SELECT count(*) FROM entries"),
        hub.number("SELECT COALESCE(SUM(length(text)), 0) FROM entries"),
    ]
}

on_both_databases! {
    fn a_member_is_found_by_number_code_tail_and_name_and_the_number_is_nowhere_to_be_read(hub) {
        let till = shop(hub);
        let wang = join(hub, &till, profile("王小明 Wang", PHONE)).card.unwrap();
        join(hub, &till, profile("Li", "13911112222"));
        for text in ["+86 138 0013 8000", wang.code.as_str(), "8000", "wang", "小明"] {
            let found: Vec<MemberId> = find(hub, &till, text).iter().map(|card| card.id).collect();
            assert_eq!(found, [wang.id], "{text}");
        }
        assert!(find(hub, &till, "13700000000").is_empty() && find(hub, &till, "").is_empty());
        let clear = ["13800138000", "wang", "1990-05-17", "likes tea"].map(|text| {
            hub.number(&format!("SELECT count(*) FROM feed WHERE change LIKE '%{text}%'"))
        });
        assert_eq!(clear, [0; 4], "the feed tells nobody's name");
        assert_eq!(hub.number("SELECT count(*) FROM members WHERE phone LIKE '%138%000%' AND length(phone) < 64"), 0);
    }

    fn a_card_is_read_with_the_keys_of_its_store_alone(hub) {
        let till = shop(hub);
        let card = join(hub, &till, profile("Wang", PHONE)).card.unwrap();
        let store = hub.shop("S1").id;
        let keys = hub.hub.store_keys(store).unwrap();
        let key = SealKey::from_text(&keys.members).unwrap();
        let decode = |text: &str| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap();
        let own = key.unwrap(&about_store_key(card.id, store), &decode(&card.key)).unwrap();
        let greeting = own.open(&about_greeting(card.id), &decode(&card.greeting)).unwrap();
        assert_eq!(std::str::from_utf8(&greeting).unwrap(), r#"{"name":"Wang","phone":"138****8000"}"#);
        let other = hub.hub.store_keys(domain::StoreId::generate()).unwrap();
        assert!(SealKey::from_text(&other.members).unwrap().unwrap(&about_store_key(card.id, store), &decode(&card.key)).is_err());
    }

    fn a_number_belongs_to_one_member(hub) {
        let till = shop(hub);
        let first = join(hub, &till, profile("Wang", PHONE));
        let second = join(hub, &till, profile("Somebody", "0086-13800138000"));
        assert!(first.new && second.number_taken && !second.new);
        assert_eq!(first.card.unwrap().id, second.card.unwrap().id);
        assert_eq!(hub.number("SELECT count(*) FROM members"), 1);
    }

    fn the_same_number_at_two_tills_at_once_makes_one_member(hub) {
        let till = shop(hub);
        let kept: Vec<KeptMember> = std::thread::scope(|scope| {
            let joining: Vec<_> = (0..4).map(|_| scope.spawn(|| join(hub, &till, profile("Wang", PHONE)))).collect();
            joining.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(kept.iter().filter(|kept| kept.new).count(), 1);
        assert_eq!(hub.number("SELECT count(*) FROM members"), 1);
    }

    fn the_role_is_checked_again(hub) {
        let till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        let erase = |who: &str| hub.hub.erase_member(&asker(hub, &till, who), id, ErasureReason::Asked, now());
        assert_eq!(erase("anna").unwrap_err().kind, ProblemKind::Forbidden);
        assert_eq!(erase("nobody").unwrap_err().kind, ProblemKind::Forbidden);
        let export = hub.hub.member_file(&asker(hub, &till, "anna"), id, SeenFor::Export, now());
        assert_eq!(export.unwrap_err().kind, ProblemKind::Forbidden);
        assert!(erase("mei").unwrap() && !erase("mei").unwrap());
    }

    fn points_follow_from_entries_and_what_is_sent_twice_counts_once(hub) {
        let mut till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        let sale = bought(id, "1130.00", earning(1_130));
        till.sell(sale.clone());
        till.sell(bought(id, "11.30", earning(11)));
        till.push_from(hub, 1).unwrap();
        till.push_from(hub, 1).unwrap();
        // The same sale under another number: kept, and booked once.
        till.sell(sale.clone());
        till.push_from(hub, 3).unwrap();
        let seen = file(&hub.hub, &asker(hub, &till, "anna"), id).unwrap();
        assert_eq!((seen.points, seen.orders.len()), (1_141, 2));
        assert_eq!(seen.card.level.as_ref().map(LevelCode::as_str), Some("gold"));

        let back = Order { lines: vec![domain::OrderLine { of_line: Some(0), ..sale.lines[0].clone() }], member: None, points: None, ..sale.clone() };
        let back = Order { id: domain::OrderId::generate(), ..back };
        till.record(Event::RefundCompleted(Refund {
            of: Some(sale.id), reason: String::new(), approved_by: None, order: back, of_receipt: None, unchecked: false, exchange: None,
        }));
        till.push_from(hub, 4).unwrap();
        let seen = file(&hub.hub, &asker(hub, &till, "anna"), id).unwrap();
        assert_eq!((seen.points, seen.spend, seen.card.level), (11, fen(1_130), None));
        let kinds: Vec<&str> = seen.movements.iter().map(|line| line.kind.as_str()).collect();
        assert_eq!(kinds, ["taken_back", "earned", "earned"]);
    }

    fn tills_learn_of_new_points_by_the_feed(hub) {
        let mut till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        till.sell(bought(id, "50.00", earning(50)));
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.hub.show_members(now()).unwrap(), 1);
        assert_eq!(hub.hub.show_members(now()).unwrap(), 0, "once");
        let cards = feed_cards(hub);
        assert!(matches!(&cards[..], [Change::Member(card)] if card.points == 50), "{cards:?}");
    }

    fn two_orders_cannot_spend_the_same_points(hub) {
        let mut till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        till.sell(bought(id, "100.00", earning(100)));
        till.push_from(hub, 1).unwrap();
        let anna = asker(hub, &till, "anna");
        let hold = |hold: PointsHoldId, points| {
            let asked = HoldPoints { staff: staff("anna"), member: id, hold, points };
            hub.hub.hold_points(&anna, &asked, now()).unwrap()
        };
        let held: Vec<bool> = std::thread::scope(|scope| {
            let tills: Vec<_> = (0..4).map(|_| scope.spawn(|| hold(PointsHoldId::generate(), 60).held)).collect();
            tills.into_iter().map(|till| till.join().unwrap()).collect()
        });
        assert_eq!(held.iter().filter(|held| **held).count(), 1);
        let mine = PointsHoldId::generate();
        assert!(hold(mine, 40).held && hold(mine, 30).held && !hold(mine, 41).held);
        assert!(!hold(PointsHoldId::generate(), 5).held, "fewer than the least");
        // The sale brings its hold; let go, the others' points are there again.
        assert!(hold(mine, 40).held);
        let spent = OrderPoints { earned: 0, spent: 40, hold: Some(mine), expires_at: None };
        till.sell(bought(id, "10.00", Some(spent)));
        till.push_from(hub, 2).unwrap();
        assert_eq!(hub.number("SELECT count(*) FROM member_holds"), 1);
        let other = hold(PointsHoldId::generate(), 10);
        assert_eq!((other.held, other.available), (false, 0), "60 held elsewhere, 40 spent");
    }

    fn every_look_is_written_down(hub) {
        let mut till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        find(hub, &till, "8000");
        till.record(Event::MemberSeen(MemberSeen { members: vec![id], why: SeenFor::Sale }));
        till.push_from(hub, 1).unwrap();
        hub.hub.member_file(&Asker::Operator, id, SeenFor::Export, now()).unwrap().unwrap();
        let seen = file(&hub.hub, &asker(hub, &till, "anna"), id).unwrap();
        let looks: Vec<(&str, SeenFor)> = seen.access.iter().map(|line| (line.staff.as_str(), line.why)).collect();
        assert_eq!(looks, [
            ("anna", SeenFor::Service), ("operator", SeenFor::Export), ("anna", SeenFor::Sale), ("anna", SeenFor::Sale), ("anna", SeenFor::Service),
        ]);
    }

    fn an_export_holds_all_that_is_known(hub) {
        let mut till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        let consent = ConsentRecorded { member: id, purpose: ConsentPurpose::Marketing, given: true, text: "2026-11".to_owned() };
        till.record(Event::ConsentRecorded(consent));
        till.record(Event::PointsAdjusted(PointsAdjusted { member: id, points: 25, reason: AdjustReason::Goodwill, expires_at: None }));
        till.sell(bought(id, "11.30", earning(11)));
        till.push_from(hub, 1).unwrap();
        let export = hub.hub.member_file(&asker(hub, &till, "mei"), id, SeenFor::Export, now()).unwrap().unwrap();
        let text = serde_json::to_string(&export).unwrap();
        for part in ["Wang", "+8613800138000", "1990-05-17", "wang@example.cn", "likes tea", "marketing", "S1-1-000001", "Tea", "earned", "adjusted", "export"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert_eq!((export.points, export.consents.len()), (36, 1));
    }

    fn after_erasure_every_signature_and_sum_holds(hub) {
        let mut till = shop(hub);
        let card = join(hub, &till, profile("Wang", PHONE)).card.unwrap();
        till.sell(bought(card.id, "1130.00", earning(1_130)));
        till.sell(bought(card.id, "11.30", earning(11)));
        till.push_from(hub, 1).unwrap();
        hub.hub.show_members(now()).unwrap();
        let (before, head) = (books(hub), hub.hub.head(till.id).unwrap());
        let key = till.keys.journal.public();
        journal::verify_all(till.journal.iter().map(String::as_str), &key, till.id, journal::Head::START).unwrap();

        assert!(hub.hub.erase_member(&asker(hub, &till, "mei"), card.id, ErasureReason::Asked, now()).unwrap());

        assert_eq!(books(hub), before, "ledger, orders, daily sums and journal are what they were");
        assert_eq!(hub.hub.head(till.id).unwrap(), head);
        let held = journal::verify_all(till.journal.iter().map(String::as_str), &key, till.id, journal::Head::START).unwrap();
        assert_eq!((held.seq, held.hash.to_string()), (head.acked, head.head));
        assert_eq!(hub.number("SELECT count(*) FROM members WHERE sealed_key IS NULL AND profile IS NULL AND phone IS NULL AND tail IS NULL AND code IS NULL"), 1);
        assert_eq!(feed_cards(hub), [Change::MemberGone { member: card.id }], "tills are told, and the card is out of the feed");
        assert!(file(&hub.hub, &asker(hub, &till, "mei"), card.id).is_none());
        for text in [PHONE, card.code.as_str(), "8000", "wang"] {
            assert!(find(hub, &till, text).is_empty(), "{text}");
        }
        // What a till that was away still sends is taken in like everything else.
        till.sell(bought(card.id, "5.00", earning(5)));
        till.push_from(hub, 3).unwrap();
        assert_eq!(hub.hub.show_members(now()).unwrap(), 0);
        // The number is free again.
        assert!(join(hub, &till, profile("Wang again", PHONE)).new);
    }

    fn a_database_without_its_key_tells_nobody_and_sells_on(hub) {
        let mut till = shop(hub);
        let id = join(hub, &till, profile("Wang", PHONE)).card.unwrap().id;
        let stolen = Hub::open_with_member_key(&hub.url, std::env::temp_dir().join(format!("tillbridge-no-key-{id}"))).unwrap();
        let refused = stolen.member_file(&asker(hub, &till, "mei"), id, SeenFor::Service, now()).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::Unavailable);
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("other.key");
        SealKey::generate().unwrap().to_new_file(&other).unwrap();
        let foreign = Hub::open_with_member_key(&hub.url, other).unwrap();
        assert!(foreign.store_keys(hub.shop("S1").id).is_err(), "another key is not mixed with the first");
        till.sell(bought(id, "11.30", earning(11)));
        stolen.ingest(till.id, till.id, till.journal.clone(), now()).unwrap();
    }
}

#[test]
fn several_hubs_over_one_database_make_one_key() {
    let hub = Arc::new(TestHub::sqlite());
    hub.enrolment_code("S1");
    let store = hub.shop("S1").id;
    let keys: Vec<String> = std::thread::scope(|scope| {
        let openers: Vec<_> = (0..4).map(|_| scope.spawn(|| hub.reopened().store_keys(store).unwrap().members)).collect();
        openers.into_iter().map(|opener| opener.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}

/// A sale to nobody speaks of nobody.
#[test]
fn a_sale_without_a_member_is_no_members() {
    let hub = TestHub::sqlite();
    let mut till = shop(&hub);
    till.record(Event::SaleCompleted(SaleCompleted { order: order(ProductId::generate(), 1, "11.30") }));
    till.push_from(&hub, 1).unwrap();
    assert_eq!(hub.number("SELECT count(*) FROM member_entries"), 0);
}
