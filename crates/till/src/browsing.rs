//! Finding products by hand: categories, tiles, search.

use domain::{CategoryCode, Permission, Product};

use crate::api::{CategoryView, Problem, ProductPage, ProductView};
use crate::present;
use crate::terminal::Terminal;

/// Products that one answer may hold.
const MOST_PRODUCTS: u32 = 200;

impl Terminal {
    /// The categories in order.
    pub(crate) fn all_categories(&self, session: &str) -> Result<Vec<CategoryView>, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let categories = self.store.categories()?;
            Ok(categories.iter().map(|(category, products)| present::category(category, *products)).collect())
        })
    }

    /// A page of a category's products; empty: of all.
    pub(crate) fn browse_products(&self, session: &str, category: &str, offset: u32, limit: u32) -> Result<ProductPage, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let limit = limit.clamp(1, MOST_PRODUCTS);
            let category = match category.trim() {
                "" => None,
                // A code that no category can have holds no products.
                code => match CategoryCode::parse(code) {
                    Ok(code) => Some(code),
                    Err(_) => return self.page(Vec::new(), limit),
                },
            };
            self.page(self.store.browse(category.as_ref(), offset, limit + 1)?, limit)
        })
    }

    /// Products by name, pinyin initials, SKU or barcode.
    pub(crate) fn search_products(&self, session: &str, text: &str, limit: u32) -> Result<ProductPage, Problem> {
        self.in_session(session, Permission::Sell, |_| {
            let limit = limit.clamp(1, MOST_PRODUCTS);
            self.page(self.store.search(text, limit + 1)?, limit)
        })
    }

    /// `found` holds one more than `limit` where more follow.
    fn page(&self, found: Vec<Product>, limit: u32) -> Result<ProductPage, Problem> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let view = |product: &Product| -> Result<ProductView, Problem> {
            let on_hand = self.store.stock(product.id)?.map(|stock| stock.to_string());
            Ok(present::product(product, on_hand))
        };
        Ok(ProductPage {
            products: found.iter().take(most).map(view).collect::<Result<_, _>>()?,
            more: found.len() > most,
            catalogue_complete: self.store.catalogue_complete(),
        })
    }
}
