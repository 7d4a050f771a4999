//! What must not happen: refused, kept with its evidence, and shown.

use jiff::SignedDuration;
use sync::wire::ProblemKind;

use crate::ingest::tampered;
use crate::shop::Till;
use crate::support::{TestHub, now, on_both_databases};

/// The evidence of the newest incident of store S1, entry by entry.
fn newest_evidence(hub: &TestHub) -> Vec<String> {
    let newest = &hub.hub.incidents(hub.shop("S1").id).unwrap().incidents[0];
    hub.hub.evidence(newest.id).unwrap().unwrap().lines().map(str::to_owned).collect()
}

on_both_databases! {
    fn a_gap_is_refused_with_what_the_hub_holds(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(5);
        till.push(hub, &till.journal[..2]).unwrap();
        let refused = till.push_from(hub, 4).unwrap_err();
        assert_eq!((refused.kind, refused.acked), (ProblemKind::Gap, Some(2)));
        assert_eq!(newest_evidence(hub), till.journal[3..]);
        assert_eq!(till.push_from(hub, 3).unwrap().acked, 5, "the missing entries mend it");
    }

    fn a_gap_within_a_push_is_refused(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(3);
        let refused = till.push(hub, &[till.journal[0].clone(), till.journal[2].clone()]).unwrap_err();
        assert_eq!((refused.kind, refused.acked), (ProblemKind::Gap, Some(0)));
        assert_eq!(hub.number("SELECT count(*) FROM entries"), 0);
    }

    fn a_copied_till_forks_the_journal_and_is_kept_as_evidence(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(3);
        let mut copy = till.copy();
        till.sell_some(2);
        copy.sell_some(2);
        till.push_from(hub, 1).unwrap();
        let refused = copy.push_from(hub, 1).unwrap_err();
        assert_eq!((refused.kind, refused.acked), (ProblemKind::Fork, Some(5)));
        assert_eq!(newest_evidence(hub), copy.journal[3..], "from the first entry that differs on");
        till.sell_some(1);
        assert_eq!(till.push_from(hub, 6).unwrap().acked, 6, "the till that came first sells on");

        copy.push_from(hub, 4).unwrap_err();
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::Fork], "sent again it is the same incident");
        copy.sell_some(2);
        copy.push_from(hub, 4).unwrap_err();
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::Fork]);
        assert_eq!(newest_evidence(hub), copy.journal[3..], "the evidence grows with what the copy sold since");
        assert_eq!(hub.number("SELECT times FROM incidents"), 3);
    }

    fn a_cut_off_tail_shows_as_soon_as_the_till_sells_on(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(2);
        let mut cut = till.copy();
        till.sell_some(2);
        till.push_from(hub, 1).unwrap();
        assert_eq!(hub.hub.head(cut.id).unwrap().acked, 4, "the till sees that the hub holds more than it has");
        cut.sell_some(1);
        assert_eq!(cut.push_from(hub, 3).unwrap_err().kind, ProblemKind::Fork);
    }

    fn a_till_rewritten_from_the_first_entry_on_is_a_fork(hub) {
        let mut till = Till::enrolled(hub);
        let mut rewritten = till.copy();
        till.sell_some(3);
        rewritten.sell_some(5);
        till.push_from(hub, 1).unwrap();
        assert_eq!(rewritten.push_from(hub, 1).unwrap_err().kind, ProblemKind::Fork);
        assert_eq!(rewritten.push_from(hub, 4).unwrap_err().kind, ProblemKind::BrokenChain);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BrokenChain, ProblemKind::Fork]);
    }

    fn a_tampered_entry_is_refused_also_when_the_hub_holds_the_right_one(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(2);
        let wrong = [tampered(&till.journal[0])];
        assert_eq!(till.push(hub, &wrong).unwrap_err().kind, ProblemKind::BadSignature);
        assert_eq!(newest_evidence(hub), wrong);
        till.push_from(hub, 1).unwrap();
        assert_eq!(till.push(hub, &wrong).unwrap_err().kind, ProblemKind::BadSignature);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadSignature]);
    }

    fn an_entry_signed_by_a_foreign_key_is_refused(hub) {
        let till = Till::enrolled(hub);
        let mut foreign = Till::alone(1);
        foreign.id = till.id;
        foreign.sell_some(1);
        assert_eq!(foreign.push_from(hub, 1).unwrap_err().kind, ProblemKind::BadSignature);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::BadSignature]);
    }

    fn an_entry_of_another_terminal_is_refused(hub) {
        let till = Till::enrolled(hub);
        let mut other = till.copy();
        other.id = domain::TerminalId::generate();
        other.sell_some(1);
        assert_eq!(till.push(hub, &other.journal).unwrap_err().kind, ProblemKind::ForeignEntry);
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::ForeignEntry]);
    }

    fn a_broken_chain_within_a_push_is_refused(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(1);
        let mut other = till.copy();
        till.sell_some(1);
        other.sell_some(2);
        let refused = till.push(hub, &[till.journal[0].clone(), till.journal[1].clone(), other.journal[2].clone()]).unwrap_err();
        assert_eq!(refused.kind, ProblemKind::BrokenChain);
    }

    fn what_is_no_entry_is_refused_and_kept(hub) {
        let till = Till::enrolled(hub);
        for junk in ["", "a.b.c", "no\0entry", "\u{1f375}.."] {
            let refused = till.push(hub, &[junk.to_owned()]).unwrap_err();
            assert_eq!(refused.kind, ProblemKind::Malformed, "{junk:?}");
        }
        assert_eq!(hub.incidents(hub.shop("S1").id).len(), 4);
    }

    fn a_clock_that_is_ahead_is_flagged_once_and_the_sales_count(hub) {
        let mut till = Till::enrolled(hub);
        till.at = now() + SignedDuration::from_mins(4);
        till.sell_some(1);
        till.push_from(hub, 1).unwrap();
        assert!(hub.incidents(hub.shop("S1").id).is_empty());
        till.at = now() + SignedDuration::from_hours(24);
        till.sell_some(2);
        till.push_from(hub, 2).unwrap();
        till.sell_some(1);
        till.push_from(hub, 4).unwrap();
        hub.hub.flag_clock(till.id, -86_400, now()).unwrap();
        assert_eq!(hub.incidents(hub.shop("S1").id), [ProblemKind::ClockDrift]);
        assert_eq!(hub.number("SELECT count(*) FROM orders"), 4);
    }

    fn a_manager_who_has_looked_closes_an_incident(hub) {
        let mut till = Till::enrolled(hub);
        till.sell_some(2);
        till.push_from(hub, 2).unwrap_err();
        let shop = hub.shop("S1").id;
        let incident = hub.hub.incidents(shop).unwrap().incidents[0].clone();
        assert_eq!((incident.terminal, incident.at), (Some(till.id), now()));
        assert!(hub.hub.resolve_incident(incident.id, now()).unwrap());
        assert!(!hub.hub.resolve_incident(incident.id, now()).unwrap());
        assert!(hub.incidents(shop).is_empty());
        assert!(hub.hub.evidence(incident.id).unwrap().is_some());
    }

    fn stores_see_their_own_incidents_alone(hub) {
        let (mut one, two) = (Till::enrolled_as(hub, 0, "S1"), Till::enrolled_as(hub, 1, "S2"));
        one.sell_some(2);
        one.push_from(hub, 2).unwrap_err();
        assert_eq!(hub.incidents(hub.shop("S1").id).len(), 1);
        assert!(hub.incidents(hub.shop("S2").id).is_empty());
        assert_eq!(hub.hub.head(two.id).unwrap().acked, 0);
    }
}
