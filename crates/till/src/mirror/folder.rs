//! The folder itself: `<folder>/<store>-<terminal>/entries.jws`, one entry a line, and `terminal.json` with what a recovery
//! needs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::{StoreCode, TerminalId};
use journal::Entry;
use serde::{Deserialize, Serialize};
use store::{Store, StoreError};
use thiserror::Error;

use crate::terminal::Terminal;

/// Name of the file with the entries.
pub(crate) const ENTRIES: &str = "entries.jws";
/// Name of the file that says whose they are.
pub(crate) const TERMINAL: &str = "terminal.json";
/// Entries and bytes that are read from the store at a time.
const BATCH: (usize, usize) = (500, 4 * 1024 * 1024);
/// Acknowledged entries are dropped while selling once there are this many of them, and more than unsent ones.
const WORTH_TIDYING: u64 = 500;

/// Why the mirror could not be written.
#[derive(Debug, Error)]
pub(crate) enum MirrorError {
    /// The shop's folder is not there.
    #[error("the mirror folder {} is not there: put the stick in, or make the folder", .0.display())]
    Missing(PathBuf),
    /// Writing failed.
    #[error("the mirror folder {} cannot be written: {source}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else changed the file.
    #[error("{} was changed by another program; it is written anew", .0.display())]
    Changed(PathBuf),
    /// The journal could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What `terminal.json` holds: all that a new machine needs to hand the entries to the hub, and nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MirrorCard {
    /// Version of the folder's form.
    pub(crate) format: u32,
    /// Whose entries.
    pub(crate) terminal: TerminalId,
    /// The store's code.
    pub(crate) store: StoreCode,
    /// The terminal's number within the store.
    pub(crate) number: u32,
    /// The terminal's name.
    pub(crate) name: String,
    /// Public key of the journal: RSA-3072, SPKI PEM.
    pub(crate) public_key: String,
    /// The hub's address, empty before enrolment.
    pub(crate) hub: String,
    /// The hub's public key, empty before enrolment.
    pub(crate) hub_key: String,
}

impl MirrorCard {
    /// Describes `terminal`.
    pub(crate) fn of(terminal: &Terminal) -> Self {
        let store = terminal.store();
        let shop = store.shop();
        let row = store.terminal();
        let hub = row.as_ref().and_then(|row| row.hub.clone());
        let (hub, hub_key) = hub.map(|hub| (hub.url, hub.hub_key)).unwrap_or_default();
        Self {
            format: 1,
            terminal: terminal.id(),
            store: shop.code.clone(),
            number: row.as_ref().map_or(0, |row| row.number),
            name: row.map(|row| row.name).unwrap_or_default(),
            public_key: terminal.keys.journal.public().to_pem(),
            hub,
            hub_key,
        }
    }

    fn folder_name(&self) -> String {
        let code: String = self.store.as_str().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        format!("{code}-{}", self.terminal)
    }
}

/// True for a folder that a terminal mirrors into.
pub(crate) fn is_mirror(dir: &Path) -> bool {
    dir.join(TERMINAL).is_file()
}

/// A mirror that held every unsent entry when it was last written.
#[derive(Debug)]
pub(crate) struct MirrorFolder {
    dir: PathBuf,
    /// The entries in the file: from `first` to `last`; none while `last < first`.
    first: u64,
    last: u64,
    length: u64,
}

impl MirrorFolder {
    /// Writes the whole unsent tail under `root`, whatever was there before.
    pub(crate) fn begin(root: &Path, card: &MirrorCard, store: &Store) -> Result<Self, MirrorError> {
        if !root.is_dir() {
            return Err(MirrorError::Missing(root.to_owned()));
        }
        let dir = root.join(card.folder_name());
        let mut mirror = Self { dir, first: 1, last: 0, length: 0 };
        mirror.take_over_older_name(root, card).map_err(|source| mirror.io(source))?;
        fs::create_dir_all(&mirror.dir).map_err(|source| mirror.io(source))?;
        mirror.set_foreign_entries_aside(store)?;
        mirror.write_card(card).map_err(|source| mirror.io(source))?;
        mirror.rewrite(store)?;
        Ok(mirror)
    }

    /// Appends what was recorded since. `tidy`: drops what is acknowledged, however little it is.
    pub(crate) fn follow(&mut self, store: &Store, tidy: bool) -> Result<(), MirrorError> {
        loop {
            let entries = store.entries_after(self.last, BATCH.0, BATCH.1)?;
            let Some(count) = u64::try_from(entries.len()).ok().filter(|count| *count > 0) else { break };
            self.append(&entries)?;
            self.last += count;
        }
        let acked = acknowledged(store)?;
        let stale = (acked + 1).saturating_sub(self.first);
        let live = self.last.saturating_sub(acked);
        if stale > 0 && (tidy || (stale > WORTH_TIDYING && stale > live)) {
            self.rewrite(store)?;
        } else {
            self.check_untouched()?;
        }
        Ok(())
    }

    fn append(&mut self, entries: &[String]) -> Result<(), MirrorError> {
        self.check_untouched()?;
        let mut lines = entries.join("\n");
        lines.push('\n');
        let write = || {
            let mut file = OpenOptions::new().append(true).open(self.dir.join(ENTRIES))?;
            file.write_all(lines.as_bytes())?;
            file.sync_data()
        };
        write().map_err(|source| self.io(source))?;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// The file is found by its name each time: a stick that was pulled out and another one put in must not look like success.
    fn check_untouched(&self) -> Result<(), MirrorError> {
        let path = self.dir.join(ENTRIES);
        let length = fs::metadata(&path).map_err(|source| self.io(source))?.len();
        if length == self.length { Ok(()) } else { Err(MirrorError::Changed(path)) }
    }

    /// Puts the unsent tail in the place of what is there, in one step.
    fn rewrite(&mut self, store: &Store) -> Result<(), MirrorError> {
        let acked = acknowledged(store)?;
        let fresh = self.dir.join(format!("{ENTRIES}.new"));
        let mut file = BufWriter::new(File::create(&fresh).map_err(|source| self.io(source))?);
        let (mut last, mut length) = (acked, 0);
        loop {
            let entries = store.entries_after(last, BATCH.0, BATCH.1)?;
            if entries.is_empty() {
                break;
            }
            for entry in &entries {
                writeln!(file, "{entry}").map_err(|source| self.io(source))?;
                length += entry.len() as u64 + 1;
                last += 1;
            }
        }
        let replace = || {
            file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&fresh, self.dir.join(ENTRIES))?;
            sync_folder(&self.dir)
        };
        replace().map_err(|source| self.io(source))?;
        (self.first, self.last, self.length) = (acked + 1, last, length);
        Ok(())
    }

    fn write_card(&self, card: &MirrorCard) -> io::Result<()> {
        let fresh = self.dir.join(format!("{TERMINAL}.new"));
        let mut file = File::create(&fresh)?;
        serde_json::to_writer_pretty(&mut file, card)?;
        file.sync_all()?;
        fs::rename(fresh, self.dir.join(TERMINAL))?;
        sync_folder(&self.dir)
    }

    /// A terminal that was enrolled since mirrors under its store's code now.
    fn take_over_older_name(&self, root: &Path, card: &MirrorCard) -> io::Result<()> {
        if self.dir.exists() {
            return Ok(());
        }
        let ending = format!("-{}", card.terminal);
        for entry in fs::read_dir(root)? {
            let path = entry?.path();
            if is_mirror(&path) && path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(&ending)) {
                return fs::rename(path, &self.dir);
            }
        }
        Ok(())
    }

    /// Entries that this journal does not hold (it was put back to an older state) may exist nowhere else: they are kept.
    fn set_foreign_entries_aside(&self, store: &Store) -> Result<(), MirrorError> {
        let path = self.dir.join(ENTRIES);
        let Some(last) = last_entry(&path).map_err(|source| self.io(source))? else { return Ok(()) };
        if store.entry(last.seq)?.as_deref() == Some(last.text.as_str()) {
            return Ok(());
        }
        let aside = (1..=u32::MAX).map(|number| self.dir.join(format!("entries-kept-{number}.jws"))).find(|path| !path.exists());
        if let Some(aside) = aside {
            tracing::warn!(kept = %aside.display(), "the mirror holds entries that this journal does not; they are kept");
            fs::rename(path, aside).map_err(|source| self.io(source))?;
        }
        Ok(())
    }

    fn io(&self, source: io::Error) -> MirrorError {
        MirrorError::Io { path: self.dir.clone(), source }
    }
}

fn acknowledged(store: &Store) -> Result<u64, StoreError> {
    Ok(store.acked()?.map_or(0, |acked| acked.seq))
}

/// The last whole entry of a file that may end in a torn line.
fn last_entry(path: &Path) -> io::Result<Option<Entry>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut last = None;
    for line in BufReader::new(file).split(b'\n') {
        let line = line?;
        if let Some(entry) = std::str::from_utf8(&line).ok().and_then(|text| Entry::read(text.trim_end()).ok()) {
            last = Some(entry);
        }
    }
    Ok(last)
}

/// Makes a rename last; where folders cannot be synced the system does so by itself.
fn sync_folder(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}
