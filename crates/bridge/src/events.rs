//! `GET /api/events`: what the terminal says by itself, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use till::api::TillEvent;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};

use crate::server::Shared;
use crate::sessions::Listening;
use crate::{entry, problems};

/// The most listeners at a time.
pub(crate) const MAX_LISTENERS: usize = 128;
/// How many events a slow listener may be behind before it is told to ask for everything anew.
const MAX_BEHIND: usize = 64;

/// Hands every event of the terminal on to all listeners, from a thread of its own that ends with the terminal.
pub(crate) fn fan_out(events: Receiver<TillEvent>) -> std::io::Result<broadcast::Sender<TillEvent>> {
    let (sender, _) = broadcast::channel(MAX_BEHIND);
    let listeners = sender.clone();
    std::thread::Builder::new().name("bridge-events".to_owned()).spawn(move || {
        for event in events {
            // Without a listener there is nobody to tell.
            let _ = listeners.send(event);
        }
    })?;
    Ok(sender)
}

struct Listener {
    /// What is for another session is not for this one's ears.
    session: String,
    events: broadcast::Receiver<TillEvent>,
    closing: watch::Receiver<bool>,
    _listening: Listening,
    _place: OwnedSemaphorePermit,
}

/// Opens a stream of events, which ends when the bridge closes.
pub(crate) async fn listen(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let entered = match entry::enter(&shared, &headers, None) {
        Ok(entered) => entered,
        Err(why) => return entry::not_entered(why),
    };
    let Ok(place) = Arc::clone(&shared.listeners).try_acquire_owned() else {
        return problems::malformed(StatusCode::SERVICE_UNAVAILABLE, "too many pages listen to this terminal: close one");
    };
    let is_new = entered.is_new;
    let cookie = entered.session.cookie();
    let listener = Listener {
        session: entered.session.name(),
        events: shared.events.subscribe(),
        closing: shared.closing.subscribe(),
        _listening: shared.sessions.listen(entered.session),
        _place: place,
    };
    let mut response =
        Sse::new(stream_of(listener)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response();
    if is_new {
        response.headers_mut().insert(axum::http::header::SET_COOKIE, cookie);
    }
    response
}

fn stream_of(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    let hello = stream::iter([Ok(Event::default().retry(Duration::from_secs(2)).comment("connected"))]);
    hello.chain(stream::unfold(listener, |mut listener| async move {
        let event = loop {
            let event = tokio::select! {
                _ = listener.closing.wait_for(|closing| *closing) => return None,
                event = listener.events.recv() => event,
            };
            match event {
                Ok(TillEvent::Session { session, .. }) if session != listener.session => {}
                Ok(event) => break event,
                // What was missed cannot be told any more, so the page asks for everything that it shows.
                Err(RecvError::Lagged(_)) => break TillEvent::Catalogue,
                Err(RecvError::Closed) => return None,
            }
        };
        let sent = Event::default().json_data(&event).unwrap_or_else(|error| {
            tracing::error!(%error, "an event could not be written as JSON");
            Event::default().comment("unreadable")
        });
        Some((Ok(sent), listener))
    }))
}
