//! The sheet of codes that a scanner can read to tell the till to do something, and the badges of the staff. What a code does is
//! the screens' business; here is what stands on the paper.

use domain::{Permission, Staff};
use peripherals::{Document, QrCode};
use store::Printer;

use crate::api::{CommandCodeView, NameView, Problem};
use crate::terminal::Terminal;

/// Every command code with what it does, in the order of the sheet. The screens know them by the same names.
const CODES: [(&str, &str, &str); 14] = [
    ("PAY", "收款", "Pay"),
    ("HOLD", "挂单／取单", "Hold, or take up"),
    ("DISCOUNT", "折扣", "Discount"),
    ("SEARCH", "搜索商品", "Search products"),
    ("REMOVE", "移除选中的一行", "Remove the chosen line"),
    ("MORE", "加一件", "One more"),
    ("LESS", "减一件", "One less"),
    ("UNDO", "撤销上一步", "Undo the last change"),
    ("OK", "主按钮：确定、完成", "The main button"),
    ("BACK", "返回一步", "One step back"),
    ("DRAWER", "打开钱箱", "Open the drawer"),
    ("MENU", "菜单", "Menu"),
    ("KEYS", "按键说明", "Keyboard keys"),
    ("LOCK", "锁定", "Lock"),
];

impl Terminal {
    /// The codes with their pictures.
    pub(crate) fn all_command_codes(&self, session: &str) -> Result<Vec<CommandCodeView>, Problem> {
        self.in_session(session, Permission::Sell, |_| Ok(()))?;
        Ok(self.codes().filter_map(|(code, name)| Some(CommandCodeView { rows: rows(&code)?, code, name })).collect())
    }

    /// Prints the sheet on the receipt printer.
    pub(crate) fn print_codes(&self, session: &str) -> Result<(), Problem> {
        self.in_session(session, Permission::Sell, |_| Ok(()))?;
        let mut sheet = Document::new();
        for (code, name) in self.codes() {
            sheet.heading(format!("{} {}", name.zh, name.en));
            if let Ok(qr) = QrCode::new(&code) {
                sheet.qr(qr);
            }
            sheet.centered(code).feed(2);
        }
        self.print_document(Printer::Receipt, "TB:", &sheet)
    }

    fn codes(&self) -> impl Iterator<Item = (String, NameView)> {
        let commands = CODES.iter().map(|(code, zh, en)| (format!("TB:{code}"), NameView { zh: (*zh).into(), en: (*en).into() }));
        let staff: Vec<Staff> = self.store.staff().iter().filter(|staff| staff.active).cloned().collect();
        commands.chain(staff.into_iter().map(|staff| (format!("TB:STAFF:{}", staff.id), NameView::from(&staff.name))))
    }
}

/// The QR code of `text`, row by row.
fn rows(text: &str) -> Option<Vec<String>> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).ok()?;
    let side = code.width();
    let dark = code.to_colors();
    Some(dark.chunks(side).map(|row| row.iter().map(|color| color.select('#', '.')).collect()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_of_dark_and_light() {
        let rows = rows("TB:PAY").expect("a code");
        assert!(rows.len() >= 21 && rows.iter().all(|row| row.len() == rows.len()));
        assert!(rows[0].starts_with("#######"), "the finder pattern");
    }
}
