//! A new till's first catalogue: 10,000 products from a hub, until they can be sold and searched.

use std::sync::Arc;

use domain::{Currency, Name, StoreCode};
use hub::server::{ServeOptions, bind};
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;
use store::Store;
use sync::{ClientOptions, HubAddress, HubClient, compose_enrolment, enrol};
use tokio::runtime::Runtime;

use crate::journals::Journal;
use crate::measure::{Samples, time};
use crate::report::Row;
use crate::{Failure, goods};

const PRODUCTS: u64 = 10_000;
const LOADS: usize = 5;

/// Time and size of the first load.
pub fn rows() -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let hub = Hub::open(&DatabaseUrl::file(folder.path().join("hub.sqlite")))?;
    let code = StoreCode::parse("B1").map_err(|_| Failure::Missing)?;
    let terminal = AddTerminal {
        store: code.clone(),
        name: "bench".to_owned(),
        currency: Some(Currency::parse("CNY")?),
        time_zone: Some("Asia/Shanghai".to_owned()),
        shop_name: Some(Name { zh: "店".to_owned(), en: "Shop".to_owned() }),
    };
    let one_time = hub.add_terminal(&terminal, Timestamp::now())?.code;
    let store_id = hub.store(&code)?.id;
    hub.publish(store_id, &goods::changes(PRODUCTS).collect::<Vec<_>>())?;
    let runtime = Runtime::new()?;
    let server = runtime.block_on(bind(hub.clone(), ServeOptions::new("127.0.0.1:0".parse().map_err(|_| Failure::Missing)?)))?;
    let address = HubAddress::parse(&server.url())?;
    let _serving = runtime.spawn(server.run(std::future::pending()));
    let journal = Journal::new(&code)?;
    let request = compose_enrolment(&one_time, journal.terminal, &journal.keys)?;
    runtime.block_on(enrol(&address, &request, &ClientOptions::default()))?;
    let client = HubClient::new(address, journal.terminal, Arc::clone(&journal.keys), &ClientOptions::default())?;

    let took: Result<Vec<f64>, Failure> = (0..LOADS)
        .map(|load| {
            let store = Arc::new(Store::open(&folder.path().join(format!("till{load}")))?);
            let (millis, done) = time(|| {
                let into = Arc::clone(&store);
                let loaded = runtime.block_on(client.snapshot(store_id, move |snapshot| {
                    let feed = snapshot.feed();
                    into.load_snapshot(snapshot, feed)
                }))?;
                loaded?;
                while !store.catalogue_complete() {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                Ok::<_, Failure>(())
            });
            done?;
            store.product_by_barcode(&goods::barcode(9_999))?.ok_or(Failure::Missing)?;
            Ok(millis)
        })
        .collect();
    let took: Samples = took?.into_iter().collect();
    let bytes = hub.snapshot(store_id).map_err(|refused| Failure::Refused(refused.detail))?.len();
    #[allow(clippy::cast_precision_loss)]
    let megabytes = bytes as f64 / 1_000_000.0;
    Ok(vec![
        Row::at_most("first catalogue of 10,000 products, median of 5", took.quantile(0.5), "ms", 500.0),
        Row::at_most("first catalogue of 10,000 products, on the wire", megabytes, "MB", 2.0),
    ])
}
