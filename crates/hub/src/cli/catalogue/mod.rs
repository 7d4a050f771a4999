//! `catalogue import`, `catalogue export` and `catalogue tax-class`.

mod tax_class;

use std::ops::ControlFlow;

use catalogue_file::FileKind;
use domain::Change;
use hub::catalogue::{ImportFailure, ImportOptions};
use serde_json::json;
use sync::goods::ImportError;

use super::answer::{Failure, Output};
use super::arguments::{CatalogueExportArguments, CatalogueImportArguments};
use super::{open, state};
pub(super) use tax_class::{rate as tax_rate, set as set_tax_class};

/// What a file may hold.
pub(super) const COLUMNS_HELP: &str = "\
A CSV (UTF-8) or XLSX file. Columns, in any order; a product that the store has already keeps what the file has no column for:
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
  active       yes (the default) or no: no longer sold
  minimum_age  years that a customer must have reached
  reorder_at   more should be ordered at this much or less
  options      what its variants are told apart by, such as 颜色|Colour; 尺码|Size
  variant_of   sku of the product that it is a variant of, in the store or above it in the file
  values       what it is in each of that product's options, such as 红|red; M";

/// How many wrong rows are named before the rest is only counted.
const ROWS_NAMED: usize = 20;

/// Takes all rows of a file over into a store's catalogue, or none.
pub(super) fn import(arguments: CatalogueImportArguments, output: &Output) -> Result<(), Failure> {
    let unreadable = |detail: String| Failure::new("file", format!("{} cannot be read: {detail}", arguments.file.display()));
    let name = arguments.file.to_string_lossy();
    let kind = FileKind::of_name(&name).unwrap_or(FileKind::Csv);
    let mut file = std::fs::File::open(&arguments.file).map_err(|error| unreadable(error.to_string()))?;
    let hub = open(&arguments.database)?;
    let shop = hub.store(&arguments.store)?;
    let options = ImportOptions { strict: true, ..ImportOptions::default() };
    let failed = |failure: ImportFailure| match failure {
        ImportFailure::Hub(error) => error.into(),
        other => unreadable(other.to_string()),
    };
    let check = hub.check_import(shop.id, &mut file, kind, None, options, &|_| ControlFlow::Continue(())).map_err(failed)?;
    let Some(staged) = &check.staged else { return Err(refuse(&check.errors, check.error_count)) };
    hub.commit_import(staged, options, |_| ControlFlow::Continue(())).map_err(failed)?;
    let answer = json!({
        "store": shop.code,
        "rows": check.rows,
        "created": check.created,
        "updated": check.updated,
        "unchanged": check.unchanged,
        "categories": check.categories,
    });
    let sentence = format!(
        "{} rows: {} products are new, {} changed, {} stayed as they were; {} categories are new or changed.",
        check.rows, check.created, check.updated, check.unchanged, check.categories
    );
    output.answer(&answer, &sentence);
    Ok(())
}

fn refuse(errors: &[ImportError], count: u64) -> Failure {
    let sentence = |error: &ImportError| match error.column.as_str() {
        "" => format!("line {}: {}", error.row, error.detail),
        column => format!("line {}, {column}: {}", error.row, error.detail),
    };
    let mut lines: Vec<String> = errors.iter().take(ROWS_NAMED).map(sentence).collect();
    if count > lines.len() as u64 {
        lines.push(format!("and {} more", count - lines.len() as u64));
    }
    Failure::new("bad_rows", format!("nothing was imported; correct the file and import it again\n{}", lines.join("\n")))
}

/// Writes a store's catalogue to a file that can be imported again.
pub(super) fn export(arguments: CatalogueExportArguments, output: &Output) -> Result<(), Failure> {
    let hub = open(&arguments.database)?;
    let shop = hub.store(&arguments.store)?;
    let (mut products, mut categories) = (Vec::new(), Vec::new());
    for change in state::changes(&hub, shop.id)? {
        match change {
            Change::Product(product) => products.push(product),
            Change::Category(category) => categories.push(category),
            _ => {}
        }
    }
    // A product stands above its variants.
    products.sort_by(|one, other| {
        let place = |product: &domain::Product| (product.details.variant_of.is_some(), product.sku.clone());
        place(one).cmp(&place(other))
    });
    let failed = |detail: String| Failure::new("file", format!("{} cannot be written: {detail}", arguments.file.display()));
    let content = match FileKind::of_name(&arguments.file.to_string_lossy()) {
        Some(FileKind::Xlsx) => catalogue_file::write_xlsx(&products, &categories),
        _ => catalogue_file::write_csv(&products, &categories),
    };
    let content = content.map_err(|error| failed(error.to_string()))?;
    std::fs::write(&arguments.file, content).map_err(|error| failed(error.to_string()))?;
    let answer = json!({ "store": shop.code, "products": products.len() });
    output.answer(&answer, &format!("{} products were written to {}.", products.len(), arguments.file.display()));
    Ok(())
}
