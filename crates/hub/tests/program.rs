//! The program `tillbridge-hub` as an operator and other programs use it.

mod fake;

use std::io::Write;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use fake::{FakeTerminal, Place, client, on_both_databases};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tillbridge-hub");

on_both_databases! {
    a_store_is_set_up_sells_and_reports_while_the_hub_serves,
    a_catalogue_is_imported_whole_or_not_at_all,
    refusals_have_a_code_and_a_sentence,
}

/// Runs the program with words parted by spaces, over the place's database.
fn run(place: &Place, words: &str) -> Output {
    let words: Vec<&str> = words.split_whitespace().collect();
    run_words(place, &words)
}

fn run_words(place: &Place, words: &[&str]) -> Output {
    Command::new(PROGRAM).args(words).args(["--database", &place.url]).output().expect("the program runs")
}

/// The JSON answer of a verb that must succeed.
fn answer(place: &Place, words: &str) -> Value {
    let output = run(place, &format!("{words} --json"));
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What a verb that must fail says: exit code, JSON and the sentence.
fn failure(place: &Place, words: &str) -> (Option<i32>, Value, String) {
    let output = run(place, &format!("{words} --json"));
    assert!(!output.status.success(), "{words} succeeded");
    let value = serde_json::from_slice(&output.stdout).expect("JSON");
    (output.status.code(), value, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// `serve` in a process of its own, killed when dropped.
struct Serving {
    process: Child,
    url: String,
}

impl Serving {
    fn start(place: &Place) -> Self {
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--json", "--log", "warn", "--listen", "127.0.0.1:0", "--database", &place.url])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let url = url_of(process.stdout.take().expect("a pipe"));
        Self { process, url }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn url_of(stdout: ChildStdout) -> String {
    let mut values = serde_json::Deserializer::from_reader(stdout).into_iter::<Value>();
    let value = values.next().expect("the program says where it listens").expect("JSON");
    value["url"].as_str().expect("an address").to_owned()
}

async fn a_store_is_set_up_sells_and_reports_while_the_hub_serves(place: Place) {
    let serving = Serving::start(&place);
    let added = answer(&place, "terminal add --store S1 --name Front --currency CNY --time-zone Asia/Shanghai --shop-name 茶行");
    assert_eq!((&added["store"], &added["currency"]), (&json!("S1"), &json!("CNY")));
    let mut till = FakeTerminal::new(&serving.url);
    let enrolment = till.enrol(added["code"].as_str().expect("a code")).await.expect("joined");
    assert_eq!((enrolment.shop.name.zh.as_str(), enrolment.terminal_name.as_str()), ("茶行", "Front"));

    till.sell(1_250);
    till.sell(750);
    till.refund(500);
    till.push(&till.entries).await.expect("taken in");
    let today = Timestamp::now().to_zoned_datetime(TimeZone::get("Asia/Shanghai").expect("a zone")).date();
    let days =
        format!("report daily --store S1 --from {} --to {}", today.yesterday().expect("a day"), today.tomorrow().expect("a day"));
    let row =
        json!({ "date": today.to_string(), "orders": 2, "refunds": 1, "gross": "20.00", "refunded": "5.00", "net": "15.00" });
    assert_eq!(answer(&place, &days), json!([row]));
    let table = String::from_utf8(run(&place, &days).stdout).expect("text");
    assert!(table.lines().next().is_some_and(|titles| titles.starts_with("date") && titles.ends_with("net")), "{table}");

    let listed = answer(&place, "terminal list --store S1");
    assert_eq!((&listed[0]["id"], &listed[0]["acked"]), (&json!(till.id), &json!(3)));
    answer(&place, &format!("terminal revoke {}", till.id));
    // Another process learns it within a second; a push is checked at once.
    till.sell(1);
    till.push(&till.entries).await.expect_err("shut out");
    assert!(answer(&place, "terminal list")[0]["revoked_at"].is_string());

    let staff = answer(&place, "staff add --store S1 --name 李雷 --name-en Li --role manager --pin 2580");
    assert_eq!((&staff["role"], &staff["id"]), (&json!("manager"), &json!("1001")));
    assert_eq!(answer(&place, "staff add --store S1 --name-en Han --role cashier --pin 1111")["id"], "1002");
    assert_eq!(answer(&place, "incidents --store S1"), json!([]));
}

async fn a_catalogue_is_imported_whole_or_not_at_all(place: Place) {
    answer(&place, "terminal add --store S1 --name Front");
    let class = answer(&place, "catalogue tax-class --store S1 --code vat --name 增值税 --rate VAT=0.13");
    assert_eq!(class["tax_class"]["rates"], json!([{ "code": "VAT", "rate": "0.13" }]));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let rows = "sku,name_zh,price,barcodes,category,category_zh\nA,茶,12.90,6901234567892,drinks,饮料\nB,水,2,,drinks,\n";
    let good = file("good.csv", rows);
    let first = answer(&place, &format!("catalogue import --store S1 {good}"));
    assert_eq!((&first["created"], &first["categories"]), (&json!(2), &json!(1)));
    let again = answer(&place, &format!("catalogue import --store S1 {good}"));
    assert_eq!((&again["created"], &again["updated"], &again["unchanged"]), (&json!(0), &json!(0), &json!(2)));

    let bad = file("bad.csv", "sku,name_zh,price\nC,面包,3\nD,牛奶,three\nE,,1\n");
    let (exit, value, sentence) = failure(&place, &format!("catalogue import --store S1 {bad}"));
    assert_eq!((exit, &value["error"]["code"]), (Some(1), &json!("bad_rows")));
    assert!(sentence.contains("line 3") && sentence.contains("three") && sentence.contains("line 4"), "{sentence}");
    let only_c = file("c.csv", "sku,name_zh,price\nC,面包,3\n");
    assert_eq!(answer(&place, &format!("catalogue import --store S1 {only_c}"))["created"], 1, "C was not half imported");
}

async fn refusals_have_a_code_and_a_sentence(place: Place) {
    for (words, code) in [
        ("report daily --store NONE --from 2024-01-01 --to 2024-01-02", "unknown_store"),
        ("report daily --store S1 --from 2024-01-02 --to 2024-01-01", "dates"),
        ("incidents --store NONE", "unknown_store"),
        ("terminal add --store S1 --name X --time-zone Mars/Olympus", "unknown_time_zone"),
        ("terminal revoke 01890a5d-ac96-774b-bcce-b302099a8057", "unknown_terminal"),
        ("catalogue import --store S1 /nowhere/products.csv", "file"),
        ("serve --listen 0.0.0.0:0", "plain_http"),
    ] {
        let (exit, value, sentence) = failure(&place, words);
        assert_eq!((exit, &value["error"]["code"]), (Some(1), &json!(code)), "{words}");
        assert_eq!(value["error"]["detail"].as_str().map(str::trim), Some(sentence.trim()));
    }
    answer(&place, "terminal add --store S1 --name Front");
    let (_, value, _) = failure(&place, "staff add --store S1 --name-en X --role cashier --pin 12");
    assert_eq!(value["error"]["code"], "pin");
    let (_, value, _) = failure(&place, "terminal add --store S1 --name Back --currency EUR");
    assert_eq!(value["error"]["code"], "other_currency");
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    let exit =
        |words: &str| Command::new(PROGRAM).args(words.split_whitespace()).output().expect("the program runs").status.code();
    for wrong in ["", "fly", "terminal add --store S1", "report daily --store S1 --from soon --to later", "terminal revoke 17"] {
        assert_eq!(exit(wrong), Some(2), "{wrong}");
    }
    for verb in [
        "",
        "serve",
        "terminal",
        "terminal add",
        "terminal list",
        "terminal revoke",
        "staff add",
        "catalogue import",
        "catalogue tax-class",
        "report daily",
        "incidents",
        "openapi",
    ] {
        assert_eq!(exit(&format!("{verb} --help")), Some(0), "{verb}");
    }
}

#[test]
fn the_interface_is_printed_without_a_database() {
    let output = Command::new(PROGRAM).arg("openapi").output().expect("the program runs");
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["info"]["title"], "Tillbridge hub");
}

#[test]
fn a_pin_may_come_from_standard_input() {
    let place = Place::sqlite();
    answer(&place, "terminal add --store S1 --name Front");
    let mut process = Command::new(PROGRAM)
        .args(["staff", "add", "--store", "S1", "--name-en", "Li", "--role", "owner", "--pin", "-", "--json"])
        .args(["--database", &place.url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    process.stdin.take().expect("a pipe").write_all(b"2580\n").expect("written");
    assert!(process.wait().expect("it ends").success());
}

#[cfg(target_os = "linux")]
#[test]
fn without_flags_the_data_lie_in_the_users_folder() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let status = Command::new(PROGRAM)
        .args(["terminal", "add", "--store", "S1", "--name", "Front", "--json"])
        .env("XDG_DATA_HOME", home.path())
        .env_remove("TILLBRIDGE_DATABASE")
        .stdout(Stdio::null())
        .status()
        .expect("the program runs");
    assert!(status.success());
    assert!(home.path().join("tillbridge/hub/hub.sqlite").is_file());
}

#[test]
fn a_file_that_is_no_database_is_said_and_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("hub.sqlite");
    let text = "this is a letter, no database, and long enough to be looked at as one. ".repeat(100);
    std::fs::write(&file, &text).expect("written");
    let output =
        Command::new(PROGRAM).args(["terminal", "list", "--json", "--database"]).arg(&file).output().expect("the program runs");
    let value: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((output.status.code(), &value["error"]["code"]), (Some(1), &json!("database")));
    assert_eq!(std::fs::read_to_string(&file).expect("still there"), text);
}

#[cfg(unix)]
#[tokio::test]
async fn sigterm_stops_the_hub_cleanly_and_its_log_is_json() {
    let place = Place::sqlite();
    let mut process = Command::new(PROGRAM)
        .args(["serve", "--json", "--log-json", "--listen", "127.0.0.1:0", "--database", &place.url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let url = url_of(process.stdout.take().expect("a pipe"));
    let health = client().get(format!("{url}/health")).send().await.expect("an answer");
    assert!(health.status().is_success());
    let refused = client().get(format!("{url}/v1/nothing")).send().await.expect("an answer");
    assert_eq!(refused.status(), 404);
    drop((health, refused));
    let asked = Command::new("kill").args(["-TERM", &process.id().to_string()]).status().expect("kill runs");
    assert!(asked.success());
    let limit = Instant::now() + Duration::from_secs(30);
    while process.try_wait().expect("a process").is_none() && Instant::now() < limit {
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = process.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{:?}", output.status);
    let log = String::from_utf8(output.stderr).expect("text");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let messages: Vec<&str> = lines.iter().filter_map(|line| line["message"].as_str()).collect();
    assert!(messages.contains(&"refused") && messages.last() == Some(&"stopped"), "{log}");
}
