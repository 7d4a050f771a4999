//! Codes that a shop's own scale prints: 02 and 20 to 29, with the weight, the price or the count inside. No layout holds
//! world-wide, so each store has a table of them.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::BarcodeError;
use super::gtin::{Gtin, check_digit, with_check_digit};

/// Digits of the longest code a scale prints, without its last check digit.
const LONGEST: usize = 17;

/// How one kind of in-store code is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "LayoutFile")]
pub struct ScaleLayout {
    /// What the code begins with, such as `21`; a UPC-A counts with a zero before it.
    pub prefix: String,
    /// One letter a digit, all but the last check digit: `P` prefix and item, `E` price, `N` weight, `U` count, `C` check digit
    /// of the price or weight.
    pub layout: String,
    /// Decimals of the price.
    pub price_decimals: u32,
    /// Decimals of the weight in kilograms.
    pub weight_decimals: u32,
    /// True: a wrong inner check digit is refused. Many scales do not fill it.
    pub verify: bool,
}

/// [`ScaleLayout`] before it is checked.
#[derive(Deserialize)]
struct LayoutFile {
    prefix: String,
    layout: String,
    #[serde(default = "two")]
    price_decimals: u32,
    #[serde(default = "three")]
    weight_decimals: u32,
    #[serde(default)]
    verify: bool,
}

fn two() -> u32 {
    2
}

fn three() -> u32 {
    3
}

/// A layout that no code can have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "'{layout}' for codes that begin with '{prefix}' is no layout: write 12 or 17 letters, P for prefix and item, then E (price), N \
     (weight), U (count) and C (check digit)"
)]
pub struct LayoutError {
    prefix: String,
    layout: String,
}

impl TryFrom<LayoutFile> for ScaleLayout {
    type Error = LayoutError;
    fn try_from(file: LayoutFile) -> Result<Self, LayoutError> {
        let LayoutFile { prefix, layout, price_decimals, weight_decimals, verify } = file;
        Self { prefix, layout, price_decimals, weight_decimals, verify }.validate()
    }
}

/// A region whose scales share a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Mainland China: flag 21 price, 22 weight, and 18 digits with both.
    China,
    /// Sweden and Norway.
    Nordic,
    /// Finland and the Baltic states.
    Baltic,
    /// Germany.
    Germany,
    /// Great Britain.
    Britain,
    /// Denmark.
    Denmark,
    /// United States and Canada.
    NorthAmerica,
}

impl Region {
    /// The layouts usual there.
    pub fn layouts(self) -> Vec<ScaleLayout> {
        let layout = |prefix: &str, layout: &str, price_decimals, weight_decimals, verify| ScaleLayout {
            prefix: prefix.to_owned(),
            layout: layout.to_owned(),
            price_decimals,
            weight_decimals,
            verify,
        };
        let price = |prefix: &str, decimals| layout(prefix, "PPPPPPPPEEEE", decimals, 3, false);
        let weight = |prefix: &str, decimals| layout(prefix, "PPPPPPPPNNNN", 2, decimals, false);
        match self {
            Self::China => vec![
                layout("21", "PPPPPPPEEEEE", 2, 3, false),
                layout("22", "PPPPPPPNNNNN", 2, 3, false),
                layout("21", "PPPPPPPEEEEENNNNN", 2, 3, false),
                layout("22", "PPPPPPPEEEEENNNNN", 2, 3, false),
            ],
            Self::Nordic => {
                vec![price("20", 2), price("21", 1), price("22", 0), weight("23", 3), weight("24", 2), weight("25", 1)]
            }
            Self::Baltic => vec![weight("23", 3), weight("24", 2), weight("25", 1)],
            Self::Germany => {
                let german = |prefix: &str, letter: &str| layout(prefix, &format!("PPPPPPC{}", letter.repeat(5)), 2, 3, true);
                let pairs = [("22", "E"), ("23", "E"), ("25", "U"), ("26", "U"), ("28", "N"), ("29", "N")];
                pairs.into_iter().map(|(prefix, letter)| german(prefix, letter)).collect()
            }
            Self::Britain => vec![layout("20", "PPPPPPPCEEEE", 2, 3, true)],
            Self::Denmark => {
                let mut layouts: Vec<_> =
                    ["21", "22", "23", "24"].into_iter().map(|prefix| layout(prefix, "PPPPPPEEEEEE", 2, 3, false)).collect();
                layouts.extend(["26", "28"].map(|prefix| layout(prefix, "PPPPPPNNNNNN", 2, 3, false)));
                layouts.push(layout("27", "PPPPPPPNNNNN", 2, 3, false));
                layouts
            }
            Self::NorthAmerica => vec![layout("02", "PPPPPPPCEEEE", 2, 3, true)],
        }
    }
}

/// An in-store code taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InStoreCode {
    /// Prefix and item: `2112345`.
    pub item_with_prefix: String,
    /// The item alone: `12345`.
    pub item: String,
    /// The thirteen digits with nothing for the measure: `2112345000008`.
    pub without_measure: String,
    /// What the label says the goods cost, in major units.
    pub price: Option<Decimal>,
    /// What they weigh, in kilograms.
    pub weight: Option<Decimal>,
    /// How many there are.
    pub count: Option<u32>,
}

impl InStoreCode {
    /// What the product may be known by in the catalogue, likeliest first.
    pub fn catalogue_codes(&self) -> [&str; 3] {
        [&self.without_measure, &self.item_with_prefix, &self.item]
    }
}

impl ScaleLayout {
    /// This layout when a code can have it.
    pub fn validate(self) -> Result<Self, LayoutError> {
        let places = self.layout.len();
        let item = self.layout.bytes().take_while(|letter| *letter == b'P').count();
        let rest = &self.layout[item..];
        let letters = rest.bytes().all(|letter| b"ENUC".contains(&letter));
        // Each measure stands in one piece, at most one check digit goes before it.
        let whole = [b'E', b'N', b'U'].into_iter().all(|letter| {
            let first = rest.bytes().position(|found| found == letter);
            let last = rest.bytes().rposition(|found| found == letter);
            let count = rest.bytes().filter(|found| *found == letter).count();
            matches!((first, last), (None, None)) || last.zip(first).is_some_and(|(last, first)| last - first + 1 == count)
        });
        let digits = self.prefix.bytes().all(|digit| digit.is_ascii_digit());
        let check_digits = rest.bytes().filter(|letter| *letter == b'C').count();
        let verifiable = !self.verify || check_digits == 1 && matches!(self.measure_of_check().map(|m| m.1), Some(4 | 5));
        let fits = matches!(places, 12 | LONGEST)
            && letters
            && whole
            && digits
            && check_digits <= 1
            && verifiable
            && (2..=item).contains(&self.prefix.len())
            && rest.bytes().any(|letter| letter != b'C')
            && self.price_decimals <= 3
            && self.weight_decimals <= 3;
        if fits { Ok(self) } else { Err(LayoutError { prefix: self.prefix, layout: self.layout }) }
    }

    /// Where the digits stand that the inner check digit is of: from, how many.
    fn measure_of_check(&self) -> Option<(usize, usize)> {
        let check = self.layout.find('C')?;
        let letter = self.layout.as_bytes().get(check + 1)?;
        let count = self.layout.as_bytes()[check + 1..].iter().take_while(|found| *found == letter).count();
        Some((check + 1, count))
    }

    /// The digits at a letter's places.
    fn digits_of(&self, letter: char, body: &str) -> String {
        self.layout.chars().zip(body.chars()).filter(|(found, _)| *found == letter).map(|(_, digit)| digit).collect()
    }

    /// Takes `body`, the code without its last check digit, apart.
    fn take_apart(&self, body: &str) -> Result<InStoreCode, BarcodeError> {
        if self.verify
            && let Some((from, count)) = self.measure_of_check()
        {
            let said = body.as_bytes().get(from - 1).copied();
            if body.get(from..from + count).and_then(measure_check_digit) != said {
                return Err(BarcodeError::MeasureDigit);
            }
        }
        let number = |letter| {
            let digits = self.digits_of(letter, body);
            digits.parse::<i64>().ok()
        };
        let item_with_prefix = self.digits_of('P', body);
        let item = item_with_prefix.get(self.prefix.len()..).unwrap_or_default().to_owned();
        let zeroed = format!("{item_with_prefix:0<12}");
        Ok(InStoreCode {
            item,
            without_measure: with_check_digit(&zeroed).unwrap_or_default(),
            item_with_prefix,
            price: number('E').map(|minor| Decimal::new(minor, self.price_decimals)),
            weight: number('N').map(|milli| Decimal::new(milli, self.weight_decimals)),
            count: number('U').and_then(|count| u32::try_from(count).ok()),
        })
    }
}

/// Takes a code apart by the first layout that fits. A code of the right shape whose last digit is wrong is no in-store code.
pub(super) fn read(text: &str, layouts: &[ScaleLayout]) -> Result<Option<InStoreCode>, BarcodeError> {
    if !matches!(text.len(), 12 | 13 | 18) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let whole = if text.len() == 12 { format!("0{text}") } else { text.to_owned() };
    let (body, check) = whole.split_at(whole.len() - 1);
    let right =
        if body.len() == LONGEST { check_digit(body) } else { Gtin::parse(&whole).ok().map(|gtin| gtin.key().as_bytes()[13]) };
    if right != check.bytes().next() {
        return Ok(None);
    }
    let fits = |layout: &&ScaleLayout| layout.layout.len() == body.len() && body.starts_with(&layout.prefix);
    layouts.iter().find(fits).map(|layout| layout.take_apart(body)).transpose()
}

/// Weighted digits of the tables of the GS1 General Specifications (7.9.2 to 7.9.4).
const TWO_MINUS: [u8; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
const THREE: [u8; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
const FIVE_PLUS: [u8; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
const FIVE_MINUS: [u8; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];

/// The check digit of a price or weight of four or five digits inside an in-store code; none for other lengths.
pub fn measure_check_digit(digits: &str) -> Option<u8> {
    let values: Vec<usize> =
        digits.bytes().map(|byte| byte.is_ascii_digit().then(|| usize::from(byte - b'0'))).collect::<Option<_>>()?;
    let sum = |tables: &[[u8; 10]]| tables.iter().zip(&values).map(|(table, digit)| usize::from(table[*digit])).sum::<usize>();
    let digit = match values.len() {
        4 => sum(&[TWO_MINUS, TWO_MINUS, THREE, FIVE_MINUS]) * 3 % 10,
        5 => {
            let rest = (10 - sum(&[FIVE_PLUS, TWO_MINUS, FIVE_MINUS, FIVE_PLUS, TWO_MINUS]) % 10) % 10;
            FIVE_MINUS.iter().position(|weighted| usize::from(*weighted) == rest)?
        }
        _ => return None,
    };
    u8::try_from(digit).ok().map(|digit| b'0' + digit)
}
