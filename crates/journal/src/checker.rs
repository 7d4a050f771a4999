//! A second, independent check of an exported journal: other cryptography (`rsa`, `sha2` instead of aws-lc), other reading
//! of the payload, nothing shared with [`crate::verify`] but the form of the result. What one of the two takes and the
//! other refuses is a bug in one of them; the tests hold them against each other.

use std::io::{self, BufRead};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rsa::PublicKey;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::pkcs8::{DecodePublicKey, EncodePublicKey};
use rsa::signature::Verifier;
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::entry::{EntryHash, Head};

const FIELDS: [&str; 8] = ["v", "terminal", "seq", "prev", "at", "staff", "kind", "body"];

/// Why a journal did not pass.
#[derive(Debug, Error)]
pub enum CheckError {
    /// The key cannot be read.
    #[error("the key is not an RSA public key in SPKI PEM: {0}")]
    Key(String),
    /// The entries cannot be read.
    #[error("the entries cannot be read: {0}")]
    Read(#[from] io::Error),
    /// A line is wrong.
    #[error("line {line}: {what}")]
    Line {
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// Checks a whole journal, one entry a line, against the terminal's key: every signature, number and link. Gives its end.
pub fn check(entries: impl BufRead, key_pem: &str) -> Result<Head, CheckError> {
    let public = PublicKey::from_public_key_pem(key_pem).map_err(|error| CheckError::Key(error.to_string()))?;
    let spki = public.to_public_key_der().map_err(|error| CheckError::Key(error.to_string()))?;
    let kid = hex::encode(Sha256::digest(spki.as_bytes()))[..16].to_owned();
    let key = VerifyingKey::<Sha256>::new(public);
    let mut journal = Journal { key, kid, terminal: None, head: Head::START };
    for line in entries.lines() {
        let line = line?;
        let number = journal.head.seq + 1;
        journal.take(&line).map_err(|what| CheckError::Line { line: number, what })?;
    }
    Ok(journal.head)
}

struct Journal {
    key: VerifyingKey<Sha256>,
    kid: String,
    terminal: Option<String>,
    head: Head,
}

impl Journal {
    fn take(&mut self, line: &str) -> Result<(), &'static str> {
        let parts: Vec<&str> = line.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err("an entry has three parts");
        };
        let header_json = bytes(header).ok_or("the header is not base64url")?;
        if header_json != format!(r#"{{"alg":"RS256","kid":"{}"}}"#, self.kid).as_bytes() {
            return Err("the header does not name the key");
        }
        let signature = bytes(signature).ok_or("the signature is not base64url")?;
        let signature = Signature::try_from(signature.as_slice()).map_err(|_| "the signature is not one")?;
        let signed = format!("{header}.{payload}");
        self.key.verify(signed.as_bytes(), &signature).map_err(|_| "the signature is wrong")?;

        let json = bytes(payload).ok_or("the payload is not base64url")?;
        let fields: Value = serde_json::from_slice(&json).map_err(|_| "the payload is not JSON")?;
        self.follows(&fields)?;
        self.head = Head { seq: self.head.seq + 1, hash: EntryHash::from_bytes(Sha256::digest(line.as_bytes()).into()) };
        Ok(())
    }

    fn follows(&mut self, fields: &Value) -> Result<(), &'static str> {
        let object = fields.as_object().ok_or("the payload is not an object")?;
        if object.len() != FIELDS.len() || FIELDS.iter().any(|name| !object.contains_key(*name)) {
            return Err("the payload has other fields than an entry's");
        }
        if fields["v"] != 1 {
            return Err("the version is unknown");
        }
        let terminal = fields["terminal"].as_str().ok_or("the terminal is not named")?;
        if self.terminal.get_or_insert_with(|| terminal.to_owned()) != terminal {
            return Err("the entry is another terminal's");
        }
        if fields["seq"].as_u64() != Some(self.head.seq + 1) {
            return Err("the number is not the next one");
        }
        if fields["prev"].as_str() != Some(self.head.hash.to_string().as_str()) {
            return Err("the hash of the entry before is another");
        }
        Ok(())
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
