//! What arrives at a printer, read back from the wire.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]

mod support;

use peripherals::{
    Barcode, CharacterSet, Delivery, Document, Habits, Paper, PrinterAddress, Profile, QrCode, QrPrinting, Timeouts, escpos,
    print, render_text,
};
use support::fake_printer::FakePrinter;
use support::{Printed, interpret};

fn receipt() -> Document {
    let mut receipt = Document::new();
    receipt
        .heading("馨茶小馆")
        .item("农夫山泉饮用天然水 550ml", "2 x 2.00", "4.00")
        .total("合计", "¥4.00")
        .qr(QrCode::new("TB7K3M9QXD4T").unwrap())
        .barcode(Barcode::code128("S1-2-{123}").unwrap())
        .barcode(Barcode::ean13("6901234567892").unwrap())
        .feed(2)
        .kick_drawer()
        .cut();
    receipt
}

fn printed(document: &Document, profile: Profile) -> Vec<Printed> {
    interpret(&escpos(document, profile))
}

#[test]
fn a_receipt_arrives_whole_over_the_network() {
    let printer = FakePrinter::on_the_network();
    let address = PrinterAddress::parse(&printer.address()).unwrap();
    let bytes = escpos(&receipt(), Profile::for_paper(Paper::Mm58));
    let delivery = print(&address, &bytes, Timeouts::default(), &mut Habits::default(), || ()).unwrap();
    assert_eq!(delivery, Delivery::Confirmed);
    assert_eq!(
        interpret(&printer.tear_off()),
        [
            Printed::Large("馨茶小馆".into()),
            Printed::Line("农夫山泉饮用天然水 550ml".into()),
            Printed::Line("  2 x 2.00                  4.00".into()),
            Printed::Large("合计      ￥4.00".into()),
            Printed::Qr("TB7K3M9QXD4T".into(), 6),
            Printed::Barcode(73, "{BS1-2-{{123}".into()),
            Printed::Barcode(2, "690123456789".into()),
            Printed::Feed(2),
            Printed::Kick(0, 0x19, 0xfa),
            Printed::Cut,
        ]
    );
}

#[test]
fn a_drawer_can_be_opened_without_paper() {
    let mut document = Document::new();
    document.kick_drawer();
    assert_eq!(printed(&document, Profile::default()), [Printed::Kick(0, 0x19, 0xfa)]);
}

#[test]
fn a_name_with_printer_commands_in_it_prints_as_text() {
    let mut document = Document::new();
    document.item("Tea\u{1b}p\u{0}\u{19}\u{fa}", "", "1.00").line("a\u{1d}V\u{42}\u{0}");
    let lines = printed(&document, Profile { characters: CharacterSet::Gb18030, ..Profile::default() });
    assert!(lines.iter().all(|line| matches!(line, Printed::Line(_))), "{lines:?}");
}

#[test]
fn paper_and_screen_show_the_same_lines() {
    let mut document = Document::new();
    document
        .line("店铺 Shop")
        .columns("左 left", "右 right")
        .item("Fresh milk from the highlands 牛奶", "3 x 12.90", "38.70")
        .rule();
    for paper in [Paper::Mm58, Paper::Mm80] {
        let on_paper: Vec<String> = printed(&document, Profile::for_paper(paper))
            .into_iter()
            .map(|printed| if let Printed::Line(line) = printed { line } else { panic!("{printed:?}") })
            .collect();
        assert_eq!(on_paper, render_text(&document, paper).lines().collect::<Vec<_>>());
    }
}

#[test]
fn a_printer_that_cannot_draw_qr_codes_gets_a_picture_that_fits() {
    let code = QrCode::new("TB7K3M9QXD4T").unwrap();
    let side = code.modules() * 6;
    let mut document = Document::new();
    document.qr(code);
    let profile = Profile { qr: QrPrinting::Raster, paper: Paper::Mm58, ..Profile::default() };
    assert_eq!(printed(&document, profile), [Printed::Picture(side.div_ceil(8), side)]);
}

#[test]
fn a_barcode_too_long_for_the_paper_becomes_a_qr_code() {
    let mut document = Document::new();
    document.barcode(Barcode::code128("SHANGHAI-XUHUI-12-000123").unwrap());
    assert_eq!(
        printed(&document, Profile::for_paper(Paper::Mm58)),
        [Printed::Qr("SHANGHAI-XUHUI-12-000123".into(), 6), Printed::Line("SHANGHAI-XUHUI-12-000123".into())]
    );
}
