use std::fs;

use super::*;

fn file_vault(dir: &Path) -> Vault {
    Vault { kind: VaultKind::File, folder: dir.join("keys") }
}

fn saved() -> (tempfile::TempDir, Vault, TerminalId, TerminalKeys) {
    let dir = tempfile::tempdir().expect("a folder");
    let vault = file_vault(dir.path());
    let terminal = TerminalId::generate();
    let keys = TerminalKeys::generate().expect("keys");
    vault.save(terminal, &keys).expect("saved");
    (dir, vault, terminal, keys)
}

#[test]
fn keys_come_back_as_they_were_saved() {
    let (_dir, vault, terminal, keys) = saved();
    let loaded = vault.load(terminal).expect("read").expect("there");
    assert_eq!(loaded.journal.public(), keys.journal.public());
    assert_eq!(loaded.request.public(), keys.request.public());
    assert_eq!(vault.place(terminal), Some(VaultPlace::File(vault.key_file(terminal))));
}

#[test]
fn a_terminal_that_was_never_saved_has_no_keys() {
    let (_dir, vault, ..) = saved();
    let other = TerminalId::generate();
    assert!(vault.load(other).expect("read").is_none());
    assert_eq!(vault.place(other), None);
}

#[test]
fn keys_are_never_written_over() {
    let (_dir, vault, terminal, keys) = saved();
    vault.save(terminal, &keys).expect("the same keys may be saved again");
    let others = TerminalKeys::generate().expect("keys");
    assert!(matches!(vault.save(terminal, &others), Err(VaultError::Occupied(found)) if found == terminal));
}

#[test]
fn a_damaged_file_is_an_error_and_not_a_missing_key() {
    let (_dir, vault, terminal, _) = saved();
    let path = vault.key_file(terminal);
    let whole = fs::read_to_string(&path).expect("read");
    for damaged in [
        String::new(),
        "no key".to_owned(),
        whole[..whole.len() / 2].to_owned(),
        whole.replace("MC4C", "MC4D"),
        whole.replace("PRIVATE", "PUBLIC"),
    ] {
        fs::write(&path, damaged).expect("written");
        assert!(matches!(vault.load(terminal), Err(VaultError::Damaged(_))));
    }
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_the_file_and_one_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, vault, terminal, _) = saved();
    let path = vault.key_file(terminal);
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&vault.folder)), (0o600, 0o700));
    assert_eq!(fs::read_dir(&vault.folder).expect("there").count(), 1, "nothing is left beside it");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
    let error = vault.load(terminal).expect_err("refused");
    assert!(matches!(&error, VaultError::Exposed(_)) && error.to_string().contains("chmod 600"), "{error}");
}

#[test]
fn a_keychain_that_holds_the_keys_and_does_not_give_them_is_an_error_and_not_a_missing_key() {
    let dir = tempfile::tempdir().expect("a folder");
    let vault = Vault { kind: VaultKind::Auto, folder: dir.path().join("keys") };
    let terminal = TerminalId::generate();
    private_file::make_folder(&vault.folder).expect("made");
    private_file::write(&vault.keychain_mark(terminal), b"").expect("written");
    assert_eq!(vault.place(terminal), Some(VaultPlace::Keychain));
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() && cfg!(target_os = "linux") {
        assert!(matches!(vault.load(terminal), Err(VaultError::Keychain(_))));
    }
}

#[test]
fn the_file_can_be_read_by_openssl() {
    let (_dir, vault, terminal, keys) = saved();
    let output = std::process::Command::new("openssl")
        .args(["pkey", "-pubout", "-in"])
        .arg(vault.key_file(terminal))
        .output()
        .expect("openssl runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), keys.journal.public().to_pem());
}
