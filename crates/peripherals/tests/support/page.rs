//! The paper as a picture: dots for codes and logos, lines of text where they stand, and where knife and drawer came in.

use std::fmt::Write as _;

use super::bars;
use super::commands::{Command, commands};

/// Dots from one line of text to the next.
const LINE: usize = 30;
/// Dots of a column.
const COLUMN: usize = 12;

/// A line of text on the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// Dots from the left edge and from the top.
    pub x: usize,
    pub y: usize,
    /// 1, or 2 for double size.
    pub size: usize,
    pub bold: bool,
}

/// Something that is not ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    Cut { full: bool },
    Kick,
}

/// Where a code or a picture stands: left, top, width, height in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

/// What is on the paper.
#[derive(Debug, Default)]
pub struct Page {
    pub width: usize,
    /// Row by row.
    pub dots: Vec<Vec<bool>>,
    pub texts: Vec<Text>,
    pub places: Vec<Place>,
    /// What happened at which height.
    pub happened: Vec<(usize, Happened)>,
}

/// Draws what a printer with paper `width` dots wide makes of `bytes`.
pub fn page(bytes: &[u8], width: usize) -> Page {
    let mut page = Page { width, ..Page::default() };
    let (mut align, mut bold, mut size) = (0, false, 1);
    let (mut qr_text, mut qr_dots) = (String::new(), 0);
    let (mut bar_height, mut bar_width, mut bar_text) = (162, 3, 0);
    for command in commands(bytes) {
        match command {
            Command::Init => (align, bold, size) = (0, false, 1),
            Command::Align(to) => align = to,
            Command::Bold(on) => bold = on,
            Command::Size(wide, tall) => {
                assert_eq!(wide, tall, "characters keep their shape");
                size = usize::from(wide);
            }
            Command::Line(text) => page.line(text, align, size, bold),
            Command::Feed(count) => page.feed(usize::from(count) * LINE),
            Command::FeedDots(dots) => page.feed(usize::from(dots)),
            Command::Kick(..) => page.happened.push((page.dots.len(), Happened::Kick)),
            Command::Cut { full } => {
                page.feed(4 * LINE);
                page.happened.push((page.dots.len(), Happened::Cut { full }));
            }
            Command::QrDots(dots) => qr_dots = usize::from(dots),
            Command::QrText(text) => qr_text = text,
            Command::QrPrint => {
                let code = qrcode::QrCode::with_error_correction_level(&qr_text, qrcode::EcLevel::M).unwrap();
                let colors = code.to_colors();
                let side = code.width() * qr_dots;
                page.draw(side, side, align, |x, y| colors[y / qr_dots * code.width() + x / qr_dots] == qrcode::Color::Dark);
            }
            Command::Raster(wide, tall, rows) => {
                page.draw(wide * 8, tall, align, |x, y| rows[y * wide + x / 8] & (0x80 >> (x % 8)) != 0);
            }
            Command::BarHeight(dots) => bar_height = usize::from(dots),
            Command::BarWidth(dots) => bar_width = usize::from(dots),
            Command::BarText(place) => bar_text = place,
            Command::Barcode(kind, data) => {
                let modules = bars::drawn(kind, &data);
                page.draw(modules.len() * bar_width, bar_height, align, |x, _| modules[x / bar_width]);
                if bar_text == 2 {
                    let shown =
                        if kind == 2 { bars::ean13(&bars::runs(&modules, 1)) } else { bars::code128(&bars::runs(&modules, 1)) };
                    page.line(shown, align, 1, false);
                }
            }
            Command::Chinese(_) | Command::Tell(_) => {}
        }
    }
    page
}

impl Page {
    fn feed(&mut self, dots: usize) {
        self.dots.extend(std::iter::repeat_n(vec![false; self.width], dots));
    }

    fn line(&mut self, text: String, align: u8, size: usize, bold: bool) {
        let columns: usize = text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum();
        let taken = columns * COLUMN * size;
        assert!(taken <= self.width, "'{text}' is wider than the paper");
        let (x, y) = (self.margin(taken, align), self.dots.len());
        self.texts.push(Text { text, x, y, size, bold });
        self.feed(LINE * size);
    }

    fn margin(&self, taken: usize, align: u8) -> usize {
        match align {
            1 => (self.width - taken) / 2,
            2 => self.width - taken,
            _ => 0,
        }
    }

    fn draw(&mut self, width: usize, height: usize, align: u8, is_dark: impl Fn(usize, usize) -> bool) {
        assert!(width <= self.width, "{width} dots are wider than the paper");
        let (left, top) = (self.margin(width, align), self.dots.len());
        self.feed(height);
        for y in 0..height {
            for x in 0..width {
                self.dots[top + y][left + x] = is_dark(x, y);
            }
        }
        self.places.push(Place { x: left, y: top, width, height });
    }

    /// The dots of a place, one row of it.
    pub fn row(&self, place: Place, row: usize) -> &[bool] {
        &self.dots[place.y + row][place.x..place.x + place.width]
    }

    /// What a phone reads from the codes on the paper, from the top.
    pub fn read_qr_codes(&self) -> Vec<String> {
        // Blank paper around it, as there is below and above on a real slip.
        let margin = 40;
        let dark = |x: usize, y: usize| {
            let dot = y.checked_sub(margin).and_then(|y| self.dots.get(y)).zip(x.checked_sub(margin));
            dot.and_then(|(row, x)| row.get(x)).copied().unwrap_or(false)
        };
        let (width, height) = (self.width + 2 * margin, self.dots.len() + 2 * margin);
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| if dark(x, y) { 0 } else { 255 });
        let mut found: Vec<(i32, String)> =
            image.detect_grids().iter().map(|grid| (grid.bounds[0].y, grid.decode().unwrap().1)).collect();
        found.sort();
        found.into_iter().map(|(_, text)| text).collect()
    }

    /// The paper for people to look at.
    pub fn svg(&self) -> String {
        let (width, height) = (self.width + 40, self.dots.len() + 40);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"-20 -20 {width} {height}\">\n\
             <rect x=\"-20\" y=\"-20\" width=\"{width}\" height=\"{height}\" fill=\"#fffdf6\"/>\n"
        );
        for (y, row) in self.dots.iter().enumerate() {
            let mut x = 0;
            while x < row.len() {
                let run = row[x..].iter().take_while(|dot| **dot == row[x]).count();
                if row[x] {
                    writeln!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"{run}\" height=\"1\"/>").unwrap();
                }
                x += run;
            }
        }
        for Text { text, x, y, size, bold } in &self.texts {
            let mut column = 0;
            for character in text.chars() {
                let wide = if character.is_ascii() { 1 } else { 2 };
                let left = x + column * COLUMN * size;
                let escaped = match character {
                    '<' => "&lt;".to_owned(),
                    '&' => "&amp;".to_owned(),
                    ' ' => String::new(),
                    other => other.to_string(),
                };
                if !escaped.is_empty() {
                    writeln!(
                        svg,
                        "<text x=\"{left}\" y=\"{}\" font-family=\"Noto Sans Mono CJK SC, monospace\" font-size=\"{}\" font-weight=\"{}\">{escaped}</text>",
                        y + 23 * size,
                        22 * size,
                        if *bold { 700 } else { 400 },
                    )
                    .unwrap();
                }
                column += wide;
            }
        }
        for (y, happened) in &self.happened {
            let (colour, label) = match happened {
                Happened::Cut { full: true } => ("#c33", "cut"),
                Happened::Cut { full: false } => ("#c33", "partial cut"),
                Happened::Kick => ("#36c", "drawer"),
            };
            writeln!(
                svg,
                "<line x1=\"-20\" x2=\"{0}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" stroke-dasharray=\"8 6\"/>\
                 <text x=\"{0}\" y=\"{1}\" text-anchor=\"end\" font-size=\"14\" fill=\"{colour}\">{label}</text>",
                self.width + 20,
                y + 14,
            )
            .unwrap();
        }
        svg.push_str("</svg>\n");
        svg
    }
}
