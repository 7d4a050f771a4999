//! What every request passes: the host, then the browser's session.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use till::api::SignOutArgs;

use crate::server::Shared;
use crate::sessions::{Entered, NotEntered, Session};
use crate::{headers, hosts, problems};

/// Refuses a host that is not ours, adds the headers that every answer bears.
pub(crate) async fn check_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    headers::add(match shared.hosts.accepted(request.headers()) {
        Some(_) => next.run(request).await,
        None => problems::malformed(
            StatusCode::FORBIDDEN,
            "this host name does not belong to the terminal: use its address, or allow the name when starting the bridge",
        ),
    })
}

/// Refuses what a page of another origin causes.
pub(crate) async fn check_origin(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let same = shared.hosts.accepted(request.headers()).is_some_and(|host| hosts::is_same_origin(request.headers(), host));
    if same {
        next.run(request).await
    } else {
        problems::malformed(StatusCode::FORBIDDEN, "the request comes from another site's page")
    }
}

/// Lets the request's browser in; one that is not known only where no token is needed or with the right one. A session that
/// has to make room is signed out.
pub(crate) fn enter(shared: &Arc<Shared>, headers: &HeaderMap, offered_token: Option<&str>) -> Result<Entered, NotEntered> {
    let may_begin = match (&shared.token, offered_token) {
        (None, _) => true,
        (Some(token), Some(offered)) => token.matches(offered),
        (Some(_), None) => false,
    };
    let entered = shared.sessions.enter(Session::offered(headers), may_begin, Instant::now())?;
    if let Some(displaced) = &entered.displaced {
        let (shared, name) = (Arc::clone(shared), displaced.name());
        tokio::task::spawn_blocking(move || {
            if let Err(problem) = shared.terminal.sign_out(&name, SignOutArgs {}) {
                tracing::debug!(%problem, "a browser that made room had nobody signed in");
            }
        });
    }
    Ok(entered)
}

/// The answer to a command or a listener that was not let in.
pub(crate) fn not_entered(why: NotEntered) -> Response {
    match why {
        NotEntered::NeedsToken => problems::malformed(
            StatusCode::FORBIDDEN,
            "open the address that the terminal showed when its bridge started, with the token",
        ),
        NotEntered::Full => problems::malformed(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many browsers are at work on this terminal: close one and wait ten minutes",
        ),
    }
}
