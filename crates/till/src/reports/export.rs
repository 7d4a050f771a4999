//! A report as a file: CSV for programs, XLSX for people who go on reckoning.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use directories::UserDirs;
use domain::{Language, Permission};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::words::say;
use crate::api::{MoneyView, NameView, Problem, ProblemCode, ReportFigureView, ReportFileView, ReportView};
use crate::terminal::Terminal;

/// What a spreadsheet shows amounts in.
const AMOUNT: &str = "#,##0.00";
/// Files of one name that a folder may come to hold.
const MOST_COPIES: u32 = 1_000;
/// Columns of both forms.
const COLUMNS: usize = 10;

/// One row of the file; a heading has a title alone.
struct Row<'a> {
    section: &'a str,
    figure: &'a ReportFigureView,
}

impl Terminal {
    /// The report of some days as a file: `csv` or `xlsx`. With `save` it is put into the downloads folder of this machine, for
    /// the window; a browser may be on another one and gets the bytes.
    pub(crate) fn export_report_of(
        &self,
        session: &str,
        period: (&str, &str),
        format: &str,
        save: bool,
    ) -> Result<ReportFileView, Problem> {
        self.in_session(session, Permission::ReadReports, |_| {
            let report = self.report_view(self.period(period.0, period.1)?)?;
            let language = self.settings().language;
            let (content, media_type) = match format {
                "csv" => (csv(&report, language)?, "text/csv; charset=utf-8"),
                "xlsx" => {
                    let title = self.shop().name.in_language(language).to_owned();
                    (xlsx(&report, language, &title).map_err(|error| not_made(&error))?, XLSX)
                }
                other => {
                    let detail = format!("a report is exported as csv or xlsx, not as '{other}'");
                    return Err(Problem::new(ProblemCode::BadRequest, detail));
                }
            };
            let days = if report.from == report.to { report.to.clone() } else { format!("{}--{}", report.from, report.to) };
            let name = format!("{}-{}-{days}.{format}", say(language, "报表", "report"), self.shop().code);
            let media_type = media_type.to_owned();
            if save {
                let saved = kept(&name, &content)?;
                return Ok(ReportFileView { name, media_type, content: String::new(), saved });
            }
            Ok(ReportFileView { name, media_type, content: STANDARD.encode(content), saved: String::new() })
        })
    }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Writes a new file into the downloads folder; one that is there stays as it is. Where it lies.
fn kept(name: &str, content: &[u8]) -> Result<String, Problem> {
    let folder =
        UserDirs::new().and_then(|folders| folders.download_dir().map(Path::to_owned)).unwrap_or_else(std::env::temp_dir);
    let unwritable = |error: &std::io::Error| {
        let detail = format!("the folder {} cannot be written: {error}", folder.display());
        Problem::new(ProblemCode::FolderUnwritable, detail).with("folder", folder.display())
    };
    std::fs::create_dir_all(&folder).map_err(|error| unwritable(&error))?;
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    for number in 1..MOST_COPIES {
        let path = if number == 1 { folder.join(name) } else { folder.join(format!("{stem} ({number}).{extension}")) };
        match File::options().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(content).map_err(|error| unwritable(&error))?;
                return Ok(path.display().to_string());
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unwritable(&error)),
        }
    }
    Err(unwritable(&std::io::ErrorKind::AlreadyExists.into()))
}

fn not_made(error: &dyn std::fmt::Display) -> Problem {
    Problem::new(ProblemCode::Internal, format!("the file could not be made: {error}"))
}

fn titles(language: Language) -> [&'static str; COLUMNS] {
    let say = |zh, en| say(language, zh, en);
    [
        say("项目", "Section"),
        say("名称", "Figure"),
        say("编号", "Key"),
        say("笔数", "Count"),
        say("数量", "Quantity"),
        say("币种", "Currency"),
        say("金额", "Amount"),
        say("第二金额", "Second amount"),
        say("上期", "Before"),
        say("上周", "Week before"),
    ]
}

fn rows(report: &ReportView, language: Language) -> Vec<Row<'_>> {
    let headline = report.headline.iter().map(|figure| Row { section: say(language, "总览", "Overview"), figure });
    let sections = report.sections.iter().flat_map(|section| {
        section.figures.iter().map(move |figure| Row { section: in_language(&section.title, language), figure })
    });
    headline.chain(sections).collect()
}

fn in_language(name: &NameView, language: Language) -> &str {
    let (own, other) = match language {
        Language::Zh => (&name.zh, &name.en),
        Language::En => (&name.en, &name.zh),
    };
    if own.is_empty() { other } else { own }
}

fn amount(amount: Option<&MoneyView>) -> &str {
    amount.map_or("", |amount| amount.amount.as_str())
}

/// With a byte order mark, by which spreadsheets know that it is UTF-8. A text that a spreadsheet would take for a formula gets
/// an apostrophe before it.
fn csv(report: &ReportView, language: Language) -> Result<Vec<u8>, Problem> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let failed = |error: csv::Error| not_made(&error);
    writer.write_record(titles(language)).map_err(failed)?;
    for Row { section, figure } in rows(report, language) {
        let cells = [
            harmless(section),
            harmless(in_language(&figure.label, language)),
            harmless(&figure.key),
            figure.count.to_string(),
            figure.quantity.clone(),
            figure.currency.clone(),
            amount(figure.amount.as_ref()).to_owned(),
            amount(figure.second.as_ref()).to_owned(),
            figure.before.clone(),
            figure.week.clone(),
        ];
        writer.write_record(cells).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| not_made(error.error()))
}

fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn xlsx(report: &ReportView, language: Language, shop: &str) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let (bold, money) = (Format::new().set_bold(), Format::new().set_num_format(AMOUNT));
    sheet.set_name(say(language, "报表", "Report"))?;
    sheet.write_string_with_format(0, 0, format!("{shop} {} – {}", report.from, report.to), &bold)?;
    for (column, title) in (0_u16..).zip(titles(language)) {
        sheet.write_string_with_format(2, column, title, &bold)?;
    }
    for (row, Row { section, figure }) in (3_u32..).zip(rows(report, language)) {
        sheet.write_string(row, 0, section)?;
        sheet.write_string(row, 1, in_language(&figure.label, language))?;
        sheet.write_string(row, 2, &figure.key)?;
        sheet.write_number(row, 3, figure.count)?;
        sheet.write_string(row, 4, &figure.quantity)?;
        sheet.write_string(row, 5, &figure.currency)?;
        for (column, text) in [(6, amount(figure.amount.as_ref())), (7, amount(figure.second.as_ref()))] {
            // Spreadsheets know no other numbers; the CSV has every digit.
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number_with_format(row, column, number, &money)?,
                Err(_) => sheet.write_string(row, column, text)?,
            };
        }
        sheet.write_string(row, 8, &figure.before)?;
        sheet.write_string(row, 9, &figure.week)?;
    }
    sheet.set_freeze_panes(3, 0)?;
    sheet.autofit();
    book.save_to_buffer()
}
