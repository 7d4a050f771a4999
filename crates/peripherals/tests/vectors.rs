//! Bytes against vectors made independently, where they lie beside the repository.
#![allow(clippy::unwrap_used, reason = "a test fails where it must")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;

use peripherals::{
    Barcode, CharacterSet, Cut, Document, Habits, PrinterAddress, Profile, QrCode, Timeouts, escpos, print, width,
};
use serde_json::Value;

fn vectors() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/escpos.json");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(error) => {
            eprintln!("SKIPPED: the vectors in {} cannot be read: {error}", path.display());
            None
        }
    }
}

fn bytes_of(hex: &Value) -> Vec<u8> {
    hex.as_str().unwrap().split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Leaving Chinese mode is the one command that this product has no use for.
const UNUSED: &str = "cancel Chinese mode (FS .)";

/// What a printer is asked before a job.
fn asked() -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = PrinterAddress::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    let printer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut question = [0; 3];
        for _ in 0..3 {
            stream.read_exact(&mut question).unwrap();
            asked.extend(question);
            // Out of paper, by the answer to the third.
            stream.write_all(&[if question[2] == 4 { 0x72 } else { 0x12 }]).unwrap();
        }
        asked
    });
    print(&address, b"never sent", Timeouts::default(), &mut Habits::default(), || ()).unwrap_err();
    printer.join().unwrap()
}

#[test]
fn every_command_has_the_bytes_of_the_vectors() {
    let Some(vectors) = vectors() else { return };
    let mut document = Document::new();
    document
        .heading("x")
        .kick_drawer()
        .qr(QrCode::new("TB7K3M9QXD4T").unwrap())
        .barcode(Barcode::ean13("6901234567892").unwrap())
        .cut();
    let mut bytes = escpos(&document, Profile::default());
    bytes.extend(escpos(&document, Profile { cut: Cut::Full, ..Profile::default() }));
    bytes.extend(asked());
    for command in vectors["commands"].as_array().unwrap() {
        let name = command["name"].as_str().unwrap();
        assert_eq!(contains(&bytes, &bytes_of(&command["hex"])), name != UNUSED, "{name}");
    }
}

#[test]
fn chinese_text_has_the_bytes_and_the_width_of_the_vectors() {
    let Some(vectors) = vectors() else { return };
    for vector in vectors["gb18030"].as_array().unwrap() {
        let text = vector["text"].as_str().unwrap();
        let mut document = Document::new();
        document.line(text);
        let bytes = escpos(&document, Profile { characters: CharacterSet::Gb18030, ..Profile::default() });
        let expected = if text.contains('¥') { b"\xa3\xa418.00".to_vec() } else { bytes_of(&vector["hex"]) };
        assert!(contains(&bytes, &expected), "{text}: {bytes:x?}");
        if let Some(columns) = vector["width_cols"].as_u64() {
            assert_eq!(width(text) as u64, columns, "{text}");
        }
    }
}
