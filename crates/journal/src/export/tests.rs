//! The script runs with real openssl here: what is handed out must stand without this program.

use std::convert::Infallible;
use std::process::Command;

use super::*;
use crate::example::{KEY, OTHER_KEY, TERMINAL, journal, lines, texts, time};
use crate::{Entry, Head};

/// Exports `texts` and runs the script over them: its exit code and all it says.
fn run_script(texts: &[&str], arguments: &[&str]) -> (Option<i32>, String) {
    run_script_over(&lines(texts), arguments)
}

fn run_script_over(entries: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    export(folder.path(), std::iter::empty::<Result<String, Infallible>>(), &KEY.public()).expect("exported");
    fs::write(folder.path().join("entries.jws"), entries).expect("written");
    let output = Command::new("sh").arg(folder.path().join("verify.sh")).args(arguments).output().expect("sh runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), said.trim_end().to_owned())
}

fn refused(line: usize, what: &str) -> (Option<i32>, String) {
    (Some(1), format!("line {line}: {what}"))
}

/// An entry whose payload says something else than what was signed.
fn tampered(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    let json = String::from_utf8(crate::entry::decode(parts[1]).expect("base64url")).expect("UTF-8");
    let changed = json.replace("2026-11-24", "2026-11-25");
    assert_ne!(json, changed);
    let payload = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, changed);
    format!("{}.{payload}.{}", parts[0], parts[2])
}

#[test]
fn an_export_holds_every_entry_the_key_and_the_script() {
    let folder = tempfile::tempdir().expect("a folder");
    let entries = journal(3);
    let target = folder.path().join("new/export");
    let read = entries.iter().map(|entry| Ok::<_, Infallible>(entry.text.clone()));
    let summary = export(&target, read, &KEY.public()).expect("exported");
    assert_eq!(summary, ExportSummary { entries: 3, head: entries[2].hash, kid: KEY.kid().to_owned() });
    assert_eq!(fs::read_to_string(target.join("entries.jws")).expect("read"), lines(&texts(&entries)));
    assert_eq!(fs::read_to_string(target.join("key.pem")).expect("read"), KEY.public().to_pem());
    assert!(!target.join("entries.jws.part").exists());

    let output = Command::new("sh").arg(target.join("verify.sh")).output().expect("sh runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, format!("ok 3 entries, head {}\n", entries[2].hash));
}

#[test]
fn a_journal_that_cannot_be_read_leaves_the_earlier_export_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let entries = journal(1);
    export(folder.path(), [Ok::<_, Infallible>(entries[0].text.clone())].into_iter(), &KEY.public()).expect("exported");
    let broken = [Ok(entries[0].text.clone()), Err("the disk is gone")].into_iter();
    assert!(matches!(export(folder.path(), broken, &KEY.public()), Err(ExportError::Read(_))));
    let torn = [Ok::<_, Infallible>("two\nlines".to_owned())].into_iter();
    assert!(matches!(export(folder.path(), torn, &KEY.public()), Err(ExportError::NotOneLine(1))));
    assert_eq!(fs::read_to_string(folder.path().join("entries.jws")).expect("read"), lines(&texts(&entries)));
}

#[test]
fn the_script_takes_a_journal_that_is_whole() {
    let entries = journal(3);
    assert_eq!(run_script(&texts(&entries), &[]), (Some(0), format!("ok 3 entries, head {}", entries[2].hash)));
    assert_eq!(run_script(&[], &[]), (Some(0), format!("ok 0 entries, head {}", EntryHash::ZERO)));
}

#[test]
fn the_script_refuses_a_tampered_entry() {
    let entries = journal(3);
    let changed = tampered(&entries[1].text);
    let journal = [entries[0].text.as_str(), &changed, &entries[2].text];
    assert_eq!(run_script(&journal, &[]), refused(2, "the signature is wrong: the entry was changed"));
}

#[test]
fn the_script_refuses_gaps_doubles_and_another_order() {
    let entries = journal(3);
    let all = texts(&entries);
    let misplaced = |line, found| {
        let what = format!("entry {found} stands where {line} should: entries are missing, doubled or out of order");
        refused(line, &what)
    };
    assert_eq!(run_script(&[all[0], all[2]], &[]), misplaced(2, 3));
    assert_eq!(run_script(&[all[1], all[2]], &[]), misplaced(1, 2));
    assert_eq!(run_script(&[all[0], all[0]], &[]), misplaced(2, 1));
    assert_eq!(run_script(&[all[0], all[2], all[1]], &[]), misplaced(2, 3));
}

#[test]
fn the_script_refuses_a_line_that_is_cut_off() {
    let entries = journal(2);
    let whole = lines(&texts(&entries));
    assert_eq!(run_script_over(&whole[..whole.len() - 1], &[]), refused(2, "the line is cut off"));
    let (code, _) = run_script_over(&format!("{}\n", &whole[..whole.len() - 9]), &[]);
    assert_eq!(code, Some(1));
}

#[test]
fn the_script_refuses_a_journal_whose_tail_was_cut_off_after_a_receipt() {
    let entries = journal(3);
    let all = texts(&entries);
    let hash = entries[2].hash.to_string();
    assert_eq!(run_script(&all, &["3", &hash]).0, Some(0));
    let cut = "the journal ends here, but entry 3 was acknowledged: its tail was cut off";
    assert_eq!(run_script(&all[..2], &["3", &hash]), refused(2, cut));
    let rewritten = format!("the hash is not {hash}: the journal was rewritten after that receipt");
    assert_eq!(run_script(&all, &["2", &hash]), refused(2, &rewritten));
}

#[test]
fn the_script_refuses_another_key_another_terminal_and_another_history() {
    let entries = journal(2);
    let at = time("2026-11-24T09:00:00Z");
    let event = entries[1].event.clone();
    let second = |key, terminal, after| Entry::sign(key, terminal, after, at, None, event.clone()).expect("signed").text;
    let first = entries[0].text.as_str();
    let by_other = second(&OTHER_KEY, *TERMINAL, entries[0].head());
    assert_eq!(run_script(&[first, &by_other], &[]), refused(2, "not signed with the key in key.pem"));
    let of_other = second(&KEY, domain::TerminalId::generate(), entries[0].head());
    assert_eq!(run_script(&[first, &of_other], &[]), refused(2, "an entry of another terminal"));
    let forked = second(&KEY, *TERMINAL, Head { seq: 1, hash: EntryHash::ZERO });
    assert_eq!(run_script(&[first, &forked], &[]), refused(2, "the hash of the entry before is another: the chain is broken"));
}

#[test]
fn the_script_refuses_what_is_no_journal() {
    for text in ["hello\n", "\n", "a.b\n", "a.b.c.d\n", "$(id).`id`.x\n"] {
        assert_eq!(run_script_over(text, &[]), refused(1, "not an entry"), "{text:?}");
    }
    assert_eq!(run_script_over("a.b.c\n", &[]), refused(1, "not signed with the key in key.pem"));
}
