//! `catalogue tax-class`.

use domain::tax::TaxRate;
use domain::{Change, Name, TaxClass};
use serde_json::json;

use crate::cli::answer::{Failure, Output};
use crate::cli::arguments::TaxClassArguments;
use crate::cli::open;

/// Adds or changes a tax class of a store.
pub(in crate::cli) fn set(arguments: TaxClassArguments, output: &Output) -> Result<(), Failure> {
    let TaxClassArguments { database, store, code, name, name_en, rates, added } = arguments;
    let class = TaxClass { code, name: Name { zh: name, en: name_en }, inclusive: !added, rates }
        .validate()
        .map_err(|error| Failure::new("tax_rate", error.to_string()))?;
    let hub = open(&database)?;
    hub.publish(hub.store(&store)?.id, &[Change::TaxClass(class.clone())])?;
    let sentence = format!("Store {store} has the tax class '{}'.", class.code);
    output.answer(&json!({ "store": store, "tax_class": class }), &sentence);
    Ok(())
}

/// Reads `VAT=0.13`.
pub(in crate::cli) fn rate(text: &str) -> Result<TaxRate, String> {
    let wrong = || format!("'{text}' is no tax rate: write a name and a fraction, such as VAT=0.13 for 13 %");
    let (code, rate) = text.split_once('=').ok_or_else(wrong)?;
    let rate = rate.trim().parse().map_err(|_| wrong())?;
    let code = code.trim();
    if code.is_empty() { Err(wrong()) } else { Ok(TaxRate { code: code.to_owned(), rate }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_name_and_a_fraction() {
        let vat = rate("VAT=0.13").expect("a rate");
        assert_eq!((vat.code.as_str(), vat.rate.to_string()), ("VAT", "0.13".to_owned()));
        for wrong in ["0.13", "VAT", "=0.13", "VAT=13%"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
