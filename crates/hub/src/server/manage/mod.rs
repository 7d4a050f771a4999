//! The managers' pages at `/manage`: every store as it is now, a day's figures down to the signed order, incidents. Rendered
//! here, readable without scripts; a short script brings what has changed.
//!
//! Managers and owners sign in by store, staff id and PIN. What a form does carries the session's own word and comes from a
//! page of this hub; the cookie is HttpOnly and SameSite=Strict.

mod answers;
mod pages;
mod session;
mod words;

use std::net::SocketAddr;
use std::time::Instant;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Form, Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::{StaffId, StoreCode};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::Context;
use super::refusal::Refusal;
use super::routes::blocking;
use crate::HubError;
use crate::managers::Manager;
use answers::{page, seeded, too_early};
use pages::Page;
pub(super) use session::Sessions;
use session::{SESSION, Session};
use words::Speech;

/// Bytes that a form may have.
const MAX_FORM_BYTES: usize = 4 * 1024;

pub(super) fn router() -> Router<Context> {
    Router::new()
        .route("/manage", get(overview))
        .route("/manage/sign-in", post(sign_in))
        .route("/manage/sign-out", post(sign_out))
        .route("/manage/stores/{code}", get(store_day))
        .route("/manage/stores/{code}/orders", get(orders))
        .route("/manage/stores/{code}/orders/{terminal}/{seq}", get(order))
        .route("/manage/incidents", get(incidents))
        .route("/manage/incidents/{id}/close", post(close_incident))
        .route("/manage/style.css", get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("style.css"))))
        .route("/manage/live.js", get(async || ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("live.js"))))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
}

/// Why a page cannot be shown.
enum NoPage {
    /// Nobody is signed in: the form is shown.
    SignIn(Speech),
    Refused(Refusal),
    /// A form that does not come from this session's own page.
    Foreign,
    Missing(Speech),
}

impl From<Refusal> for NoPage {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl IntoResponse for NoPage {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(speech) => page(StatusCode::UNAUTHORIZED, pages::sign_in(speech, None)),
            Self::Refused(refusal) => refusal.into_response(),
            Self::Foreign => (StatusCode::FORBIDDEN, "This form does not come from your own page.").into_response(),
            Self::Missing(speech) => page(StatusCode::NOT_FOUND, pages::missing(speech)),
        }
    }
}

type Shown = Result<Response, NoPage>;

/// Who is signed in, still a manager, and in which language.
async fn signed_in(context: &Context, headers: &HeaderMap) -> Result<(Session, Manager, Speech), NoPage> {
    let speech = Speech::of(headers);
    let Some(session) = context.managers.find(headers, Instant::now()) else { return Err(NoPage::SignIn(speech)) };
    let (store, staff) = (session.store.clone(), session.staff.clone());
    let manager = blocking(context, move |hub| hub.manager(&store, &staff)).await?;
    match manager {
        Some(manager) => Ok((session, manager, speech)),
        None => {
            context.managers.close(headers);
            Err(NoPage::SignIn(speech))
        }
    }
}

/// Ok for a form that a page of this hub sent.
fn from_here(headers: &HeaderMap) -> Result<(), NoPage> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let same_site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    let same_origin = match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => true,
    };
    if same_site && same_origin { Ok(()) } else { Err(NoPage::Foreign) }
}

/// What is typed to sign in.
#[derive(Deserialize)]
struct SignIn {
    store: String,
    staff: String,
    pin: String,
}

async fn sign_in(
    State(context): State<Context>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(typed): Form<SignIn>,
) -> Shown {
    from_here(&headers)?;
    let (speech, now) = (Speech::of(&headers), Instant::now());
    let waits = [context.manager_tries.allow(client.ip(), now), context.managers.may_try(&typed.store, &typed.staff, now)];
    if let Some(seconds) = waits.into_iter().filter_map(Result::err).max() {
        return Ok(too_early(seconds, pages::sign_in(speech, Some(words::wait(speech, seconds)))));
    }
    let parsed = StoreCode::parse(&typed.store).ok().zip(StaffId::parse(&typed.staff).ok());
    let manager = match parsed {
        Some((store, staff)) => {
            let pin = typed.pin.clone();
            blocking(&context, move |hub| hub.manager_by_pin(&store, &staff, &pin)).await?
        }
        None => None,
    };
    let Some(manager) = manager else {
        context.manager_tries.refused(client.ip(), now);
        context.managers.wrong(&typed.store, &typed.staff, now);
        return Ok(page(StatusCode::UNAUTHORIZED, pages::sign_in(speech, Some(words::wrong(speech)))));
    };
    tracing::info!(store = %manager.store, staff = %manager.id, "a manager signed in");
    let token = context.managers.open(manager.store, manager.id, now);
    Ok(seeded(&context, SESSION, &token))
}

/// The word that a form of a session carries.
#[derive(Deserialize)]
struct Word {
    form: String,
}

async fn sign_out(State(context): State<Context>, headers: HeaderMap, Form(word): Form<Word>) -> Shown {
    from_here(&headers)?;
    let (session, ..) = signed_in(&context, &headers).await?;
    if session.form != word.form {
        return Err(NoPage::Foreign);
    }
    context.managers.close(&headers);
    Ok(Redirect::to("/manage").into_response())
}

async fn overview(State(context): State<Context>, headers: HeaderMap, Query(chosen): Query<words::Chosen>) -> Shown {
    if let Some(language) = chosen.language() {
        return Ok(answers::language(&context, language));
    }
    let (session, manager, speech) = signed_in(&context, &headers).await?;
    let now = Timestamp::now();
    let stores = blocking(&context, move |hub| hub.stores_today(now)).await?;
    Ok(page(StatusCode::OK, pages::overview(&Page { speech, session: &session, manager: &manager }, &stores)))
}

/// Which day.
#[derive(Deserialize)]
struct Day {
    date: Option<Date>,
}

async fn store_day(
    State(context): State<Context>,
    Path(code): Path<String>,
    headers: HeaderMap,
    Query(Day { date }): Query<Day>,
) -> Shown {
    let (session, manager, speech) = signed_in(&context, &headers).await?;
    let code = StoreCode::parse(&code).map_err(|_| NoPage::Missing(speech))?;
    let found = blocking(&context, move |hub| {
        let shop = match hub.store(&code) {
            Ok(shop) => shop,
            Err(HubError::UnknownStore(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let today = shop.business_date(Timestamp::now());
        let date = date.unwrap_or(today);
        Ok(Some((hub.report_day(&code, date, date, true)?, hub.terminals(Some(&code))?, shop, today)))
    })
    .await?;
    let (report, terminals, shop, today) = found.ok_or(NoPage::Missing(speech))?;
    let shell = Page { speech, session: &session, manager: &manager };
    Ok(page(StatusCode::OK, pages::day(&shell, &shop, today, &report, &terminals)))
}

/// Which figure of which day.
#[derive(Deserialize)]
struct FigureOfDay {
    date: Date,
    dimension: String,
    #[serde(default)]
    key: String,
}

async fn orders(
    State(context): State<Context>,
    Path(code): Path<String>,
    headers: HeaderMap,
    Query(figure): Query<FigureOfDay>,
) -> Shown {
    let (session, manager, speech) = signed_in(&context, &headers).await?;
    let code = StoreCode::parse(&code).map_err(|_| NoPage::Missing(speech))?;
    let FigureOfDay { date, dimension, key } = figure;
    let (shop, behind, dimension, key) = blocking(&context, move |hub| {
        Ok::<_, HubError>((hub.store(&code)?, hub.orders_behind(&code, date, &dimension, &key)?, dimension, key))
    })
    .await?;
    let shell = Page { speech, session: &session, manager: &manager };
    Ok(page(StatusCode::OK, pages::orders(&shell, &shop, date, (&dimension, &key), &behind)))
}

async fn order(State(context): State<Context>, Path(place): Path<(String, i64, i64)>, headers: HeaderMap) -> Shown {
    let (session, manager, speech) = signed_in(&context, &headers).await?;
    let (code, terminal, seq) = place;
    let code = StoreCode::parse(&code).map_err(|_| NoPage::Missing(speech))?;
    let (shop, found) =
        blocking(&context, move |hub| Ok::<_, HubError>((hub.store(&code)?, hub.signed_order(&code, terminal, seq)?))).await?;
    let found = found.ok_or(NoPage::Missing(speech))?;
    let shell = Page { speech, session: &session, manager: &manager };
    Ok(page(StatusCode::OK, pages::order(&shell, &shop, &found)))
}

async fn incidents(State(context): State<Context>, headers: HeaderMap) -> Shown {
    let (session, manager, speech) = signed_in(&context, &headers).await?;
    let open = blocking(&context, |hub| {
        hub.stores()?
            .into_iter()
            .map(|shop| Ok((hub.incidents(shop.id)?.incidents, shop)))
            .collect::<Result<Vec<_>, crate::Refused>>()
    })
    .await?;
    let shell = Page { speech, session: &session, manager: &manager };
    Ok(page(StatusCode::OK, pages::incidents(&shell, &open)))
}

async fn close_incident(
    State(context): State<Context>,
    Path(id): Path<i64>,
    headers: HeaderMap,
    Form(word): Form<Word>,
) -> Shown {
    from_here(&headers)?;
    let (session, manager, _) = signed_in(&context, &headers).await?;
    if session.form != word.form {
        return Err(NoPage::Foreign);
    }
    if blocking(&context, move |hub| hub.resolve_incident(id, Timestamp::now())).await? {
        tracing::info!(incident = id, store = %manager.store, staff = %manager.id, "a manager closed an incident");
    }
    Ok(Redirect::to("/manage/incidents").into_response())
}
