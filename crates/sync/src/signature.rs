//! Proof that a request comes from a terminal: HTTP Message Signatures (RFC 9421) in one fixed profile.
//!
//! Method, path, query and the digest of the body (RFC 9530) are signed with the terminal's Ed25519 request key, under the
//! label `tb`:
//!
//! ```text
//! Content-Digest: sha-256=:…:
//! Signature-Input: tb=("@method" "@path" "@query" "content-digest");created=1766550000;keyid="<terminal>";nonce="…";alg="ed25519"
//! Signature: tb=:…:
//! ```
//!
//! Pure functions over text and bytes: no HTTP library appears here, so till and hub share every rule. What is signed may
//! be sent again by whoever saw it within [`FRESH_FOR_SECONDS`]; that is harmless, for every request is safe to repeat.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::TerminalId;
use journal::{RequestKey, RequestPublicKey};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Name of the header with the digest of the body.
pub const CONTENT_DIGEST: &str = "content-digest";
/// Name of the header that says what is signed.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Name of the header with the signature.
pub const SIGNATURE: &str = "signature";
/// How far `created` may lie from the hub's time, in seconds, either way.
pub const FRESH_FOR_SECONDS: i64 = 300;

const COMPONENTS: &str = r#"("@method" "@path" "@query" "content-digest")"#;

/// What of a request is signed.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// `GET`, `POST` …
    pub method: &'a str,
    /// The path as sent, from the first `/`, without the query.
    pub path: &'a str,
    /// The query as sent, without its `?`; empty when there is none.
    pub query: &'a str,
    /// The body, empty when there is none.
    pub body: &'a [u8],
}

/// The three header values of a signed request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// Value of [`CONTENT_DIGEST`].
    pub content_digest: String,
    /// Value of [`SIGNATURE_INPUT`].
    pub signature_input: String,
    /// Value of [`SIGNATURE`].
    pub signature: String,
}

/// Why a request's signature was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// A header does not have the form of the profile.
    #[error("the request's {0} header is not in the form that the hub asks for")]
    Malformed(&'static str),
    /// The body is not the one that was signed.
    #[error("the request's body does not match its digest: it was changed on the way")]
    WrongDigest,
    /// The key is not known.
    #[error("terminal {0} is not enrolled here or its key was revoked: enrol it with a new code")]
    UnknownKey(TerminalId),
    /// The signature is not the key's.
    #[error("the request is not signed by the key of terminal {0}")]
    WrongSignature(TerminalId),
    /// Signed by the right key at a time that is too far away.
    #[error("the clock of terminal {terminal} differs from the hub's by {seconds} s: set it right")]
    ClockSkew {
        /// The terminal.
        terminal: TerminalId,
        /// Its clock minus the hub's, in seconds.
        seconds: i64,
    },
    /// The key could not sign.
    #[error("the request could not be signed: {0}")]
    Signing(String),
}

/// The digest of a body as RFC 9530 writes it.
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

/// Signs a request as `terminal`. `created` is the signer's time in Unix seconds, `nonce` 16 random bytes in base64url.
pub fn sign(
    parts: RequestParts<'_>,
    terminal: TerminalId,
    created: i64,
    nonce: &str,
    key: &RequestKey,
) -> Result<SignedHeaders, SignatureError> {
    let content_digest = content_digest(parts.body);
    let parameters = format!(r#"{COMPONENTS};created={created};keyid="{terminal}";nonce="{nonce}";alg="ed25519""#);
    let base = signature_base(parts, &content_digest, &parameters);
    let signature = key.sign(base.as_bytes());
    Ok(SignedHeaders {
        content_digest,
        signature_input: format!("tb={parameters}"),
        signature: format!("tb=:{}:", STANDARD.encode(signature)),
    })
}

/// Checks a request against the key that `find_key` gives for the terminal it names, at the verifier's time `now` (Unix
/// seconds). Freshness is checked last, so [`SignatureError::ClockSkew`] speaks of a terminal that holds its key.
pub fn verify(
    parts: RequestParts<'_>,
    headers: &SignedHeaders,
    now: i64,
    find_key: impl FnOnce(TerminalId) -> Option<RequestPublicKey>,
) -> Result<TerminalId, SignatureError> {
    let parameters = headers.signature_input.strip_prefix("tb=").ok_or(SignatureError::Malformed(SIGNATURE_INPUT))?;
    let (terminal, created) = parse_parameters(parameters).ok_or(SignatureError::Malformed(SIGNATURE_INPUT))?;
    let signature = headers
        .signature
        .strip_prefix("tb=:")
        .and_then(|rest| rest.strip_suffix(':'))
        .and_then(|encoded| STANDARD.decode(encoded).ok())
        .ok_or(SignatureError::Malformed(SIGNATURE))?;
    if headers.content_digest != content_digest(parts.body) {
        return Err(SignatureError::WrongDigest);
    }
    let key = find_key(terminal).ok_or(SignatureError::UnknownKey(terminal))?;
    let base = signature_base(parts, &headers.content_digest, parameters);
    key.verify(base.as_bytes(), &signature).map_err(|_| SignatureError::WrongSignature(terminal))?;
    let seconds = created.saturating_sub(now);
    if seconds.saturating_abs() > FRESH_FOR_SECONDS {
        return Err(SignatureError::ClockSkew { terminal, seconds });
    }
    Ok(terminal)
}

/// The text that is signed, RFC 9421 section 2.5.
fn signature_base(parts: RequestParts<'_>, content_digest: &str, parameters: &str) -> String {
    let RequestParts { method, path, query, .. } = parts;
    format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?{query}\n\"content-digest\": {content_digest}\n\
         \"@signature-params\": {parameters}"
    )
}

/// Reads the parameters in the profile's one order.
fn parse_parameters(text: &str) -> Option<(TerminalId, i64)> {
    let rest = text.strip_prefix(COMPONENTS)?.strip_prefix(";created=")?;
    let (created, rest) = rest.split_once(";keyid=\"")?;
    let (terminal, rest) = rest.split_once("\";nonce=\"")?;
    let (nonce, rest) = rest.split_once('"')?;
    let well_formed = rest == r#";alg="ed25519""# && nonce.len() >= 16 && nonce.len() <= 64;
    well_formed.then_some(())?;
    Some((terminal.parse().ok()?, created.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: &str = "AAECAwQFBgcICQoLDA0ODw";
    const NOW: i64 = 1_766_550_000;
    const PARTS: RequestParts<'static> =
        RequestParts { method: "POST", path: "/v1/terminals/x/entries", query: "a=1", body: b"{}" };

    fn signed() -> (TerminalId, RequestPublicKey, SignedHeaders) {
        let key = RequestKey::generate().expect("a key");
        let terminal = TerminalId::generate();
        let headers = sign(PARTS, terminal, NOW, NONCE, &key).expect("signed");
        (terminal, key.public(), headers)
    }

    #[test]
    fn a_request_signed_by_the_terminals_key_is_taken() {
        let (terminal, key, headers) = signed();
        assert_eq!(verify(PARTS, &headers, NOW + FRESH_FOR_SECONDS, |_| Some(key)), Ok(terminal));
    }

    #[test]
    fn the_signature_base_is_that_of_rfc_9421() {
        let base = signature_base(RequestParts { query: "", ..PARTS }, "sha-256=:x:", "(…)");
        let expected = "\"@method\": POST\n\"@path\": /v1/terminals/x/entries\n\"@query\": ?\n\"content-digest\": sha-256=:x:\n\"@signature-params\": (…)";
        assert_eq!(base, expected);
    }

    #[test]
    fn the_digest_of_an_empty_body_is_that_of_rfc_9530() {
        assert_eq!(content_digest(b""), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
    }

    #[test]
    fn any_changed_part_is_refused() {
        let (terminal, key, headers) = signed();
        let changed = [
            RequestParts { method: "GET", ..PARTS },
            RequestParts { path: "/v1/terminals/y/entries", ..PARTS },
            RequestParts { query: "a=2", ..PARTS },
        ];
        for parts in changed {
            let key = key.clone();
            assert_eq!(verify(parts, &headers, NOW, |_| Some(key)), Err(SignatureError::WrongSignature(terminal)));
        }
        let body = RequestParts { body: b"{ }", ..PARTS };
        assert_eq!(verify(body, &headers, NOW, |_| Some(key)), Err(SignatureError::WrongDigest));
    }

    #[test]
    fn another_terminals_name_on_the_signature_is_refused() {
        let (terminal, key, headers) = signed();
        let other = TerminalId::generate();
        let forged = SignedHeaders {
            signature_input: headers.signature_input.replace(&terminal.to_string(), &other.to_string()),
            ..headers
        };
        assert_eq!(verify(PARTS, &forged, NOW, |_| Some(key)), Err(SignatureError::WrongSignature(other)));
    }

    #[test]
    fn a_key_that_is_not_known_is_refused() {
        let (terminal, _, headers) = signed();
        assert_eq!(verify(PARTS, &headers, NOW, |_| None), Err(SignatureError::UnknownKey(terminal)));
    }

    #[test]
    fn a_clock_that_is_off_by_a_day_is_named_with_its_difference() {
        let (terminal, key, headers) = signed();
        let skew = verify(PARTS, &headers, NOW + 86_400, |_| Some(key));
        assert_eq!(skew, Err(SignatureError::ClockSkew { terminal, seconds: -86_400 }));
    }

    #[test]
    fn other_forms_of_the_headers_are_refused() {
        let (_, key, headers) = signed();
        for input in ["", "tb=()", "sig1=(\"@method\")", &headers.signature_input.replace("ed25519", "hmac-sha256")] {
            let wrong = SignedHeaders { signature_input: input.to_owned(), ..headers.clone() };
            let key = key.clone();
            assert_eq!(verify(PARTS, &wrong, NOW, |_| Some(key)), Err(SignatureError::Malformed(SIGNATURE_INPUT)));
        }
        let wrong = SignedHeaders { signature: "tb=:%:".to_owned(), ..headers };
        assert_eq!(verify(PARTS, &wrong, NOW, |_| Some(key)), Err(SignatureError::Malformed(SIGNATURE)));
    }
}
