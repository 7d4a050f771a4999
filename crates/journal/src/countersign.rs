//! The hub's countersignature: its word that it holds a journal up to an entry. A till keeps the newest and prints it on
//! the next receipt, so that a tail cut off later shows.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::TerminalId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::entry::{EntryHash, Head, decode};
use crate::keys::KeyError;
use crate::request::{RequestKey, RequestPublicKey};
use crate::verify::Refusal;

/// `{"alg":"EdDSA"}`, encoded.
const HEADER: &str = "eyJhbGciOiJFZERTQSJ9";

/// The hub's private key for countersignatures: Ed25519.
pub struct HubKey(RequestKey);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Acknowledged {
    terminal: TerminalId,
    seq: u64,
    hash: EntryHash,
}

impl HubKey {
    /// A new key.
    pub fn generate() -> Result<Self, KeyError> {
        RequestKey::generate().map(Self)
    }

    /// Reads a PKCS#8 DER key.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        RequestKey::from_pkcs8_der(der).map(Self)
    }

    /// The key as PKCS#8 DER, wiped from memory when dropped.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.0.to_pkcs8_der()
    }

    /// The public key that tills pin: base64url without padding.
    pub fn public_text(&self) -> String {
        self.0.public().to_text()
    }

    /// The hub's word that it holds the journal of `terminal` up to `head`: compact JWS, EdDSA (RFC 8037).
    pub fn countersign(&self, terminal: TerminalId, head: Head) -> String {
        let payload = Acknowledged { terminal, seq: head.seq, hash: head.hash };
        let json = serde_json::to_vec(&payload).expect("an id, a number and a hash can be written as JSON");
        let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(json));
        let signature = self.0.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl fmt::Debug for HubKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HubKey").field(&self.public_text()).finish()
    }
}

/// Checks a countersignature against the hub's key as pinned at enrolment; whose journal it speaks of and up to where.
pub fn verify_countersignature(jws: &str, hub_key_text: &str) -> Result<(TerminalId, Head), Refusal> {
    let wrong = || Refusal::BadCountersignature;
    let key = RequestPublicKey::from_text(hub_key_text).map_err(|_| wrong())?;
    let (signed, signature) = jws.rsplit_once('.').ok_or_else(wrong)?;
    let (header, payload) = signed.split_once('.').ok_or_else(wrong)?;
    if header != HEADER {
        return Err(wrong());
    }
    let signature = decode(signature).ok_or_else(wrong)?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| wrong())?;
    let json = decode(payload).ok_or_else(wrong)?;
    let Acknowledged { terminal, seq, hash } = serde_json::from_slice(&json).map_err(|_| wrong())?;
    Ok((terminal, Head { seq, hash }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{TERMINAL, journal};

    #[test]
    fn the_hubs_word_names_the_journal_and_its_end() {
        let hub = HubKey::generate().expect("a key");
        let head = journal(2)[1].head();
        let word = hub.countersign(*TERMINAL, head);
        assert_eq!(verify_countersignature(&word, &hub.public_text()), Ok((*TERMINAL, head)));
        let again = HubKey::from_pkcs8_der(&hub.to_pkcs8_der().expect("written")).expect("read");
        assert_eq!(again.countersign(*TERMINAL, head), word);
    }

    #[test]
    fn the_header_is_that_of_rfc_8037() {
        assert_eq!(decode(HEADER).expect("base64url"), br#"{"alg":"EdDSA"}"#);
    }

    #[test]
    fn another_hubs_word_or_a_changed_one_is_refused() {
        let (hub, other) = (HubKey::generate().expect("a key"), HubKey::generate().expect("a key"));
        let word = hub.countersign(*TERMINAL, Head { seq: 7, hash: EntryHash::ZERO });
        let later = other.countersign(*TERMINAL, Head { seq: 8, hash: EntryHash::ZERO });
        let spliced = format!("{}.{}", later.rsplit_once('.').expect("signed").0, word.rsplit_once('.').expect("signed").1);
        let unsigned = word.replace(HEADER, "eyJhbGciOiJub25lIn0");
        for wrong in [later, spliced, unsigned, String::new(), "a.b".to_owned(), "a.b.c".to_owned()] {
            assert_eq!(verify_countersignature(&wrong, &hub.public_text()), Err(Refusal::BadCountersignature), "{wrong}");
        }
        assert_eq!(verify_countersignature(&word, "no key"), Err(Refusal::BadCountersignature));
    }
}
