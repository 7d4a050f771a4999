//! The ledger cannot be unbalanced, not even past the hub.

use crate::shop::Till;
use crate::support::{TestHub, on_both_databases};

/// A hub that holds one sale.
fn with_a_sale(hub: &TestHub) -> i64 {
    let mut till = Till::enrolled(hub);
    till.sell_some(2);
    till.push(hub, &till.journal[..1]).unwrap();
    hub.number("SELECT SUM(amount * amount) FROM ledger")
}

/// Statements that would make a posting sum to something else, or history another.
const CHEATS: &[&str] = &[
    "UPDATE posting_lines SET amount = amount + 1 WHERE account = 'cash'",
    "UPDATE posting_lines SET amount = amount * 2",
    "UPDATE posting_lines SET account = 'cash_rounding' WHERE account = 'cash'",
    "DELETE FROM posting_lines WHERE account = 'cash'",
    "DELETE FROM posting_lines",
    "DELETE FROM postings",
    "UPDATE postings SET business_date = '2020-01-01'",
    "INSERT INTO posting_lines (store, terminal, seq, account, amount) VALUES (1, 1, 1, 'cash_rounding', 1)",
    "INSERT INTO posting_lines (store, terminal, seq, account, amount) VALUES (1, 1, 2, 'cash', 5); \
     INSERT INTO postings (store, terminal, seq, business_date, currency) VALUES (1, 1, 2, '2026-03-01', 'CNY')",
    "INSERT INTO posting_lines (store, terminal, seq, account, amount) VALUES (1, 1, 1, 'cash', 7) \
     ON CONFLICT (store, terminal, seq, account) DO UPDATE SET amount = excluded.amount",
    "UPDATE entries SET text = 'another' WHERE seq = 1",
    "DELETE FROM entries",
];

on_both_databases! {
    fn no_statement_unbalances_or_rewrites_the_books(hub) {
        let before = with_a_sale(hub);
        // An entry without a posting, for the cheats that make one.
        hub.sql("INSERT INTO entries (store, terminal, seq, hash, kind, at, received_at, projected, text) \
                 SELECT store, terminal, 2, hash, kind, at, received_at, projected, text FROM entries").unwrap();
        let own = if hub.is_postgres() {
            vec!["TRUNCATE posting_lines", "TRUNCATE postings CASCADE", "TRUNCATE entries CASCADE"]
        } else {
            vec![
                "INSERT OR REPLACE INTO posting_lines (store, terminal, seq, account, amount) VALUES (1, 1, 1, 'cash', 7)",
                "INSERT OR REPLACE INTO postings (store, terminal, seq, business_date, currency) \
                 VALUES (1, 1, 1, '2026-03-01', 'EUR')",
                "UPDATE OR REPLACE posting_lines SET account = 'revenue' WHERE account = 'cash'",
                "INSERT INTO posting_lines (store, terminal, seq, account, amount) VALUES (1, 1, 3, 'cash', 9223372036854775807), \
                 (1, 1, 3, 'revenue', 9223372036854775807), (1, 1, 3, 'refunds', 2); \
                 INSERT INTO postings (store, terminal, seq, business_date, currency) VALUES (1, 1, 3, '2026-03-01', 'CNY')",
            ]
        };
        for cheat in CHEATS.iter().copied().chain(own) {
            let error = hub.sql(cheat).expect_err(cheat);
            let ours = ["sum to zero", "never", "append-only", "no more lines", "overflow"];
            assert!(ours.iter().any(|words| error.contains(words)), "{cheat}: {error}");
            assert_eq!(hub.number("SELECT SUM(amount * amount) FROM ledger"), before, "{cheat}");
            assert_eq!(hub.number("SELECT SUM(amount) FROM ledger"), 0, "{cheat}");
        }
    }

    fn a_balanced_posting_is_taken(hub) {
        with_a_sale(hub);
        hub.sql("INSERT INTO entries (store, terminal, seq, hash, kind, at, received_at, projected, text) \
                 SELECT store, terminal, 2, hash, kind, at, received_at, projected, text FROM entries").unwrap();
        hub.sql("BEGIN; \
                 INSERT INTO posting_lines (store, terminal, seq, account, amount) VALUES (1, 1, 2, 'cash', 5), (1, 1, 2, 'revenue', -5); \
                 INSERT INTO postings (store, terminal, seq, business_date, currency) VALUES (1, 1, 2, '2026-03-01', 'CNY'); \
                 COMMIT").unwrap();
        assert_eq!(hub.number("SELECT count(*) FROM ledger WHERE seq = 2"), 2);
    }

    fn lines_that_no_posting_closes_do_not_count(hub) {
        let before = with_a_sale(hub);
        let _ = hub.sql("INSERT INTO posting_lines (store, terminal, seq, account, amount) \
                         VALUES (1, 1, 2, 'cash', 5), (1, 1, 2, 'revenue', -5)");
        assert_eq!(hub.number("SELECT SUM(amount * amount) FROM ledger"), before);
    }
}
