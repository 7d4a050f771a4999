//! Answers of the managers' pages, with the headers that keep them to themselves.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::Language;
use maud::Markup;

use super::super::Context;
use super::words::LANGUAGE;

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// What every page bears.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, POLICY),
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// A page.
pub(super) fn page(status: StatusCode, markup: Markup) -> Response {
    (status, HEADERS, markup.into_string()).into_response()
}

/// A page for somebody who has to wait.
pub(super) fn too_early(seconds: u64, markup: Markup) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, HEADERS, [(RETRY_AFTER, seconds.to_string())], markup.into_string()).into_response()
}

/// Signed in: the cookie, and the way to the overview.
pub(super) fn seeded(context: &Context, name: &str, token: &str) -> Response {
    let secure = if context.secure { "; Secure" } else { "" };
    let cookie = format!("{name}={token}; Path=/manage; HttpOnly; SameSite=Strict{secure}");
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/manage".to_owned())]).into_response()
}

/// Another language from now on.
pub(super) fn language(context: &Context, language: Language) -> Response {
    let secure = if context.secure { "; Secure" } else { "" };
    let code = match language {
        Language::Zh => "zh",
        Language::En => "en",
    };
    let cookie = format!("{LANGUAGE}={code}; Path=/manage; HttpOnly; SameSite=Strict; Max-Age=31536000{secure}");
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, "/manage".to_owned())]).into_response()
}
