//! Referrals as rows: every word reads back, a save moves the version on, and what contradicts itself is not read.

use omm::{
    domain::{
        ids::ReferralId,
        referral::{
            lifecycle::ReferralState as S,
            request::{CaseReference, Referral, Urgence},
            vocabulary::{DossierType, LegalBasis, ReferrerType, Tier},
        },
    },
    store::{self, StoreError, referral::ReferralFilter},
};
use uuid::Uuid;

use super::rows::{Rows, after, assert_all_states, every};

fn states() -> Vec<S> {
    let mut states = vec![
        S::Draft,
        S::Submitted,
        S::Incomplete,
        S::Registered,
        S::Assessing,
        S::Eligible,
        S::NeedsReview,
        S::NotEligible,
        S::Matching,
        S::WaitingList,
        S::Placed,
        S::Closed,
    ];
    states.extend(every().into_iter().map(|target| S::Redirected { target }));
    states.extend(every().into_iter().map(|reason| S::Refused { reason }));
    states.extend(every().into_iter().map(|reason| S::Withdrawn { reason }));
    states
}

async fn assert_reads_back(rows: &Rows, referral: &Referral, what: &str) {
    rows.write(async |tx| store::referral::insert(tx, referral).await).await.unwrap();
    let found = rows.read(async |tx| store::referral::load(tx, referral.id).await).await.unwrap();
    assert!(&found == referral, "{what} does not read back as it was stored");
}

#[tokio::test]
async fn every_state_of_a_referral_reads_back() {
    let rows = Rows::new().await;
    assert_all_states::<S>(states().iter().map(S::name));
    for state in states() {
        let what = format!("{state:?}");
        assert_reads_back(&rows, &Referral { state, ..rows.referral() }, &what).await;
    }
}

#[tokio::test]
async fn every_word_of_a_referral_reads_back() {
    let rows = Rows::new().await;
    for dossier in every::<DossierType>() {
        assert_reads_back(&rows, &Referral { dossier, ..rows.referral() }, &format!("{dossier:?}")).await;
    }
    for kind in every::<ReferrerType>() {
        let mut referral = rows.referral();
        (referral.referrer.kind, referral.referrer.organisation, referral.referrer.region) = (kind, None, None);
        assert_reads_back(&rows, &referral, &format!("{kind:?}")).await;
    }
    for tier in every::<Tier>() {
        let urgence = Urgence { tier, evidence: "On the street tonight.".into(), expires_at: Some(after(60)) };
        assert_reads_back(&rows, &Referral { urgence: Some(urgence), ..rows.referral() }, &format!("{tier:?}")).await;
    }
    for basis in every::<LegalBasis>() {
        let mut referral = rows.referral();
        referral.ground.basis = basis;
        assert_reads_back(&rows, &referral, &format!("{basis:?}")).await;
    }
}

#[tokio::test]
async fn a_save_stores_state_facts_and_references_under_the_next_version() {
    let rows = Rows::new().await;
    let mut referral = rows.stored_referral().await;
    let numbers = [vec!["b-1", "b-2", "b-3"], vec!["b-2"], vec![]];
    for (version, numbers) in (2..).zip(numbers) {
        referral.state = S::Refused { reason: every().remove(0) };
        referral.circumstances.pregnant.value = None;
        referral.background.own_wish = Some(format!("wish {version}"));
        referral.references = numbers
            .into_iter()
            .map(|reference| CaseReference { organisation: "politie".into(), reference: reference.into() })
            .collect();
        rows.write(async |tx| store::referral::save(tx, &mut referral).await).await.unwrap();
        assert_eq!(referral.version, version);
        let found = rows.read(async |tx| store::referral::load(tx, referral.id).await).await.unwrap();
        assert!(found == referral, "version {version} does not read back");
    }
}

#[tokio::test]
async fn a_save_over_a_later_version_changes_nothing() {
    let rows = Rows::new().await;
    let mut first = rows.stored_referral().await;
    let mut second = first.clone();
    rows.write(async |tx| store::referral::save(tx, &mut first).await).await.unwrap();
    second.background.own_wish = Some("lost".into());
    let refused = rows.write(async |tx| store::referral::save(tx, &mut second).await).await;
    assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
    assert_eq!(second.version, 1);
    let found = rows.read(async |tx| store::referral::load(tx, first.id).await).await.unwrap();
    assert!(found == first);
}

#[tokio::test]
async fn lists_hold_every_condition_and_begin_with_the_newest() {
    let rows = Rows::new().await;
    let mut ids = Vec::new();
    for (minutes, state, organisation) in [
        (1, S::Submitted, "politie"),
        (2, S::WaitingList, "politie"),
        (3, S::Submitted, "fairwork"),
        (4, S::Closed, "politie"),
    ] {
        let mut referral = Referral { state, received_at: after(minutes), ..rows.referral() };
        referral.referrer.organisation = Some(organisation.into());
        rows.write(async |tx| store::referral::insert(tx, &referral).await).await.unwrap();
        ids.push(referral.id);
    }
    let all = ReferralFilter { limit: 10, ..ReferralFilter::default() };
    for (filter, wanted) in [
        (all.clone(), vec![3, 2, 1, 0]),
        (ReferralFilter { limit: 2, ..all.clone() }, vec![3, 2]),
        (ReferralFilter { states: vec!["submitted", "closed"], ..all.clone() }, vec![3, 2, 0]),
        (ReferralFilter { organisation: Some("politie".into()), ..all.clone() }, vec![3, 1, 0]),
        (ReferralFilter { states: vec!["submitted"], organisation: Some("politie".into()), ..all }, vec![0]),
    ] {
        let found = rows.read(async |tx| store::referral::list(tx, &filter).await).await;
        let found: Vec<ReferralId> = found.into_iter().map(|referral| referral.id).collect();
        assert_eq!(found, wanted.into_iter().map(|at: usize| ids[at]).collect::<Vec<_>>(), "{filter:?}");
    }
    let waiting = rows.read(async |tx| store::referral::waiting(tx).await).await;
    assert_eq!(waiting.into_iter().map(|referral| referral.id).collect::<Vec<_>>(), [ids[1]]);
}

#[tokio::test]
async fn a_reference_is_found_only_within_the_organisation_that_keeps_it() {
    let rows = Rows::new().await;
    let referral = rows.stored_referral().await;
    for (organisation, reference, is_found) in [
        ("politie", "2026-1", true),
        ("fairwork", "2026-1", false),
        ("politie", "2026", false),
        ("politie", "%", false),
    ] {
        let organisation = organisation.into();
        let found = rows.read(async |tx| store::referral::find_by_reference(tx, &organisation, reference).await).await;
        assert_eq!(found.len(), usize::from(is_found), "{organisation} {reference}");
        assert!(found.iter().all(|found| found == &referral));
    }
    let unknown = rows.read(async |tx| store::referral::load(tx, ReferralId(Uuid::nil())).await).await;
    assert!(unknown.is_none());
}

#[tokio::test]
async fn a_row_that_contradicts_itself_is_corrupt_and_its_values_are_not_told() {
    for (table, change) in [
        ("referrals", "state = 'secret'"),
        ("referrals", "state = 'redirected'"),
        ("referrals", "state = 'redirected', target = 'secret'"),
        ("referrals", "refusal = 'minor'"),
        ("referrals", "dossier = 'secret'"),
        ("referral_facts", "circumstances = '{\"secret\": 1}'"),
        ("referral_facts", "background = '[\"secret\"]'"),
        ("referral_facts", "consent = '{\"given\": \"secret\"}'"),
    ] {
        let rows = Rows::new().await;
        let id = rows.stored_referral().await.id;
        rows.break_rows(table, &format!("UPDATE {table} SET {change}")).await;
        let read = rows.db.store.read(async |tx| store::referral::load(tx, id).await).await;
        let Err(StoreError::Corrupt(told)) = read.map(|_| ()) else { panic!("{change} was read") };
        assert!(!told.contains("secret"), "{told}");
    }
}
