//! The shop's logo: kept as it was given, made into dots once for each width of paper.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Permission;
use peripherals::{Document, Picture, PictureError};
use store::Printer;

use crate::api::{LogoView, Problem, ProblemCode, TillEvent};
use crate::device_settings::profile;
use crate::terminal::Terminal;

const FILE: &str = "logo";
/// The largest PNG that is kept.
const LARGEST: usize = 512 * 1024;

/// The dots of the logo for the width of paper that was printed on last.
#[derive(Debug, Default)]
pub(crate) struct LogoDots(Mutex<Option<(usize, Option<Picture>)>>);

impl Terminal {
    /// The logo as it was given.
    pub(crate) fn logo_view(&self) -> Result<LogoView, Problem> {
        let png = self.store.device_file(FILE)?.unwrap_or_default();
        Ok(LogoView { png: STANDARD.encode(png) })
    }

    /// Keeps another logo; an empty one takes it away.
    pub(crate) fn keep_logo(&self, session: &str, png: &str) -> Result<LogoView, Problem> {
        self.in_session(session, Permission::ChangeSettings, |_| {
            let unreadable = |detail: String| Problem::new(ProblemCode::LogoUnreadable, detail);
            let bytes = STANDARD.decode(png.trim()).map_err(|error| unreadable(error.to_string()))?;
            if bytes.len() > LARGEST {
                return Err(unreadable(format!("the picture has {} bytes; at most {LARGEST} are kept", bytes.len())));
            }
            if !bytes.is_empty() {
                Picture::from_png(&bytes, 1).map_err(|error: PictureError| unreadable(error.to_string()))?;
            }
            self.store.set_device_file(FILE, Some(bytes.as_slice()).filter(|bytes| !bytes.is_empty()))?;
            *self.logo.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
            Ok(())
        })?;
        self.emit(TillEvent::Catalogue);
        self.logo_view()
    }

    /// `document` with the logo on top, where there is one and it is wanted.
    pub(crate) fn under_logo(&self, document: &Document) -> Document {
        let settings = self.settings();
        let mut under = Document::new();
        if settings.devices.logo
            && let Some(logo) = self.logo_dots(profile(&settings, Printer::Receipt).paper.dots())
        {
            under.picture(logo);
        }
        for block in document.blocks() {
            under.push(block.clone());
        }
        under
    }

    fn logo_dots(&self, widest: usize) -> Option<Picture> {
        let mut kept = self.logo.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((width, picture)) = &*kept
            && *width == widest
        {
            return picture.clone();
        }
        let png = self.store.device_file(FILE).unwrap_or_else(|error| {
            tracing::warn!(%error, "the logo cannot be read");
            None
        });
        let picture = png.and_then(|png| {
            Picture::from_png(&png, widest).inspect_err(|error| tracing::warn!(%error, "the logo cannot be printed")).ok()
        });
        *kept = Some((widest, picture.clone()));
        picture
    }
}
