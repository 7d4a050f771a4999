//! Joining a store: what a terminal sends with its one-time code, and the check that it holds the journal key it names.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::TerminalId;
use journal::{KeyError, RequestPublicKey, TerminalKeys, VerifyingKey};
use thiserror::Error;

use crate::address::HubAddress;
use crate::client::{self, ClientOptions};
use crate::client_error::ClientError;
use crate::wire::{Enrolment, EnrolmentRequest};

/// Why an enrolment's keys were refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnrolmentError {
    /// A key cannot be read.
    #[error("the terminal's {0} key cannot be read: {1}")]
    Key(&'static str, KeyError),
    /// The proof is not the journal key's.
    #[error("the terminal does not prove that it holds the journal key it names")]
    Proof,
}

/// The request of `terminal` to join by `code`.
pub fn compose_enrolment(code: &str, terminal: TerminalId, keys: &TerminalKeys) -> Result<EnrolmentRequest, KeyError> {
    let code = code.trim().to_owned();
    let request_key = keys.request.public().to_text();
    let proof = keys.journal.sign(proven(&code, terminal, &request_key).as_bytes())?;
    let journal_key = keys.journal.public().to_pem();
    Ok(EnrolmentRequest { code, terminal, journal_key, request_key, proof: URL_SAFE_NO_PAD.encode(proof) })
}

/// Checks the keys of a request and that its sender holds the journal key.
pub fn verify_enrolment(request: &EnrolmentRequest) -> Result<(VerifyingKey, RequestPublicKey), EnrolmentError> {
    let journal_key = VerifyingKey::from_pem(&request.journal_key).map_err(|error| EnrolmentError::Key("journal", error))?;
    let request_key = RequestPublicKey::from_text(&request.request_key).map_err(|error| EnrolmentError::Key("request", error))?;
    let proof = URL_SAFE_NO_PAD.decode(&request.proof).map_err(|_| EnrolmentError::Proof)?;
    let message = proven(&request.code, request.terminal, &request.request_key);
    journal_key.verify(message.as_bytes(), &proof).map_err(|_| EnrolmentError::Proof)?;
    Ok((journal_key, request_key))
}

/// Sends a request to join to the hub at `address`. Sent again with the same keys, it gets the same answer or a refusal.
pub async fn enrol(address: &HubAddress, request: &EnrolmentRequest, options: &ClientOptions) -> Result<Enrolment, ClientError> {
    let http = client::http_client(address, options)?;
    let response = http
        .post(address.url("/v1/enrolments", ""))
        .timeout(Duration::from_secs(30))
        .json(request)
        .send()
        .await
        .map_err(|error| ClientError::of_request(&error, &address.to_string()))?;
    let response = client::accept(response, address, 0).await?;
    client::read_json(response, address).await
}

fn proven(code: &str, terminal: TerminalId, request_key: &str) -> String {
    format!("tillbridge-enrol:{code}:{terminal}:{request_key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_proves_that_its_sender_holds_the_journal_key() {
        let keys = TerminalKeys::generate().expect("keys");
        let request = compose_enrolment(" code-1 ", TerminalId::generate(), &keys).expect("composed");
        let (journal_key, request_key) = verify_enrolment(&request).expect("proven");
        assert_eq!((request.code.as_str(), journal_key, request_key), ("code-1", keys.journal.public(), keys.request.public()));

        let other = RequestPublicKey::to_text(&TerminalKeys::generate().expect("keys").request.public());
        let changed = [
            EnrolmentRequest { code: "code-2".to_owned(), ..request.clone() },
            EnrolmentRequest { terminal: TerminalId::generate(), ..request.clone() },
            EnrolmentRequest { request_key: other, ..request.clone() },
            EnrolmentRequest { proof: "AAAA".to_owned(), ..request.clone() },
        ];
        for request in changed {
            assert_eq!(verify_enrolment(&request).err(), Some(EnrolmentError::Proof));
        }
        let no_key = EnrolmentRequest { journal_key: "no".to_owned(), ..request };
        assert!(matches!(verify_enrolment(&no_key), Err(EnrolmentError::Key("journal", _))));
    }
}
