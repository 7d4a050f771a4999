//! `catalogue import` and `catalogue tax-class`.

mod known;
mod plan;
mod rows;
mod tax_class;

use std::fmt;

use serde_json::json;

use super::answer::{Failure, Output};
use super::arguments::CatalogueImportArguments;
use super::{open, state};
use known::Known;
pub(super) use tax_class::{rate as tax_rate, set as set_tax_class};

/// What a file may hold.
pub(super) const COLUMNS_HELP: &str = "\
Columns, in any order; a product that the store has already keeps what the file has no column for:
  sku          the shop's own code; names the product (needed)
  price        the price of one unit in the store's currency, such as 12.90 (needed for new products)
  name_zh      its Chinese name (one of the names is needed for new products)
  name_en      its English name
  barcodes     what a scanner may read for it, several with a space between
  category     code of its category; a new one is made
  category_zh  the category's Chinese name
  category_en  the category's English name
  unit         piece (the default), kilogram, metre or litre
  tax          code of its tax class (needed for new products when the store has several; see catalogue tax-class)
  picture      name of its picture
  active       yes (the default) or no: no longer sold";

/// How many wrong rows are named before the rest is only counted.
const ROWS_NAMED: usize = 20;

/// A row that cannot be taken, and why.
#[derive(Debug, PartialEq, Eq)]
struct RowError {
    line: u64,
    reason: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Takes all rows of a file over into a store's catalogue, or none.
pub(super) fn import(arguments: CatalogueImportArguments, output: &Output) -> Result<(), Failure> {
    let file = std::fs::File::open(&arguments.file)
        .map_err(|error| Failure::new("file", format!("{} cannot be read: {error}", arguments.file.display())))?;
    let rows = rows::read(file).map_err(|errors| refuse(&errors))?;
    let hub = open(&arguments.database)?;
    let shop = hub.store(&arguments.store)?;
    let mut known = Known::new(shop.currency, state::changes(&hub, shop.id)?);
    for other in hub.stores()?.iter().filter(|other| other.id != shop.id) {
        known.take_ids_from(&state::changes(&hub, other.id)?);
    }
    let plan = plan::plan(&rows, known).map_err(|errors| refuse(&errors))?;
    hub.publish(shop.id, &plan.changes)?;
    let answer = json!({
        "store": shop.code,
        "rows": rows.len(),
        "created": plan.created,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "categories": plan.categories,
    });
    let sentence = format!(
        "{} rows: {} products are new, {} changed, {} stayed as they were; {} categories are new or changed.",
        rows.len(),
        plan.created,
        plan.updated,
        plan.unchanged,
        plan.categories
    );
    output.answer(&answer, &sentence);
    Ok(())
}

fn refuse(errors: &[RowError]) -> Failure {
    let mut lines: Vec<String> = errors.iter().take(ROWS_NAMED).map(ToString::to_string).collect();
    if errors.len() > ROWS_NAMED {
        lines.push(format!("and {} more", errors.len() - ROWS_NAMED));
    }
    Failure::new("bad_rows", format!("nothing was imported; correct the file and import it again\n{}", lines.join("\n")))
}
