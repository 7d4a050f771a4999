//! Two implementations, one verdict: whatever happens to a journal, [`crate::verify_all`] (aws-lc) and [`crate::check`]
//! (`rsa`) must both take it or both refuse it.

use proptest::prelude::*;

use crate::example::{KEY, TERMINAL, journal, lines, texts};
use crate::{CheckError, Head, check, verify_all};

fn first_verdict(texts: &[String]) -> Option<Head> {
    verify_all(texts.iter().map(String::as_str), &KEY.public(), *TERMINAL, Head::START).ok()
}

fn second_verdict(texts: &[String]) -> Option<Head> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    check(lines(&texts).as_bytes(), &KEY.public().to_pem()).ok()
}

/// Something that may happen to a journal.
#[derive(Debug, Clone)]
enum Mishap {
    Nothing,
    Remove(usize),
    Double(usize),
    Swap(usize, usize),
    Cut(usize),
    /// Another character at a place of an entry.
    Change(usize, usize, char),
    /// An entry of the same length of history, written a second time.
    Splice(usize),
}

fn mishap() -> impl Strategy<Value = Mishap> {
    let entry = 0..LENGTH;
    prop_oneof![
        Just(Mishap::Nothing),
        entry.clone().prop_map(Mishap::Remove),
        entry.clone().prop_map(Mishap::Double),
        (entry.clone(), entry.clone()).prop_map(|(a, b)| Mishap::Swap(a, b)),
        entry.clone().prop_map(Mishap::Cut),
        (entry.clone(), any::<usize>(), proptest::char::ranges(vec!['0'..='9', 'A'..='Z', '_'..='z'].into()))
            .prop_map(|(entry, place, to)| Mishap::Change(entry, place, to)),
        entry.prop_map(Mishap::Splice),
    ]
}

const LENGTH: usize = 6;

impl Mishap {
    fn happen_to(&self, journal: &mut Vec<String>, other_history: &[String]) {
        match *self {
            Self::Nothing => {}
            Self::Remove(index) => drop(journal.remove(index)),
            Self::Double(index) => journal.insert(index, journal[index].clone()),
            Self::Swap(a, b) => journal.swap(a, b),
            Self::Cut(length) => journal.truncate(length),
            Self::Change(index, place, to) => {
                let mut letters: Vec<char> = journal[index].chars().collect();
                let place = place % letters.len();
                letters[place] = to;
                journal[index] = letters.into_iter().collect();
            }
            Self::Splice(index) => journal[index].clone_from(&other_history[index]),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn both_checkers_give_one_verdict_and_only_a_prefix_passes(mishap in mishap()) {
        static JOURNALS: std::sync::LazyLock<[Vec<String>; 2]> = std::sync::LazyLock::new(|| {
            let owned = |entries: &[crate::Entry]| texts(entries).into_iter().map(str::to_owned).collect::<Vec<_>>();
            let first = journal(LENGTH);
            let at = crate::example::time("2026-11-24T10:00:00Z");
            let mut head = Head::START;
            let other: Vec<_> = first
                .iter()
                .map(|entry| {
                    let again = crate::Entry::sign(&KEY, *TERMINAL, head, at, None, entry.event.clone()).expect("signed");
                    head = again.head();
                    again
                })
                .collect();
            [owned(&first), owned(&other)]
        });
        let [original, other_history] = &*JOURNALS;
        let mut changed = original.clone();
        mishap.happen_to(&mut changed, other_history);
        let verdict = first_verdict(&changed);
        prop_assert_eq!(verdict, second_verdict(&changed));
        prop_assert_eq!(verdict.is_some(), original.starts_with(&changed));
        if let Some(head) = verdict {
            prop_assert_eq!(head.seq, changed.len() as u64);
        }
    }
}

#[test]
fn the_independent_checker_names_the_line_and_the_fault() {
    let entries = journal(3);
    let all = texts(&entries);
    let fault = |texts: &[&str]| match check(lines(texts).as_bytes(), &KEY.public().to_pem()) {
        Err(CheckError::Line { line, what }) => (line, what),
        other => panic!("{other:?}"),
    };
    assert_eq!(fault(&[all[0], all[2]]), (2, "the number is not the next one"));
    assert_eq!(fault(&[all[0], "x"]), (2, "an entry has three parts"));
    assert_eq!(fault(&["e30.e30.AAAA"]), (1, "the header does not name the key"));
    assert!(matches!(check("".as_bytes(), "no key"), Err(CheckError::Key(_))));
}

#[test]
fn both_libraries_sign_with_the_same_bytes() {
    use rsa::pkcs1v15::SigningKey;
    use rsa::pkcs8::DecodePrivateKey;
    use rsa::signature::{SignatureEncoding, Signer};
    let der = KEY.to_pkcs8_der().expect("written");
    let key = SigningKey::<sha2::Sha256>::new(rsa::PrivateKey::from_pkcs8_der(&der).expect("read by the other library"));
    assert_eq!(key.sign(b"33.80 CNY").to_vec(), KEY.sign(b"33.80 CNY").expect("signed"));
}
