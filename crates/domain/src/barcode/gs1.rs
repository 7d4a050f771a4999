//! GS1 element strings: application identifiers with their data, as GS1-128, DataBar Expanded and GS1 DataMatrix hold them
//! (GS1 General Specifications, chapters 3 and 7).

use jiff::civil::Date;
use rust_decimal::Decimal;
use thiserror::Error;

use super::GROUP_SEPARATOR;
use super::gtin::Gtin;

/// Why element strings could not be taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ElementError {
    /// No data at all.
    #[error("it is empty")]
    Empty,
    /// An application identifier that this version does not know.
    #[error("what follows '{0}' is not known")]
    UnknownIdentifier(String),
    /// Data that its identifier does not allow.
    #[error("'{value}' is not allowed for ({ai})")]
    Value {
        /// The identifier.
        ai: String,
        /// The data.
        value: String,
    },
}

/// One element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The application identifier: `01`, `3103`.
    pub ai: String,
    /// Its data as it stands there.
    pub value: String,
    /// The number that it is, for weights and prices.
    pub decimal: Option<Decimal>,
    /// The day that it is.
    pub date: Option<Date>,
}

/// The elements of one code, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Elements(pub Vec<Element>);

/// What an identifier's data may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// So many digits.
    Digits(usize),
    /// A trade item number.
    Gtin,
    /// YYMMDD.
    Date,
    /// At most so many characters, up to the separator.
    Text(usize),
    /// At most so many digits, up to the separator.
    Number(usize),
    /// Six digits with the decimals that the identifier's last digit says.
    Measure,
    /// At most so many digits with such decimals.
    Amount(usize),
    /// A currency of three digits and such an amount.
    AmountWithCurrency,
}

/// The identifiers that a shop meets; `n` stands for the digit that says the decimals.
const IDENTIFIERS: &[(&str, Form)] = &[
    ("00", Form::Digits(18)),
    ("01", Form::Gtin),
    ("02", Form::Gtin),
    ("10", Form::Text(20)),
    ("11", Form::Date),
    ("12", Form::Date),
    ("13", Form::Date),
    ("15", Form::Date),
    ("16", Form::Date),
    ("17", Form::Date),
    ("20", Form::Digits(2)),
    ("21", Form::Text(20)),
    ("22", Form::Text(20)),
    ("240", Form::Text(30)),
    ("241", Form::Text(30)),
    ("250", Form::Text(30)),
    ("251", Form::Text(30)),
    ("30", Form::Number(8)),
    ("37", Form::Number(8)),
    ("310n", Form::Measure),
    ("311n", Form::Measure),
    ("315n", Form::Measure),
    ("320n", Form::Measure),
    ("390n", Form::Amount(15)),
    ("391n", Form::AmountWithCurrency),
    ("392n", Form::Amount(15)),
    ("393n", Form::AmountWithCurrency),
    ("395n", Form::Measure),
    ("400", Form::Text(30)),
    ("410", Form::Digits(13)),
    ("414", Form::Digits(13)),
    ("422", Form::Digits(3)),
    ("8005", Form::Digits(6)),
    ("8020", Form::Text(25)),
    ("90", Form::Text(30)),
    ("91", Form::Text(90)),
    ("92", Form::Text(90)),
    ("93", Form::Text(90)),
    ("94", Form::Text(90)),
    ("95", Form::Text(90)),
    ("96", Form::Text(90)),
    ("97", Form::Text(90)),
    ("98", Form::Text(90)),
    ("99", Form::Text(90)),
];

impl Elements {
    /// Takes the data of a symbol apart; a separator at its beginning is FNC1.
    pub fn parse(data: &str, today: Date) -> Result<Self, ElementError> {
        let mut rest = data.trim_start_matches(GROUP_SEPARATOR);
        if rest.is_empty() {
            return Err(ElementError::Empty);
        }
        let mut elements = Vec::new();
        while !rest.is_empty() {
            let (element, after) = next(rest, today)?;
            elements.push(element);
            rest = after.trim_start_matches(GROUP_SEPARATOR);
        }
        Ok(Self(elements))
    }

    fn find(&self, ai: &str) -> Option<&Element> {
        self.0.iter().find(|element| element.ai == ai)
    }

    fn measured(&self, prefix: &str) -> Option<Decimal> {
        self.0.iter().find(|element| element.ai.len() == 4 && element.ai.starts_with(prefix)).and_then(|element| element.decimal)
    }

    /// The trade item: (01), or (02) of what lies inside.
    pub fn gtin(&self) -> Option<Gtin> {
        self.find("01").or_else(|| self.find("02")).and_then(|element| Gtin::parse(&element.value).ok())
    }

    /// How many trade items: (37), or (30).
    pub fn count(&self) -> Option<u32> {
        self.find("37").or_else(|| self.find("30")).and_then(|element| element.value.parse().ok())
    }

    /// The lot: (10).
    pub fn lot(&self) -> Option<&str> {
        self.find("10").map(|element| element.value.as_str())
    }

    /// The serial number: (21).
    pub fn serial(&self) -> Option<&str> {
        self.find("21").map(|element| element.value.as_str())
    }

    /// The last day it may be sold: (17), also (16) sell by.
    pub fn expiry(&self) -> Option<Date> {
        self.find("17").or_else(|| self.find("16")).and_then(|element| element.date)
    }

    /// Best before: (15).
    pub fn best_before(&self) -> Option<Date> {
        self.find("15").and_then(|element| element.date)
    }

    /// The net weight in kilograms: (310n), or (320n) pounds converted and rounded to the gram.
    pub fn weight(&self) -> Option<Decimal> {
        // The international pound of 1959.
        let pounds = || self.measured("320").map(|pounds| (pounds * Decimal::new(45_359_237, 8)).round_dp(3));
        self.measured("310").or_else(pounds)
    }

    /// The price on the label: (392n), or (393n) without its currency.
    pub fn price(&self) -> Option<Decimal> {
        self.measured("392").or_else(|| self.measured("393"))
    }

    /// The numeric ISO 4217 code of (393n).
    pub fn price_currency(&self) -> Option<&str> {
        let element = self.0.iter().find(|element| element.ai.starts_with("393"))?;
        element.value.get(..3)
    }
}

/// The first element of `rest` and what follows it.
fn next(rest: &str, today: Date) -> Result<(Element, &str), ElementError> {
    let unknown = || ElementError::UnknownIdentifier(rest.chars().take(4).collect());
    let (ai, form) =
        IDENTIFIERS.iter().find_map(|(pattern, form)| matched(rest, pattern).map(|ai| (ai, *form))).ok_or_else(unknown)?;
    let data = &rest[ai.len()..];
    let field = data.split(GROUP_SEPARATOR).next().unwrap_or_default();
    let wrong = |value: &str| ElementError::Value { ai: ai.to_owned(), value: value.to_owned() };
    let value = match fixed_length(form) {
        // What ends at a separator too early is wrong, not short.
        Some(length) => field.get(..length).ok_or_else(|| wrong(field))?,
        None => field,
    };
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let decimals = u32::from(ai.bytes().last().map_or(0, |digit| digit - b'0'));
    let number = |digits: &str| digits.parse::<i64>().ok().map(|whole| Decimal::new(whole, decimals)).ok_or_else(|| wrong(value));
    let fits = match form {
        Form::Text(most) => !value.is_empty() && value.chars().count() <= most && !value.chars().any(char::is_control),
        Form::Number(most) | Form::Amount(most) => !value.is_empty() && value.len() <= most && digits,
        Form::AmountWithCurrency => (4..=18).contains(&value.len()) && digits,
        Form::Digits(_) | Form::Gtin | Form::Date | Form::Measure => digits,
    };
    if !fits || (form == Form::Gtin && Gtin::parse(value).is_err()) {
        return Err(wrong(value));
    }
    let decimal = match form {
        Form::Measure | Form::Amount(_) => Some(number(value)?),
        Form::AmountWithCurrency => Some(number(&value[3..])?),
        _ => None,
    };
    let date = if form == Form::Date { Some(date(value, today).ok_or_else(|| wrong(value))?) } else { None };
    let element = Element { ai: ai.to_owned(), value: value.to_owned(), decimal, date };
    Ok((element, &data[value.len()..]))
}

/// The identifier at the beginning of `rest` when it is one of `pattern`.
fn matched<'a>(rest: &'a str, pattern: &str) -> Option<&'a str> {
    let ai = rest.get(..pattern.len())?;
    let same =
        ai.bytes().zip(pattern.bytes()).all(|(found, asked)| if asked == b'n' { found.is_ascii_digit() } else { found == asked });
    same.then_some(ai)
}

fn fixed_length(form: Form) -> Option<usize> {
    match form {
        Form::Digits(length) => Some(length),
        Form::Gtin => Some(14),
        Form::Date | Form::Measure => Some(6),
        Form::Text(_) | Form::Number(_) | Form::Amount(_) | Form::AmountWithCurrency => None,
    }
}

/// YYMMDD; day 00 is the last of its month. The century is the one that puts the year within 49 before to 50 after this one.
fn date(value: &str, today: Date) -> Option<Date> {
    let part = |from: usize| value.get(from..from + 2)?.parse::<i16>().ok();
    let (year, month, day) = (part(0)?, i8::try_from(part(2)?).ok()?, i8::try_from(part(4)?).ok()?);
    let century = today.year() - today.year() % 100;
    let century = match year - today.year() % 100 {
        51..=99 => century - 100,
        -99..=-50 => century + 100,
        _ => century,
    };
    let first = Date::new(century + year, month, 1).ok()?;
    if day == 0 { Some(first.last_of_month()) } else { Date::new(century + year, month, day).ok() }
}
