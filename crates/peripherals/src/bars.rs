//! The bars of linear barcodes, for printers that cannot draw them: EAN-13 and Code 128 (set B), after GS1's General
//! Specifications.

use crate::symbol::Symbology;

/// EAN-13, odd parity; the even one is its inverse read backwards, the right half its inverse.
const EAN_LEFT: [u8; 10] =
    [0b000_1101, 0b001_1001, 0b001_0011, 0b011_1101, 0b010_0011, 0b011_0001, 0b010_1111, 0b011_1011, 0b011_0111, 0b000_1011];
/// Which of the six left digits have even parity, by the first digit of the number.
const EAN_PARITY: [u8; 10] =
    [0b00_0000, 0b00_1011, 0b00_1101, 0b00_1110, 0b01_0011, 0b01_1001, 0b01_1100, 0b01_0101, 0b01_0110, 0b01_1010];
/// Code 128: the widths of three bars and three spaces by value, two digits of a hundred each: `212222` is value 0.
const CODE128: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212",
    "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131",
    "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121",
    "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242", "121142", "121241", "114212",
    "124112", "124211", "411212", "421112", "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113",
    "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];
const START_B: usize = 104;
const STOP: usize = 106;

/// The modules from the left without quiet zones: true is a bar.
pub(crate) fn modules(code: &Symbology) -> Vec<bool> {
    match code {
        Symbology::Ean13(digits) => ean13(digits),
        Symbology::Code128(text) => code128(text),
    }
}

fn ean13(digits: &str) -> Vec<bool> {
    let digits: Vec<usize> = digits.bytes().map(|byte| usize::from(byte.wrapping_sub(b'0')).min(9)).collect();
    let [first, rest @ ..] = digits.as_slice() else { return Vec::new() };
    let (left, right) = rest.split_at(6.min(rest.len()));
    let mut bars = vec![true, false, true];
    for (place, digit) in left.iter().enumerate() {
        let odd = EAN_LEFT[*digit];
        let even = EAN_PARITY[*first] >> (5 - place) & 1 == 1;
        bits(&mut bars, if even { (!odd & 0x7f).reverse_bits() >> 1 } else { odd });
    }
    bars.extend([false, true, false, true, false]);
    for digit in right {
        bits(&mut bars, !EAN_LEFT[*digit] & 0x7f);
    }
    bars.extend([true, false, true]);
    bars
}

fn bits(bars: &mut Vec<bool>, pattern: u8) {
    bars.extend((0..7).rev().map(|place| pattern >> place & 1 == 1));
}

fn code128(text: &str) -> Vec<bool> {
    let values = text.bytes().map(|byte| usize::from(byte.saturating_sub(32)).min(94));
    let mut all = vec![START_B];
    all.extend(values);
    let sum: usize = all.iter().enumerate().map(|(place, value)| value * place.max(1)).sum();
    all.push(sum % 103);
    all.push(STOP);
    let mut bars = Vec::new();
    for value in all {
        for (place, width) in CODE128[value].bytes().enumerate() {
            bars.extend(std::iter::repeat_n(place % 2 == 0, usize::from(width - b'0')));
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ean13_has_95_modules_and_the_parity_of_its_first_digit() {
        // The example of the General Specifications' figures: 5 901234 123457.
        let bars: String = ean13("5901234123457").into_iter().map(|bar| if bar { '1' } else { '0' }).collect();
        assert_eq!(bars, "10100010110100111011001100100110111101001110101010110011011011001000010101110010011101000100101");
    }

    #[test]
    fn a_code128_has_eleven_modules_a_character_and_thirteen_at_its_end() {
        assert_eq!(code128("S1-2-000123").len(), 11 * 13 + 13);
        assert!(CODE128.iter().take(106).all(|widths| widths.bytes().map(|width| width - b'0').sum::<u8>() == 11));
    }
}
