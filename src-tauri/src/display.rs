//! The customer display: a second window, on the second screen where there is one.

use tauri::{AppHandle, Manager, PhysicalPosition, PhysicalSize, WebviewUrl, WebviewWindowBuilder};

use crate::ipc::Terminal;

/// The window's label; its capability lets it ask what the customer sees and nothing else.
pub(crate) const CUSTOMER: &str = "customer";
/// The label of the window with the till.
pub(crate) const MAIN: &str = "main";

/// Where the display is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// Nowhere.
    Off,
    /// Over the whole second screen; nowhere where there is only one.
    SecondScreen,
    /// In a window that can be moved.
    Window,
}

/// A screen or a window: left, top, width and height in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    left: i32,
    top: i32,
    width: u32,
    height: u32,
}

impl Area {
    fn of(position: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> Self {
        Self { left: position.x, top: position.y, width: size.width, height: size.height }
    }
}

/// The first screen that is not the till's own.
fn second_screen(own: Option<Area>, screens: &[Area]) -> Option<Area> {
    screens.iter().find(|screen| own.is_some_and(|own| own != **screen)).copied()
}

/// Opens, leaves or closes the display as the settings say now.
pub(crate) fn follow(app: &AppHandle, terminal: &dyn Terminal) {
    let wanted = terminal.display();
    let screen = if wanted == Display::SecondScreen { free_screen(app) } else { None };
    let open = app.get_webview_window(CUSTOMER);
    let shown = match (wanted, screen) {
        (Display::Off, _) | (Display::SecondScreen, None) => {
            if let Some(window) = open
                && let Err(error) = window.close()
            {
                tracing::warn!(%error, "the customer display cannot be closed");
            }
            return;
        }
        (Display::Window | Display::SecondScreen, screen) => screen,
    };
    if open.is_some() {
        return;
    }
    if let Err(error) = build(app, shown) {
        tracing::warn!(%error, "the customer display cannot be opened");
    }
}

fn build(app: &AppHandle, screen: Option<Area>) -> tauri::Result<()> {
    let page = WebviewUrl::App("index.html?view=customer".into());
    let window = WebviewWindowBuilder::new(app, CUSTOMER, page)
        .title("Tillbridge")
        .inner_size(1024.0, 600.0)
        .focused(false)
        .decorations(screen.is_none())
        .build()?;
    if let Some(Area { left, top, width, height }) = screen {
        window.set_position(PhysicalPosition::new(left, top))?;
        window.set_size(PhysicalSize::new(width, height))?;
        window.set_fullscreen(true)?;
    }
    Ok(())
}

fn free_screen(app: &AppHandle) -> Option<Area> {
    let main = app.get_webview_window(MAIN)?;
    let own = main.current_monitor().ok().flatten().map(|monitor| Area::of(*monitor.position(), *monitor.size()));
    let screens = main.available_monitors().unwrap_or_default();
    let screens: Vec<Area> = screens.iter().map(|monitor| Area::of(*monitor.position(), *monitor.size())).collect();
    second_screen(own, &screens)
}

#[cfg(test)]
mod tests {
    use super::{Area, second_screen};

    const LEFT: Area = Area { left: 0, top: 0, width: 1920, height: 1080 };
    const RIGHT: Area = Area { left: 1920, top: 0, width: 1024, height: 600 };

    #[test]
    fn the_display_goes_to_the_screen_that_the_till_is_not_on() {
        assert_eq!(second_screen(Some(LEFT), &[LEFT, RIGHT]), Some(RIGHT));
        assert_eq!(second_screen(Some(RIGHT), &[LEFT, RIGHT]), Some(LEFT));
        assert_eq!(second_screen(Some(LEFT), &[LEFT]), None);
        assert_eq!(second_screen(None, &[LEFT, RIGHT]), None, "where the till is must be known");
    }
}
