//! Keys that keep data from everybody but their holder: AES-256-GCM with a random nonce (NIST SP 800-38D), each text bound to
//! what it is about, so that it cannot be moved to another place. A key can be wrapped by another, keys of their own can be
//! derived for a purpose, and numbers that must be found again are hashed under one (HMAC-SHA-256).
//!
//! A sealed text is the 12 bytes of its nonce, the ciphertext, the tag of 16.

use std::fmt;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::keys::TerminalKeys;
use crate::vault::{VaultError, private_file};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;

/// Why something could not be sealed or opened.
#[derive(Debug, Error)]
pub enum SealError {
    /// The cryptography library refused.
    #[error("the cryptography library could not {0}: the machine may be out of memory or entropy, try again")]
    Library(&'static str),
    /// Another key, another place, or bytes that were changed.
    #[error("this was sealed under another key or for another place, or it was changed")]
    NotOpened,
    /// Text that is no key.
    #[error("this is not a key: 32 bytes in base64url are expected")]
    NotAKey,
    /// The file of the key.
    #[error(transparent)]
    File(#[from] VaultError),
}

/// A key of 256 bits.
#[derive(Clone)]
pub struct SealKey(Zeroizing<[u8; KEY_BYTES]>);

impl SealKey {
    /// A new key.
    pub fn generate() -> Result<Self, SealError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        SystemRandom::new().fill(bytes.as_mut()).map_err(|_| SealError::Library("make a key"))?;
        Ok(Self(bytes))
    }

    /// The key of these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let bytes: [u8; KEY_BYTES] = bytes.try_into().map_err(|_| SealError::NotAKey)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// Reads a key written by [`Self::to_text`].
    pub fn from_text(text: &str) -> Result<Self, SealError> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| SealError::NotAKey)?);
        Self::from_bytes(&bytes)
    }

    /// The key in base64url without padding; for a file that nobody else reads and for whoever may hold it.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// The key in the file at `path`; none where there is no file. One that others can read is refused.
    pub fn of_file(path: &Path) -> Result<Option<Self>, SealError> {
        private_file::read_text(path)?.map(|text| Self::from_text(&text)).transpose()
    }

    /// Writes the key to a new file at `path`, for its user alone; false where there is one already, which stays.
    pub fn to_new_file(&self, path: &Path) -> Result<bool, SealError> {
        Ok(private_file::write_new(path, format!("{}\n", *self.to_text()).as_bytes())?)
    }

    /// A key for `purpose` that tells nothing about this one or those of other purposes.
    pub fn derive(&self, purpose: &str) -> Self {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice()), purpose.as_bytes());
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        bytes.copy_from_slice(tag.as_ref());
        Self(bytes)
    }

    /// The hash of `text` under this key, hex: who lacks the key cannot try numbers.
    pub fn hash(&self, text: &str) -> String {
        hex::encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice()), text.as_bytes()))
    }

    /// Which key this is, without saying what it is: eight bytes in hex.
    pub fn fingerprint(&self) -> String {
        self.hash("fingerprint").chars().take(16).collect()
    }

    /// Seals `plain`, bound to `about`.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut body = plain.to_vec();
        let nonce = self.cipher()?.seal_in_place_append_tag(Aad::from(about.as_bytes()), &mut body);
        let nonce = nonce.map_err(|_| SealError::Library("seal"))?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what [`Self::seal`] made for the same `about`.
    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealError::NotOpened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::NotOpened)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self
            .cipher()?
            .open_in_place(nonce, Aad::from(about.as_bytes()), body.as_mut_slice())
            .map_err(|_| SealError::NotOpened)?
            .len();
        body.truncate(length);
        Ok(body)
    }

    /// `key`, sealed under this one.
    pub fn wrap(&self, about: &str, key: &Self) -> Result<Vec<u8>, SealError> {
        self.seal(about, key.0.as_slice())
    }

    /// The key that [`Self::wrap`] sealed.
    pub fn unwrap(&self, about: &str, wrapped: &[u8]) -> Result<Self, SealError> {
        Self::from_bytes(&self.open(about, wrapped)?)
    }

    fn cipher(&self) -> Result<RandomizedNonceKey, SealError> {
        RandomizedNonceKey::new(&AES_256_GCM, self.0.as_slice()).map_err(|_| SealError::Library("use a key"))
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl TerminalKeys {
    /// The terminal's own key for what it seals in its store. It follows from the private key of its requests and lies where
    /// that lies: a store without its keys cannot be read.
    pub fn seal_key(&self) -> Result<SealKey, SealError> {
        let der = self.request.to_pkcs8_der().map_err(|_| SealError::Library("read the terminal's key"))?;
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &der), b"tillbridge seal key");
        SealKey::from_bytes(tag.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> SealKey {
        SealKey::from_bytes(&[7; 32]).expect("a key")
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_opened_by_its_key_for_its_place_alone(
            plain in any::<Vec<u8>>(),
            place in "[a-z]{1,8}",
            bit in any::<usize>(),
        ) {
            let sealed = key().seal(&place, &plain).expect("sealed");
            prop_assert_eq!(&*key().open(&place, &sealed).expect("opened"), &plain);
            let elsewhere = format!("{place}x");
            prop_assert!(key().open(&elsewhere, &sealed).is_err());
            prop_assert!(key().derive("other").open(&place, &sealed).is_err());
            let mut changed = sealed.clone();
            let bit = bit % (changed.len() * 8);
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(key().open(&place, &changed).is_err());
        }
    }

    #[test]
    fn the_same_text_is_never_sealed_twice_the_same() {
        assert_ne!(key().seal("a", b"text").expect("sealed"), key().seal("a", b"text").expect("sealed"));
    }

    #[test]
    fn a_wrapped_key_comes_back() {
        let (outer, inner) = (key(), SealKey::generate().expect("a key"));
        let wrapped = outer.wrap("member 1", &inner).expect("wrapped");
        let again = outer.unwrap("member 1", &wrapped).expect("unwrapped");
        assert_eq!(*again.to_text(), *inner.to_text());
        assert!(outer.unwrap("member 2", &wrapped).is_err());
        assert_eq!(*SealKey::from_text(&inner.to_text()).expect("read").to_text(), *inner.to_text());
        assert_eq!(format!("{inner:?}"), "SealKey(…)");
    }

    #[test]
    fn a_file_keeps_the_first_key_and_refuses_to_be_read_by_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("members.key");
        assert!(SealKey::of_file(&path).expect("nothing wrong").is_none());
        assert!(key().to_new_file(&path).expect("written"));
        assert!(!SealKey::generate().expect("a key").to_new_file(&path).expect("nothing wrong"), "the first stays");
        assert_eq!(*SealKey::of_file(&path).expect("read").expect("there").to_text(), *key().to_text());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("rights");
            assert!(matches!(SealKey::of_file(&path), Err(SealError::File(VaultError::Exposed(_)))));
        }
    }

    /// The shared vectors seal a value as we do; their key comes wrapped by RSA, which we do not use.
    #[test]
    fn the_shared_vectors_open() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/envelope.json");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!("skipped: the shared vectors {} are not beside the repository", path.display());
            return;
        };
        let vector: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let field = |name: &str| vector[name].as_str().expect(name);
        let key = SealKey::from_bytes(&hex::decode(field("dek_hex")).expect("hex")).expect("a key");
        let mut sealed = hex::decode(field("nonce_hex")).expect("hex");
        let body = base64::engine::general_purpose::STANDARD.decode(field("ciphertext_and_tag_b64")).expect("base64");
        sealed.extend(body);
        assert_eq!(key.open(field("aad"), &sealed).expect("opened").as_slice(), field("plaintext").as_bytes());
        assert!(key.open("tb-env-1|member.phone|row=43|kid=2026a", &sealed).is_err(), "moved to another row");
        for byte in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[byte] ^= 1;
            assert!(key.open(field("aad"), &flipped).is_err(), "byte {byte}");
        }
    }
}
