//! Coupon codes: `CP`, three characters of the promotion, nine random ones, and a check character. Short enough for a Code 128,
//! told from a product's code by its form alone, and no single wrong or two exchanged characters pass.

use thiserror::Error;

use crate::ids::{CouponCode, PromotionId};

/// What every code begins with.
const PREFIX: &str = "CP";
/// Digits and letters that cannot be taken for one another. Their number is a prime, so the check character finds every single
/// wrong character and every exchange of two.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKMNPQRTUVWXY";
/// Characters that name the promotion.
pub const SERIES_LENGTH: usize = 3;
/// Characters that nobody can guess.
const RANDOM_LENGTH: usize = 9;
/// Characters of a whole code.
pub const CODE_LENGTH: usize = PREFIX.len() + SERIES_LENGTH + RANDOM_LENGTH + 1;

/// Why something that looks like a coupon is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not the code of a coupon: check it, a character is wrong")]
pub struct CouponCodeError(pub String);

fn value(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == byte)
}

fn check_character(body: &[u8]) -> Option<u8> {
    let mut sum = 0;
    for (place, byte) in body.iter().enumerate() {
        sum += value(*byte)? * (place + 1);
    }
    // The check character stands at a place of its own, with a weight of its own.
    let weight = body.len() + 1;
    (0..ALPHABET.len()).find(|candidate| (sum + candidate * weight) % ALPHABET.len() == 0).map(|found| ALPHABET[found])
}

/// True for what may name the promotion in a code.
pub(crate) fn is_series(text: &str) -> bool {
    text.len() == SERIES_LENGTH && text.bytes().all(|byte| value(byte).is_some())
}

/// The series of a promotion's codes, made of its id.
pub fn series_for(promotion: PromotionId) -> String {
    let bytes = promotion.uuid().into_bytes();
    // The random part of the id; what stands before it is time and differs little between promotions of one day.
    let mut number = u64::from_be_bytes([0, 0, 0, 0, bytes[12], bytes[13], bytes[14], bytes[15]]);
    let mut series = String::with_capacity(SERIES_LENGTH);
    for _ in 0..SERIES_LENGTH {
        let place = usize::try_from(number % ALPHABET.len() as u64).unwrap_or(0);
        series.push(char::from(ALPHABET[place]));
        number /= ALPHABET.len() as u64;
    }
    series
}

/// The code of `series` that `random` stands for; numbers up to 31⁹ give different codes.
pub fn compose(series: &str, random: u64) -> Result<CouponCode, CouponCodeError> {
    let wrong = || CouponCodeError(series.to_owned());
    if !is_series(series) {
        return Err(wrong());
    }
    let mut code = format!("{PREFIX}{series}");
    let mut rest = random;
    for _ in 0..RANDOM_LENGTH {
        let place = usize::try_from(rest % ALPHABET.len() as u64).unwrap_or(0);
        code.push(char::from(ALPHABET[place]));
        rest /= ALPHABET.len() as u64;
    }
    code.push(char::from(check_character(code.as_bytes()).ok_or_else(wrong)?));
    CouponCode::parse(&code).map_err(|_| wrong())
}

/// True when `text` was meant to be a coupon, right or wrong.
pub fn looks_like_coupon(text: &str) -> bool {
    let text = text.trim();
    text.len() == CODE_LENGTH && text.get(..PREFIX.len()).is_some_and(|prefix| prefix.eq_ignore_ascii_case(PREFIX))
}

/// Reads a scanned or typed code; small letters and spaces are forgiven.
pub fn recognise(text: &str) -> Result<CouponCode, CouponCodeError> {
    let wrong = || CouponCodeError(text.trim().to_owned());
    let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    if !looks_like_coupon(&code) {
        return Err(wrong());
    }
    let (body, check) = code.as_bytes().split_at(CODE_LENGTH - 1);
    if check_character(body) != check.first().copied() {
        return Err(wrong());
    }
    CouponCode::parse(&code).map_err(|_| wrong())
}

/// What names the promotion in a code.
pub fn series_of(code: &CouponCode) -> &str {
    code.as_str().get(PREFIX.len()..PREFIX.len() + SERIES_LENGTH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_composed_code_is_recognised_with_its_series(id in any::<u128>(), random in any::<u64>()) {
            let series = series_for(PromotionId::from_uuid(uuid::Uuid::from_u128(id)));
            let code = compose(&series, random).expect("a code");
            prop_assert_eq!(code.as_str().len(), CODE_LENGTH);
            prop_assert_eq!(series_of(&code), &series);
            prop_assert_eq!(recognise(&format!(" {} ", code.as_str().to_lowercase())), Ok(code));
        }

        #[test]
        fn one_wrong_character_or_two_exchanged_ones_do_not_pass(random in any::<u64>(), place in 2..CODE_LENGTH, other in 0..31_usize) {
            let code = compose("A1B", random).expect("a code");
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[place] = ALPHABET[other];
            let wrong = String::from_utf8(wrong).expect("ASCII");
            prop_assert_eq!(recognise(&wrong).is_ok(), wrong == code.as_str());
            let mut exchanged = code.as_str().as_bytes().to_vec();
            exchanged.swap(place, CODE_LENGTH + 1 - place);
            let exchanged = String::from_utf8(exchanged).expect("ASCII");
            prop_assert_eq!(recognise(&exchanged).is_ok(), exchanged == code.as_str());
        }
    }

    #[test]
    fn a_products_code_is_no_coupon() {
        for text in ["6999017480018", "CP", "CPA1B", "DR001", "", "CPA1B00000000I"] {
            assert!(recognise(text).is_err(), "{text}");
        }
        assert!(!looks_like_coupon("6999017480018") && looks_like_coupon("cpa1b0000000000"));
    }
}
