//! Loads a large synthetic catalogue and measures every class of search on it.
//!
//! `cargo run --release -p tillbridge-store --example search_at_scale -- FOLDER 1000000` loads on the first run and measures on
//! every further one.

use std::convert::Infallible;
use std::path::Path;
use std::time::Instant;

use domain::{Barcode, CategoryCode, Change, Currency, Name, Product, ProductId, Sku, TaxCode, Unit, UnitPrice};
use store::Store;

const HAN: &str = "洗发水沐浴露牛奶面包茶叶咖啡饼干糖果纸巾牙膏毛巾香皂酱油醋米粉条鸡蛋苹果橙子香蕉葡萄西瓜桃梨青菜土豆番茄黄瓜豆腐鱼虾肉\
    清新柔顺草本精华天然有机经典儿童男士女士家庭装大号小号红绿蓝白黑金银海飞丝潘婷力士舒肤佳蒙牛伊利光明农夫山泉康师傅统一娃哈哈";
const WORDS: [&str; 24] = [
    "shampoo",
    "shower",
    "milk",
    "bread",
    "tea",
    "coffee",
    "biscuit",
    "candy",
    "tissue",
    "toothpaste",
    "towel",
    "soap",
    "organic",
    "classic",
    "family",
    "large",
    "small",
    "green",
    "white",
    "fresh",
    "natural",
    "premium",
    "kids",
    "light",
];

/// A small generator of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }

    fn rare_word(&mut self) -> String {
        (0..6 + self.below(4)).map(|_| char::from(b'a' + u8::try_from(self.below(26)).unwrap_or(0))).collect()
    }
}

fn barcode(number: u64) -> String {
    format!("690{:010}", number * 7 + 3)
}

fn name(numbers: &mut Numbers, frequent: &[char]) -> Name {
    let mut zh: String = (0..4).map(|_| frequent[usize::try_from(numbers.below(frequent.len() as u64)).unwrap_or(0)]).collect();
    zh.extend((0..3).filter_map(|_| char::from_u32(0x4e00 + u32::try_from(numbers.below(6_000)).unwrap_or(0))));
    let known = WORDS[usize::try_from(numbers.below(WORDS.len() as u64)).unwrap_or(0)];
    let second = WORDS[usize::try_from(numbers.below(WORDS.len() as u64)).unwrap_or(0)];
    Name { zh: zh + " 500ml", en: format!("{known} {} {second}", numbers.rare_word()) }
}

fn product(number: u64, numbers: &mut Numbers, frequent: &[char]) -> Result<Product, Box<dyn std::error::Error>> {
    Ok(Product {
        id: ProductId::generate(),
        sku: Sku::parse(&format!("P{number:07}"))?,
        barcodes: vec![Barcode::parse(&barcode(number))?],
        name: name(numbers, frequent),
        category: Some(CategoryCode::parse(&format!("c{}", number % 20))?),
        price: UnitPrice::parse("12.90", Currency::parse("CNY")?)?,
        unit: Unit::Piece,
        tax: TaxCode::parse("standard")?,
        picture: None,
        active: true,
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("name a folder")?;
    let count: u64 = args.next().ok_or("name how many products")?.parse()?;
    let frequent: Vec<char> = HAN.chars().filter(|c| !c.is_whitespace()).collect();
    let started = Instant::now();
    let store = Store::open(Path::new(&folder))?;
    println!("open            {:>9.1} ms, {} MB resident", ms(started), resident_mb());
    if store.browse(None, 0, 1)?.is_empty() {
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let products = (0..count).filter_map(|number| product(number, &mut numbers, &frequent).ok());
        let started = Instant::now();
        store.load_snapshot(products.map(|product| Ok::<_, Infallible>(Change::Product(product))), 1)?;
        println!("load            {:>9.1} ms, {} MB resident", ms(started), resident_mb());
        return Ok(());
    }
    let mut numbers = Numbers(12_345);
    let pick = |numbers: &mut Numbers| frequent[usize::try_from(numbers.below(frequent.len() as u64)).unwrap_or(0)];
    let word = |numbers: &mut Numbers| WORDS[usize::try_from(numbers.below(WORDS.len() as u64)).unwrap_or(0)];
    let classes: Vec<(&str, usize, Box<dyn Fn(&mut Numbers) -> String>)> = vec![
        ("1 character", 300, Box::new(move |n| pick(n).to_string())),
        ("2 characters", 300, Box::new(move |n| (0..2).map(|_| pick(n)).collect())),
        ("3 characters", 300, Box::new(move |n| (0..3).map(|_| pick(n)).collect())),
        ("4 characters", 300, Box::new(move |n| (0..4).map(|_| pick(n)).collect())),
        ("initials 1", 26, Box::new(|n| char::from(b'a' + u8::try_from(n.below(26)).unwrap_or(0)).to_string())),
        ("initials 2", 300, Box::new(|n| (0..2).map(|_| char::from(b'a' + u8::try_from(n.below(26)).unwrap_or(0))).collect())),
        (
            "initials 4",
            300,
            Box::new(|n| (0..4).map(|_| b"xfsmnbyzlhgtjq"[usize::try_from(n.below(14)).unwrap_or(0)] as char).collect()),
        ),
        (
            "initials 6",
            300,
            Box::new(|n| (0..6).map(|_| b"xfsmnbyzlhgtjq"[usize::try_from(n.below(14)).unwrap_or(0)] as char).collect()),
        ),
        ("English prefix", 300, Box::new(move |n| word(n).chars().take(3).collect())),
        ("English word", 300, Box::new(move |n| word(n).to_owned())),
        ("two words", 300, Box::new(move |n| format!("{} {}", word(n), word(n)))),
        ("word + character", 300, Box::new(move |n| format!("{} {}", word(n), pick(n)))),
        ("frequent + rare", 300, Box::new(move |n| format!("{} {}", word(n), n.rare_word().chars().take(3).collect::<String>()))),
        ("rare", 300, Box::new(|n| n.rare_word())),
        ("absent", 300, Box::new(|_| "鿿龘".to_owned())),
        ("SKU", 300, Box::new(move |n| format!("P{:07}", n.below(count)))),
        ("SKU prefix", 300, Box::new(move |n| format!("P{:04}", n.below(1_000)))),
        ("barcode", 300, Box::new(move |n| barcode(n.below(count)))),
    ];
    for (class, rounds, make) in &classes {
        let mut took: Vec<f64> = Vec::new();
        let mut rows = 0;
        for _ in 0..*rounds {
            let text = make(&mut numbers);
            let started = Instant::now();
            rows += store.search(&text, 50)?.len();
            took.push(ms(started));
        }
        report(class, &mut took, rows / rounds);
    }
    let mut took: Vec<f64> = Vec::new();
    for _ in 0..20_000 {
        let code = barcode(numbers.below(count));
        let started = Instant::now();
        store.product_by_barcode(&code)?;
        took.push(ms(started));
    }
    report("scan", &mut took, 1);
    println!("{} MB resident", resident_mb());
    Ok(())
}

fn report(class: &str, took: &mut [f64], rows: usize) {
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took[(took.len() * share / 1_000).min(took.len() - 1)];
    println!("{class:<17} p50 {:>8.3}  p95 {:>8.3}  p99 {:>8.3} ms  {rows} rows", at(500), at(950), at(990));
}

fn ms(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1_000.0
}

/// Resident memory, where the system tells it.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
