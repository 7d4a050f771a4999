//! The one strict reading of decimal text. `rust_decimal` also takes `1_000`, `.5`, `5.`, `+5` and `1e2`; none of these
//! may pass as an amount, a rate or a quantity.

use rust_decimal::Decimal;

/// Reads `-?digits[.digits]` with at most `max_decimals` places after the point and at most 18 digits in all.
pub(crate) fn parse(text: &str, max_decimals: usize) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (digits, ""),
    };
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() + fraction.len() <= 18 && fraction.len() <= max_decimals;
    if !fits || !plain(whole) || !plain(fraction) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}
