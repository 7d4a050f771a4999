//! A year of a real shop's invoices, sold through the same use case as the window, equals an independent sum of the same
//! file, day by day and to the penny, on both databases; killed and run again, nothing is lost and nothing doubled.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use shop::{On, TestHub, TillAt};
use test_support::{binary, shared_data};

#[test]
fn a_year_of_invoices_equals_the_independent_sum_on_sqlite() {
    replay_the_year(On::Sqlite);
}

#[test]
fn a_year_of_invoices_equals_the_independent_sum_on_postgresql() {
    replay_the_year(On::Postgres);
}

fn replay_the_year(on: On) {
    let (Some(invoices), Some(daily)) = (shared_data("data/online-retail.csv.zst"), shared_data("data/online-retail-daily.csv"))
    else {
        return;
    };
    let hub = TestHub::start(on);
    let folder = tempfile::tempdir().expect("a folder");
    TillAt::open(folder.path()).enrol(&hub.url, &hub.code("Replay"));

    // Three times cut off at whatever it was doing, then to the end.
    for seconds in [2, 5, 3] {
        let mut interrupted = replay(&invoices, folder.path(), &hub.url).stdout(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(Duration::from_secs(seconds));
        interrupted.kill().expect("it can be killed");
        interrupted.wait().expect("it has ended");
    }
    let summary = answer(&mut replay(&invoices, folder.path(), &hub.url));
    println!("{summary}");
    assert_eq!(hub_days(&hub), independent_days(&daily));

    let again = answer(&mut replay(&invoices, folder.path(), &hub.url));
    assert_eq!((&again["sales"], &again["refunds"]), (&Value::from(0), &Value::from(0)), "nothing is sold twice: {again}");
    assert_eq!(hub_days(&hub), independent_days(&daily));
    assert_eq!(hub.values("SELECT count(*) - count(DISTINCT external_reference) FROM orders"), ["0".to_owned()]);
    assert_eq!(hub.values("SELECT sum(amount) FROM ledger"), ["0".to_owned()]);
    till::proof::verify(folder.path()).expect("chain, signatures and projections are whole");
}

fn replay(invoices: &Path, store: &Path, hub: &str) -> Command {
    let mut command = Command::new(binary("tillbridge"));
    command.arg("replay").arg(invoices).arg("--store").arg(store).args(["--hub", hub, "--json"]);
    command.env("TILLBRIDGE_KEYS", "file").stderr(Stdio::null());
    command
}

fn answer(command: &mut Command) -> Value {
    let output = command.output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "replay failed: {text}");
    serde_json::from_str(&text).expect("JSON")
}

/// Date, orders, refunds, gross, refunded, net.
type Day = [String; 6];

fn hub_days(hub: &TestHub) -> Vec<Day> {
    let day = |text: &str| text.parse().expect("a date");
    let days = hub.hub.report_daily(&TestHub::store(), day("2010-01-01"), day("2012-12-31")).expect("the report");
    days.into_iter()
        .map(|day| [day.date.to_string(), day.orders.to_string(), day.refunds.to_string(), day.gross, day.refunded, day.net])
        .collect()
}

fn independent_days(file: &Path) -> Vec<Day> {
    let mut reader = csv::Reader::from_path(file).expect("the file opens");
    reader.deserialize().map(|row| row.expect("six columns")).collect()
}
