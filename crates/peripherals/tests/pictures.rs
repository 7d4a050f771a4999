//! Receipts and labels as pictures of the paper, made from the bytes that a printer gets: what is on them is read back by
//! a decoder, and with `PICTURES` set they are written for people to look at.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]

mod support;

use std::path::PathBuf;

use peripherals::{
    Barcode, BarcodePrinting, CharacterSet, Cut, Document, Paper, Picture, Profile, QrCode, QrPrinting, escpos, render_text,
};
use support::bars;
use support::page::{Happened, Page, page};

/// A logo: a ring, drawn in shades with soft edges.
fn logo() -> Picture {
    let side = 200_u32;
    let shade = |x: u32, y: u32| {
        let (x, y) = (f64::from(x) - 100.0, f64::from(y) - 100.0);
        let distance = (x.hypot(y) - 70.0).abs();
        if distance < 20.0 {
            0
        } else if distance < 30.0 {
            128
        } else {
            255
        }
    };
    let dots: Vec<u8> = (0..side).flat_map(|y| (0..side).map(move |x| shade(x, y))).collect();
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&dots).unwrap();
    Picture::from_png(&png, Paper::Mm58.dots()).unwrap()
}

fn receipt() -> Document {
    let mut receipt = Document::new();
    receipt
        .kick_drawer()
        .picture(logo())
        .heading("馨茶小馆")
        .columns("S1-2-000123", "2026-11-24 18:32")
        .rule()
        .item("农夫山泉饮用天然水 550ml", "2 x 2.00", "4.00")
        .item("Fresh whole milk from the highlands, 1 L", "1 x 12.90", "12.90")
        .rule()
        .total("合计 Total", "¥16.90")
        .columns("现金 Cash", "20.00")
        .columns("找零 Change", "3.10")
        .qr(QrCode::new("S1-2-000123").unwrap())
        .barcode(Barcode::code128("S1-2-{123}").unwrap())
        .barcode(Barcode::ean13("6901234567892").unwrap())
        .cut();
    receipt
}

fn drawn(document: &Document, profile: Profile, name: &str) -> Page {
    let page = page(&escpos(document, profile), profile.paper.dots());
    if let Some(folder) = std::env::var_os("PICTURES") {
        let file = PathBuf::from(folder).join(format!("{name}.svg"));
        std::fs::write(file, page.svg()).unwrap();
    }
    page
}

/// Every way a printer may be.
fn profiles() -> Vec<(String, Profile)> {
    let mut profiles = Vec::new();
    for paper in [Paper::Mm80, Paper::Mm58] {
        for (name, qr, barcodes, cut) in [
            ("native", QrPrinting::Native, BarcodePrinting::Native, Cut::Partial),
            ("raster", QrPrinting::Raster, BarcodePrinting::Raster, Cut::Full),
        ] {
            let profile = Profile { paper, characters: CharacterSet::Gb18030, qr, barcodes, cut };
            profiles.push((format!("{}-{name}", paper.columns()), profile));
        }
    }
    profiles
}

#[test]
fn a_phone_reads_the_code_on_every_paper_from_every_printer() {
    for (name, profile) in profiles() {
        let page = drawn(&receipt(), profile, &format!("receipt-{name}"));
        assert_eq!(page.read_qr_codes(), ["S1-2-000123"], "{name}");
    }
}

#[test]
fn a_scanner_reads_the_barcodes_whoever_draws_them() {
    for (name, profile) in profiles() {
        let page = drawn(&receipt(), profile, &format!("receipt-{name}"));
        // Logo, QR code, Code 128, EAN-13.
        let [_, _, code128, ean13] = page.places[..] else { panic!("{name}: {:?}", page.places) };
        let trimmed = |place| {
            let row: &[bool] = page.row(place, 40);
            let end = row.iter().rposition(|dot| *dot).unwrap() + 1;
            bars::runs(&row[..end], 2)
        };
        assert_eq!(bars::code128(&trimmed(code128)), "S1-2-{123}", "{name}");
        assert_eq!(bars::ean13(&trimmed(ean13)), "6901234567892", "{name}");
        for place in [code128, ean13] {
            assert!(place.x >= 14 && place.x + place.width + 14 <= page.width, "{name}: no quiet zone");
        }
    }
}

#[test]
fn the_lines_stand_as_on_the_screen_and_the_total_is_large() {
    for (name, profile) in profiles() {
        let page = drawn(&receipt(), profile, &format!("receipt-{name}"));
        let screen = render_text(&receipt(), profile.paper);
        for text in page.texts.iter().filter(|text| text.size == 1) {
            assert!(screen.contains(text.text.trim()), "{name}: {}", text.text);
        }
        let large: Vec<&str> = page.texts.iter().filter(|text| text.size == 2).map(|text| text.text.trim()).collect();
        assert_eq!(large[0], "馨茶小馆", "{name}");
        assert!(large[1].starts_with("合计") && large.concat().ends_with("￥16.90"), "{name}: {large:?}");
        assert!(page.texts.iter().filter(|text| text.size == 2).all(|text| text.bold), "{name}");
        let heading = page.texts.iter().find(|text| text.text == "馨茶小馆").unwrap();
        assert_eq!(heading.x, (page.width - 8 * 24) / 2, "{name}: in the middle");
    }
}

#[test]
fn the_drawer_opens_before_the_paper_and_the_knife_comes_last() {
    for (name, profile) in profiles() {
        let page = drawn(&receipt(), profile, &format!("receipt-{name}"));
        let full = profile.cut == Cut::Full;
        assert_eq!(page.happened.first(), Some(&(0, Happened::Kick)), "{name}");
        assert_eq!(page.happened.last(), Some(&(page.dots.len(), Happened::Cut { full })), "{name}");
        let ink = page.dots.iter().rposition(|row| row.contains(&true)).unwrap();
        assert!(page.dots.len() - ink >= 100, "{name}: the knife would cut into the last code");
    }
}

#[test]
fn the_logo_stands_in_the_middle_and_keeps_its_shape_and_shades() {
    let (_, profile) = profiles().remove(0);
    let page = drawn(&receipt(), profile, "logo");
    let logo = page.places[0];
    assert_eq!((logo.x, logo.y, logo.width, logo.height), ((576 - 200) / 2, 0, 200, 200));
    let dark = |x: usize, y: usize| page.dots[logo.y + y][logo.x + x];
    assert!(!dark(100, 100) && dark(100, 30) && dark(30, 100) && !dark(0, 0), "a ring");
    let soft = (0..200).filter(|x| (0..200).any(|y| dark(*x, y))).count();
    assert!((180..=200).contains(&soft), "its soft edge reaches out to 100 dots from the middle: {soft}");
}

#[test]
fn a_printer_without_a_knife_feeds_the_slip_out() {
    let mut document = Document::new();
    document.line("一行").cut();
    let page = drawn(&document, Profile { cut: Cut::None, ..Profile::default() }, "torn-off");
    assert!(page.happened.is_empty());
    assert_eq!(page.dots.len(), 30 + 5 * 30);
}

#[test]
fn a_picture_longer_than_one_command_is_whole() {
    let side = 480_u32;
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let dots: Vec<u8> = (0..side).flat_map(|y| (0..side).map(move |x| if x == y { 0 } else { 255 })).collect();
    encoder.write_header().unwrap().write_image_data(&dots).unwrap();
    let mut document = Document::new();
    document.picture(Picture::from_png(&png, 576).unwrap());
    let page = drawn(&document, Profile::default(), "diagonal");
    assert_eq!(page.places.len(), 2);
    assert!((0..480).all(|at| page.dots[at][48 + at]), "no row is missing where the bands meet");
}
