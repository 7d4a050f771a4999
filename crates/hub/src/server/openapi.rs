//! The OpenAPI document, written by hand beside the routes; tests hold it against routes and wire types.

/// The OpenAPI 3.1 document of the hub, JSON.
pub const OPENAPI: &str = include_str!("openapi.json");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::money::{CashRounding, Rounding, UnitPrice};
    use domain::tax::TaxRate;
    use domain::{
        Barcode, Category, CategoryCode, Change, Currency, MoLing, Name, Product, ProductId, Role, Shop, Sku, Staff, StaffId,
        StockDelta, StoreCode, StoreId, TaxClass, TaxCode, TaxRounding, TerminalId, Unit,
    };
    use jiff::Timestamp;
    use serde::Serialize;
    use serde_json::Value;
    use sync::figures::{FigureAnswer, FigureOf, FigureQuestion, FigureSum};
    use sync::wire::{
        Enrolment, EnrolmentRequest, FeedPage, Incident, Incidents, MAX_CHANGES_PER_PAGE, MAX_ENTRIES_PER_PUSH, Problem,
        ProblemKind, PushAnswer, PushRequest, SnapshotHeader,
    };

    use super::OPENAPI;
    use crate::server::routes::PATHS;

    fn document() -> Value {
        serde_json::from_str(OPENAPI).expect("the document is JSON")
    }

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    }

    /// A value with every field present, so that its JSON names them all.
    fn assert_described(name: &str, value: &impl Serialize) {
        let document = document();
        let schema = &document["components"]["schemas"][name];
        assert!(schema.is_object(), "{name} is not described");
        let written = serde_json::to_value(value).expect("wire types are JSON");
        assert_eq!(keys(&schema["properties"]), keys(&written), "the fields of {name}");
    }

    fn name() -> Name {
        Name { zh: "水".to_owned(), en: "Water".to_owned() }
    }

    fn shop() -> Shop {
        Shop {
            id: StoreId::generate(),
            code: StoreCode::parse("S1").expect("a code"),
            name: name(),
            currency: Currency::parse("CNY").expect("a currency"),
            time_zone: "Asia/Shanghai".to_owned(),
            tax_rounding: TaxRounding::PerLine,
            cash_rounding: Some(CashRounding { step_minor: 5, mode: Rounding::HalfUp }),
            mo_ling: Some(MoLing { step_minor: 10, cap_minor: 90 }),
            denominations: vec![100],
            cancellation_percent: 0,
            require_shift: false,
            cash_tolerance: None,
            day_starts_at: 0,
            scale_layouts: domain::barcode::Region::China.layouts(),
        }
    }

    #[test]
    fn every_route_is_described() {
        assert_eq!(keys(&document()["paths"]), PATHS.iter().map(ToString::to_string).collect());
    }

    #[test]
    fn every_field_of_a_message_is_described() {
        let (terminal, at) = (TerminalId::generate(), Timestamp::UNIX_EPOCH);
        let text = String::new;
        let (journal_key, request_key) = (text(), text());
        assert_described(
            "EnrolmentRequest",
            &EnrolmentRequest { code: text(), terminal, journal_key, request_key, proof: text() },
        );
        let enrolment = Enrolment { shop: shop(), terminal_number: 1, terminal_name: text(), hub_key: text() };
        assert_described("Enrolment", &enrolment);
        assert_described("PushRequest", &PushRequest { entries: vec![], journal_ends_at: Some(1) });
        assert_described("PushAnswer", &PushAnswer { acked: 0, head: text(), countersignature: text() });
        assert_described("FeedPage", &FeedPage { changes: vec![], next: 0, more: false });
        let staff = StaffId::parse("1001").expect("an id");
        let question =
            sync::goods::LedgerQuestion { staff: staff.clone(), product: ProductId::generate(), before: Some(1), limit: 1 };
        assert_described("LedgerQuestion", &question);
        let nothing = StockDelta::from_milli(0);
        assert_described("LedgerPage", &sync::goods::LedgerPage { movements: vec![], on_hand: nothing, folded: 0 });
        assert_described("Transfers", &sync::goods::Transfers { open: vec![], stores: vec![] });
        assert_described("ImportState", &sync::goods::ImportState::default());
        assert_described("SnapshotHeader", &SnapshotHeader { feed: 0, changes: 0 });
        let incident = Incident { id: 1, terminal: Some(terminal), kind: ProblemKind::Fork, detail: text(), at };
        assert_described("Incident", &incident);
        let sum = FigureSum { count: 0, quantity: StockDelta::from_milli(0), amount: Some(domain::Money::zero(shop().currency)) };
        assert_described("FigureSum", &sum);
        let day = jiff::civil::date(2026, 11, 24);
        let question = FigureQuestion {
            from: day,
            to: day,
            of: FigureOf::Net,
            currency: shop().currency,
            acked: 0,
            own: sum,
            runs: vec![],
            staff: StaffId::parse("1001").expect("an id"),
        };
        assert_described("FigureQuestion", &question);
        let answer = FigureAnswer { acked: 0, kept: sum, entries: sum, entries_behind: 0, differs: false };
        assert_described("FigureAnswer", &answer);
        assert_described("Incidents", &Incidents { incidents: vec![] });
        let (type_uri, title) = (text(), text());
        let problem = Problem { type_uri, kind: ProblemKind::Gap, title, status: 409, detail: text(), acked: Some(1) };
        assert_described("Problem", &problem);
    }

    #[test]
    fn every_field_of_a_change_is_described() {
        let currency = Currency::parse("CNY").expect("a currency");
        let code = TaxCode::parse("standard").expect("a code");
        let product = Product {
            id: ProductId::generate(),
            sku: Sku::parse("W1").expect("a code"),
            barcodes: vec![Barcode::parse("6901234567892").expect("a barcode")],
            name: name(),
            category: Some(CategoryCode::parse("drinks").expect("a code")),
            price: UnitPrice::parse("2.5", currency).expect("a price"),
            unit: Unit::Piece,
            tax: code.clone(),
            picture: Some("water".to_owned()),
            active: false,
            details: domain::ProductDetails { minimum_age: Some(18), ..domain::ProductDetails::default() },
        };
        let staff = Staff {
            id: StaffId::parse("1001").expect("an id"),
            name: name(),
            role: Role::Cashier,
            pin_hash: String::new(),
            active: true,
        };
        let rates = vec![TaxRate { code: "VAT".to_owned(), rate: "0.13".parse().expect("a number") }];
        let category = Category { code: CategoryCode::parse("drinks").expect("a code"), name: name(), position: 0 };
        let card = domain::member::MemberCard {
            id: domain::MemberId::generate(),
            code: domain::MemberCode::from_bits(1),
            phone: Some(String::new()),
            tail: Some(String::new()),
            key: String::new(),
            greeting: String::new(),
            level: Some(domain::LevelCode::parse("gold").expect("a code")),
            points: 0,
            as_of: Timestamp::UNIX_EPOCH,
        };
        let level = domain::member::LevelRule {
            code: domain::LevelCode::parse("gold").expect("a code"),
            name: name(),
            from_spend: domain::Money::zero(currency),
            earn_percent: 150,
        };
        assert_described("LevelRule", &level);
        let rules = domain::LoyaltyRules {
            earn_per: domain::Money::zero(currency),
            point_value: domain::Money::zero(currency),
            minimum_spend: 1,
            expires_after_months: Some(12),
            level_months: 12,
            levels: vec![level],
        };
        let changes = [
            ("MemberCard", Change::Member(card)),
            ("LoyaltyRules", Change::Loyalty(rules)),
            ("Shop", Change::Shop(shop())),
            ("TaxClass", Change::TaxClass(TaxClass { code, name: name(), inclusive: true, rates })),
            ("Category", Change::Category(category)),
            ("Staff", Change::Staff(staff)),
            ("Product", Change::Product(product.clone())),
        ];
        let document = document();
        let described: BTreeSet<String> = document["components"]["schemas"]["Change"]["oneOf"]
            .as_array()
            .expect("a list")
            .iter()
            .flat_map(|one| keys(&one["properties"]))
            .collect();
        for (name, change) in changes {
            let written = serde_json::to_value(&change).expect("changes are JSON");
            let (member, body) = written.as_object().and_then(|object| object.iter().next()).expect("one member");
            assert!(described.contains(member), "{member}");
            assert_described(name, body);
        }
        let stock = Change::Stock { product: product.id, on_hand: StockDelta::from_milli(-1_000) };
        let written = serde_json::to_value(&stock).expect("changes are JSON");
        let schema = document["components"]["schemas"]["Change"]["oneOf"]
            .as_array()
            .and_then(|list| list.iter().find(|one| one["properties"]["stock"].is_object()))
            .expect("stock is described");
        assert_eq!(keys(&schema["properties"]["stock"]["properties"]), keys(&written["stock"]));
    }

    #[test]
    fn every_kind_of_problem_is_described_and_no_other() {
        let document = document();
        let kinds = document["components"]["schemas"]["ProblemKind"]["enum"].clone();
        let known: Vec<ProblemKind> = serde_json::from_value(kinds).expect("only kinds that exist");
        // A new kind must be added here and to the document: this match does not compile without it.
        for kind in &known {
            match kind {
                ProblemKind::Malformed
                | ProblemKind::Unauthenticated
                | ProblemKind::ClockSkew
                | ProblemKind::Forbidden
                | ProblemKind::UnknownTerminal
                | ProblemKind::CodeRefused
                | ProblemKind::Throttled
                | ProblemKind::Gap
                | ProblemKind::Fork
                | ProblemKind::BrokenChain
                | ProblemKind::BadSignature
                | ProblemKind::ForeignEntry
                | ProblemKind::Truncated
                | ProblemKind::BadContent
                | ProblemKind::RefundAboveSale
                | ProblemKind::OrderClosedTwice
                | ProblemKind::ClockDrift
                | ProblemKind::SumsDiffer
                | ProblemKind::CouponReused
                | ProblemKind::Unavailable => {}
            }
        }
        assert_eq!(known.iter().collect::<std::collections::HashSet<_>>().len(), 20);
    }

    #[test]
    fn limits_in_the_document_are_those_of_the_wire() {
        let schemas = &document()["components"]["schemas"];
        assert_eq!(schemas["PushRequest"]["properties"]["entries"]["maxItems"], MAX_ENTRIES_PER_PUSH);
        assert_eq!(schemas["FeedPage"]["properties"]["changes"]["maxItems"], MAX_CHANGES_PER_PAGE);
    }

    #[test]
    fn every_reference_in_the_document_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(object) => {
                    found.extend(object.get("$ref").and_then(Value::as_str).map(str::to_owned));
                    object.values().for_each(|inner| references(inner, found));
                }
                Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
                _ => {}
            }
        }
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("a local reference");
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
