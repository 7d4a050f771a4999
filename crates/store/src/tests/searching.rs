use domain::Change;

use super::{Till, product, with_barcode};

fn shop() -> Till {
    let till = Till::new();
    let products = [
        product("HFS-400", "海飞丝去屑洗发水400ml", "Head Shoulders Shampoo"),
        product("PT-200", "潘婷润发乳200ml", "Pantene Conditioner"),
        with_barcode(product("XF-1", "洗发露", "Basic shampoo"), "6901234567892"),
        product("BS-1", "薄荷水", "Peppermint water"),
        product("CQ-1", "重庆小面", "Chongqing noodles"),
        product("TX-1", "T恤 白色", "T-shirt white"),
        product("CAP-9", "", "Cappuccino cup"),
        product("C2", "发卡", "Hair clip"),
    ];
    let changes: Vec<Change> = products.into_iter().map(Change::Product).collect();
    till.store.apply_changes(&changes, 1).expect("applied");
    till
}

fn found(till: &Till, text: &str) -> Vec<String> {
    till.store.search(text, 20).expect("searched").iter().map(|product| product.sku.to_string()).collect()
}

#[test]
fn one_two_and_four_chinese_characters_find_names_that_hold_them_side_by_side() {
    let till = shop();
    assert_eq!(found(&till, "洗"), ["XF-1", "HFS-400"]);
    assert_eq!(found(&till, "洗发"), ["XF-1", "HFS-400"]);
    assert_eq!(found(&till, "去屑洗发"), ["HFS-400"]);
    assert_eq!(found(&till, "发洗"), Vec::<String>::new());
    assert_eq!(found(&till, "洗发乳"), Vec::<String>::new(), "洗发 and 发乳, but in no name side by side");
}

#[test]
fn pinyin_initials_find_names_also_in_the_middle_and_by_any_reading() {
    let till = shop();
    assert_eq!(found(&till, "xfs"), ["HFS-400"]);
    assert_eq!(found(&till, "hfsqxxfs"), ["HFS-400"]);
    assert_eq!(found(&till, "cqxm"), ["CQ-1"]);
    assert_eq!(found(&till, "zqxm"), ["CQ-1"], "重 may also be read zhong");
    assert_eq!(found(&till, "XFL"), ["XF-1"]);
    assert_eq!(found(&till, "hfsqxxfl"), Vec::<String>::new());
}

#[test]
fn beginnings_of_english_words_find_names_whatever_their_case() {
    let till = shop();
    assert_eq!(found(&till, "sham"), ["XF-1", "HFS-400"]);
    assert_eq!(found(&till, "SHAMPOO"), ["XF-1", "HFS-400"]);
    assert_eq!(found(&till, "peppermint"), ["BS-1"]);
    assert_eq!(found(&till, "peppermix"), Vec::<String>::new());
    assert_eq!(found(&till, "hampoo"), Vec::<String>::new(), "not from the middle of a word");
}

#[test]
fn several_words_must_all_be_there_in_any_order() {
    let till = shop();
    assert_eq!(found(&till, "shampoo head"), ["HFS-400"]);
    assert_eq!(found(&till, "洗发 400"), ["HFS-400"]);
    assert_eq!(found(&till, "洗发 basic"), ["XF-1"]);
    assert_eq!(found(&till, "shampoo noodles"), Vec::<String>::new());
}

#[test]
fn sku_and_barcode_come_first_whole_and_by_their_beginning() {
    let till = shop();
    assert_eq!(found(&till, "hfs-400"), ["HFS-400"]);
    assert_eq!(found(&till, "cap"), ["CAP-9"]);
    assert_eq!(found(&till, "c2"), ["C2"]);
    assert_eq!(found(&till, "6901234567892"), ["XF-1"]);
    assert_eq!(found(&till, "69012345"), ["XF-1"]);
    assert_eq!(found(&till, "69012399"), Vec::<String>::new());
}

#[test]
fn full_width_letters_count_as_usual_ones() {
    assert_eq!(found(&shop(), "ｓｈａｍ"), ["XF-1", "HFS-400"]);
}

#[test]
fn names_that_begin_with_it_come_before_names_that_hold_it() {
    assert_eq!(found(&shop(), "发"), ["C2", "XF-1", "PT-200", "HFS-400"]);
}

#[test]
fn nothing_to_look_for_finds_nothing_and_signs_of_the_query_language_mean_nothing() {
    let till = shop();
    for text in ["", "  ", "\"", "*", "AND", "NEAR(", "' OR 1=1 --", "^洗-", "拼", "\u{0}", "NOT NOT"] {
        let found = till.store.search(text, 20);
        assert!(found.is_ok(), "{text:?}: {found:?}");
    }
    assert_eq!(found(&till, "-- !!"), Vec::<String>::new());
    assert_eq!(found(&till, "^洗-"), ["XF-1", "HFS-400"]);
}

#[test]
fn no_more_are_shown_than_asked_for() {
    let till = shop();
    assert_eq!(till.store.search("发", 2).expect("searched").len(), 2);
    assert_eq!(till.store.search("发", 0).expect("searched").len(), 0);
}

#[test]
fn every_part_of_a_name_finds_it() {
    let till = shop();
    for product in till.store.browse(None, 0, 20).expect("read") {
        let found = |text: &str| {
            let found = till.store.search(text, 20).expect("searched");
            assert!(found.contains(&product), "'{text}' does not find {:?}", product.name);
        };
        for run in product.name.zh.split(|c: char| c.is_ascii()) {
            let characters: Vec<char> = run.chars().collect();
            for length in 1..=characters.len() {
                characters.windows(length).for_each(|part| found(&part.iter().collect::<String>()));
            }
        }
        for word in product.name.en.split([' ', '-']) {
            (1..=word.len()).for_each(|length| found(&word[..length]));
            found(&word.to_uppercase());
        }
    }
}
