//! Starting the program again when it was killed, as by a power cut in a drill. What it was doing is found in its store.

use std::ffi::OsString;
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Set for the program that is started again: it ends when its standard input does, and so with whoever started it.
pub(crate) const SUPERVISED: &str = "TILLBRIDGE_SUPERVISED";
/// A program that does not live as long as this has a fault that no new start mends.
const SHORT_LIFE: Duration = Duration::from_secs(5);
/// Short lives in a row before it is left alone.
const MOST_SHORT_LIVES: u32 = 3;

/// Runs this program with `arguments` again and again until it ends by itself; its exit code.
pub(crate) fn supervise(arguments: &[OsString]) -> std::io::Result<ExitCode> {
    let program = std::env::current_exe()?;
    let mut short_lives = 0;
    loop {
        let started = Instant::now();
        let mut child = Command::new(&program).args(arguments).env(SUPERVISED, "1").stdin(Stdio::piped()).spawn()?;
        // Kept open until the child has ended: its end tells the child that nobody watches any more.
        let input = child.stdin.take();
        let status = child.wait()?;
        drop(input);
        if let Some(code) = ended_by_itself(status) {
            return Ok(ExitCode::from(code));
        }
        short_lives = if started.elapsed() < SHORT_LIFE { short_lives + 1 } else { 0 };
        if short_lives >= MOST_SHORT_LIVES {
            return Ok(ExitCode::FAILURE);
        }
        tracing::warn!(%status, "the program was killed and is started again");
    }
}

/// The exit code of a program that was not killed.
fn ended_by_itself(status: ExitStatus) -> Option<u8> {
    u8::try_from(status.code()?).ok()
}

/// Ends when whoever started this program is gone; never for one that was started by a person.
pub(crate) async fn left_alone() {
    if std::env::var_os(SUPERVISED).is_none() {
        return std::future::pending().await;
    }
    let (gone, told) = tokio::sync::oneshot::channel();
    let wait = move || {
        // Whatever is read, or fails, says the same: nobody is there.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = gone.send(());
    };
    if std::thread::Builder::new().name("watched".into()).spawn(wait).is_err() {
        return std::future::pending().await;
    }
    let _ = told.await;
}
