//! Writing a catalogue so that it can be read again.

use std::collections::HashMap;

use domain::{Category, CategoryCode, Name, Product, ProductId};
use rust_xlsxwriter::{Format, Workbook};

use crate::{Column, FileError};

/// A CSV, UTF-8 with a byte order mark so that spreadsheets read it as that.
pub fn write_csv(products: &[Product], categories: &[Category]) -> Result<Vec<u8>, FileError> {
    let failed = |error: csv::Error| FileError::Csv(error.to_string());
    let mut writer = csv::Writer::from_writer(vec![0xef, 0xbb, 0xbf]);
    writer.write_record(Column::ALL.map(Column::name)).map_err(failed)?;
    let known = Known::of(products, categories);
    for product in products {
        writer.write_record(Column::ALL.map(|column| known.cell(product, column))).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| FileError::Csv(error.to_string()))
}

/// A spreadsheet. Codes are texts, so that no zero is lost.
pub fn write_xlsx(products: &[Product], categories: &[Category]) -> Result<Vec<u8>, FileError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (place, column) in (0_u16..).zip(Column::ALL) {
        sheet.write_string_with_format(0, place, column.name(), &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let known = Known::of(products, categories);
    for (row, product) in (1_u32..).zip(products) {
        for (place, column) in (0_u16..).zip(Column::ALL) {
            let text = known.cell(product, column);
            if !text.is_empty() {
                sheet.write_string(row, place, text)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

/// What cells name beside the product itself.
struct Known<'a> {
    skus: HashMap<ProductId, &'a str>,
    categories: HashMap<&'a CategoryCode, &'a Name>,
}

impl<'a> Known<'a> {
    fn of(products: &'a [Product], categories: &'a [Category]) -> Self {
        let parents = products.iter().filter(|product| product.details.is_parent());
        Self {
            skus: parents.map(|product| (product.id, product.sku.as_str())).collect(),
            categories: categories.iter().map(|category| (&category.code, &category.name)).collect(),
        }
    }

    fn cell(&self, product: &Product, column: Column) -> String {
        let category = product.category.as_ref().and_then(|code| self.categories.get(code));
        match column {
            Column::Sku => product.sku.to_string(),
            Column::Price => product.price.amount(),
            Column::NameZh => product.name.zh.clone(),
            Column::NameEn => product.name.en.clone(),
            Column::Barcodes => product.barcodes.iter().map(domain::Barcode::as_str).collect::<Vec<_>>().join(" "),
            Column::Category => product.category.as_ref().map(ToString::to_string).unwrap_or_default(),
            Column::CategoryZh => category.map(|name| name.zh.clone()).unwrap_or_default(),
            Column::CategoryEn => category.map(|name| name.en.clone()).unwrap_or_default(),
            Column::Unit => product.unit.code().to_owned(),
            Column::Tax => product.tax.to_string(),
            Column::Picture => product.picture.clone().unwrap_or_default(),
            Column::Active => if product.active { "yes" } else { "no" }.to_owned(),
            Column::MinimumAge => product.details.minimum_age.map(|age| age.to_string()).unwrap_or_default(),
            Column::ReorderAt => product.details.reorder_at.map(|at| at.to_string()).unwrap_or_default(),
            Column::VariantOf => {
                product.details.variant_of.and_then(|id| self.skus.get(&id)).map(|sku| (*sku).to_owned()).unwrap_or_default()
            }
            Column::Options => names(&product.details.options),
            Column::Values => names(&product.details.values),
        }
    }
}

/// `红|red; M`.
fn names(names: &[Name]) -> String {
    let one = |name: &Name| match (name.zh.as_str(), name.en.as_str()) {
        (zh, "") => zh.to_owned(),
        ("", en) => format!("|{en}"),
        (zh, en) => format!("{zh}|{en}"),
    };
    names.iter().map(one).collect::<Vec<_>>().join("; ")
}
