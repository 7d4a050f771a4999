//! A hub in the same process, on a SQLite file, reachable from this machine only.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::thread::JoinHandle;

use hub::server::{ServeOptions, bind};
use hub::{DatabaseUrl, Hub};
use tokio::sync::oneshot;

use crate::verbs::bridge::runtime;
use crate::words::CliError;

/// The port that is asked for first.
const PORT: u16 = 4710;

/// A hub that serves until it is dropped.
pub(crate) struct EmbeddedHub {
    hub: Hub,
    url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EmbeddedHub {
    /// Opens the hub on `file` and serves it, at the address it had before (`known_url`) where that is free.
    pub(crate) fn start(file: &Path, known_url: Option<&str>) -> Result<Self, CliError> {
        let hub = Hub::open(&DatabaseUrl::file(file)).map_err(|error| failed(&error))?;
        let runtime = runtime()?;
        let port = known_url.and_then(port_of).unwrap_or(PORT);
        let server = runtime.block_on(async {
            let local = |port| ServeOptions::new(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
            match bind(hub.clone(), local(port)).await {
                Ok(server) => Ok(server),
                Err(_) => bind(hub.clone(), local(0)).await.map_err(|error| failed(&error)),
            }
        })?;
        let url = server.url();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("hub".into()).spawn(move || {
            let ended = runtime.block_on(server.run(async move {
                // An error says that the sender was dropped, which means the same.
                let _ = stopped.await;
            }));
            if let Err(error) = ended {
                tracing::error!(%error, "the embedded hub stopped");
            }
        });
        let thread = thread.map_err(|error| CliError::system("系统没有给出线程", "the system gave no thread", error))?;
        Ok(Self { hub, url, stop: Some(stop), thread: Some(thread) })
    }

    /// The hub itself.
    pub(crate) fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for EmbeddedHub {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the embedded hub ended by a panic");
        }
    }
}

fn port_of(url: &str) -> Option<u16> {
    url.trim_end_matches('/').rsplit_once(':')?.1.parse().ok()
}

fn failed(error: &impl std::fmt::Display) -> CliError {
    CliError::system("内置总部打不开", "the embedded hub cannot be opened", error)
}
