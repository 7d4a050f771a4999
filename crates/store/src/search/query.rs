//! From what somebody typed to products.

use std::collections::HashSet;

use domain::{Currency, Product};
use rusqlite::{Connection, Params};

use super::terms::{INITIALS, INITIALS_MARK, Piece, WORD_LETTERS, has_initials, may_be_initials, pieces};
use crate::error::StoreError;
use crate::product_row::{self, product_columns};
use crate::store::Store;

/// Matching products of which the best are shown.
const CANDIDATES: usize = 200;

/// Rows looked at for them.
const LOOKED_AT: u32 = 1_000;

/// Longest query that is looked at; more is no search.
const MAX_LETTERS: usize = 64;

/// How well a product fits; less is better.
type Fit = (u8, usize);

/// A candidate.
struct Found {
    key: i64,
    fit: Fit,
}

impl Store {
    /// Up to `limit` products that are sold and that `text` may mean, the best first: SKU and barcode (whole or their
    /// beginning) and names that hold every piece of it (Chinese characters side by side, beginnings of English words,
    /// pinyin initials). Nothing typed finds nothing.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<Product>, StoreError> {
        let text: String = text.trim().chars().take(MAX_LETTERS).collect();
        let usual = self.usual_currency();
        if text.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        self.readers.with(|connection| {
            let mut found = by_code(connection, &text, limit)?;
            found.extend(by_name(connection, &text)?);
            found.sort_by_key(|found| (found.fit, found.key));
            let mut seen = HashSet::new();
            found.retain(|found| seen.insert(found.key));
            found.truncate(limit as usize);
            found.iter().map(|found| product(connection, found.key, usual)).collect()
        })
    }

    /// False while the catalogue is still being loaded: a search may miss something.
    pub fn catalogue_complete(&self) -> bool {
        !self.loading.load(std::sync::atomic::Ordering::Acquire)
    }
}

fn product(connection: &Connection, key: i64, usual: Currency) -> Result<Product, StoreError> {
    let mut statement = connection.prepare_cached(concat!("SELECT ", product_columns!(), " FROM products p WHERE p.key = ?1"))?;
    let mut rows = statement.query([key])?;
    let row = rows.next()?.ok_or_else(|| StoreError::content("product", "it left while it was looked for"))?;
    product_row::read(row, usual)
}

/// Products whose SKU or barcode is, or begins with, what was typed.
fn by_code(connection: &Connection, text: &str, limit: u32) -> Result<Vec<Found>, StoreError> {
    if text.contains(char::is_whitespace) || text.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let end = format!("{text}\u{10ffff}");
    let mut found = codes(
        connection,
        "SELECT key, sku FROM products WHERE sku >= ?1 AND sku < ?2 AND active = 1 ORDER BY sku LIMIT ?3",
        (text, &end, limit),
        text,
    )?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        found.extend(codes(
            connection,
            "SELECT b.product, b.barcode FROM product_barcodes b CROSS JOIN products p ON p.key = b.product
             WHERE b.barcode >= ?1 AND b.barcode < ?2 AND p.active = 1 ORDER BY b.barcode LIMIT ?3",
            (text, &end, limit),
            text,
        )?);
    }
    Ok(found)
}

fn codes(connection: &Connection, sql: &str, params: impl Params, text: &str) -> Result<Vec<Found>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let code = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let fit = if code.eq_ignore_ascii_case(text) { 0 } else { 2 };
        found.push(Found { key: row.get(0)?, fit: (fit, code.len()) });
    }
    Ok(found)
}

/// Products whose names hold every piece of what was typed.
fn by_name(connection: &Connection, text: &str) -> Result<Vec<Found>, StoreError> {
    let wanted = pieces(text);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT p.key, p.zh, p.en FROM product_search s CROSS JOIN products p ON p.key = s.rowid
         WHERE s.product_search MATCH ?1 LIMIT ?2",
    )?;
    let mut rows = statement.query((expression(&wanted), LOOKED_AT))?;
    let mut found = Vec::new();
    while found.len() < CANDIDATES {
        let Some(row) = rows.next()? else { break };
        let zh = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let en = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        if let Some(fit) = fit(&wanted, zh, en) {
            found.push(Found { key: row.get(0)?, fit });
        }
    }
    Ok(found)
}

/// The pieces as an expression of the full-text index.
fn expression(wanted: &[Piece]) -> String {
    let mut terms = Vec::new();
    for piece in wanted {
        match piece {
            Piece::Han(run) if run.len() == 1 => terms.push(format!("\"{}\"", run[0])),
            Piece::Han(run) => terms.extend(run.windows(2).map(|pair| format!("\"{}{}\"", pair[0], pair[1]))),
            Piece::Word(word) => terms.push(word_expression(word)),
        }
    }
    terms.join(" AND ")
}

fn word_expression(word: &str) -> String {
    let beginning: String = word.chars().take(WORD_LETTERS).collect();
    if !may_be_initials(word) {
        return format!("\"{beginning}\"");
    }
    let letters: Vec<char> = word.chars().collect();
    let groups: Vec<String> = letters
        .windows(letters.len().min(INITIALS))
        .map(|group| format!("\"{INITIALS_MARK}{}\"", group.iter().collect::<String>()))
        .collect();
    format!("(\"{beginning}\" OR ({}))", groups.join(" AND "))
}

/// How well the names fit; none where a piece is missing.
fn fit(wanted: &[Piece], zh: &str, en: &str) -> Option<Fit> {
    let names = [pieces(zh), pieces(en)];
    let mut begins = false;
    for piece in wanted {
        let place = names.iter().filter_map(|name| place_of(piece, name)).min()?;
        begins |= place == 0;
    }
    let whole = names.iter().any(|name| name == wanted);
    let length = if zh.is_empty() { en.chars().count() } else { zh.chars().count() };
    let class = match (whole, begins) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 3,
    };
    Some((class, length))
}

/// Where in a name a piece stands: 0 for its beginning.
fn place_of(wanted: &Piece, name: &[Piece]) -> Option<usize> {
    name.iter().enumerate().find_map(|(index, piece)| {
        let within = match (wanted, piece) {
            (Piece::Han(wanted), Piece::Han(run)) => run.windows(wanted.len()).position(|part| part == wanted),
            (Piece::Word(wanted), Piece::Word(word)) => word.starts_with(wanted).then_some(0),
            (Piece::Word(wanted), Piece::Han(run)) if may_be_initials(wanted) => has_initials(run, wanted),
            _ => None,
        };
        within.map(|within| index + within)
    })
}
