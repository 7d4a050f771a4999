//! Cutting names and queries into the same pieces.

use pinyin::ToPinyinMulti;

/// Letters of a word that the index knows; longer words are told apart on the candidates.
pub(crate) const WORD_LETTERS: usize = 6;

/// Initials in one group that the index knows.
pub(crate) const INITIALS: usize = 3;

/// Stands before a group of initials, so that it is no beginning of an English word.
pub(crate) const INITIALS_MARK: char = '拼';

/// Readings of one group of characters that are followed up; a few characters have several.
const MAX_READINGS: usize = 6;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Chinese characters (or others written without spaces) side by side.
    Han(Vec<char>),
    /// A word of letters and digits, in lower case.
    Word(String),
}

/// Cuts a text; full-width forms count as their usual ones, upper case as lower.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut joined = false;
    for c in text.chars().map(half_width) {
        if is_han(c) {
            match pieces.last_mut() {
                Some(Piece::Han(run)) if joined => run.push(c),
                _ => pieces.push(Piece::Han(vec![c])),
            }
            joined = true;
        } else if c.is_alphanumeric() {
            match pieces.last_mut() {
                Some(Piece::Word(word)) if joined => word.extend(c.to_lowercase()),
                _ => pieces.push(Piece::Word(c.to_lowercase().collect())),
            }
            joined = true;
        } else {
            joined = false;
        }
    }
    pieces
}

/// Adds the terms of a name to `terms`, each followed by a space.
pub(crate) fn add_terms(name: &str, terms: &mut String) {
    for piece in pieces(name) {
        match piece {
            Piece::Han(run) => {
                for c in &run {
                    terms.push(*c);
                    terms.push(' ');
                }
                for pair in run.windows(2) {
                    terms.extend(pair);
                    terms.push(' ');
                }
                add_initials(&run, terms);
            }
            Piece::Word(word) => {
                for (at, c) in word.char_indices().take(WORD_LETTERS) {
                    terms.push_str(&word[..at + c.len_utf8()]);
                    terms.push(' ');
                }
            }
        }
    }
}

/// Groups of two and three initials anywhere, single ones at the beginning only: a single letter finds too much anyway.
fn add_initials(run: &[char], terms: &mut String) {
    let readings: Vec<Vec<char>> = run.iter().map(|c| initials(*c)).collect();
    for first in readings.first().into_iter().flatten() {
        terms.extend([INITIALS_MARK, *first, ' ']);
    }
    for length in 2..=INITIALS {
        for group in readings.windows(length) {
            let mut left = MAX_READINGS;
            add_groups(group, &mut Vec::new(), &mut left, terms);
        }
    }
}

fn add_groups(group: &[Vec<char>], begun: &mut Vec<char>, left: &mut usize, terms: &mut String) {
    let Some((readings, rest)) = group.split_first() else {
        if *left > 0 {
            *left -= 1;
            terms.push(INITIALS_MARK);
            terms.extend(begun.iter());
            terms.push(' ');
        }
        return;
    };
    for initial in readings {
        begun.push(*initial);
        add_groups(rest, begun, left, terms);
        begun.pop();
    }
}

/// The initials that a character may be read with, the usual one first.
pub(crate) fn initials(c: char) -> Vec<char> {
    let mut initials = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        if let Some(initial) = reading.first_letter().chars().next().filter(|initial| !initials.contains(initial)) {
            initials.push(initial);
        }
    }
    initials
}

/// Where in `run` characters side by side have these initials.
pub(crate) fn has_initials(run: &[char], letters: &str) -> Option<usize> {
    let letters: Vec<char> = letters.chars().collect();
    run.windows(letters.len().max(1))
        .position(|group| group.iter().zip(&letters).all(|(c, letter)| initials(*c).contains(letter)) && !letters.is_empty())
}

/// True where the word could be pinyin initials: no syllable begins with i, u or v.
pub(crate) fn may_be_initials(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase() && !matches!(byte, b'i' | b'u' | b'v'))
}

fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

fn is_han(c: char) -> bool {
    matches!(
        u32::from(c),
        0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x2_0000..=0x3_134f
    )
}
