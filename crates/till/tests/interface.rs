//! The generated interface of the user interface is that of the core.

use std::fs;

#[test]
fn the_typescript_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/lib/generated/api.ts");
    let kept = fs::read_to_string(path).expect("the generated file").replace("\r\n", "\n");
    assert!(kept == till::api::typescript(), "run  cargo run -p tillbridge-till --example typescript -- --write");
}
