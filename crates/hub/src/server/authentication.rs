//! Who asks: a terminal, proven by the signature of its request key.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use domain::{StoreId, TerminalId};
use jiff::Timestamp;
use sync::signature::{CONTENT_DIGEST, RequestParts, SIGNATURE, SIGNATURE_INPUT, SignatureError, SignedHeaders, verify};
use sync::wire::ProblemKind;

use super::Context;
use super::refusal::Refusal;
use super::routes::blocking;
use crate::Hub;

/// How long a client may take over a body.
const BODY_WITHIN: Duration = Duration::from_mins(1);

/// A request whose signature is that of an enrolled terminal.
pub(super) struct Signed {
    /// The terminal that asks.
    pub terminal: TerminalId,
    /// The store it belongs to.
    pub store: StoreId,
    /// The body that it signed.
    pub body: Bytes,
}

impl Signed {
    /// Ok when the terminal belongs to `store`.
    pub(super) fn may_read(&self, store: StoreId) -> Result<(), Refusal> {
        if self.store == store {
            return Ok(());
        }
        let detail = format!("terminal {} belongs to another store and may not read this one", self.terminal);
        Err(Refusal::new(ProblemKind::Forbidden, detail))
    }

    /// Ok for the terminal's own journal, and for that of another terminal of its store, whose unsent tail it hands in.
    pub(super) fn may_deliver_for(&self, terminal: TerminalId, hub: &Hub) -> Result<(), Refusal> {
        if self.terminal == terminal {
            return Ok(());
        }
        match hub.access(terminal)? {
            Some(access) if access.store == self.store => Ok(()),
            Some(_) => {
                let detail = format!("terminal {terminal} belongs to another store than terminal {}", self.terminal);
                Err(Refusal::new(ProblemKind::Forbidden, detail))
            }
            None => {
                let detail = format!("terminal {terminal} has never been enrolled at this hub");
                Err(Refusal::new(ProblemKind::UnknownTerminal, detail))
            }
        }
    }
}

impl FromRequest<Context> for Signed {
    type Rejection = Refusal;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Refusal> {
        let headers = signed_headers(request.headers())?;
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let body = read_body(request, context).await?;
        blocking(context, move |hub| {
            let parts =
                RequestParts { method: method.as_str(), path: uri.path(), query: uri.query().unwrap_or_default(), body: &body };
            let (terminal, store) = authenticate(hub, parts, &headers, Timestamp::now())?;
            Ok::<_, Refusal>(Self { terminal, store, body })
        })
        .await
    }
}

/// The terminal that signed, and its store.
fn authenticate(
    hub: &Hub,
    parts: RequestParts<'_>,
    headers: &SignedHeaders,
    now: Timestamp,
) -> Result<(TerminalId, StoreId), Refusal> {
    let mut looked_up = Ok(None);
    let verified = verify(parts, headers, now.as_second(), |terminal| {
        looked_up = hub.access(terminal).map(|found| found.filter(|access| !access.revoked));
        looked_up.as_ref().ok().and_then(Option::as_ref).map(|access| access.request_key.clone())
    });
    // A database that does not answer is not the terminal's fault.
    let access = looked_up?;
    match (verified, access) {
        (Ok(terminal), Some(access)) => Ok((terminal, access.store)),
        (Ok(terminal), None) => Err(SignatureError::UnknownKey(terminal).into()),
        (Err(error), _) => {
            if let SignatureError::ClockSkew { terminal, seconds } = error {
                hub.flag_clock(terminal, seconds, now)?;
            }
            Err(error.into())
        }
    }
}

fn signed_headers(headers: &HeaderMap) -> Result<SignedHeaders, Refusal> {
    let value = |name: &'static str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        value.ok_or_else(|| {
            let detail = format!("the request has no {name} header: a terminal signs its requests with the key it enrolled");
            Refusal::new(ProblemKind::Unauthenticated, detail)
        })
    };
    Ok(SignedHeaders {
        content_digest: value(CONTENT_DIGEST)?,
        signature_input: value(SIGNATURE_INPUT)?,
        signature: value(SIGNATURE)?,
    })
}

/// The body, within the limits of size and time.
pub(super) async fn read_body(request: Request, context: &Context) -> Result<Bytes, Refusal> {
    match tokio::time::timeout(BODY_WITHIN, Bytes::from_request(request, context)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(rejection)) => Err(Refusal::malformed(rejection.status(), rejection.body_text())),
        Err(_) => Err(Refusal::malformed(StatusCode::REQUEST_TIMEOUT, "the request's body took too long: send it again")),
    }
}
