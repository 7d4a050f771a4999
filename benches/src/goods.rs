//! A catalogue as large as one likes, the same in every run: half of its words are frequent, half are rare.

use domain::{
    Barcode, CategoryCode, Change, Currency, Name, Product, ProductId, Sku, TaxClass, TaxCode, TaxRate, Unit, UnitPrice,
};

const ZH: [&str; 24] = [
    "纯牛奶",
    "酸奶",
    "绿茶",
    "红茶",
    "矿泉水",
    "苹果",
    "香蕉",
    "面包",
    "饼干",
    "巧克力",
    "酱油",
    "陈醋",
    "大米",
    "面粉",
    "花生油",
    "洗发水",
    "牙膏",
    "毛巾",
    "纸巾",
    "洗衣液",
    "电池",
    "雨伞",
    "铅笔",
    "笔记本",
];
const EN: [&str; 24] = [
    "Milk",
    "Yoghurt",
    "Green tea",
    "Black tea",
    "Water",
    "Apple",
    "Banana",
    "Bread",
    "Biscuit",
    "Chocolate",
    "Soy sauce",
    "Vinegar",
    "Rice",
    "Flour",
    "Peanut oil",
    "Shampoo",
    "Toothpaste",
    "Towel",
    "Tissue",
    "Detergent",
    "Battery",
    "Umbrella",
    "Pencil",
    "Notebook",
];
const KINDS_ZH: [&str; 10] = ["大包装", "小包装", "经典", "新鲜", "有机", "无糖", "原味", "家庭装", "进口", "特惠"];
const KINDS_EN: [&str; 10] =
    ["large", "small", "classic", "fresh", "organic", "sugarless", "plain", "family pack", "imported", "value"];

/// The tax class of every product.
pub fn tax_class() -> TaxClass {
    TaxClass {
        code: TaxCode::parse("VAT13").expect("a code"),
        name: Name { zh: "增值税".to_owned(), en: "VAT".to_owned() },
        inclusive: true,
        rates: vec![TaxRate { code: "VAT".to_owned(), rate: "0.13".parse().expect("a rate") }],
    }
}

/// Product `number` of the catalogue, from 0.
pub fn product(number: u64) -> Product {
    let (word, kind) = (index(number, 24), index(number / 24, 10));
    let id = ProductId::from_uuid(uuid(number));
    Product {
        id,
        sku: Sku::parse(&format!("SKU{number:07}")).expect("a code"),
        barcodes: vec![Barcode::parse(&barcode(number)).expect("a barcode")],
        name: Name {
            zh: format!("{}{}{}", rare_zh(number), KINDS_ZH[kind], ZH[word]),
            en: format!("{} {} {}", rare_en(number), KINDS_EN[kind], EN[word]),
        },
        category: Some(CategoryCode::parse(&format!("c{word}")).expect("a code")),
        price: UnitPrice::parse(&format!("{}.{:02}", 1 + number % 90, number % 100), currency()).expect("a price"),
        unit: Unit::Piece,
        tax: TaxCode::parse("VAT13").expect("a code"),
        picture: None,
        active: true,
        details: domain::ProductDetails::default(),
    }
}

/// The whole catalogue of `count` products as a hub sends it.
pub fn changes(count: u64) -> impl Iterator<Item = Change> {
    std::iter::once(Change::TaxClass(tax_class())).chain((0..count).map(|number| Change::Product(product(number))))
}

/// The EAN-13 of product `number`.
pub fn barcode(number: u64) -> String {
    let body = format!("69{number:010}");
    let sum: u32 =
        body.bytes().enumerate().map(|(place, digit)| u32::from(digit - b'0') * if place % 2 == 0 { 1 } else { 3 }).sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// The currency of every price.
pub fn currency() -> Currency {
    Currency::parse("CNY").expect("CNY is a currency")
}

/// Two characters out of 20,000 that few names share.
pub fn rare_zh(number: u64) -> String {
    let pick = |seed: u64| char::from_u32(0x4E00 + u32::try_from(seed % 20_000).unwrap_or(0)).unwrap_or('一');
    [pick(number.wrapping_mul(2_654_435_761)), pick(number.wrapping_mul(40_503) + 7)].iter().collect()
}

/// A made-up brand that few names share.
pub fn rare_en(number: u64) -> String {
    let mut seed = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    let mut letter = |from: &[u8]| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(from[usize::try_from(seed >> 33).unwrap_or(0) % from.len()])
    };
    (0..3).flat_map(|_| [letter(b"bdfgklmnprstvz"), letter(b"aeiou")]).collect()
}

fn index(number: u64, size: u64) -> usize {
    usize::try_from(number % size).unwrap_or(0)
}

fn uuid(number: u64) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0189_0000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}
