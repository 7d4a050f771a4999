//! Refusals as HTTP sees them: RFC 9457 problems.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sync::signature::SignatureError;
use sync::wire::ProblemKind;

use crate::{HubError, Refused};

/// The media type of RFC 9457.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");
/// When to come again while the hub cannot answer.
const UNAVAILABLE_FOR_SECONDS: u64 = 5;

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// What is refused and why.
    pub refused: Refused,
    /// The status, where it is not that of the kind.
    status: Option<StatusCode>,
    retry_after_seconds: Option<u64>,
}

impl Refusal {
    /// A refusal of `kind`.
    pub(super) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Refused::new(kind, detail).into()
    }

    /// The request cannot be read, for a reason that has a status of its own.
    pub(super) fn malformed(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status: Some(status), ..Self::new(ProblemKind::Malformed, detail) }
    }

    /// Too many tries.
    pub(super) fn throttled(wait_seconds: u64) -> Self {
        let detail = format!("too many tries from this address: wait {wait_seconds} s and check the code");
        Self { retry_after_seconds: Some(wait_seconds), ..Self::new(ProblemKind::Throttled, detail) }
    }

    /// True for what somebody who guesses would get.
    pub(super) fn is_a_wrong_try(&self) -> bool {
        !matches!(self.refused.kind, ProblemKind::Unavailable | ProblemKind::Throttled)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut problem = self.refused.problem();
        if let Some(status) = self.status {
            problem.status = status.as_u16();
        }
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        // For the log and the metrics.
        response.extensions_mut().insert(self.refused);
        response
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let retry_after_seconds = (refused.kind == ProblemKind::Unavailable).then_some(UNAVAILABLE_FOR_SECONDS);
        Self { refused, status: None, retry_after_seconds }
    }
}

impl From<HubError> for Refusal {
    fn from(error: HubError) -> Self {
        Refused::from(error).into()
    }
}

impl From<SignatureError> for Refusal {
    fn from(error: SignatureError) -> Self {
        let kind = match error {
            SignatureError::ClockSkew { .. } => ProblemKind::ClockSkew,
            SignatureError::UnknownKey(_) => ProblemKind::UnknownTerminal,
            SignatureError::Malformed(_)
            | SignatureError::WrongDigest
            | SignatureError::WrongSignature(_)
            | SignatureError::Signing(_) => ProblemKind::Unauthenticated,
        };
        Self::new(kind, error.to_string())
    }
}
