//! Linear barcodes as a scanner sees them: by the widths of bars and spaces.

/// Widths of space, bar, space, bar of an EAN digit with odd parity, by digit.
const EAN_ODD: [[u8; 4]; 10] = [
    [3, 2, 1, 1],
    [2, 2, 2, 1],
    [2, 1, 2, 2],
    [1, 4, 1, 1],
    [1, 1, 3, 2],
    [1, 2, 3, 1],
    [1, 1, 1, 4],
    [1, 3, 1, 2],
    [1, 2, 1, 3],
    [3, 1, 1, 2],
];
/// The parities of the left half by first digit: true is even.
const FIRST: [[bool; 6]; 10] = {
    const O: bool = false;
    const E: bool = true;
    [
        [O, O, O, O, O, O],
        [O, O, E, O, E, E],
        [O, O, E, E, O, E],
        [O, O, E, E, E, O],
        [O, E, O, O, E, E],
        [O, E, E, O, O, E],
        [O, E, E, E, O, O],
        [O, E, O, E, O, E],
        [O, E, O, E, E, O],
        [O, E, E, O, E, O],
    ]
};
/// Code 128 by value.
const CODE128: &str = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222\
    123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123\
    131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131\
    311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411\
    142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121\
    111143111341131141114113114311411113411311113141114131311141411131211412211214211232";

/// Widths in modules of the runs in a row of dots, beginning with the first bar.
pub fn runs(dots: &[bool], module: usize) -> Vec<u8> {
    let mut runs = Vec::new();
    let mut rest = dots;
    while let Some(start) = rest.first().copied() {
        let length = rest.iter().take_while(|dot| **dot == start).count();
        if start || !runs.is_empty() {
            assert_eq!(length % module, 0, "a bar is whole modules wide");
            runs.push(u8::try_from(length / module).unwrap_or(u8::MAX));
        }
        rest = &rest[length..];
    }
    runs
}

/// The number in an EAN-13.
pub fn ean13(runs: &[u8]) -> String {
    assert_eq!(runs[..3], [1, 1, 1]);
    let (left, right) = (&runs[3..27], &runs[32..56]);
    let mut parities = [false; 6];
    let mut digits = String::new();
    for (place, widths) in left.chunks(4).enumerate() {
        let backwards: Vec<u8> = widths.iter().rev().copied().collect();
        let odd = EAN_ODD.iter().position(|digit| digit == widths);
        let even = EAN_ODD.iter().position(|digit| *digit == backwards[..]);
        parities[place] = odd.is_none();
        digits.push_str(&odd.or(even).unwrap().to_string());
    }
    for widths in right.chunks(4) {
        digits.push_str(&EAN_ODD.iter().position(|digit| digit == widths).unwrap().to_string());
    }
    format!("{}{digits}", FIRST.iter().position(|first| *first == parities).unwrap())
}

/// The text in a Code 128 of set B.
pub fn code128(runs: &[u8]) -> String {
    let table: Vec<Vec<u8>> =
        CODE128.as_bytes().chunks(6).map(|widths| widths.iter().map(|width| width - b'0').collect()).collect();
    assert_eq!(table.len(), 106);
    let values: Vec<usize> = runs
        .chunks(6)
        .take_while(|widths| **widths != [2, 3, 3, 1, 1, 1])
        .map(|widths| table.iter().position(|known| known == widths).unwrap())
        .collect();
    let [start, text @ .., check] = &values[..] else { panic!("too short") };
    assert_eq!(*start, 104, "set B");
    let sum = text.iter().enumerate().fold(*start, |sum, (place, value)| sum + (place + 1) * value);
    assert_eq!(sum % 103, *check, "the check character");
    text.iter().map(|value| char::from(u8::try_from(value + 32).unwrap())).collect()
}

/// The modules a printer would draw itself, from what `GS k` gives it.
pub fn drawn(kind: u8, data: &str) -> Vec<bool> {
    let runs: Vec<u8> =
        if kind == 2 { ean_runs(data) } else { code128_runs(data.trim_start_matches("{B").replace("{{", "{").as_str()) };
    runs.iter().enumerate().flat_map(|(place, width)| std::iter::repeat_n(place % 2 == 0, usize::from(*width))).collect()
}

fn ean_runs(twelve: &str) -> Vec<u8> {
    let digits: Vec<usize> = twelve.bytes().map(|byte| usize::from(byte - b'0')).collect();
    let sum: usize = digits.iter().enumerate().map(|(place, digit)| digit * if place % 2 == 0 { 1 } else { 3 }).sum();
    let check = (10 - sum % 10) % 10;
    let mut runs = vec![1, 1, 1];
    for (place, digit) in digits[1..7].iter().enumerate() {
        let widths = EAN_ODD[*digit];
        if FIRST[digits[0]][place] { runs.extend(widths.iter().rev()) } else { runs.extend(widths) }
    }
    runs.extend([1, 1, 1, 1, 1]);
    for digit in digits[7..12].iter().chain([&check]) {
        runs.extend(EAN_ODD[*digit]);
    }
    runs.extend([1, 1, 1]);
    runs
}

fn code128_runs(text: &str) -> Vec<u8> {
    let values: Vec<usize> = std::iter::once(104).chain(text.bytes().map(|byte| usize::from(byte) - 32)).collect();
    let sum: usize = values.iter().enumerate().map(|(place, value)| place.max(1) * value).sum();
    let widths = |value: usize| CODE128.as_bytes()[value * 6..value * 6 + 6].iter().map(|width| width - b'0');
    values.into_iter().chain([sum % 103]).flat_map(widths).chain([2, 3, 3, 1, 1, 1, 2]).collect()
}
