//! A file of products into the hub's catalogue, checked and written, against a bare insert of the same rows into a table with
//! the same keys, prepared once, in one transaction.

use std::io::{BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::path::Path;

use domain::{Change, StoreCode};
use hub::catalogue::ImportOptions;
use hub::{AddTerminal, DatabaseUrl, Hub};
use jiff::Timestamp;

use crate::Failure;
use crate::goods;
use crate::measure::{Samples, alternate};
use crate::report::Row;

const ROUNDS: usize = 3;

/// Imports of `count` products.
pub fn rows(count: u64) -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let mut file = BufWriter::new(tempfile::tempfile()?);
    writeln!(file, "sku,name_zh,name_en,price,barcodes,category,tax")?;
    let mut bare = Vec::new();
    for number in 0..count {
        let product = goods::product(number);
        let category = product.category.as_ref().map(ToString::to_string).unwrap_or_default();
        let (name, price, code) = (&product.name, product.price.amount(), goods::barcode(number));
        writeln!(file, "{},{},{},{price},{code},{category},{}", product.sku, name.zh, name.en, product.tax)?;
        bare.push((format!("product:{}", product.id), serde_json::to_string(&Change::Product(product))?));
    }
    let mut file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    let ours = |round: usize| -> Result<(), Failure> {
        let hub = Hub::open(&DatabaseUrl::file(folder.path().join(format!("hub-{round}.sqlite"))))?;
        let code = StoreCode::parse("S1").map_err(|_| Failure::Missing)?;
        let store = AddTerminal { store: code.clone(), name: "T".to_owned(), currency: None, time_zone: None, shop_name: None };
        hub.add_terminal(&store, Timestamp::now())?;
        let shop = hub.store(&code)?;
        hub.publish(shop.id, &[Change::TaxClass(goods::tax_class())])?;
        file.rewind()?;
        let (kind, options) = (catalogue_file::FileKind::Csv, ImportOptions::default());
        let go_on = |_| ControlFlow::Continue(());
        let checked = hub.check_import(shop.id, &mut file, kind, None, options, &go_on).map_err(|_| Failure::Missing)?;
        let staged = checked.staged.ok_or(Failure::Missing)?;
        hub.commit_import(&staged, options, go_on).map(drop).map_err(|_| Failure::Missing)
    };
    let floor = |round: usize| insert(&folder.path().join(format!("floor-{round}.sqlite")), &bare);
    let (ours, floor): (Samples, Samples) = alternate(0, ROUNDS, ours, floor)?;
    #[allow(clippy::cast_precision_loss)]
    let rate = |took: &Samples| count as f64 / took.quantile(0.5) * 1_000.0;
    let title = format!("SQLite: import of {count} products, checked and written, against a bare insert");
    Ok(vec![Row::share_of_floor(&title, rate(&ours), rate(&floor), "products/s", 0.4)])
}

fn insert(file: &Path, rows: &[(String, String)]) -> Result<(), Failure> {
    let mut connection = rusqlite::Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
         CREATE TABLE feed (store INTEGER NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, change TEXT NOT NULL,
                            PRIMARY KEY (store, position), UNIQUE (key, store)) STRICT, WITHOUT ROWID;",
    )?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO feed (store, position, key, change) VALUES (1, ?1, ?2, ?3)")?;
        for (position, (key, change)) in rows.iter().enumerate() {
            insert.execute((position, key, change))?;
        }
    }
    transaction.commit()?;
    Ok(())
}
