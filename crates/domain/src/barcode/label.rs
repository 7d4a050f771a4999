//! What a weighed or priced label means for the order: how much at which price, so that the line comes to what the label says.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::money::{Money, MoneyError, Rounding, UnitPrice};
use crate::quantity::{Quantity, QuantityError, Unit};

/// A label's line: quantity times price is what the label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelLine {
    /// How much.
    pub quantity: Quantity,
    /// At which price; the catalogue's unless the label's price needs another.
    pub price: UnitPrice,
    /// What the catalogue's price would make of the label's weight, where that is not what the label says. Somebody should look at
    /// it; the label's price stands.
    pub disagrees: Option<Money>,
}

/// Why a label makes no line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Its weight or count is none that can be sold.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// Its price cannot be computed with.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The line of a label that says `weight` (or count) and `price`, either or both, for goods that the catalogue sells at `list` a
/// `unit`. Where it says only a price the weight follows from it, to the gram. One of them without the other and without a
/// weight to derive is one piece.
pub fn label_line(weight: Option<Decimal>, price: Option<Decimal>, list: UnitPrice, unit: Unit) -> Result<LabelLine, LabelError> {
    let label = price.map(|price| Money::from_decimal(price, list.currency(), Rounding::HalfUp)).transpose()?;
    let quantity = match (weight, label) {
        (Some(weight), _) => quantity_of(weight)?.of(unit)?,
        (None, Some(label)) if unit != Unit::Piece && !list.value().is_zero() && label.minor() > 0 => {
            let weight = label.to_decimal().checked_div(list.value()).ok_or(MoneyError::Overflow)?;
            // Something that costs lies on the scale, be it less than half a gram.
            quantity_of(weight.max(Decimal::new(1, 3)))?
        }
        (None, _) => Quantity::ONE,
    };
    let by_list = list.extend(quantity)?;
    let Some(label) = label.filter(|label| *label != by_list) else {
        return Ok(LabelLine { quantity, price: list, disagrees: None });
    };
    let each = label.to_decimal().checked_div(quantity.to_decimal()).ok_or(MoneyError::Overflow)?;
    let each = each.round_dp_with_strategy(MAX_DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    let price = UnitPrice::parse(&each.normalize().to_string(), list.currency())?;
    if price.extend(quantity)? != label {
        return Err(MoneyError::Overflow.into());
    }
    Ok(LabelLine { quantity, price, disagrees: weight.map(|_| by_list) })
}

#[allow(clippy::cast_possible_truncation, reason = "6 fits")]
const MAX_DECIMALS: u32 = UnitPrice::MAX_DECIMALS as u32;

fn quantity_of(value: Decimal) -> Result<Quantity, LabelError> {
    let rounded = value.round_dp_with_strategy(3, RoundingStrategy::MidpointAwayFromZero).normalize();
    Ok(Quantity::parse(&rounded.to_string())?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::example::{decimal, fen, price, quantity};

    #[test]
    fn a_weight_is_sold_at_the_catalogues_price() {
        let line = label_line(Some(decimal("0.735")), None, price("39.80"), Unit::Kilogram).expect("a line");
        assert_eq!(line, LabelLine { quantity: quantity("0.735"), price: price("39.80"), disagrees: None });
    }

    #[test]
    fn a_weight_follows_from_a_price_and_the_price_stands() {
        let line = label_line(None, Some(decimal("18.80")), price("39.98"), Unit::Kilogram).expect("a line");
        assert_eq!((line.quantity, line.price.extend(line.quantity)), (quantity("0.47"), Ok(fen(1_880))));
        assert_eq!(line.disagrees, None, "without a weight there is nothing to hold it against");
    }

    #[test]
    fn a_label_that_disagrees_with_the_till_is_kept_and_shown() {
        let line = label_line(Some(decimal("0.735")), Some(decimal("18.80")), price("39.80"), Unit::Kilogram).expect("a line");
        assert_eq!((line.price.extend(line.quantity), line.disagrees), (Ok(fen(1_880)), Some(fen(2_925))));
        let same = label_line(Some(decimal("0.735")), Some(decimal("29.25")), price("39.80"), Unit::Kilogram).expect("a line");
        assert_eq!((same.price, same.disagrees), (price("39.80"), None));
    }

    #[test]
    fn pieces_have_a_price_but_no_part_of_a_weight() {
        let line = label_line(None, Some(decimal("5")), price("8"), Unit::Piece).expect("a line");
        assert_eq!((line.quantity, line.price), (Quantity::ONE, price("5")));
        assert!(matches!(label_line(Some(decimal("0.5")), None, price("8"), Unit::Piece), Err(LabelError::Quantity(_))));
        assert!(matches!(label_line(Some(decimal("0")), None, price("8"), Unit::Kilogram), Err(LabelError::Quantity(_))));
    }

    proptest! {
        #[test]
        fn a_line_always_comes_to_what_its_label_says(fen_on_label in 0_i64..1_000_000, grams in proptest::option::of(1_i64..100_000), milli in 0_i64..1_000_000) {
            let list = price(&Decimal::new(milli, 3).to_string());
            let weight = grams.map(|grams| Decimal::new(grams, 3));
            let line = label_line(weight, Some(Decimal::new(fen_on_label, 2)), list, Unit::Kilogram).expect("a line");
            prop_assert_eq!(line.price.extend(line.quantity), Ok(fen(fen_on_label)));
            if let Some(grams) = grams {
                prop_assert_eq!(line.quantity.milli(), grams);
            }
        }
    }
}
