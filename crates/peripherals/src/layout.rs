//! The lines of a document on paper of a given width; shared by screen and printer, so that both show the same.

use crate::document::{Align, Block, Document};
use crate::picture::Picture;
use crate::symbol::{Barcode, QrCode};
use crate::width::{printable, width, wrap};

/// The paper roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// 80 mm: 48 columns, 576 dots.
    #[default]
    Mm80,
    /// 58 mm: 32 columns, 384 dots.
    Mm58,
}

impl Paper {
    /// The paper with this many columns, where there is one.
    pub fn with_columns(columns: u32) -> Option<Self> {
        match columns {
            48 => Some(Self::Mm80),
            32 => Some(Self::Mm58),
            _ => None,
        }
    }

    /// Columns of normal text.
    pub const fn columns(self) -> usize {
        match self {
            Self::Mm80 => 48,
            Self::Mm58 => 32,
        }
    }

    /// Printable dots across.
    pub const fn dots(self) -> usize {
        self.columns() * 12
    }
}

/// The size of a line's characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Normal,
    /// Twice as wide and as high.
    Double,
}

/// What stands on the paper, from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Row<'a> {
    Line { text: String, align: Align, size: Size, bold: bool },
    Qr(&'a QrCode),
    Barcode(&'a Barcode),
    Picture(&'a Picture),
    Feed(u8),
    Cut,
    KickDrawer,
}

/// Sets `document` on `paper`; double-sized text counts as twice as wide if `double` says that the device has it.
pub(crate) fn lay_out(document: &Document, paper: Paper, double: bool) -> Vec<Row<'_>> {
    let columns = paper.columns();
    let large = if double { (Size::Double, columns / 2) } else { (Size::Normal, columns) };
    let mut rows = Vec::new();
    for block in document.blocks() {
        match block {
            Block::Heading(text) => lines(&mut rows, wrap(&printable(text), large.1), Align::Center, large.0, true),
            Block::Text { text, align, bold } => {
                for paragraph in text.lines() {
                    lines(&mut rows, wrap(&printable(paragraph), columns), *align, Size::Normal, *bold);
                }
            }
            Block::Columns { left, right, bold } => {
                lines(&mut rows, two_columns(&printable(left), &printable(right), columns, 0), Align::Left, Size::Normal, *bold);
            }
            Block::Item { name, detail, amount } => {
                lines(
                    &mut rows,
                    item(&printable(name), &printable(detail), &printable(amount), columns),
                    Align::Left,
                    Size::Normal,
                    false,
                );
            }
            Block::Rule => lines(&mut rows, vec!["-".repeat(columns)], Align::Left, Size::Normal, false),
            Block::Total { label, amount } => {
                lines(&mut rows, two_columns(&printable(label), &printable(amount), large.1, 0), Align::Left, large.0, true);
            }
            Block::Qr(code) => rows.push(Row::Qr(code)),
            Block::Barcode(code) => rows.push(Row::Barcode(code)),
            Block::Picture(picture) => rows.push(Row::Picture(picture)),
            Block::Feed(count) => rows.push(Row::Feed(*count)),
            Block::Cut => rows.push(Row::Cut),
            Block::KickDrawer => rows.push(Row::KickDrawer),
        }
    }
    rows
}

fn lines(rows: &mut Vec<Row<'_>>, texts: Vec<String>, align: Align, size: Size, bold: bool) {
    rows.extend(texts.into_iter().map(|text| Row::Line { text, align, size, bold }));
}

/// The left part wraps beside the right one, which stands on the last line. Where less than a third of the line would be
/// left for it, the right part gets a line of its own.
fn two_columns(left: &str, right: &str, columns: usize, indent: usize) -> Vec<String> {
    let margin = " ".repeat(indent);
    let room = columns.saturating_sub(indent);
    let beside = room.saturating_sub(width(right) + 1);
    if right.is_empty() {
        return wrap(left, room).into_iter().map(|line| format!("{margin}{line}")).collect();
    }
    let fits_beside = beside >= width(left) || beside >= columns / 3;
    let mut texts: Vec<String> = match (left.is_empty(), fits_beside) {
        (true, _) => Vec::new(),
        (false, true) => wrap(left, beside).into_iter().map(|line| format!("{margin}{line}")).collect(),
        (false, false) => wrap(left, room).into_iter().map(|line| format!("{margin}{line}")).collect(),
    };
    let last = if fits_beside { texts.pop().unwrap_or_default() } else { String::new() };
    let gap = columns.saturating_sub(width(&last) + width(right));
    if last.is_empty() {
        texts.extend(wrap(right, columns).into_iter().map(|line| format!("{}{line}", " ".repeat(columns - width(&line)))));
    } else {
        texts.push(format!("{last}{}{right}", " ".repeat(gap)));
    }
    texts
}

fn item(name: &str, detail: &str, amount: &str, columns: usize) -> Vec<String> {
    if detail.is_empty() {
        return two_columns(name, amount, columns, 0);
    }
    let mut texts = wrap(name, columns);
    texts.extend(two_columns(detail, amount, columns, 2));
    texts
}
