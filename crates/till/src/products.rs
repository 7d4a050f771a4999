//! The catalogue at the till: a product's page, changing and adding products through the hub, the catalogue as a file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{
    Barcode, CategoryCode, Change, Name, Permission, Product, ProductDetails, ProductId, Sku, StockDelta, TaxCode, UnitPrice,
};
use sync::goods::{PutProduct, PutProductAnswer};

use crate::api::{FileView, NameView, Problem, ProblemCode, ProductDetailView, ProductForm};
use crate::sessions::Session;
use crate::terminal::Terminal;
use crate::typed;

/// Products that one file made at the till may hold; a larger catalogue is exported at the hub.
const MOST_EXPORTED: usize = 100_000;
/// Products that are read in one go.
const CHUNK: u32 = 1_000;
/// Options that a product's variants may be told apart by.
const MOST_OPTIONS: usize = 4;

impl Terminal {
    /// Everything of a product.
    pub(crate) fn product_page(&self, session: &str, product: &str) -> Result<ProductDetailView, Problem> {
        self.in_session(session, Permission::Sell, |_| self.product_detail(product))
    }

    fn product_detail(&self, product: &str) -> Result<ProductDetailView, Problem> {
        let product = self.product_named(product)?;
        let names = |names: &[Name]| names.iter().map(NameView::from).collect();
        let variants = self.store.variants(product.id)?;
        Ok(ProductDetailView {
            product: self.with_stock(&product)?,
            barcodes: product.barcodes.iter().map(ToString::to_string).collect(),
            tax: product.tax.to_string(),
            active: product.active,
            reorder_at: product.details.reorder_at.map(|at| at.to_string()).unwrap_or_default(),
            options: names(&product.details.options),
            values: names(&product.details.values),
            variant_of: product.details.variant_of.map(|parent| parent.to_string()).unwrap_or_default(),
            variants: variants.iter().map(|variant| self.with_stock(variant)).collect::<Result<_, _>>()?,
            tax_classes: self.store.tax_classes().iter().map(ToString::to_string).collect(),
        })
    }

    /// Adds or changes a product through the hub, which knows the whole store's codes; without it nothing is changed.
    pub(crate) fn put_product(&self, session: &str, form: &ProductForm) -> Result<ProductDetailView, Problem> {
        self.in_session(session, Permission::EditCatalogue, |session| {
            let product = self.product_of_form(form)?;
            let answer = self.send_product(session, product)?;
            // The feed brings the same again; this shows it at once.
            self.store.apply_changes(&[Change::Product(answer.product.clone())], self.store.feed_position()?)?;
            self.catalogue_changed();
            self.product_detail(&answer.product.id.to_string())
        })
    }

    fn send_product(&self, session: &Session, product: Product) -> Result<PutProductAnswer, Problem> {
        self.ask_hub("/v1/goods/product", &PutProduct { staff: session.staff.id.clone(), product }).map_err(|problem| {
            match problem.code {
                ProblemCode::HubRefused => Problem::new(ProblemCode::ProductRefused, problem.detail.clone())
                    .with("detail", problem.params.get("detail").unwrap_or(&problem.detail)),
                _ => problem,
            }
        })
    }

    /// The product that a form describes.
    fn product_of_form(&self, form: &ProductForm) -> Result<Product, Problem> {
        let wrong = |what: &str| {
            let detail = format!("'{what}' cannot be taken");
            Problem::new(ProblemCode::ProductRefused, detail.clone()).with("detail", detail)
        };
        let before = if form.id.is_empty() { None } else { Some(self.product_named(&form.id)?) };
        let name = Name { zh: form.name.zh.trim().to_owned(), en: form.name.en.trim().to_owned() };
        if name == Name::default() {
            return Err(wrong("name"));
        }
        let barcodes = form.barcodes.iter().map(|code| code.trim()).filter(|code| !code.is_empty());
        let barcodes = barcodes.map(|code| Barcode::parse(code).map_err(|_| wrong(code))).collect::<Result<_, _>>()?;
        let classes = self.store.tax_classes();
        let tax = match (form.tax.trim(), &before, &classes[..]) {
            ("", Some(before), _) => before.tax.clone(),
            ("", None, [only]) => only.clone(),
            (text, _, _) => TaxCode::parse(text).map_err(|_| wrong(&form.tax))?,
        };
        let category = match form.category.trim() {
            "" => None,
            code => Some(CategoryCode::parse(code).map_err(|_| wrong(code))?),
        };
        let price: UnitPrice = typed::price(&form.price, self.shop().currency)?
            .ok_or_else(|| Problem::new(ProblemCode::NotAnAmount, "a price is missing").with("text", ""))?;
        Ok(Product {
            id: before.as_ref().map_or_else(ProductId::generate, |before| before.id),
            sku: Sku::parse(&form.sku).map_err(|_| wrong(&form.sku))?,
            barcodes,
            name,
            category,
            price,
            unit: form.unit,
            tax,
            picture: Some(form.picture.trim().to_owned()).filter(|picture| !picture.is_empty()),
            active: form.active,
            details: details(form).ok_or_else(|| wrong(&form.minimum_age))?,
        })
    }

    /// The whole catalogue as a file.
    pub(crate) fn catalogue_file(&self, session: &str, format: &str) -> Result<FileView, Problem> {
        self.in_session(session, Permission::EditCatalogue, |_| {
            let mut products = Vec::new();
            let mut after = 0;
            loop {
                let page = self.store.products_after(after, CHUNK)?;
                let Some((last, _)) = page.last() else { break };
                after = *last;
                products.extend(page.into_iter().map(|(_, product)| product));
                if products.len() > MOST_EXPORTED {
                    let detail = format!("there are more than {MOST_EXPORTED} products: export them at the hub's command line");
                    return Err(Problem::new(ProblemCode::TooManyProducts, detail).with("most", MOST_EXPORTED));
                }
            }
            let failed = |error: catalogue_file::FileError| Problem::new(ProblemCode::Internal, error.to_string());
            let categories: Vec<_> = self.store.categories()?.into_iter().map(|(category, _)| category).collect();
            let (ending, mime, content) = match format {
                "xlsx" => (
                    "xlsx",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    catalogue_file::write_xlsx(&products, &categories).map_err(failed)?,
                ),
                "csv" => ("csv", "text/csv", catalogue_file::write_csv(&products, &categories).map_err(failed)?),
                other => return Err(Problem::new(ProblemCode::BadRequest, format!("'{other}' is neither csv nor xlsx"))),
            };
            let day = self.shop().business_date(self.clock.now());
            let name = format!("catalogue-{}-{day}.{ending}", self.shop().code);
            Ok(FileView { name, mime: mime.to_owned(), content: STANDARD.encode(content) })
        })
    }
}

/// What only some products have; none where a number in it is no number.
fn details(form: &ProductForm) -> Option<ProductDetails> {
    let names = |names: &[NameView]| -> Vec<Name> {
        let names = names.iter().map(|name| Name { zh: name.zh.trim().to_owned(), en: name.en.trim().to_owned() });
        names.filter(|name| *name != Name::default()).take(MOST_OPTIONS).collect()
    };
    let number = |text: &str| if text.trim().is_empty() { Some(None) } else { text.trim().parse().ok().map(Some) };
    let reorder_at = match form.reorder_at.trim() {
        "" => None,
        text => Some(text.parse::<StockDelta>().ok()?),
    };
    Some(ProductDetails {
        options: names(&form.options),
        variant_of: if form.variant_of.trim().is_empty() { None } else { Some(form.variant_of.trim().parse().ok()?) },
        values: names(&form.values),
        minimum_age: number(&form.minimum_age)?,
        reorder_at,
    })
}
