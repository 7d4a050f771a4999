//! `serve`.

use hub::Hub;
use hub::server::{ServeError, ServeOptions, TlsFiles, bind};
use serde_json::json;

use super::answer::{Failure, Output};
use super::arguments::ServeArguments;
use super::{database, logging};

/// Threads that may wait for the database at once; more requests queue, so that memory stays bounded.
const BLOCKING_THREADS: usize = 64;

/// Answers tills until Ctrl-C or SIGTERM; requests under way are finished first.
pub(super) fn serve(arguments: ServeArguments, output: &Output) -> Result<(), Failure> {
    logging::start(&arguments.log, arguments.log_json)?;
    let tls = arguments.tls_cert.zip(arguments.tls_key).map(|(certificate, key)| TlsFiles { certificate, key });
    let options = ServeOptions { listen: arguments.listen, tls, insecure_plain_http: arguments.insecure_plain_http };
    let database = database(&arguments.database)?;
    let hub = Hub::open(&database)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
        .map_err(ServeError::from)?;
    runtime.block_on(async {
        let server = bind(hub, options).await?;
        let url = server.url();
        tracing::info!(%url, %database, version = env!("CARGO_PKG_VERSION"), "listening");
        let value = json!({ "url": url, "database": database.to_string() });
        output.answer(&value, &format!("The hub answers at {url} over {database}. Stop it with Ctrl-C."));
        let stop = stop_signal()?;
        server.run(stop).await?;
        tracing::info!("stopped");
        Ok(())
    })
}

/// Done when the user or the system asks the program to stop.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, ServeError> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished");
    })
}

/// Done when the user asks the program to stop.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()> + Send + 'static, ServeError> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
        tracing::info!("stopping: requests under way are finished");
    })
}
