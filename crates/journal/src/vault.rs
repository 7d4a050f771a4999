//! Where a terminal's private keys lie: in the operating system's keychain when there is one that answers, else in a file
//! that only its user can read. A keychain is never waited for without end.

mod keychain;
pub(crate) mod private_file;

use std::path::{Path, PathBuf};

use domain::TerminalId;
use thiserror::Error;

use crate::keys::{KeyError, SigningKey, TerminalKeys};
use crate::request::RequestKey;

/// The environment variable that overrides the choice: `auto`, `keychain` or `file`.
const OVERRIDE: &str = "TILLBRIDGE_KEYS";

/// Which place to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VaultKind {
    /// The keychain when it answers, else the file.
    #[default]
    Auto,
    /// The keychain alone.
    Keychain,
    /// The file alone.
    File,
}

/// Where a terminal's keys lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultPlace {
    /// In the operating system's keychain.
    Keychain,
    /// In this file.
    File(PathBuf),
}

/// Why keys could not be kept or found.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The override is none of the three words.
    #[error("TILLBRIDGE_KEYS is '{0}': set it to auto, keychain or file")]
    UnknownKind(String),
    /// The keychain refused or did not answer in time.
    #[error("the system's keychain did not give the keys ({0}): unlock it and start again")]
    Keychain(String),
    /// The file cannot be read or written.
    #[error("{path}: {source}; the keys of the terminal must be kept there, see that you may read and write it")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Others can read the file.
    #[error("others can read the private keys in {0}: run  chmod 600 '{0}'  and start again")]
    Exposed(PathBuf),
    /// The file does not hold the keys.
    #[error("{0} does not hold a terminal's two keys: restore it from its backup or enrol this terminal anew")]
    Damaged(PathBuf),
    /// Other keys are there already; to write over them would end that terminal.
    #[error("other keys of terminal {0} are kept already and were not replaced")]
    Occupied(TerminalId),
    /// A key cannot be read or written.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// The place of private keys of one data folder.
#[derive(Debug, Clone)]
pub struct Vault {
    kind: VaultKind,
    folder: PathBuf,
}

impl Vault {
    /// The vault of the data folder `dir`; files lie in `dir/keys`. Nothing is touched yet.
    pub fn open(dir: &Path, kind: VaultKind) -> Result<Self, VaultError> {
        let kind = match std::env::var(OVERRIDE) {
            Err(_) => kind,
            Ok(word) => match word.as_str() {
                "auto" => VaultKind::Auto,
                "keychain" => VaultKind::Keychain,
                "file" => VaultKind::File,
                _ => return Err(VaultError::UnknownKind(word)),
            },
        };
        Ok(Self { kind, folder: dir.join("keys") })
    }

    /// Where the keys of `terminal` lie, `None` before they were saved.
    pub fn place(&self, terminal: TerminalId) -> Option<VaultPlace> {
        let file = self.key_file(terminal);
        if self.kind != VaultKind::Keychain && file.exists() {
            return Some(VaultPlace::File(file));
        }
        (self.kind != VaultKind::File && self.keychain_mark(terminal).exists()).then_some(VaultPlace::Keychain)
    }

    /// The keys of `terminal`; `None` when none were ever saved here. Keys that lie in a keychain which does not answer are
    /// an error, not `None`: the terminal must not begin anew for that.
    pub fn load(&self, terminal: TerminalId) -> Result<Option<TerminalKeys>, VaultError> {
        match self.place(terminal) {
            None => Ok(None),
            Some(VaultPlace::File(path)) => private_file::read(&path).map(Some),
            Some(VaultPlace::Keychain) => keychain::read(terminal).map(Some),
        }
    }

    /// Keeps the keys of `terminal`; they are on disk, or read back from the keychain, when this returns.
    pub fn save(&self, terminal: TerminalId, keys: &TerminalKeys) -> Result<(), VaultError> {
        if let Some(kept) = self.load(terminal)? {
            let same = kept.journal.public() == keys.journal.public() && kept.request.public() == keys.request.public();
            return if same { Ok(()) } else { Err(VaultError::Occupied(terminal)) };
        }
        private_file::make_folder(&self.folder)?;
        if self.kind != VaultKind::File {
            match keychain::write(terminal, keys) {
                Ok(()) => return private_file::write(&self.keychain_mark(terminal), b"the keys lie in the keychain\n"),
                Err(error) if self.kind == VaultKind::Keychain => return Err(error),
                Err(_) => {}
            }
        }
        private_file::write(&self.key_file(terminal), private_file::to_text(keys)?.as_bytes())
    }

    fn key_file(&self, terminal: TerminalId) -> PathBuf {
        self.folder.join(format!("{terminal}.key"))
    }

    /// A file that says the keys were put into the keychain, so that a silent keychain is not taken for an empty one.
    fn keychain_mark(&self, terminal: TerminalId) -> PathBuf {
        self.folder.join(format!("{terminal}.keychain"))
    }
}

fn keys_from_der(journal: &[u8], request: &[u8]) -> Result<TerminalKeys, KeyError> {
    Ok(TerminalKeys { journal: SigningKey::from_pkcs8_der(journal)?, request: RequestKey::from_pkcs8_der(request)? })
}

#[cfg(test)]
mod tests;
