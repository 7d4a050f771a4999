//! The invoice file: plain, gzip or zstd, told apart by its first bytes, with a count of how much of it was read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An opened file.
pub(crate) struct Input {
    /// Its content, unpacked.
    pub(crate) content: Box<dyn Read>,
    /// How much of the file was read and how long it is, in bytes.
    pub(crate) progress: Progress,
}

/// How much of a file was read.
#[derive(Clone)]
pub(crate) struct Progress {
    read: Arc<AtomicU64>,
    length: u64,
}

impl Progress {
    /// In percent; a file that does not know its length (a pipe) stays at 0.
    pub(crate) fn percent(&self) -> u64 {
        (self.read.load(Ordering::Relaxed) * 100).checked_div(self.length).unwrap_or(0).min(100)
    }
}

struct Counting<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Opens `path`.
pub(crate) fn open(path: &Path) -> io::Result<Input> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let read = Arc::new(AtomicU64::new(0));
    let mut packed = BufReader::with_capacity(128 * 1024, Counting { inner: file, read: Arc::clone(&read) });
    let first = packed.fill_buf()?;
    let content: Box<dyn Read> = if first.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Box::new(zstd::Decoder::with_buffer(packed)?)
    } else if first.starts_with(&[0x1f, 0x8b]) {
        Box::new(flate2::bufread::MultiGzDecoder::new(packed))
    } else {
        Box::new(packed)
    };
    Ok(Input { content, progress: Progress { read, length } })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn plain_gzip_and_zstd_read_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = b"InvoiceNo\n1\n".as_slice();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text).expect("packed");
        let packed = [text.to_vec(), gzip.finish().expect("packed"), zstd::encode_all(text, 3).expect("packed")];
        for (index, bytes) in packed.iter().enumerate() {
            let path = folder.path().join(index.to_string());
            std::fs::write(&path, bytes).expect("written");
            let mut input = open(&path).expect("opened");
            let mut content = Vec::new();
            input.content.read_to_end(&mut content).expect("read");
            assert_eq!((content.as_slice(), input.progress.percent()), (text, 100));
        }
    }
}
