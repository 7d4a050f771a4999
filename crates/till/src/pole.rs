//! The pole display follows the session that takes the scans.

use peripherals::PoleDisplay;

use crate::api::{CustomerView, MoneyView, NameView, Problem, ProblemCode};
use crate::device_settings::serial_address;
use crate::terminal::Terminal;

/// A pole display, if one is set up.
#[derive(Default)]
pub(crate) struct Pole {
    /// As it was typed.
    address: String,
    display: Option<PoleDisplay>,
}

impl Pole {
    /// Follows the settings.
    pub(crate) fn follow(&mut self, terminal: &Terminal) {
        let wanted = terminal.settings().devices.pole.clone();
        terminal.displays.set_pole(!wanted.is_empty());
        if wanted != self.address {
            *self = Self { address: wanted, display: None };
        }
    }

    /// Shows what `session` is about, if it is the one to show.
    pub(crate) fn show(&mut self, terminal: &Terminal, session: &str, view: &CustomerView) {
        if self.address.is_empty() || terminal.scan_session() != session {
            return;
        }
        if let Err(error) = self.write(view) {
            self.display = None;
            let detail = format!("the pole display at {} cannot be used: {error}", self.address);
            tracing::warn!(detail);
            terminal.status.lock().line_problem =
                Some(Problem::new(ProblemCode::SerialLineAway, detail).with("address", &self.address));
        }
    }

    fn write(&mut self, view: &CustomerView) -> std::io::Result<()> {
        let display = match &mut self.display {
            Some(display) => display,
            none => {
                let address = serial_address(&self.address).map_err(std::io::Error::other)?;
                none.insert(PoleDisplay::open(&address)?)
            }
        };
        let (upper, label, right) = words(view);
        display.show(&upper, label, &right)
    }
}

/// The upper line, what stands left and what stands right in the lower one.
fn words(view: &CustomerView) -> (String, &'static str, String) {
    let language = view.language;
    let say = |zh, en| if language == domain::Language::Zh { zh } else { en };
    let name = |name: &NameView| {
        let (first, second) = if language == domain::Language::Zh { (&name.zh, &name.en) } else { (&name.en, &name.zh) };
        if first.is_empty() { second.clone() } else { first.clone() }
    };
    let text = |amount: &Option<MoneyView>| amount.as_ref().map(|amount| amount.text.clone()).unwrap_or_default();
    match view.state.as_str() {
        "ringing" => {
            let last = view.lines.iter().find(|line| Some(line.id) == view.last_line).or(view.lines.last());
            (last.map(|line| name(&line.name)).unwrap_or_default(), say("合计", "TOTAL"), text(&view.total))
        }
        "paying" => (format!("{} {}", say("合计", "TOTAL"), text(&view.total)), say("应付", "DUE"), text(&view.due)),
        "done" => (say("谢谢惠顾", "Thank you").to_owned(), say("找零", "CHANGE"), text(&view.change)),
        _ => (name(&view.shop), "", String::new()),
    }
}
