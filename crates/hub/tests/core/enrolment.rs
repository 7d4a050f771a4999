//! How terminals join, and how they are shut out.

use std::thread;

use jiff::SignedDuration;
use sync::wire::ProblemKind;

use crate::shop::Till;
use crate::support::{new_terminal, now, on_both_databases};

on_both_databases! {
    fn a_code_enrols_one_terminal_once(hub) {
        let code = hub.enrolment_code("S1").code;
        let (first, second) = (Till::alone(0), Till::alone(1));
        let enrolment = hub.hub.enrol(&first.request(&code), now()).unwrap();
        assert_eq!((enrolment.terminal_number, enrolment.terminal_name.as_str()), (1, "Till"));
        assert_eq!(enrolment.hub_key, hub.hub.public_key());
        assert_eq!(enrolment.shop, hub.shop("S1"));
        let refused = hub.hub.enrol(&second.request(&code), now()).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::CodeRefused);
        assert_eq!(hub.number("SELECT count(*) FROM terminals"), 1);
    }

    fn a_terminal_whose_answer_was_lost_asks_again_and_gets_the_same(hub) {
        let code = hub.enrolment_code("S1").code;
        let till = Till::alone(0);
        let first = hub.hub.enrol(&till.request(&code), now()).unwrap();
        let later = now() + SignedDuration::from_hours(1);
        assert_eq!(hub.hub.enrol(&till.request(&code.to_lowercase()), later).unwrap(), first);
    }

    fn a_code_older_than_ten_minutes_is_refused(hub) {
        let code = hub.enrolment_code("S1");
        assert_eq!(code.expires_at, now() + SignedDuration::from_mins(10));
        let refused = hub.hub.enrol(&Till::alone(0).request(&code.code), code.expires_at).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::CodeRefused);
    }

    fn codes_lie_hashed_in_the_database(hub) {
        let code = hub.enrolment_code("S1").code;
        assert_eq!(hub.number("SELECT length(hash) FROM enrolment_codes"), 32);
        let plain = format!("SELECT count(*) FROM enrolment_codes WHERE name LIKE '%{}%'", &code[..6]);
        assert_eq!(hub.number(&plain), 0);
    }

    fn a_terminal_that_does_not_hold_the_key_it_names_is_refused(hub) {
        let (till, other) = (Till::alone(0), Till::alone(1));
        let mut request = till.request(&hub.enrolment_code("S1").code);
        request.journal_key = other.keys.journal.public().to_pem();
        assert_eq!(hub.hub.enrol(&request, now()).unwrap_err().kind, ProblemKind::Unauthenticated);
        "no key".clone_into(&mut request.journal_key);
        assert_eq!(hub.hub.enrol(&request, now()).unwrap_err().kind, ProblemKind::Malformed);
    }

    fn who_guesses_codes_is_held_off_for_a_minute(hub) {
        let till = Till::alone(0);
        let right = till.request(&hub.enrolment_code("S1").code);
        let wrong = till.request("000000-00000-00000-00000-00000");
        let kinds: Vec<ProblemKind> = (0..21).map(|_| hub.hub.enrol(&wrong, now()).unwrap_err().kind).collect();
        assert_eq!(kinds[19..], [ProblemKind::CodeRefused, ProblemKind::Throttled]);
        assert_eq!(hub.hub.enrol(&right, now()).unwrap_err().kind, ProblemKind::Throttled);
        assert!(hub.hub.enrol(&right, now() + SignedDuration::from_secs(61)).is_ok());
    }

    fn terminals_are_numbered_within_their_store(hub) {
        for (key, store) in ["S1", "S2", "S1"].into_iter().enumerate() {
            Till::enrolled_as(hub, key, store);
        }
        let numbers: Vec<(String, u32)> =
            hub.hub.terminals(None).unwrap().into_iter().map(|t| (t.store.to_string(), t.number)).collect();
        assert_eq!(numbers, [("S1".to_owned(), 1), ("S1".to_owned(), 2), ("S2".to_owned(), 1)]);
        assert_eq!(hub.hub.terminals(Some(&crate::support::code("S2"))).unwrap().len(), 1);
        assert!(hub.hub.terminals(Some(&crate::support::code("S3"))).is_err());
    }

    fn terminals_that_join_at_once_get_a_number_each(hub) {
        thread::scope(|scope| {
            for key in 0..4 {
                scope.spawn(move || Till::enrolled_as(hub, key, "S1"));
            }
        });
        let mut numbers: Vec<u32> = hub.hub.terminals(None).unwrap().into_iter().map(|t| t.number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4]);
        assert_eq!(hub.hub.stores().unwrap().len(), 1);
    }

    fn a_known_terminal_with_a_new_code_keeps_its_number(hub) {
        let till = Till::enrolled(hub);
        let enrolment = hub.hub.enrol(&till.request(&hub.enrolment_code("S1").code), now()).unwrap();
        assert_eq!(enrolment.terminal_number, 1);
        let elsewhere = hub.hub.enrol(&till.request(&hub.enrolment_code("S2").code), now()).unwrap_err();
        assert_eq!(elsewhere.kind, ProblemKind::Forbidden);
    }

    fn another_key_cannot_take_over_a_terminals_name(hub) {
        let till = Till::enrolled(hub);
        let mut thief = Till::alone(1);
        thief.id = till.id;
        let refused = hub.hub.enrol(&thief.request(&hub.enrolment_code("S1").code), now()).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::Forbidden);
    }

    fn a_revoked_terminal_is_shut_out(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(1);
        hub.hub.revoke_terminal(till.id, now()).unwrap();
        hub.hub.revoke_terminal(till.id, now()).unwrap();
        assert!(hub.hub.access(till.id).unwrap().unwrap().revoked);
        assert_eq!(till.push_from(hub, 1).unwrap_err().kind, ProblemKind::UnknownTerminal);
        let again = hub.hub.enrol(&till.request(&hub.enrolment_code("S1").code), now()).unwrap_err();
        assert_eq!(again.kind, ProblemKind::Forbidden);
        assert_eq!(hub.number("SELECT count(*) FROM entries"), 0);
    }

    fn a_revocation_by_another_process_counts_at_once_for_pushes(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(2);
        till.push(hub, &till.journal[..1]).unwrap();
        hub.reopened().revoke_terminal(till.id, now()).unwrap();
        assert_eq!(till.push_from(hub, 2).unwrap_err().kind, ProblemKind::UnknownTerminal);
    }

    fn what_is_not_known_is_said(hub) {
        let stranger = Till::alone(0);
        assert!(hub.hub.access(stranger.id).unwrap().is_none());
        assert_eq!(hub.hub.head(stranger.id).unwrap_err().kind, ProblemKind::UnknownTerminal);
        assert_eq!(stranger.push(hub, &[]).unwrap_err().kind, ProblemKind::UnknownTerminal);
        assert!(hub.hub.revoke_terminal(stranger.id, now()).is_err());
    }

    fn a_store_keeps_its_currency_and_needs_a_real_time_zone(hub) {
        hub.enrolment_code("S1");
        let mut other = new_terminal("S1");
        other.currency = Some("EUR".parse().unwrap());
        let error = hub.hub.add_terminal(&other, now()).unwrap_err();
        assert!(error.to_string().contains("sells in CNY, not in EUR"), "{error}");
        let mut nowhere = new_terminal("S2");
        nowhere.time_zone = Some("Mars/Olympus".to_owned());
        assert!(hub.hub.add_terminal(&nowhere, now()).is_err());
        assert!(hub.hub.store(&crate::support::code("S2")).is_err(), "nothing is left half made");
    }
}
