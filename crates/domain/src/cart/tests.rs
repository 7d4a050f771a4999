use super::*;
use crate::example::{cart_of, cny, fen, price, product, quantity, tax_class};
use crate::quantity::Unit;

fn tax() -> Arc<TaxClass> {
    Arc::new(tax_class(true, &["0.13"]))
}

fn empty() -> Cart {
    Cart::new(cny(), TaxRounding::PerLine)
}

#[test]
fn a_product_scanned_again_is_one_line_with_more_of_it() {
    let (apple, mut cart) = (product("A", price("3.50"), Unit::Piece), empty());
    let first = cart.add(Arc::clone(&apple), tax(), Quantity::ONE).expect("added");
    let second = cart.add(apple, tax(), quantity("2")).expect("added");
    assert_eq!((first, cart.lines().len(), cart.lines()[0].quantity), (second, 1, quantity("3")));
}

#[test]
fn a_line_with_a_price_or_discount_of_its_own_stays_apart() {
    let (apple, mut cart) = (product("A", price("3.50"), Unit::Piece), empty());
    let first = cart.add(Arc::clone(&apple), tax(), Quantity::ONE).expect("added");
    cart.override_price(first, Some(price("3"))).expect("changed");
    let second = cart.add(Arc::clone(&apple), tax(), Quantity::ONE).expect("added");
    cart.discount_line(second, Some(Discount::Amount(fen(50)))).expect("changed");
    cart.add(apple, tax(), Quantity::ONE).expect("added");
    let prices: Vec<UnitPrice> = cart.lines().iter().map(CartLine::unit_price).collect();
    assert_eq!(prices, [price("3"), price("3.5"), price("3.5")]);
    assert_eq!(cart.priced().expect("priced").total, fen(300 + 300 + 350));
}

#[test]
fn a_refused_change_leaves_the_cart_as_it_was() {
    let mut cart = cart_of(price("10"), tax_class(true, &["0.13"]));
    let id = cart.lines()[0].id;
    cart.discount_line(id, Some(Discount::Amount(fen(900)))).expect("changed");
    let before = cart.clone();
    assert!(matches!(cart.override_price(id, Some(price("5"))), Err(CartError::DiscountTooLarge { .. })));
    assert!(matches!(cart.discount_order(Some(Discount::Amount(fen(101)))), Err(CartError::DiscountTooLarge { .. })));
    assert!(matches!(cart.set_quantity(id, quantity("0.5")), Err(CartError::Quantity(QuantityError::NotWhole(_)))));
    assert_eq!(cart.set_quantity(LineId(9), Quantity::ONE), Err(CartError::NoSuchLine));
    assert_eq!(cart.remove(LineId(9)), Err(CartError::NoSuchLine));
    let dear = product("B", UnitPrice::parse("5", Currency::parse("EUR").expect("a currency")).expect("a price"), Unit::Piece);
    assert!(matches!(cart.add(dear, tax(), Quantity::ONE), Err(CartError::ForeignCurrency { .. })));
    assert_eq!(cart, before);
}

#[test]
fn an_absurd_amount_is_refused_when_it_is_rung_up_so_that_the_order_can_always_be_priced() {
    let gold = product("G", price("1000000000"), Unit::Piece);
    let mut cart = empty();
    let refused = cart.add(Arc::clone(&gold), tax(), Quantity::MAX);
    assert_eq!(refused, Err(CartError::Money(MoneyError::Overflow)));
    for _ in 0..Cart::MAX_LINES {
        cart.add_line(Arc::clone(&gold), tax(), quantity("100"), gold.price).expect("added");
    }
    assert!(cart.priced().is_ok());
    assert_eq!(cart.add_line(Arc::clone(&gold), tax(), Quantity::ONE, gold.price), Err(CartError::TooManyLines));
}

#[test]
fn a_discount_on_the_order_that_no_longer_fits_goes_with_the_line() {
    let mut cart = cart_of(price("10"), tax_class(true, &[]));
    let dear = cart.add(product("B", price("90"), Unit::Piece), Arc::new(tax_class(true, &[])), Quantity::ONE).expect("added");
    cart.discount_order(Some(Discount::Amount(fen(5_000)))).expect("changed");
    cart.remove(dear).expect("removed");
    assert_eq!((cart.discount(), cart.priced().expect("priced").total), (None, fen(1_000)));
}

#[test]
fn percentages_are_read_from_nothing_to_all() {
    let ten = Discount::parse_percent("10").expect("a percentage");
    assert_eq!(ten.off(fen(995)), Ok(fen(100)));
    assert_eq!(Discount::parse_percent("12.5").and_then(|discount| discount.off(fen(1_000))), Ok(fen(125)));
    for text in ["", "-1", "100.01", "101", "10%", "ten", "1.234"] {
        assert_eq!(Discount::parse_percent(text), Err(CartError::NotAPercentage(text.to_owned())));
    }
    assert_eq!(Discount::Amount(fen(250)).share_of(fen(1_000)), Decimal::new(25, 2));
    assert_eq!(Discount::Amount(fen(250)).share_of(fen(0)), Decimal::ZERO);
}

#[test]
fn line_ids_are_never_used_again() {
    let mut cart = cart_of(price("10"), tax_class(true, &[]));
    let first = cart.lines()[0].id;
    cart.remove(first).expect("removed");
    let second = cart.add(product("B", price("1"), Unit::Piece), tax(), Quantity::ONE).expect("added");
    assert_ne!(first, second);
    assert_eq!(serde_json::from_str::<Cart>(&serde_json::to_string(&cart).expect("JSON")).expect("read"), cart);
}
