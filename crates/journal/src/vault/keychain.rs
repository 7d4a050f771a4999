//! Keys in the operating system's keychain, as two binary secrets: Windows takes at most 2560 bytes in one.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use domain::TerminalId;
use keyring::Entry;
use zeroize::Zeroizing;

use super::{VaultError, keys_from_der};
use crate::keys::TerminalKeys;

const SERVICE: &str = "tillbridge";
/// A keychain that was never used must answer within this, or the private file is used.
const FIRST_ANSWER: Duration = Duration::from_secs(3);
/// A keychain that holds keys may ask its user to unlock it first.
const UNLOCKING: Duration = Duration::from_mins(1);

/// The keys of `terminal`.
pub(super) fn read(terminal: TerminalId) -> Result<TerminalKeys, VaultError> {
    within(UNLOCKING, move || Ok((secret(terminal, "journal")?, secret(terminal, "request")?)))
        .and_then(|(journal, request)| Ok(keys_from_der(&journal, &request)?))
}

/// Puts the keys of `terminal` in and reads them back.
pub(super) fn write(terminal: TerminalId, keys: &TerminalKeys) -> Result<(), VaultError> {
    let journal = keys.journal.to_pkcs8_der()?;
    let request = keys.request.to_pkcs8_der()?;
    within(FIRST_ANSWER, move || {
        for (name, der) in [("journal", &journal), ("request", &request)] {
            entry(terminal, name)?.set_secret(der)?;
            if secret(terminal, name)? != *der {
                return Err(keyring::Error::NotSupportedByStore("it gave back another secret".to_owned()));
            }
        }
        Ok(())
    })
}

fn entry(terminal: TerminalId, name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, &format!("{terminal}/{name}"))
}

fn secret(terminal: TerminalId, name: &str) -> keyring::Result<Zeroizing<Vec<u8>>> {
    entry(terminal, name)?.get_secret().map(Zeroizing::new)
}

/// The answer of the keychain if it comes in time. One that never answers keeps its thread; the program goes on.
fn within<T: Send + 'static>(
    limit: Duration,
    ask: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<T, VaultError> {
    let (answer, waiting) = mpsc::channel();
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || answer.send(ask()))
        .map_err(|error| VaultError::Keychain(error.to_string()))?;
    match waiting.recv_timeout(limit) {
        Ok(answer) => answer.map_err(|error| VaultError::Keychain(error.to_string())),
        Err(_) => Err(VaultError::Keychain(format!("no answer within {} s", limit.as_secs()))),
    }
}
