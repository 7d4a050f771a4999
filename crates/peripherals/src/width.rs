//! How wide text stands on the paper of a Chinese printer: ASCII takes one column, every other character the two columns
//! of a Chinese one, `é` and `€` too.

/// Columns that `text` takes, once made [`printable`].
pub fn width(text: &str) -> usize {
    text.chars().filter_map(printable_char).map(char_width).sum()
}

pub(crate) fn char_width(character: char) -> usize {
    if character.is_ascii() { 1 } else { 2 }
}

/// The text with nothing in it that a printer would take for a command or print as rubbish: control characters become
/// spaces, invisible ones go, `¥` (four bytes in GB18030, unknown to most printers) becomes `￥`.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter_map(printable_char).collect()
}

fn printable_char(character: char) -> Option<char> {
    match character {
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => {
            None
        }
        '\u{a5}' => Some('\u{ffe5}'),
        '\u{a0}' => Some(' '),
        character if character.is_control() => Some(' '),
        character => Some(character),
    }
}

/// The text in lines of at most `columns`: broken at spaces where there are some and beside Chinese characters, else
/// anywhere. Nothing but the spaces at breaks is lost. At least one line, which may be empty.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if piece == " " {
            if width(&line) < columns && !line.is_empty() {
                line.push(' ');
            }
            continue;
        }
        if width(&line) + width(piece) > columns && !line.is_empty() {
            lines.push(finished(&mut line));
        }
        for character in piece.chars() {
            if width(&line) + char_width(character) > columns && !line.is_empty() {
                lines.push(finished(&mut line));
            }
            line.push(character);
        }
    }
    if lines.is_empty() || !line.is_empty() {
        lines.push(finished(&mut line));
    }
    lines
}

fn finished(line: &mut String) -> String {
    let text = line.trim_end().to_owned();
    line.clear();
    text
}

/// Words, single spaces and single wide characters, in order.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let stands_alone = |character: char| character == ' ' || char_width(character) == 2;
        let end = if stands_alone(first) { first.len_utf8() } else { rest.find(stands_alone).unwrap_or(rest.len()) };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn chinese_takes_two_columns_and_a_yen_sign_too() {
        assert_eq!(width("馨茶小馆"), 8);
        assert_eq!(width("￥18.00"), 7);
        assert_eq!(width("¥18.00"), 7);
        assert_eq!(width("€"), 2);
        assert_eq!(width("Milk 1L"), 7);
    }

    #[test]
    fn lines_break_at_spaces_and_beside_chinese() {
        assert_eq!(wrap("Fresh whole milk 1L", 11), ["Fresh whole", "milk 1L"]);
        assert_eq!(wrap("农夫山泉饮用天然水550ml", 12), ["农夫山泉饮用", "天然水550ml"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken_not_cut() {
        assert_eq!(wrap("ABCDEFGHIJ", 4), ["ABCD", "EFGH", "IJ"]);
    }

    #[test]
    fn nothing_in_a_name_reaches_the_printer_as_a_command() {
        assert_eq!(printable("a\u{1b}p\u{0}b\u{200b}\u{fe0f}¥"), "a p b￥");
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_and_fits(text in "[a-zA-Z0-9 一-龥]{0,60}", columns in 2_usize..50) {
            let lines = wrap(&text, columns);
            for line in &lines {
                prop_assert!(width(line) <= columns);
            }
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
