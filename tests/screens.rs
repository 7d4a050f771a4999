//! A sale in the real window and in a real browser, from a scanned barcode to its row in the hub's database, on both
//! databases. The drivers speak WebDriver: Debian's packages webkit2gtk-driver and chromium-driver.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use shop::{On, PIN, TestHub, TillAt, products, wait_until};
use test_support::binary;

/// Keys as a scanner sends them: all of a code and Enter in one breath.
const SCANNER: &str = r"
    for (const key of [...arguments[0], 'Enter']) {
        const code = key === 'Enter' ? key : `Digit${key}`;
        for (const type of ['keydown', 'keyup']) {
            document.activeElement.dispatchEvent(new KeyboardEvent(type, { key, code, bubbles: true, cancelable: true }));
        }
    }";

#[test]
#[cfg(target_os = "linux")]
fn a_sale_in_the_window_reaches_the_hub_on_sqlite() {
    sell_in_the_window(On::Sqlite);
}

#[test]
#[cfg(target_os = "linux")]
fn a_sale_in_the_window_reaches_the_hub_on_postgresql() {
    sell_in_the_window(On::Postgres);
}

#[test]
fn a_sale_in_a_browser_reaches_the_hub_on_sqlite() {
    sell_in_a_browser(On::Sqlite);
}

#[test]
fn a_sale_in_a_browser_reaches_the_hub_on_postgresql() {
    sell_in_a_browser(On::Postgres);
}

#[cfg(target_os = "linux")]
fn sell_in_the_window(on: On) {
    let (hub, folder) = enrolled(on);
    let driver = Driver::start(Command::new("WebKitWebDriver").env("TAURI_WEBVIEW_AUTOMATION", "true"), "webkit2gtk-driver");
    let window = json!({ "webkitgtk:browserOptions": {
        "binary": binary("tillbridge"), "args": ["run", "--data", folder.path()],
    } });
    block_on(async {
        let client = driver.connect(window).await;
        sell(&client).await;
        client.close().await.expect("the window closes");
    });
    at_the_hub(&hub);
}

fn sell_in_a_browser(on: On) {
    let (hub, folder) = enrolled(on);
    let bridge = BridgeProcess::start(folder.path());
    let driver = Driver::start(&mut Command::new("chromedriver"), "chromium-driver");
    let browser = json!({ "goog:chromeOptions": { "args": [
        "--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,800", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ] } });
    block_on(async {
        let client = driver.connect(browser).await;
        client.goto(&bridge.address).await.expect("the page opens");
        sell(&client).await;
        client.close().await.expect("the browser closes");
    });
    at_the_hub(&hub);
}

/// A till that has joined the hub and knows its staff.
fn enrolled(on: On) -> (TestHub, tempfile::TempDir) {
    let hub = TestHub::start(on);
    let folder = tempfile::tempdir().expect("a folder");
    TillAt::open(folder.path()).enrol(&hub.url, &hub.code("Front"));
    (hub, folder)
}

/// Signs in, scans one product, takes the exact amount in cash, and sees the sale done.
async fn sell(page: &Client) {
    click(page, r#"[data-staff="chen"]"#).await;
    // At a person's pace: keys in one breath are a scanner's.
    let pin = find(page, "#pin").await;
    for digit in PIN.chars() {
        pin.send_keys(&digit.to_string()).await.expect("a digit is typed");
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    click(page, "#primary").await;
    find(page, "#total").await;
    find(page, "[data-product]").await;
    let milk = &products()[0];
    page.execute(SCANNER, vec![json!(milk.barcodes[0].as_str())]).await.expect("the scanner reads");
    find(page, "[data-line]").await;
    assert_eq!(find(page, "#total").await.text().await.expect("a text"), "¥12.90");
    click(page, "#primary").await;
    click(page, r#"[data-quick="12.90"]"#).await;
    find(page, "#change").await;
    let receipt = find(page, "#receipt-text").await.text().await.expect("a text");
    assert!(receipt.contains("12.90"), "{receipt}");
}

fn at_the_hub(hub: &TestHub) {
    wait_until("the sale is at the hub", || hub.values("SELECT count(*) FROM orders") == ["1".to_owned()]);
    assert_eq!(hub.values("SELECT kind, total, currency FROM orders"), ["sale", "1290", "CNY"].map(str::to_owned));
    assert_eq!(hub.values("SELECT tender, amount FROM payments"), ["cash", "1290"].map(str::to_owned));
    assert_eq!(hub.values("SELECT sum(amount) FROM ledger WHERE account = 'cash'"), ["1290".to_owned()]);
    assert_eq!(hub.values("SELECT sum(amount) FROM ledger"), ["0".to_owned()]);
}

async fn find(page: &Client, css: &str) -> fantoccini::elements::Element {
    page.wait()
        .at_most(Duration::from_secs(30))
        .for_element(Locator::Css(css))
        .await
        .unwrap_or_else(|error| panic!("{css}: {error}"))
}

async fn click(page: &Client, css: &str) {
    find(page, css).await.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
}

fn block_on(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(work);
}

/// A WebDriver that ends with the test.
struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    fn start(command: &mut Command, package: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port").port();
        let name = command.get_program().to_owned();
        let child = command
            .arg(format!("--port={port}"))
            .env("TILLBRIDGE_KEYS", "file")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = child.unwrap_or_else(|error| panic!("{} is not here ({error}): install {package}", name.display()));
        wait_until("the driver listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { child, address: format!("http://127.0.0.1:{port}") }
    }

    async fn connect(&self, capabilities: Value) -> Client {
        let Value::Object(capabilities) = capabilities else { panic!("capabilities are an object") };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(Capabilities::from_iter(capabilities))
            .connect(&self.address)
            .await
            .expect("the driver opens the screens")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `tillbridge bridge` over a till.
struct BridgeProcess {
    child: Child,
    address: String,
}

impl BridgeProcess {
    fn start(dir: &Path) -> Self {
        let mut child = Command::new(binary("tillbridge"))
            .args(["bridge", "--json", "--listen", "127.0.0.1:0", "--data"])
            .arg(dir)
            .env("TILLBRIDGE_KEYS", "file")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the bridge starts");
        let output = child.stdout.take().expect("its output is piped");
        let mut answers = serde_json::Deserializer::from_reader(output).into_iter::<Value>();
        let answer = answers.next().expect("it says where").expect("JSON");
        let address = answer["address"].as_str().expect("an address").to_owned();
        Self { child, address }
    }
}

impl Drop for BridgeProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
