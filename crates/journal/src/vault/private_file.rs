//! Keys in a file of their own: two PEM blocks `PRIVATE KEY` (PKCS#8), first the journal's, then the requests'. On Unix
//! its mode is 0600 in a folder of 0700; on Windows it lies in the user's profile, which others cannot read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use rsa::pkcs8::SecretDocument;
use rsa::pkcs8::der::pem::LineEnding;
use zeroize::Zeroizing;

use super::{VaultError, keys_from_der};
use crate::keys::{KeyError, TerminalKeys};

const LABEL: &str = "PRIVATE KEY";
const END: &str = "-----END PRIVATE KEY-----";

fn failed(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::File { path, source }
}

/// Makes the folder of the keys, for its user alone.
pub(super) fn make_folder(folder: &Path) -> Result<(), VaultError> {
    fs::create_dir_all(folder).map_err(failed(folder))?;
    restrict_folder(folder).map_err(failed(folder))
}

/// Writes a file whole or not at all: beside it, to the disk, then in its place.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), VaultError> {
    let part = path.with_extension(format!("part-{}", std::process::id()));
    let written = create_private(&part)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&part, path))
        .and_then(|()| path.parent().map_or(Ok(()), sync_folder));
    written.map_err(|source| {
        // What matters is the first error; a part left behind is written over by the next try.
        let _ = fs::remove_file(&part);
        failed(path)(source)
    })
}

/// Writes a file that must not be there yet, whole or not at all; false where there is one, which stays as it is.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> Result<bool, VaultError> {
    static TRIES: AtomicU32 = AtomicU32::new(0);
    let part = path.with_extension(format!("new-{}-{}", std::process::id(), TRIES.fetch_add(1, Ordering::Relaxed)));
    let linked = create_private(&part)
        .and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()
        })
        .and_then(|()| fs::hard_link(&part, path));
    // Whether it was linked or not, the name it was written under goes.
    let _ = fs::remove_file(&part);
    match linked {
        Ok(()) => path.parent().map_or(Ok(()), sync_folder).map(|()| true).map_err(failed(path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(source) => Err(failed(path)(source)),
    }
}

/// Reads a file that nobody else can read; none where there is none.
pub(crate) fn read_text(path: &Path) -> Result<Option<Zeroizing<String>>, VaultError> {
    let read = is_exposed(path).and_then(|exposed| if exposed { Ok(None) } else { fs::read_to_string(path).map(Some) });
    match read {
        Ok(Some(text)) => Ok(Some(Zeroizing::new(text))),
        Ok(None) => Err(VaultError::Exposed(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed(path)(source)),
    }
}

/// Reads the keys from a file that nobody else can read.
pub(super) fn read(path: &Path) -> Result<TerminalKeys, VaultError> {
    if is_exposed(path).map_err(failed(path))? {
        return Err(VaultError::Exposed(path.to_owned()));
    }
    let text = Zeroizing::new(fs::read_to_string(path).map_err(failed(path))?);
    let damaged = || VaultError::Damaged(path.to_owned());
    let (journal, request) = text.split_once(END).ok_or_else(damaged)?;
    let block = |text: &str| match SecretDocument::from_pem(text.trim_start()) {
        Ok((LABEL, document)) => Ok(document.to_bytes()),
        _ => Err(damaged()),
    };
    let journal = block(&Zeroizing::new(format!("{journal}{END}\n")))?;
    keys_from_der(&journal, &block(request)?).map_err(|_| damaged())
}

/// The text of a key file.
pub(super) fn to_text(keys: &TerminalKeys) -> Result<Zeroizing<String>, VaultError> {
    let mut text = Zeroizing::new(String::with_capacity(4_096));
    for der in [keys.journal.to_pkcs8_der()?, keys.request.to_pkcs8_der()?] {
        let pem = SecretDocument::try_from(der.as_slice())
            .and_then(|document| document.to_pem(LABEL, LineEnding::LF))
            .map_err(|_| KeyError::Library("write the private key as PEM"))?;
        text.push_str(&pem);
    }
    Ok(text)
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).open(path)
}

#[cfg(unix)]
fn restrict_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "only Unix has modes")]
fn restrict_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn is_exposed(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "only Unix has modes")]
fn is_exposed(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "only Unix can sync a folder")]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
