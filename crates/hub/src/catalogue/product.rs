//! One product changed or added by a manager at a till.

use domain::{Change, Permission, Product, ProductId, Staff, StaffId, StoreId};
use sync::goods::PutProductAnswer;
use sync::wire::ProblemKind;

use super::known::{Known, folded, hash};
use crate::database::Session;
use crate::error::{Failure, HubError, Refused};
use crate::feed;
use crate::hub::Hub;
use crate::store;

impl Hub {
    /// Ok when this member of the staff of `store` may do it, whatever the till thinks of their role.
    pub(crate) fn staff_may(&self, store: StoreId, staff: &StaffId, permission: Permission) -> Result<(), Refused> {
        let staff = staff.clone();
        let found = self.0.database.read(move |session| {
            let (number, _) = feed::position(session, store)?;
            member(session, number, &staff)
        })?;
        let refuse = |detail: String| Err(Refused::new(ProblemKind::Forbidden, detail));
        match found.filter(|staff| staff.active) {
            None => refuse("the hub does not know this member of the staff".to_owned()),
            Some(staff) => staff.role.allow(permission).or_else(|refused| refuse(refused.to_string())),
        }
    }

    /// Adds or changes a product of a store. Codes of another product, tax classes and parents that the store does not have are
    /// refused.
    pub(crate) fn put_product(&self, store: StoreId, product: &Product) -> Result<PutProductAnswer, Refused> {
        let asked = product.clone();
        let product = self.0.database.write(move |session| {
            let number = store::by_id(session, store)?.number;
            feed::lock(session, number)?;
            let product = checked(session, store, number, asked.clone())?;
            feed::publish(session, number, &[Change::Product(product.clone())])?;
            Ok::<_, Failure>(product)
        })?;
        Ok(PutProductAnswer { product })
    }
}

fn member(session: &mut Session<'_>, number: i64, staff: &StaffId) -> Result<Option<Staff>, HubError> {
    let key = format!("staff:{staff}");
    let sql = "SELECT change FROM feed WHERE key = $1 AND store = $2";
    let text = session.query_one(sql, &[(&key).into(), number.into()], |row| row.text(0))?;
    match text.as_deref().map(feed::read).transpose()? {
        Some(Change::Staff(staff)) => Ok(Some(staff)),
        _ => Ok(None),
    }
}

/// The product as it may be published.
fn checked(session: &mut Session<'_>, store: StoreId, number: i64, mut product: Product) -> Result<Product, Failure> {
    let currency = store::by_id(session, store)?.shop.currency;
    let known = Known::read(session, number, currency)?;
    let refuse = |detail: String| Err(Failure::Refused(Refused::new(ProblemKind::BadContent, detail)));
    if product.price.currency() != currency {
        return refuse(format!("the store sells in {currency}, not in {}", product.price.currency()));
    }
    let own = folded(product.sku.as_str());
    let known_ids: std::collections::HashSet<ProductId> = known.products.values().copied().collect();
    match known.products.get(&own) {
        Some(id) if *id != product.id => return refuse(format!("the code '{}' belongs to another product", product.sku)),
        None if !known_ids.contains(&product.id) => product.id = known.new_id(&product.sku),
        _ => {}
    }
    for barcode in &product.barcodes {
        let owner = known.barcodes.get(&hash(barcode.as_str())).and_then(|owner| known.products.get(owner));
        if owner.is_some_and(|owner| *owner != product.id) {
            return refuse(format!("the barcode {barcode} belongs to another product"));
        }
    }
    if !known.taxes.contains(&product.tax) {
        return refuse(format!("the store has no tax class '{}'", product.tax));
    }
    if product.category.as_ref().is_some_and(|code| !known.categories.contains_key(code)) {
        return refuse("the store has no such category".to_owned());
    }
    if product.details.variant_of.is_some_and(|parent| parent == product.id || !known_ids.contains(&parent)) {
        return refuse("the store has no such product that it could be a variant of".to_owned());
    }
    Ok(product)
}
