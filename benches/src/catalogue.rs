//! A till with a million products: look-up, search, start and memory.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rusqlite::{Connection, OpenFlags};
use store::Store;
use till::{Terminal, TerminalOptions};

use crate::measure::{Samples, alternate, time};
use crate::report::Row;
use crate::{Failure, goods, people};

/// How many products the large catalogue has.
pub const PRODUCTS: u64 = 1_000_000;
const SEARCHES: usize = 300;

/// Makes the large till in `dir`.
pub fn make_large_till(dir: &Path) -> Result<(), Failure> {
    drop(open(dir)?);
    let store = Store::open(dir)?;
    let (millis, loaded) = time(|| {
        let changes = goods::changes(PRODUCTS).chain([domain::Change::Staff(people::manager())]);
        store.load_snapshot(changes.map(Ok::<_, std::io::Error>), 1)
    });
    loaded?;
    while !store.catalogue_complete() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    store.checkpoint()?;
    writeln!(std::io::stderr(), "{PRODUCTS} products loaded in {:.1} s", millis / 1_000.0)?;
    Ok(())
}

fn open(dir: &Path) -> Result<std::sync::Arc<Terminal>, Failure> {
    Ok(Terminal::open(TerminalOptions { vault: journal::VaultKind::File, ..TerminalOptions::new(dir) })?)
}

/// Barcode look-up against a bare prepared statement on the same file, and every kind of search.
pub fn rows(dir: &Path) -> Result<Vec<Row>, Failure> {
    let store = Store::open(dir)?;
    let mut rows = vec![barcode(&store, dir)?];
    rows.extend(searches(&store)?);
    Ok(rows)
}

fn barcode(store: &Store, dir: &Path) -> Result<Row, Failure> {
    let bare = Connection::open_with_flags(dir.join("till.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = bare.prepare(
        "SELECT p.id, p.sku, p.barcodes, p.zh, p.en, p.category, p.price, p.currency, p.unit, p.tax, p.picture, p.active
         FROM product_barcodes b JOIN products p ON p.key = b.product WHERE b.barcode = ?1",
    )?;
    let mut rng = StdRng::seed_from_u64(1);
    let codes: Vec<String> = (0..20_000).map(|_| goods::barcode(rng.random_range(0..PRODUCTS))).collect();
    let (ours, floor) = alternate::<Failure>(
        2_000,
        18_000,
        |round| store.product_by_barcode(&codes[round])?.map(drop).ok_or(Failure::Missing),
        |round| {
            let row = statement.query_row([&codes[round]], |row| {
                let texts: Result<Vec<Option<String>>, _> = (1..11).map(|column| row.get(column)).collect();
                Ok((row.get::<_, [u8; 16]>(0)?, texts?, row.get::<_, bool>(11)?))
            })?;
            std::hint::black_box(row);
            Ok(())
        },
    )?;
    Ok(Row::slower_than_floor("barcode look-up among 1,000,000, p50", ours.quantile(0.5), floor.quantile(0.5), "ms", 1.5))
}

fn searches(store: &Store) -> Result<Vec<Row>, Failure> {
    type Query = fn(u64) -> String;
    let classes: [(&str, Query); 12] = [
        ("1 Chinese character, frequent", |n| {
            "奶茶水果酱米纸电".chars().nth(usize::try_from(n % 8).unwrap_or(0)).into_iter().collect()
        }),
        ("1 Chinese character, rare", |n| goods::rare_zh(n).chars().take(1).collect()),
        ("2 Chinese characters, frequent", |n| ["牛奶", "绿茶", "面包", "牙膏"][usize::try_from(n % 4).unwrap_or(0)].to_owned()),
        ("2 Chinese characters, rare", goods::rare_zh),
        ("4 Chinese characters", |n| goods::product(n).name.zh.chars().take(4).collect()),
        ("pinyin initials", |n| ["cnn", "lc", "mb", "jdcnn", "yjlc", "zj"][usize::try_from(n % 6).unwrap_or(0)].to_owned()),
        ("English prefix, frequent", |n| ["mil", "cho", "gr", "org", "t"][usize::try_from(n % 5).unwrap_or(0)].to_owned()),
        ("English word, rare", goods::rare_en),
        ("two words, frequent", |n| ["milk fresh", "tea large", "绿茶 有机"][usize::try_from(n % 3).unwrap_or(0)].to_owned()),
        ("two words, rare and frequent", |n| format!("{} {}", goods::rare_en(n), if n % 2 == 0 { "milk" } else { "tea" })),
        ("SKU", |n| format!("sku{n:07}")),
        ("absent", |n| format!("qxzw{n} 龘靐")),
    ];
    let mut rng = StdRng::seed_from_u64(2);
    classes
        .iter()
        .map(|(class, query)| {
            let texts: Vec<String> = (0..SEARCHES + 20).map(|_| query(rng.random_range(0..PRODUCTS))).collect();
            for text in &texts[..20] {
                store.search(text, 50)?;
            }
            let took: Result<Vec<f64>, Failure> = texts[20..]
                .iter()
                .map(|text| {
                    let (millis, found) = time(|| store.search(text, 50));
                    found?;
                    Ok(millis)
                })
                .collect();
            let took: Samples = took?.into_iter().collect();
            Ok(Row::at_most(&format!("search, {class}, p99"), took.quantile(0.99), "ms", 30.0))
        })
        .collect()
}

/// Start of the core and its memory, each in a process of its own.
pub fn start_and_memory(dir: &Path) -> Result<Vec<Row>, Failure> {
    let starts: Result<Vec<f64>, Failure> = (0..5).map(|_| child("core-start", dir)).collect();
    let starts: Samples = starts?.into_iter().collect();
    Ok(vec![
        Row::at_most("start of the core with 1,000,000 products, median of 5", starts.quantile(0.5), "ms", 300.0),
        Row::at_most("memory of the core with 1,000,000 products", child("core-memory", dir)?, "MB", 120.0),
    ])
}

fn child(verb: &str, dir: &Path) -> Result<f64, Failure> {
    let output = Command::new(std::env::current_exe()?).args(["--child", verb]).arg(dir).output()?;
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| Failure::Child(String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// Milliseconds to open the terminal and look one product up.
pub fn core_start(dir: &Path) -> Result<f64, Failure> {
    let (millis, opened) = time(|| {
        let terminal = open(dir)?;
        terminal.store().product_by_barcode(&goods::barcode(777_777))?.ok_or(Failure::Missing)?;
        Ok::<_, Failure>(terminal)
    });
    drop(opened?);
    Ok(millis)
}

/// Megabytes resident after look-ups and searches of every kind.
pub fn core_memory(dir: &Path) -> Result<f64, Failure> {
    let terminal = open(dir)?;
    for number in 0..3_000 {
        terminal.store().product_by_barcode(&goods::barcode(number * 331))?;
    }
    searches(terminal.store())?;
    crate::process::resident_mb(std::process::id())
}
