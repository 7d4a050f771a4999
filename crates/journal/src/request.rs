//! The key that proves who sends a request (Ed25519) and its public half.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::keys::KeyError;

/// A terminal's private key for requests.
pub struct RequestKey {
    pair: Ed25519KeyPair,
}

impl RequestKey {
    /// A new key.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self { pair: Ed25519KeyPair::generate().map_err(|_| KeyError::Library("make an Ed25519 key"))? })
    }

    /// Reads a PKCS#8 DER key.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| KeyError::NotAPrivateKey("Ed25519, PKCS#8"))?;
        Ok(Self { pair })
    }

    /// The key as PKCS#8 DER, wiped from memory when dropped.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der = self.pair.to_pkcs8v1().map_err(|_| KeyError::Library("write the private key"))?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// Signs `message`.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    /// The public half.
    pub fn public(&self) -> RequestPublicKey {
        RequestPublicKey::from_bytes(self.pair.public_key().as_ref()).expect("a key pair's public half is a public key")
    }
}

impl fmt::Debug for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestKey").field(&self.public().to_text()).finish()
    }
}

/// The public half of a [`RequestKey`]: 32 bytes, as text base64url without padding. Parsed once, cheap to clone.
#[derive(Clone)]
pub struct RequestPublicKey(Arc<ParsedPublicKey>);

impl RequestPublicKey {
    /// Reads the text form.
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::NotAPublicKey("expected base64url text"))?;
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let wrong = || KeyError::NotAPublicKey("an Ed25519 key has 32 bytes");
        if bytes.len() != 32 {
            return Err(wrong());
        }
        ParsedPublicKey::new(&ED25519, bytes).map(Arc::new).map(Self).map_err(|_| wrong())
    }

    /// The text form.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes())
    }

    fn bytes(&self) -> &[u8] {
        (*self.0).as_ref()
    }

    /// Ok when `signature` is this key's signature of `message`.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), KeyError> {
        self.0.verify_sig(message, signature).map_err(|_| KeyError::WrongSignature)
    }
}

impl PartialEq for RequestPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for RequestPublicKey {}

impl fmt::Debug for RequestPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestPublicKey").field(&self.to_text()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_taken_by_its_own_key_over_its_own_message_alone() {
        let (key, other) = (RequestKey::generate().expect("a key"), RequestKey::generate().expect("a key"));
        let signature = key.sign(b"GET /v1");
        assert_eq!(key.public().verify(b"GET /v1", &signature), Ok(()));
        assert_eq!(key.public().verify(b"GET /v2", &signature), Err(KeyError::WrongSignature));
        assert_eq!(other.public().verify(b"GET /v1", &signature), Err(KeyError::WrongSignature));
    }

    #[test]
    fn keys_survive_being_written_and_read() {
        let key = RequestKey::generate().expect("a key");
        let again = RequestKey::from_pkcs8_der(&key.to_pkcs8_der().expect("written")).expect("read");
        assert_eq!(again.public(), key.public());
        let text = key.public().to_text();
        assert_eq!((text.len(), RequestPublicKey::from_text(&text)), (43, Ok(key.public())));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "AAAA", "not base64url!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="] {
            assert!(matches!(RequestPublicKey::from_text(text), Err(KeyError::NotAPublicKey(_))), "{text}");
        }
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn signatures_are_those_of_rfc_8032() {
        let key = RequestPublicKey::from_bytes(
            &hex::decode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").expect("hex"),
        )
        .expect("a key");
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(key.verify(&[0x72], &hex::decode(signature).expect("hex")), Ok(()));
    }
}
