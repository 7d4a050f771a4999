//! A document as monospaced text: what the screen shows of a receipt.

use crate::document::{Align, Document};
use crate::layout::{Paper, Row, lay_out};
use crate::width::{width, wrap};

/// The document as lines of text for `paper`, as many columns wide. Codes show as the text that is in them; pictures, the
/// drawer and the knife show nothing.
pub fn render_text(document: &Document, paper: Paper) -> String {
    let columns = paper.columns();
    let mut text = String::new();
    for row in lay_out(document, paper, false) {
        match row {
            Row::Line { text: line, align, .. } => push_line(&mut text, &line, align, columns),
            Row::Qr(code) => push_code(&mut text, code.text(), columns),
            Row::Barcode(code) => push_code(&mut text, code.text(), columns),
            Row::Feed(count) => text.extend(std::iter::repeat_n('\n', usize::from(count))),
            Row::Picture(_) | Row::Cut | Row::KickDrawer => {}
        }
    }
    text
}

fn push_code(text: &mut String, code: &str, columns: usize) {
    for line in wrap(&format!("[ {code} ]"), columns) {
        push_line(text, &line, Align::Center, columns);
    }
}

fn push_line(text: &mut String, line: &str, align: Align, columns: usize) {
    let free = columns.saturating_sub(width(line));
    let margin = match align {
        Align::Left => 0,
        Align::Center => free / 2,
        Align::Right => free,
    };
    text.push_str(&" ".repeat(margin));
    text.push_str(line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::symbol::QrCode;

    fn receipt() -> Document {
        let mut receipt = Document::new();
        receipt
            .heading("馨茶小馆")
            .centered("No. S1-2-000123")
            .rule()
            .item("农夫山泉饮用天然水 550ml", "2 x 2.00", "4.00")
            .item("Fresh whole milk from the highlands, 1 L", "", "12.90")
            .columns("Discount", "-0.50")
            .rule()
            .total("合计 Total", "￥16.40")
            .qr(QrCode::new("S1-2-000123").unwrap())
            .feed(1)
            .cut()
            .kick_drawer();
        receipt
    }

    #[test]
    fn a_receipt_reads_as_it_is_printed_on_narrow_paper() {
        let expected = "            馨茶小馆
        No. S1-2-000123
--------------------------------
农夫山泉饮用天然水 550ml
  2 x 2.00                  4.00
Fresh whole milk from the
highlands, 1 L             12.90
Discount                   -0.50
--------------------------------
合计 Total               ￥16.40
        [ S1-2-000123 ]

";
        assert_eq!(render_text(&receipt(), Paper::Mm58), expected);
    }

    #[test]
    fn wide_paper_leaves_names_on_one_line() {
        let text = render_text(&receipt(), Paper::Mm80);
        assert!(text.contains("Fresh whole milk from the highlands, 1 L   12.90\n"), "{text}");
    }

    #[test]
    fn an_amount_too_wide_to_stand_beside_its_label_gets_its_own_line() {
        let mut document = Document::new();
        document.columns("Total of everything bought today", "1,234,567,890,123.00 CNY");
        assert_eq!(render_text(&document, Paper::Mm58), "Total of everything bought today\n        1,234,567,890,123.00 CNY\n");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_paper_and_no_amount_is_cut(
            name in "[a-zA-Z0-9 一-龥]{0,80}", detail in "[0-9x. ]{0,20}", amount in "-?￥?[0-9]{1,20}\\.[0-9]{2}", narrow: bool,
        ) {
            let paper = if narrow { Paper::Mm58 } else { Paper::Mm80 };
            let mut document = Document::new();
            document.item(name.clone(), detail, amount.clone()).total(name, amount.clone());
            let text = render_text(&document, paper);
            for line in text.lines() {
                prop_assert!(width(line) <= paper.columns(), "{}", line);
            }
            prop_assert_eq!(text.lines().filter(|line| line.ends_with(&amount)).count(), 2);
        }
    }
}
