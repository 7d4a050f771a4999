//! A disk without room: the order stays as it is, and finishing works once there is room again.
#![cfg(target_os = "linux")]

mod counter;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use counter::{BREAD, Counter, MILK};
use serde_json::json;
use till::api::ProblemCode;

/// Names the folder of the small disk, in the test's second run.
const SMALL_DISK: &str = "TILLBRIDGE_TEST_SMALL_DISK";

#[test]
fn a_full_disk_at_finish_leaves_the_order_and_finishing_can_be_tried_again() {
    match std::env::var_os(SMALL_DISK) {
        Some(disk) => sell_on(Path::new(&disk)),
        None => run_on_a_small_disk("a_full_disk_at_finish_leaves_the_order_and_finishing_can_be_tried_again"),
    }
}

/// Runs the test again in a mount namespace of its own, with a disk of a few megabytes.
fn run_on_a_small_disk(test: &str) {
    let disk = tempfile::tempdir().expect("a folder");
    let script = r#"mount -t tmpfs -o size=6m tmpfs "$1" && exec "$2" --exact "$3" --nocapture"#;
    let status = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(disk.path())
        .arg(std::env::current_exe().expect("this program"))
        .arg(test)
        .env(SMALL_DISK, disk.path())
        .status()
        .expect("unshare of util-linux");
    assert!(status.success(), "the run on a small disk failed (a kernel that refuses user namespaces refuses it, too)");
}

fn sell_on(disk: &Path) {
    let counter = Counter::in_folder(tempfile::tempdir_in(disk).expect("a folder"));
    counter.terminal().store().apply_changes(&counter::catalogue(), 1).expect("the catalogue");
    counter.terminal().store().apply_changes(&[domain::Change::Shop(counter::shop())], 2).expect("the shop");
    counter.sign_in("ana");

    let filler = disk.join("filler");
    fill(&filler);
    let (problem, before) = sell_until_refused(&counter);
    assert_eq!(problem, ProblemCode::DiskFull);
    let state = counter.done("app", json!({}))["signed_in"].clone();
    assert_eq!(state["tendering"], before, "the order is there, paid as it was");
    assert_eq!(counter.refused_as("finish", json!({ "print": null })), ProblemCode::DiskFull);

    fs::remove_file(&filler).expect("room again");
    let receipt = counter.done("finish", json!({ "print": null }));
    let listed = counter.done("recent", json!({ "before": 0, "limit": 200 }));
    assert_eq!(listed[0]["receipt"], receipt["receipt"]);
    counter.prove();
    counter.reopened().prove();
}

/// Writes until nothing fits any more.
fn fill(path: &Path) {
    let mut file = File::create(path).expect("a file");
    let block = [0_u8; 4096];
    while file.write_all(&block).is_ok() {}
}

/// What room the store's own files still have is used up, too.
fn sell_until_refused(counter: &Counter) -> (ProblemCode, serde_json::Value) {
    for _ in 0..10_000 {
        counter.scan(MILK);
        counter.scan(BREAD);
        counter.done("begin_payment", json!({}));
        let tendering = counter.done("tender_card", json!({ "amount": "", "reference": "SLIP 9" }));
        if let Err(problem) = counter.call("finish", json!({ "print": null })) {
            return (problem.code, tendering);
        }
    }
    panic!("the disk was never full");
}
