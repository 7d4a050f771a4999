//! A report on the receipt printer's paper.

use domain::Permission;
use peripherals::Document;

use super::words::say;
use crate::api::{NameView, Problem, ProblemCode, ReportSectionView, ReportView};
use crate::terminal::Terminal;

/// Figures of a section that go on paper.
const LONGEST: usize = 30;

impl Terminal {
    /// Puts the report of some days into the print queue.
    pub(crate) fn print_report_of(&self, session: &str, from: &str, to: &str) -> Result<(), Problem> {
        self.in_session(session, Permission::ReadReports, |_| {
            if self.settings().printer_address.is_empty() {
                let detail = "no printer is set up: give its address in the settings";
                return Err(Problem::new(ProblemCode::NoPrinter, detail));
            }
            let report = self.report_view(self.period(from, to)?)?;
            self.enqueue_print(None, self.paper_bytes(&self.report_document(&report), false))?;
            Ok(())
        })
    }

    fn report_document(&self, report: &ReportView) -> Document {
        let language = self.settings().language;
        let name = |name: &NameView| {
            let (zh, en) = (&name.zh, &name.en);
            let own = say(language, "zh", "en");
            if (own == "zh" && !zh.is_empty()) || en.is_empty() { zh.clone() } else { en.clone() }
        };
        let mut paper = Document::new();
        paper.heading(self.shop().name.in_language(language));
        let days = if report.from == report.to { report.to.clone() } else { format!("{} – {}", report.from, report.to) };
        paper.columns(say(language, "销售报表", "Sales report"), days);
        paper.columns(say(language, "截至", "As of"), report.at.as_str());
        if report.live {
            paper.centered(say(language, "当天尚未结束", "The day is not over"));
        }
        paper.rule();
        for figure in &report.headline {
            let value = figure.amount.as_ref().map_or_else(|| figure.count.to_string(), |amount| amount.text.clone());
            paper.columns(name(&figure.label), value);
        }
        for section in &report.sections {
            paper.rule();
            self.section_on_paper(&mut paper, section, &name);
        }
        paper.rule();
        paper.columns(say(language, "累计净销售额", "Net sales ever"), report.perpetual.text.as_str());
        paper
    }

    #[allow(clippy::unused_self, reason = "reads with the other parts of the document")]
    fn section_on_paper(&self, paper: &mut Document, section: &ReportSectionView, name: &dyn Fn(&NameView) -> String) {
        paper.line(name(&section.title));
        for figure in section.figures.iter().take(LONGEST) {
            let value = figure.amount.as_ref().map_or_else(String::new, |amount| amount.text.clone());
            paper.columns(format!("  {} ×{}", name(&figure.label), figure.count), value);
        }
    }
}
