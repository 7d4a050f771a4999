//! Labels as a page of HTML with drawn symbols, for any printer: 3 columns of 63.5 × 38.1 mm on A4.

use std::fmt::Write as _;
use std::sync::Arc;

use super::bars;
use super::{Label, Symbol};

const STYLE: &str = "@page{size:A4;margin:12mm 7mm}*{box-sizing:border-box}body{margin:0;font-family:sans-serif;color:#000;background:#fff}\
    main{display:grid;grid-template-columns:repeat(3,63.5mm);gap:0 2.5mm}\
    section{height:38.1mm;padding:2mm;display:flex;flex-direction:column;align-items:center;justify-content:space-between;\
    break-inside:avoid;overflow:hidden;text-align:center}\
    h2{margin:0;font-size:10pt;line-height:1.15;max-height:2.3em;overflow:hidden}b{font-size:15pt}svg{height:13mm;max-width:100%}\
    svg.square{height:16mm}small{font-size:7pt}";

/// The page.
pub(super) fn html(labels: &[Arc<Label>]) -> String {
    let mut page =
        format!("<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><title>Labels</title><style>{STYLE}</style><main>");
    for label in labels {
        let (drawing, text) = match &label.symbol {
            Symbol::Ean13(text) => (bars::ean13(text).map(|modules| row(&modules)), text),
            Symbol::Code128(text) => (bars::code128(text).map(|modules| row(&modules)), text),
            Symbol::Qr(text) => (square(text), text),
        };
        let _ = write!(
            page,
            "<section><h2>{}</h2><b>{}</b>{}<small>{} · {}</small></section>",
            escaped(&label.name),
            escaped(&label.price),
            drawing.unwrap_or_default(),
            escaped(text),
            escaped(&label.detail)
        );
    }
    page + "</main></html>"
}

/// A row of bars with its quiet zones.
fn row(modules: &[bool]) -> String {
    let mut path = String::new();
    for (x, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
        let _ = write!(path, "M{} 0h1v40h-1z", x + 11);
    }
    format!(
        "<svg viewBox=\"0 0 {} 40\" shape-rendering=\"crispEdges\" preserveAspectRatio=\"none\"><path d=\"{path}\"/></svg>",
        modules.len() + 22
    )
}

/// A QR code with its quiet zone.
fn square(text: &str) -> Option<String> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let side = code.width();
    let mut path = String::new();
    for (index, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == qrcode::Color::Dark) {
        let _ = write!(path, "M{} {}h1v1h-1z", index % side + 4, index / side + 4);
    }
    let side = side + 8;
    Some(format!("<svg class=\"square\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_shows_every_label_with_its_symbol_and_nothing_of_a_name_is_markup() {
        let label = |symbol| {
            Arc::new(Label { name: "<b>Tea & milk".to_owned(), detail: "DR001".to_owned(), price: "¥2.00".to_owned(), symbol })
        };
        let labels = [
            label(Symbol::Ean13("6901234567892".to_owned())),
            label(Symbol::Code128("DR001".to_owned())),
            label(Symbol::Qr("DR001".to_owned())),
        ];
        let page = html(&labels);
        assert_eq!((page.matches("<section>").count(), page.matches("<svg").count()), (3, 3));
        assert!(page.contains("&lt;b&gt;Tea &amp; milk") && page.contains("class=\"square\""));
    }
}
