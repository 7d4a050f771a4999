//! Bars of an EAN-13 (ISO/IEC 15420) and a Code 128 (ISO/IEC 15417): dark and light modules from left to right, without the
//! quiet zones.

/// Left digits with odd parity; the right ones are their complement, those with even parity the right ones backwards.
const LEFT: [u8; 10] =
    [0b000_1101, 0b001_1001, 0b001_0011, 0b011_1101, 0b010_0011, 0b011_0001, 0b010_1111, 0b011_1011, 0b011_0111, 0b000_1011];
/// Which left digits have even parity, by the first digit.
const EVEN: [u8; 10] =
    [0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101, 0b01_0110, 0b01_1010];

/// The modules of thirteen digits; none for anything else.
pub(super) fn ean13(digits: &str) -> Option<Vec<bool>> {
    let values: Vec<u8> = digits.bytes().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect::<Option<_>>()?;
    let [first, rest @ ..] = &values[..] else { return None };
    if rest.len() != 12 {
        return None;
    }
    let mut modules = Vec::with_capacity(95);
    let mut push = |bits: u8, count: u32| modules.extend((0..count).rev().map(|bit| bits >> bit & 1 == 1));
    push(0b101, 3);
    for (index, digit) in rest[..6].iter().enumerate() {
        let odd = LEFT[usize::from(*digit)];
        let even = EVEN[usize::from(*first)] >> (5 - index) & 1 == 1;
        push(if even { (!odd & 0x7f).reverse_bits() >> 1 } else { odd }, 7);
    }
    push(0b0_1010, 5);
    for digit in &rest[6..] {
        push(!LEFT[usize::from(*digit)] & 0x7f, 7);
    }
    push(0b101, 3);
    Some(modules)
}

/// Widths of bars and spaces, by value; the stop has one bar more.
const CODE128: [u32; 107] = [
    212_222, 222_122, 222_221, 121_223, 121_322, 131_222, 122_213, 122_312, 132_212, 221_213, 221_312, 231_212, 112_232, 122_132,
    122_231, 113_222, 123_122, 123_221, 223_211, 221_132, 221_231, 213_212, 223_112, 312_131, 311_222, 321_122, 321_221, 312_212,
    322_112, 322_211, 212_123, 212_321, 232_121, 111_323, 131_123, 131_321, 112_313, 132_113, 132_311, 211_313, 231_113, 231_311,
    112_133, 112_331, 132_131, 113_123, 113_321, 133_121, 313_121, 211_331, 231_131, 213_113, 213_311, 213_131, 311_123, 311_321,
    331_121, 312_113, 312_311, 332_111, 314_111, 221_411, 431_111, 111_224, 111_422, 121_124, 121_421, 141_122, 141_221, 112_214,
    112_412, 122_114, 122_411, 142_112, 142_211, 241_211, 221_114, 413_111, 241_112, 134_111, 111_242, 121_142, 121_241, 114_212,
    124_112, 124_211, 411_212, 421_112, 421_211, 212_141, 214_121, 412_121, 111_143, 111_341, 131_141, 114_113, 114_311, 411_113,
    411_311, 113_141, 114_131, 311_141, 411_131, 211_412, 211_214, 211_232, 2_331_112,
];
const START_B: u32 = 104;
const STOP: u32 = 106;

/// The modules of printable ASCII in code set B; none for anything else.
pub(super) fn code128(text: &str) -> Option<Vec<bool>> {
    let values: Vec<u32> =
        text.bytes().map(|byte| (0x20..=0x7e).contains(&byte).then(|| u32::from(byte - 0x20))).collect::<Option<_>>()?;
    if values.is_empty() {
        return None;
    }
    let sum: u32 = START_B + (1..).zip(&values).map(|(place, value)| place * value).sum::<u32>();
    let mut modules = Vec::new();
    for value in std::iter::once(START_B).chain(values).chain([sum % 103, STOP]) {
        let mut dark = true;
        for width in CODE128.get(value as usize)?.to_string().bytes() {
            modules.extend(std::iter::repeat_n(dark, usize::from(width - b'0')));
            dark = !dark;
        }
    }
    Some(modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(modules: &[bool]) -> String {
        modules.iter().map(|dark| if *dark { '1' } else { '0' }).collect()
    }

    #[test]
    fn an_ean13_is_drawn_as_the_standard_shows_it() {
        let expected = "101000101101001110110011001001101111010011101010101100110110110010000101011100100111010001001\
                        01";
        assert_eq!(bits(&ean13("5901234123457").expect("digits")), expected);
        assert_eq!((ean13("590123412345"), ean13("590123412345x")), (None, None));
    }

    #[test]
    fn every_character_of_code_128_is_eleven_modules_wide_and_like_no_other() {
        let width = |widths: &u32| widths.to_string().bytes().map(|byte| u32::from(byte - b'0')).sum::<u32>();
        assert!(CODE128[..106].iter().all(|widths| width(widths) == 11));
        assert_eq!(width(&CODE128[106]), 13);
        assert_eq!(CODE128.iter().collect::<std::collections::HashSet<_>>().len(), 107);
        // Bars of a character are even together, so that a misread one shows.
        let bars = |widths: &u32| widths.to_string().bytes().step_by(2).map(|byte| u32::from(byte - b'0')).sum::<u32>();
        assert!(CODE128[..106].iter().all(|widths| bars(widths) % 2 == 0));
    }

    #[test]
    fn a_code_128_has_start_check_character_and_stop() {
        let modules = code128("PJJ123C").expect("printable");
        assert_eq!(modules.len(), 11 * (1 + 7 + 1) + 13);
        assert!(bits(&modules).starts_with("11010010000") && bits(&modules).ends_with("1100011101011"));
        // Begun with the start of set B (104) the check character of this text is 55; with that of set A it would be 54.
        assert_eq!(&bits(&modules)[88..99], "11101000110");
        assert_eq!((code128(""), code128("汉")), (None, None));
    }
}
