//! A journal handed out: the entries, the key and a script that checks them with public tools.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::entry::{EntryHash, entry_hash};
use crate::keys::VerifyingKey;

const SCRIPT: &str = include_str!("verify.sh");

/// Why a journal could not be handed out.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A file could not be written.
    #[error("{path} could not be written: {source}; choose a folder with room that you may write to")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The entries could not be read.
    #[error("the journal could not be read: {0}")]
    Read(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A text that is no entry.
    #[error("entry {0} of the journal holds a line break: the store is damaged, recover it from its copy")]
    NotOneLine(u64),
}

/// What was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSummary {
    /// How many entries.
    pub entries: u64,
    /// The hash of the last one, zeros when there is none.
    pub head: EntryHash,
    /// The id of the key.
    pub kid: String,
}

/// Writes `entries.jws` (one entry a line), `key.pem` and `verify.sh` into `dir`, which is made when it is not there; an
/// earlier export in it is replaced. The entries are not judged here: a damaged journal is handed out too, and the script
/// says what is wrong with it.
pub fn export<E>(
    dir: &Path,
    entries: impl Iterator<Item = Result<String, E>>,
    key: &VerifyingKey,
) -> Result<ExportSummary, ExportError>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::Write { path, source }
    };
    fs::create_dir_all(dir).map_err(failed(dir))?;
    let mut summary = ExportSummary { entries: 0, head: EntryHash::ZERO, kid: key.kid().to_owned() };

    let part = dir.join("entries.jws.part");
    let mut file = BufWriter::new(File::create(&part).map_err(failed(&part))?);
    for entry in entries {
        let text = entry.map_err(|error| ExportError::Read(error.into()))?;
        if text.contains(['\n', '\r']) {
            return Err(ExportError::NotOneLine(summary.entries + 1));
        }
        writeln!(file, "{text}").map_err(failed(&part))?;
        summary.entries += 1;
        summary.head = entry_hash(&text);
    }
    let file = file.into_inner().map_err(|error| failed(&part)(error.into_error()))?;
    file.sync_all().map_err(failed(&part))?;

    for (name, content) in [("key.pem", key.to_pem().as_str()), ("verify.sh", SCRIPT)] {
        let path = dir.join(name);
        fs::write(&path, content).map_err(failed(&path))?;
    }
    make_executable(&dir.join("verify.sh"))?;
    let whole = dir.join("entries.jws");
    fs::rename(&part, &whole).map_err(failed(&whole))?;
    Ok(summary)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), ExportError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(|source| ExportError::Write { path: path.to_owned(), source })
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "only Unix has a permission to execute")]
fn make_executable(_: &Path) -> Result<(), ExportError> {
    Ok(())
}

#[cfg(test)]
mod tests;
