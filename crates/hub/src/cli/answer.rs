//! What a verb says at its end: JSON for programs, a table or a sentence for people.

use std::io::Write;

use hub::server::ServeError;
use hub::{HubError, Refused};
use serde::Serialize;
use serde_json::json;
use unicode_width::UnicodeWidthStr;

/// Why a verb failed: a code for programs, a sentence for people.
#[derive(Debug)]
pub(super) struct Failure {
    code: &'static str,
    detail: String,
    /// The answer for programs was given already; it tells what is wrong.
    answered: bool,
}

impl Failure {
    /// A failure.
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), answered: false }
    }

    /// A failure of a verb that has given its answer.
    pub(super) fn after_answer(code: &'static str, detail: impl Into<String>) -> Self {
        Self { answered: true, ..Self::new(code, detail) }
    }
}

impl From<HubError> for Failure {
    fn from(error: HubError) -> Self {
        let code = match &error {
            HubError::Database(_) => "database",
            HubError::UnknownStore(_) | HubError::UnknownStoreId(_) => "unknown_store",
            HubError::UnknownTerminal(_) => "unknown_terminal",
            HubError::UnknownTimeZone(_) => "unknown_time_zone",
            HubError::OtherCurrency { .. } => "other_currency",
            HubError::Name(_) => "name",
            HubError::Pin => "pin",
            _ => "failed",
        };
        Self::new(code, error.to_string())
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::new("refused", refused.detail)
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        let code = match &error {
            ServeError::PlainHttp(_) => "plain_http",
            ServeError::Bind { .. } => "address",
            ServeError::Tls { .. } => "tls",
            ServeError::Stopped(_) => "stopped",
        };
        Self::new(code, error.to_string())
    }
}

/// Where answers go.
#[derive(Debug)]
pub(super) struct Output {
    json: bool,
}

impl Output {
    /// Answers in JSON, or for people.
    pub(super) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Gives the answer: `value` to programs, the sentence to people.
    pub(super) fn answer(&self, value: &impl Serialize, sentence: &str) {
        if self.json { self.text(&json_text(value)) } else { self.text(sentence) }
    }

    /// Gives a list: `rows` to programs, a table to people.
    pub(super) fn list<T: Serialize>(&self, rows: &[T], columns: &[Column<T>], when_empty: &str) {
        if self.json {
            self.text(&json_text(&rows));
        } else if rows.is_empty() {
            self.text(when_empty);
        } else {
            self.text(&table(rows, columns));
        }
    }

    /// Gives `whole` to programs, its `rows` as a table to people.
    pub(super) fn report<W: Serialize, T>(&self, whole: &W, rows: &[T], columns: &[Column<T>], when_empty: &str) {
        if self.json {
            self.text(&json_text(whole));
        } else if rows.is_empty() {
            self.text(when_empty);
        } else {
            self.text(&table(rows, columns));
        }
    }

    /// Writes text as it is.
    #[allow(clippy::unused_self, reason = "all output goes through here")]
    pub(super) fn text(&self, text: &str) {
        // A reader that went away has nothing more to be told.
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }

    /// Says what failed: a sentence on standard error; with JSON also `{error: {code, detail}}` on standard output.
    pub(super) fn failure(&self, failure: &Failure) {
        if self.json && !failure.answered {
            self.text(&json_text(&json!({ "error": { "code": failure.code, "detail": failure.detail } })));
        }
        let _ = writeln!(std::io::stderr(), "{}", failure.detail);
    }
}

fn json_text(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("answers are plain data with text keys")
}

/// A column of a table for people.
pub(super) struct Column<T> {
    title: &'static str,
    to_the_right: bool,
    cell: fn(&T) -> String,
}

impl<T> Column<T> {
    /// A column of text.
    pub(super) const fn text(title: &'static str, cell: fn(&T) -> String) -> Self {
        Self { title, to_the_right: false, cell }
    }

    /// A column of numbers.
    pub(super) const fn number(title: &'static str, cell: fn(&T) -> String) -> Self {
        Self { title, to_the_right: true, cell }
    }
}

fn table<T>(rows: &[T], columns: &[Column<T>]) -> String {
    let titles = columns.iter().map(|column| column.title.to_owned()).collect();
    let cells = rows.iter().map(|row| columns.iter().map(|column| (column.cell)(row)).collect());
    let lines: Vec<Vec<String>> = std::iter::once(titles).chain(cells).collect();
    let widths: Vec<usize> =
        (0..columns.len()).map(|index| lines.iter().map(|line| line[index].width()).max().unwrap_or(0)).collect();
    let write = |line: &Vec<String>| {
        let padded = line.iter().zip(columns).zip(&widths).map(|((cell, column), width)| {
            // Chinese characters take two places, which the standard formatter does not know.
            let fill = " ".repeat(width.saturating_sub(cell.width()));
            if column.to_the_right { format!("{fill}{cell}") } else { format!("{cell}{fill}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(write).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_also_under_chinese_names() {
        let rows = [("茶", "5.00"), ("Water", "12.00")];
        let columns =
            [Column::text("name", |row: &(&str, &str)| row.0.to_owned()), Column::number("price", |row| row.1.to_owned())];
        assert_eq!(table(&rows, &columns), "name   price\n茶      5.00\nWater  12.00");
    }
}
