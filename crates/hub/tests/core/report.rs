//! What a day brought.

use domain::{Order, OrderId, ProductId};
use hub::DailyRow;
use jiff::civil::{Date, date};

use crate::shop::{Till, order};
use crate::support::{TestHub, code, on_both_databases};

fn report(hub: &TestHub, from: Date, to: Date) -> Vec<DailyRow> {
    hub.hub.report_daily(&code("S1"), from, to).unwrap()
}

on_both_databases! {
    fn days_are_those_of_the_stores_time_zone_and_only_those_with_sales(hub) {
        let mut till = Till::enrolled(hub);
        // 23:59 and 00:00 in Shanghai.
        for at in ["2026-02-27T15:59:59.999Z", "2026-02-27T16:00:00Z", "2026-03-01T01:00:00Z"] {
            till.at = at.parse().unwrap();
            till.sell_some(1);
        }
        let sale = order(ProductId::generate(), 3, "0.10");
        till.at = "2026-03-01T02:00:00Z".parse().unwrap();
        till.refund(None, Order { id: OrderId::generate(), ..sale });
        till.push_from(hub, 1).unwrap();

        let all = report(hub, date(2026, 1, 1), date(2026, 12, 31));
        let days: Vec<String> = all.iter().map(|row| row.date.to_string()).collect();
        assert_eq!(days, ["2026-02-27", "2026-02-28", "2026-03-01"]);
        let last = serde_json::to_value(&all[2]).unwrap();
        let expected = serde_json::json!({
            "date": "2026-03-01", "orders": 1, "refunds": 1, "gross": "11.30", "refunded": "0.30", "net": "11.00"
        });
        assert_eq!(last, expected);
        assert_eq!(report(hub, date(2026, 2, 28), date(2026, 2, 28)), all[1..2]);
        assert!(report(hub, date(2026, 3, 2), date(2026, 3, 1)).is_empty());
    }

    fn another_currency_has_a_row_of_its_own(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(1);
        let text = serde_json::to_string(&order(ProductId::generate(), 1, "5.00")).unwrap().replace("CNY", "GBP");
        till.sell(serde_json::from_str(&text).unwrap());
        till.push_from(hub, 1).unwrap();
        let rows = report(hub, date(2026, 1, 1), date(2026, 12, 31));
        let sums: Vec<(&str, Option<String>)> =
            rows.iter().map(|row| (row.gross.as_str(), row.currency.map(|currency| currency.to_string()))).collect();
        assert_eq!(sums, [("11.30", None), ("5.00", Some("GBP".to_owned()))]);
    }

    fn a_store_that_is_not_there_is_said(hub) {
        assert!(hub.hub.report_daily(&code("S9"), date(2026, 1, 1), date(2026, 1, 2)).is_err());
    }
}
