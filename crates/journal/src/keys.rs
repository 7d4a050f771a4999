//! The key that signs a terminal's journal (RSA-3072, RS256) and its public half.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::pkcs8::Document;
use rsa::pkcs8::der::pem::LineEnding;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::request::RequestKey;

const MODULUS_BYTES: usize = 384;
/// Length of the SPKI DER of every RSA-3072 key with the exponent 65537.
const SPKI_BYTES: usize = 422;
const PUBLIC_LABEL: &str = "PUBLIC KEY";

/// Why a key could not be made, read or used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The cryptography library refused to make or use a key.
    #[error("the cryptography library could not {0}: the machine may be out of memory or entropy, try again")]
    Library(&'static str),
    /// Bytes that are no PKCS#8 private key of the expected kind.
    #[error("this is not a private key ({0}) that this program wrote: restore the key from its backup")]
    NotAPrivateKey(&'static str),
    /// Text that is no public key of the expected kind.
    #[error("this is not a public key: {0}")]
    NotAPublicKey(&'static str),
    /// The signature was not made by this key over this message.
    #[error("the signature does not match the message and the key")]
    WrongSignature,
}

/// A terminal's two private keys.
#[derive(Debug)]
pub struct TerminalKeys {
    /// Signs its journal.
    pub journal: SigningKey,
    /// Signs its requests to the hub.
    pub request: RequestKey,
}

impl TerminalKeys {
    /// New keys.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self { journal: SigningKey::generate()?, request: RequestKey::generate()? })
    }
}

/// The private key of a journal: RSA-3072.
pub struct SigningKey {
    pair: KeyPair,
    public: VerifyingKey,
}

impl SigningKey {
    /// A new key. Takes a noticeable part of a second.
    pub fn generate() -> Result<Self, KeyError> {
        Self::of(KeyPair::generate(KeySize::Rsa3072).map_err(|_| KeyError::Library("make an RSA key"))?)
    }

    /// Reads a PKCS#8 DER key; other strengths than RSA-3072 are refused.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::of(KeyPair::from_pkcs8(der).map_err(|_| KeyError::NotAPrivateKey("RSA, PKCS#8"))?)
    }

    fn of(pair: KeyPair) -> Result<Self, KeyError> {
        let spki = pair.public_key().as_der().map_err(|_| KeyError::Library("write the public key"))?;
        let public = VerifyingKey::from_spki_der(spki.as_ref())?;
        Ok(Self { pair, public })
    }

    /// The key as PKCS#8 DER, wiped from memory when dropped.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der = self.pair.as_der().map_err(|_| KeyError::Library("write the private key"))?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public half.
    pub fn public(&self) -> VerifyingKey {
        self.public.clone()
    }

    /// The key's id, see [`VerifyingKey::kid`].
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The encoded JWS header of every entry that this key signs.
    pub(crate) fn header(&self) -> &str {
        self.public.header()
    }

    /// Signs `message`: RSASSA-PKCS1-v1_5 with SHA-256, 384 bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let mut signature = vec![0; MODULUS_BYTES];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| KeyError::Library("sign"))?;
        Ok(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}

/// The public key of a journal. Parsed once, cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey(Arc<PublicParts>);

struct PublicParts {
    parsed: ParsedPublicKey,
    spki: Vec<u8>,
    kid: String,
    header: String,
}

impl VerifyingKey {
    /// Reads an SPKI PEM (`-----BEGIN PUBLIC KEY-----`) of an RSA-3072 key.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        match Document::from_pem(pem.trim()) {
            Ok((PUBLIC_LABEL, document)) => Self::from_spki_der(document.as_bytes()),
            _ => Err(KeyError::NotAPublicKey("expected a PEM block 'PUBLIC KEY'")),
        }
    }

    fn from_spki_der(spki: &[u8]) -> Result<Self, KeyError> {
        if spki.len() != SPKI_BYTES {
            return Err(KeyError::NotAPublicKey("a journal key is RSA with 3072 bits"));
        }
        let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, spki)
            .map_err(|_| KeyError::NotAPublicKey("a journal key is RSA with 3072 bits"))?;
        let kid = hex::encode(&digest(&SHA256, spki).as_ref()[..8]);
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"RS256","kid":"{kid}"}}"#));
        Ok(Self(Arc::new(PublicParts { parsed, spki: spki.to_vec(), kid, header })))
    }

    /// The key as SPKI PEM, with a line feed at its end.
    pub fn to_pem(&self) -> String {
        Document::try_from(self.0.spki.as_slice())
            .and_then(|document| document.to_pem(PUBLIC_LABEL, LineEnding::LF))
            .expect("the bytes were read as SPKI DER when this value was made")
    }

    /// The key's id: the first 16 hexadecimal digits of the SHA-256 of its SPKI DER.
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The encoded JWS header that entries of this key bear.
    pub(crate) fn header(&self) -> &str {
        &self.0.header
    }

    /// Ok when `signature` is this key's RS256 signature of `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), KeyError> {
        self.0.parsed.verify_sig(message, signature).map_err(|_| KeyError::WrongSignature)
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.spki == other.0.spki
    }
}

impl Eq for VerifyingKey {}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::example::{KEY, OTHER_KEY};

    #[test]
    fn a_signature_is_taken_by_its_own_key_over_its_own_message_alone() {
        let signature = KEY.sign(b"33.80 CNY").expect("signed");
        assert_eq!(signature.len(), 384);
        assert_eq!(KEY.public().verify(b"33.80 CNY", &signature), Ok(()));
        assert_eq!(KEY.public().verify(b"33.81 CNY", &signature), Err(KeyError::WrongSignature));
        assert_eq!(OTHER_KEY.public().verify(b"33.80 CNY", &signature), Err(KeyError::WrongSignature));
        assert_eq!(KEY.public().verify(b"33.80 CNY", &signature[1..]), Err(KeyError::WrongSignature));
    }

    #[test]
    fn keys_survive_being_written_and_read() {
        let private = SigningKey::from_pkcs8_der(&KEY.to_pkcs8_der().expect("written")).expect("read");
        assert_eq!(private.public(), KEY.public());
        let pem = KEY.public().to_pem();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && pem.ends_with("-----END PUBLIC KEY-----\n"), "{pem}");
        assert_eq!(VerifyingKey::from_pem(&pem), Ok(KEY.public()));
    }

    #[test]
    fn a_keychain_of_windows_can_hold_the_private_key() {
        assert!(KEY.to_pkcs8_der().expect("written").len() < 2_560);
    }

    #[test]
    fn the_kid_is_the_start_of_the_fingerprint_of_the_spki() {
        let key = KEY.public();
        assert_eq!(key.kid(), &hex::encode(Sha256::digest(&key.0.spki))[..16]);
    }

    #[test]
    fn what_prints_a_key_prints_no_secret() {
        assert_eq!(format!("{:?}", *KEY), format!("SigningKey {{ kid: {:?}, .. }}", KEY.kid()));
    }

    #[test]
    fn other_keys_are_refused() {
        let weak = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der = weak.as_der().expect("written");
        assert!(matches!(SigningKey::from_pkcs8_der(der.as_ref()), Err(KeyError::NotAPublicKey(_))));
        assert!(matches!(SigningKey::from_pkcs8_der(b"no key"), Err(KeyError::NotAPrivateKey(_))));
        for text in ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            assert!(matches!(VerifyingKey::from_pem(text), Err(KeyError::NotAPublicKey(_))), "{text}");
        }
    }
}
