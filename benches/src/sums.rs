//! Reports over many orders, read from the hub's running sums, against a bare aggregate of the same rows. The rows are made by
//! the database itself: what is measured is reading.

use domain::StoreCode;
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;
use jiff::civil::date;
use test_support::postgres::Database;

use crate::Failure;
use crate::measure::{Samples, time};
use crate::report::Row;

/// Lines of an order.
const LINES: u64 = 5;
/// Days that the orders are spread over, from 2026-01-01 on.
const DAYS: u64 = 100;
/// Products that are sold.
const PRODUCTS: u64 = 5_000;
const ROUNDS: usize = 5;

/// A day's report and the sums of every day, with `lines` order lines on PostgreSQL.
pub fn rows(lines: u64) -> Result<Vec<Row>, Failure> {
    let server = Database::create();
    let database: DatabaseUrl = server.url().parse()?;
    let hub = Hub::open(&database)?;
    let store = StoreCode::parse("B1").map_err(|_| Failure::Missing)?;
    let terminal =
        AddTerminal { store: store.clone(), name: "bench".to_owned(), currency: None, time_zone: None, shop_name: None };
    hub.add_terminal(&terminal, Timestamp::now())?;
    let mut client = server.connect();
    client.batch_execute(&made(lines / LINES))?;
    let (first, last) = (date(2026, 1, 1), date(2026, 4, 10));

    let (mut day, mut all, mut bare_day, mut bare_all) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (millis, done) = time(|| hub.report_day(&store, first, first, true));
        done?;
        day.push(millis);
        let (millis, done) = time(|| hub.report_daily(&store, first, last));
        done?;
        all.push(millis);
        let mut bare = |sql: &str| -> Result<f64, Failure> {
            let (millis, done) = time(|| client.query(sql, &[]));
            done?;
            Ok(millis)
        };
        bare_day.push(bare(BARE_DAY)?);
        bare_all.push(bare(BARE_ALL)?);
    }
    let median = |took: &[f64]| took.iter().copied().collect::<Samples>().quantile(0.5);
    let title = |what: &str| format!("PostgreSQL, {lines} order lines: {what}");
    Ok(vec![
        Row::at_most(&title("report of a day with its products"), median(&day), "ms", 200.0),
        Row::at_most(&title("totals of every day"), median(&all), "ms", 200.0),
        Row::slower_than_floor(
            &title("report of a day, against its lines added up"),
            median(&day),
            median(&bare_day),
            "ms",
            0.05,
        ),
        Row::slower_than_floor(
            &title("totals of every day, against all lines added up"),
            median(&all),
            median(&bare_all),
            "ms",
            0.05,
        ),
    ])
}

const BARE_DAY: &str = "SELECT sum(l.payable), sum(l.quantity), count(*) FROM order_lines l \
    JOIN orders o ON o.store = l.store AND o.terminal = l.terminal AND o.seq = l.seq WHERE o.business_date = '2026-01-01'";
const BARE_ALL: &str = "SELECT o.business_date, sum(l.payable), count(*) FROM order_lines l \
    JOIN orders o ON o.store = l.store AND o.terminal = l.terminal AND o.seq = l.seq GROUP BY o.business_date";

/// Orders with their lines, and the sums that taking them in would have kept. Foreign keys are off: there are no entries.
fn made(orders: u64) -> String {
    format!(
        "SET session_replication_role = replica;
         INSERT INTO orders SELECT 1, 1, n, gen_random_uuid(), 'sale', 'B1-1-' || n, (date '2026-01-01' + (n % {DAYS})::int)::text,
             0, NULL, 'CNY', {LINES} * 500, 0, 0, NULL, NULL FROM generate_series(1, {orders}) AS n;
         INSERT INTO order_lines SELECT 1, 1, n, line, ('00000000-0000-7000-8000-' || lpad(to_hex((n * {LINES} + line) % {PRODUCTS}), 12, '0'))::uuid,
             'SKU', 1000, -1000, 500, 0, 500 FROM generate_series(1, {orders}) AS n, generate_series(1, {LINES}) AS line;
         INSERT INTO report_sums SELECT 1, 'product', o.business_date, 'CNY', l.product::text, 1, count(*), sum(l.quantity), sum(l.payable)
             FROM order_lines l JOIN orders o ON o.store = l.store AND o.terminal = l.terminal AND o.seq = l.seq
             GROUP BY o.business_date, l.product;
         INSERT INTO report_sums SELECT 1, dimension, business_date, 'CNY', '', 1, count(*), 0, sum(total)
             FROM orders, unnest(ARRAY['sales', 'tender', 'tax', 'hour', 'cashier']) AS dimension GROUP BY dimension, business_date;
         INSERT INTO daily_totals SELECT 1, 1, business_date, 'CNY', count(*), 0, sum(total), 0 FROM orders GROUP BY business_date;
         SET session_replication_role = origin;
         ANALYZE;"
    )
}
