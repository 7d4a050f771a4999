//! The user interface as files: inside the binary, or read from `ui/dist` in a debug build.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::server::Shared;
use crate::sessions::NotEntered;
use crate::{entry, hosts, token};

const INDEX: &str = "index.html";

/// Folders of files: a path in them that does not exist is not a page of the user interface.
const FILE_FOLDERS: [&str; 3] = ["assets/", "pictures/", "api/"];

#[derive(RustEmbed)]
#[folder = "../../ui/dist/"]
#[allow_missing = true]
struct Ui;

/// Serves a file, and the user interface's one page for any other address. The browser gets its session here, before its
/// first command.
pub(crate) async fn show(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let offered = token::offered(&uri);
    if offered.is_none() && shared.token.is_none() && hosts::is_from_elsewhere(&headers) {
        // A link on another site leads here: the browser keeps its cookie back, so it must not be given another one.
        return file::<Ui>(uri.path(), &headers);
    }
    let entered = match entry::enter(&shared, &headers, offered) {
        Ok(entered) => entered,
        Err(why) => return not_let_in(why),
    };
    let mut response = if shared.token.is_some() && offered.is_some() {
        // Led on by the page itself, not by a redirect: a browser that follows a link from another site would keep the
        // cookie back from a redirect's target. And the token leaves the address bar.
        Html(include_str!("pages/welcome.html")).into_response()
    } else {
        file::<Ui>(uri.path(), &headers)
    };
    if entered.is_new {
        response.headers_mut().insert(SET_COOKIE, entered.session.cookie());
    }
    response
}

fn not_let_in(why: NotEntered) -> Response {
    match why {
        NotEntered::NeedsToken => (StatusCode::UNAUTHORIZED, Html(include_str!("pages/needs-token.html"))),
        NotEntered::Full => (StatusCode::SERVICE_UNAVAILABLE, Html(include_str!("pages/full.html"))),
    }
    .into_response()
}

fn file<Files: RustEmbed>(path: &str, headers: &HeaderMap) -> Response {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = if path.is_empty() { INDEX } else { path };
    if !is_plain(path) {
        return not_found();
    }
    let is_file_path = FILE_FOLDERS.iter().any(|folder| path.starts_with(folder)) || path.contains('.');
    let (name, file) = match Files::get(path) {
        Some(file) => (path, file),
        None if is_file_path && path != INDEX => return not_found(),
        None => match Files::get(INDEX) {
            Some(file) => (INDEX, file),
            None => return (StatusCode::SERVICE_UNAVAILABLE, Html(include_str!("pages/not-built.html"))).into_response(),
        },
    };
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains(&tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(file.data).into_response() };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching(name)));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    let kind = file.metadata.mimetype();
    let charset = if kind.starts_with("text/") { "; charset=utf-8" } else { "" };
    if let Ok(kind) = HeaderValue::try_from(format!("{kind}{charset}")) {
        headers.insert(CONTENT_TYPE, kind);
    }
    response
}

/// Names in `assets/` carry a hash of their content, so they never change; pictures seldom do; the page is asked for each
/// time, so that a new version shows at once.
fn caching(name: &str) -> &'static str {
    if name.starts_with("assets/") {
        "private, max-age=31536000, immutable"
    } else if name.starts_with("pictures/") {
        "private, max-age=3600"
    } else {
        "no-cache"
    }
}

/// Letters, digits, `-`, `_`, `.` and `/`; no part is empty or begins with a dot. Nothing else is a file of the user
/// interface, least of all a way out of its folder.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain))
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "not found").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(RustEmbed)]
    #[folder = "tests/ui/"]
    struct TestUi;

    fn get(path: &str) -> Response {
        file::<TestUi>(path, &HeaderMap::new())
    }

    fn header(response: &Response, name: axum::http::HeaderName) -> &str {
        response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    #[test]
    fn files_have_their_types_and_hashed_ones_are_kept_for_good() {
        for (path, kind, caching) in [
            ("/", "text/html; charset=utf-8", "no-cache"),
            ("/assets/main-4f2a.js", "text/javascript; charset=utf-8", "private, max-age=31536000, immutable"),
            ("/pictures/apple.svg", "image/svg+xml", "private, max-age=3600"),
        ] {
            let response = get(path);
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!((header(&response, CONTENT_TYPE), header(&response, CACHE_CONTROL)), (kind, caching), "{path}");
        }
    }

    #[test]
    fn an_address_within_the_user_interface_shows_its_page_and_a_missing_file_is_missing() {
        assert_eq!(header(&get("/settings"), CONTENT_TYPE), "text/html; charset=utf-8");
        for missing in ["/assets/gone.js", "/pictures/gone", "/gone.txt", "/api/gone"] {
            assert_eq!(get(missing).status(), StatusCode::NOT_FOUND, "{missing}");
        }
    }

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in [
            "/../Cargo.toml",
            "/assets/../../Cargo.toml",
            "/%2e%2e/Cargo.toml",
            "/..%2fCargo.toml",
            "/assets//main-4f2a.js",
            "/.env",
            "/..\\Cargo.toml",
            "//etc/passwd",
        ] {
            let response = get(path);
            let is_page = header(&response, CONTENT_TYPE) == "text/html; charset=utf-8";
            assert!(response.status() == StatusCode::NOT_FOUND && !is_page, "{path}");
        }
    }

    #[test]
    fn a_file_that_the_browser_holds_is_not_sent_again() {
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, get("/pictures/apple.svg").headers()[ETAG].clone());
        assert_eq!(file::<TestUi>("/pictures/apple.svg", &headers).status(), StatusCode::NOT_MODIFIED);
    }
}
