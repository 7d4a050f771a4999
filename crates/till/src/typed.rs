//! What people type, read strictly at the border. A comma stands for the decimal point, and digits of a Chinese keyboard
//! are taken for what they mean; nothing is guessed: `1,000` is refused, for it means one to some and a thousand to others.

use domain::{Currency, Discount, Money, Quantity, UnitPrice};

use crate::api::{Problem, ProblemCode};

/// A quantity such as `2` or `0,355`; empty means one.
pub(crate) fn quantity(text: &str) -> Result<Quantity, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Quantity::ONE);
    }
    let plain = decimal(text).ok_or_else(|| refused(ProblemCode::NotAQuantity, text, "a quantity"))?;
    Quantity::parse(&plain).map_err(|error| as_typed(error.into(), text))
}

/// True for a typed zero: taking a line out.
pub(crate) fn is_zero(text: &str) -> bool {
    let digits = |c: char| c == '0' || c == '.';
    decimal(text.trim()).is_some_and(|plain| plain.starts_with('0') && plain.chars().all(digits))
}

/// An amount such as `12.5`.
pub(crate) fn amount(text: &str, currency: Currency) -> Result<Money, Problem> {
    let text = text.trim();
    let plain = decimal(text).ok_or_else(|| refused(ProblemCode::NotAnAmount, text, "an amount"))?;
    Money::parse(&plain, currency).map_err(|error| as_typed(error.into(), text))
}

/// A price of one unit, never below zero; empty means none of its own.
pub(crate) fn price(text: &str, currency: Currency) -> Result<Option<UnitPrice>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let plain = decimal(text).ok_or_else(|| refused(ProblemCode::NotAnAmount, text, "an amount"))?;
    UnitPrice::parse(&plain, currency).map(Some).map_err(|error| as_typed(error.into(), text))
}

/// `10%` or an amount; empty, `0` and `0%` mean none.
pub(crate) fn discount(text: &str, currency: Currency) -> Result<Option<Discount>, Problem> {
    let text = text.trim();
    let number = text.strip_suffix(['%', '％']).map(str::trim_end);
    if text.is_empty() || is_zero(number.unwrap_or(text)) {
        return Ok(None);
    }
    if let Some(number) = number {
        let plain = decimal(number).ok_or_else(|| refused(ProblemCode::NotAPercentage, text, "a percentage"))?;
        return Discount::parse_percent(&plain).map(Some).map_err(|error| as_typed(error.into(), text));
    }
    let off = amount(text, currency)?;
    if off.is_negative() {
        return Err(refused(ProblemCode::NotAnAmount, text, "a discount"));
    }
    Ok(Some(Discount::Amount(off)))
}

/// The number in plain digits with a point, `None` where its separators can be read in two ways or are too many.
fn decimal(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut comma = None;
    for c in text.chars() {
        match c {
            '０'..='９' => plain.push(char::from_digit(u32::from(c) - u32::from('０'), 10)?),
            ',' | '，' | '．' | '。' => {
                comma = matches!(c, ',' | '，').then_some(plain.len());
                plain.push('.');
            }
            other => plain.push(other),
        }
    }
    let thousands = comma.is_some_and(|at| {
        let whole = plain[..at].trim_start_matches('-');
        plain.len() - at - 1 == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0')
    });
    (!thousands).then_some(plain)
}

/// The refusal quotes what was typed, not what was made of it.
fn as_typed(problem: Problem, text: &str) -> Problem {
    if problem.params.contains_key("text") { problem.with("text", text) } else { problem }
}

fn refused(code: ProblemCode, text: &str, what: &str) -> Problem {
    Problem::new(code, format!("'{text}' is not {what}")).with("text", text)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    fn cny() -> Currency {
        Currency::parse("CNY").expect("a currency")
    }

    fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> ProblemCode {
        result.expect_err("refused").code
    }

    #[test]
    fn comma_and_point_both_mark_decimals() {
        for text in ["12.5", "12,5", " 12.50 ", "１２．５", "12。5", "12，5"] {
            assert_eq!(amount(text, cny()).expect(text), Money::from_minor(1_250, cny()), "{text}");
        }
        assert_eq!(quantity("0,355").expect("a weight").milli(), 355);
    }

    #[test]
    fn a_number_that_can_be_read_in_two_ways_is_refused() {
        assert_eq!(code(quantity("1,000")), ProblemCode::NotAQuantity);
        assert_eq!(code(price("1,000", cny())), ProblemCode::NotAnAmount);
        assert_eq!(code(amount("1,000.00", cny())), ProblemCode::NotAnAmount);
    }

    #[test]
    fn letters_signs_and_too_many_decimals_are_refused_with_what_was_typed() {
        for text in ["abc", "12a", "1e3", "+5", "--5", "1.2.3", "", ".", "5.", ".5", "12.345", "1 2"] {
            let problem = amount(text, cny()).expect_err(text);
            assert_eq!(problem.code, ProblemCode::NotAnAmount, "{text}");
            assert!(problem.params.contains_key("text"), "{text}");
        }
        assert_eq!(code(price("-1", cny())), ProblemCode::NotAnAmount);
    }

    #[test]
    fn quantities_out_of_bounds_each_have_their_own_answer() {
        assert_eq!(quantity("").expect("one"), Quantity::ONE);
        assert_eq!(code(quantity("0")), ProblemCode::QuantityNotPositive);
        assert_eq!(code(quantity("-2")), ProblemCode::QuantityNotPositive);
        assert_eq!(code(quantity("1000000")), ProblemCode::QuantityTooLarge);
        assert_eq!(code(quantity("6901234567892")), ProblemCode::QuantityTooLarge);
        assert_eq!(code(quantity("99999999999999999999")), ProblemCode::NotAQuantity);
        assert_eq!(code(quantity("two")), ProblemCode::NotAQuantity);
    }

    #[test]
    fn a_zero_takes_out_and_nothing_else_does() {
        assert!(is_zero("0") && is_zero("0.00") && is_zero("0,0"));
        assert!(!is_zero("") && !is_zero(".") && !is_zero("0.1") && !is_zero("x"));
    }

    #[test]
    fn a_discount_is_a_percentage_or_an_amount() {
        let tenth = Discount::Percent(Decimal::new(1, 1));
        assert_eq!(discount("10%", cny()).expect("a percentage"), Some(tenth));
        assert_eq!(discount("10 ％", cny()).expect("a percentage"), Some(tenth));
        assert_eq!(discount("5", cny()).expect("an amount"), Some(Discount::Amount(Money::from_minor(500, cny()))));
        for none in ["", " ", "0", "0%", "0.00"] {
            assert_eq!(discount(none, cny()).expect("none"), None);
        }
        assert_eq!(code(discount("101%", cny())), ProblemCode::NotAPercentage);
        assert_eq!(code(discount("x%", cny())), ProblemCode::NotAPercentage);
        assert_eq!(code(discount("-1%", cny())), ProblemCode::NotAPercentage);
        assert_eq!(code(discount("-5", cny())), ProblemCode::NotAnAmount);
    }
}
