//! A hub in the test's own process, which can be switched off and on again.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use domain::{Currency, StoreCode};
use hub::server::{ServeOptions, bind};
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub struct RunningHub {
    pub hub: Hub,
    runtime: Runtime,
    address: SocketAddr,
    serving: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl RunningHub {
    pub fn start(folder: &Path) -> Self {
        let file: PathBuf = folder.join("hub.sqlite");
        let hub = Hub::open(&DatabaseUrl::file(file)).expect("a hub");
        let runtime = Runtime::new().expect("a runtime");
        let mut running = Self { hub, runtime, address: SocketAddr::from(([127, 0, 0, 1], 0)), serving: None };
        running.switch_on();
        running
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn switch_on(&mut self) {
        let server = self.runtime.block_on(bind(self.hub.clone(), ServeOptions::new(self.address))).expect("an address");
        self.address = server.local_addr();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = self.runtime.spawn(async move {
            let until = async {
                let _ = stopped.await;
            };
            server.run(until).await.expect("served");
        });
        self.serving = Some((stop, serving));
    }

    pub fn switch_off(&mut self) {
        if let Some((stop, serving)) = self.serving.take() {
            drop(stop);
            self.runtime.block_on(serving).expect("stopped");
        }
    }

    /// A code by which a terminal may join store `S1`, which sells in pounds in London.
    pub fn code(&self, name: &str) -> String {
        let terminal = AddTerminal {
            store: store(),
            name: name.to_owned(),
            currency: Some(Currency::parse("GBP").expect("a currency")),
            time_zone: Some("Europe/London".to_owned()),
            shop_name: None,
        };
        self.hub.add_terminal(&terminal, Timestamp::now()).expect("a code").code
    }

    /// `date orders refunds gross refunded net`, a line a day.
    pub fn days(&self) -> Vec<String> {
        let day = |text: &str| text.parse().expect("a date");
        let rows = self.hub.report_daily(&store(), day("2000-01-01"), day("2100-01-01")).expect("a report");
        rows.iter()
            .map(|row| format!("{} {} {} {} {} {}", row.date, row.orders, row.refunds, row.gross, row.refunded, row.net))
            .collect()
    }
}

pub fn store() -> StoreCode {
    StoreCode::parse("S1").expect("a code")
}
