//! `POST /api/{command}`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use till::api::{Problem, ProblemCode, dispatch};

use crate::server::Shared;
use crate::{entry, problems};

/// Runs the command for the browser's session. It runs to its end even if the browser goes away meanwhile.
pub(crate) async fn run(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let args = match arguments(&headers, body) {
        Ok(args) => args,
        Err(response) => return *response,
    };
    let entered = match entry::enter(&shared, &headers, None) {
        Ok(entered) => entered,
        Err(why) => return entry::not_entered(why),
    };
    let session = entered.session.name();
    let answer = tokio::task::spawn_blocking(move || dispatch(&*shared.terminal, &session, &name, args)).await;
    let mut response = match answer {
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(problem)) => problems::answer(problem),
        Err(failure) => problems::answer(Problem::new(ProblemCode::Internal, format!("the command stopped: {failure}"))),
    };
    if entered.is_new {
        response.headers_mut().insert(SET_COOKIE, entered.session.cookie());
    }
    response
}

/// The arguments of a request that only a page of this bridge, or no browser at all, can have sent.
fn arguments(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Value, Box<Response>> {
    let refuse = |status, detail: &str| Err(Box::new(problems::malformed(status, detail)));
    if headers.get("x-tillbridge").is_none_or(|value| value != "1") {
        return refuse(StatusCode::FORBIDDEN, "a command needs the header X-Tillbridge: 1");
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "a command needs Content-Type: application/json");
    }
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return refuse(rejection.status(), &rejection.body_text()),
    };
    serde_json::from_slice(&body)
        .or_else(|error| refuse(StatusCode::BAD_REQUEST, &format!("the arguments are not JSON: {error}")))
}
