//! What the shop sells and who works in it.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::{
    Barcode, Category, CategoryCode, Change, Currency, Name, Product, ProductId, Role, Sku, Staff, StaffId, TaxClass, TaxCode,
    TaxRate, Unit, UnitPrice,
};
use rust_decimal::Decimal;

/// The code of the store.
pub const STORE: &str = "S1";
/// The PIN of everybody.
pub const PIN: &str = "2468";

/// The manager, who may do everything.
pub fn manager() -> StaffId {
    StaffId::parse("chen").expect("a code")
}

/// Tax classes, a category, the products and the staff, as a hub publishes them.
pub fn catalogue() -> Vec<Change> {
    let category = Category { code: code("food"), name: name("食品", "Food"), position: 0 };
    let mut changes = vec![Change::TaxClass(vat()), Change::Category(category)];
    changes.extend(products().into_iter().map(Change::Product));
    changes.push(Change::Staff(staff("chen", Role::Manager)));
    changes.push(Change::Staff(staff("lin", Role::Cashier)));
    changes
}

/// Five products: ids, barcodes and prices are the same in every run.
pub fn products() -> Vec<Product> {
    let goods = [
        ("6901234000016", "纯牛奶", "Milk", "12.90"),
        ("6901234000023", "白面包", "White bread", "8.50"),
        ("6901234000030", "绿茶", "Green tea", "3.00"),
        ("6901234000047", "苹果", "Apples", "9.99"),
        ("6901234000054", "酱油", "Soy sauce", "0.01"),
    ];
    let product = |(number, (barcode, zh, en, price)): (usize, (&str, &str, &str, &str))| Product {
        id: format!("01890000-0000-7000-8000-00000000000{number}").parse::<ProductId>().expect("an id"),
        sku: Sku::parse(&format!("G{number}")).expect("a code"),
        barcodes: vec![Barcode::parse(barcode).expect("a barcode")],
        name: name(zh, en),
        category: Some(code("food")),
        price: UnitPrice::parse(price, Currency::parse("CNY").expect("a currency")).expect("a price"),
        unit: Unit::Piece,
        tax: TaxCode::parse("VAT13").expect("a code"),
        picture: None,
        active: true,
        details: domain::ProductDetails::default(),
    };
    goods.into_iter().enumerate().map(product).collect()
}

fn vat() -> TaxClass {
    TaxClass {
        code: TaxCode::parse("VAT13").expect("a code"),
        name: name("增值税", "VAT"),
        inclusive: true,
        rates: vec![TaxRate { code: "VAT".to_owned(), rate: Decimal::new(13, 2) }],
    }
}

fn staff(id: &str, role: Role) -> Staff {
    // The smallest cost that argon2 allows: these tests are not about guessing PINs.
    let params = Params::new(8, 1, 1, None).expect("parameters in range");
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let pin_hash = argon.hash_password(PIN.as_bytes()).expect("a hash").to_string();
    Staff { id: StaffId::parse(id).expect("a code"), name: name(id, id), role, pin_hash, active: true }
}

fn name(zh: &str, en: &str) -> Name {
    Name { zh: zh.to_owned(), en: en.to_owned() }
}

fn code(text: &str) -> CategoryCode {
    CategoryCode::parse(text).expect("a code")
}
