//! Many at once: the same places asked for by far more people than there are places, from two instances of the service.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, sql_query};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use omm::app::answer_proposal::{ShelterAnswer, answer_proposal};
use omm::app::assess_referral::{AssessReferral, assess_referral};
use omm::app::decide_placement::{Choice, DecidePlacement, decide_placement};
use omm::app::match_referral::match_referral;
use omm::app::propose_placement::{ProposePlacement, propose_placement};
use omm::app::submit_referral::{SubmitReferral, submit_referral};
use omm::app::{Answer, Desk, Failure};
use omm::clock::{Clock, Ids};
use omm::domain::catalogue::seed::{Catalogue, DEFAULT_CATALOGUE};
use omm::domain::fact::{Fact, Source};
use omm::domain::ids::{ProposalId, ReferralId, UnitId};
use omm::domain::matching::result::MatchResult;
use omm::domain::placement::proposal::Departure;
use omm::domain::placement::refusal::Refusal;
use omm::domain::referral::consent::{Consent, RegistrationGround, SignedBy};
use omm::domain::referral::facts::{Background, Birth, Circumstances};
use omm::domain::referral::lifecycle::Judgement;
use omm::domain::referral::needs::{Addiction, Ggz, Lvb, Mobility, ThreatLevel};
use omm::domain::referral::reasons::DepartureReason;
use omm::domain::referral::vocabulary::{
    DossierType, Gender, Jurisdiction, LegalBasis, ReferrerType, ResidencePhase, Urgency, VictimStatus, YesNo,
};
use omm::domain::role::{Role, Scope};
use omm::store::Store;

use crate::served::{call_of, desk_on, monday_morning};
use crate::world::{TestDatabase, store_on};

/// Real connections of both instances together.
const CONNECTIONS: usize = 64;
/// Chains of propose, answer, decide.
const CHAINS: usize = 1600;
/// Places they are all for.
pub const PLACES: u16 = 100;

/// An adult woman with a diagnosis, everything known: fits wherever a place is free.
fn circumstances(at: DateTime<Utc>) -> Circumstances {
    fn known<T>(value: T, at: DateTime<Utc>) -> Fact<T> {
        Fact::stated(value, Source::Assessor, at)
    }
    Circumstances {
        urgency: known(Urgency::Planned, at),
        jurisdiction: known(Jurisdiction::Nl, at),
        victim_status: known(VictimStatus::Suspected, at),
        birth: known(Birth::Years(30), at),
        gender: known(Gender::Female, at),
        children_along: known(vec![], at),
        linked_referrals: known(vec![], at),
        residence_phase: known(ResidencePhase::Dutch, at),
        exploitation_forms: known(vec![], at),
        interpreter: known(YesNo::No, at),
        danger_regions: known(vec![], at),
        threat_level: known(ThreatLevel::None, at),
        service_needs: known(vec![], at),
        must_have_care: known(vec![], at),
        known_conflicts: known(vec![], at),
        needs_secret_address: known(YesNo::No, at),
        lvb: known(Lvb::None, at),
        ggz: known(Ggz::Diagnosis, at),
        addiction: known(Addiction::None, at),
        life_domains: known(vec![], at),
        regular_shelter_insufficient: known(YesNo::Yes, at),
        mobility: known(Mobility::None, at),
        ..Circumstances::default()
    }
}

fn submission(at: DateTime<Utc>) -> SubmitReferral {
    SubmitReferral {
        draft: false,
        dossier: DossierType::RegistrationAndShelter,
        referrer: ReferrerType::Police,
        region: None,
        references: vec![],
        ground: RegistrationGround { basis: LegalBasis::Bpg42, explanation: None, consent: None },
        consent: Consent { given: Some(YesNo::Yes), signed_by: Some(SignedBy::Victim), ..Consent::default() },
        urgence: None,
        circumstances: circumstances(at),
        background: Background::default(),
    }
}

#[track_caller]
fn done<T>(answer: Result<Answer<T>, Failure>) -> T {
    match answer.unwrap() {
        Answer::Done(value) => value,
        Answer::Refused(refusal) => panic!("refused: {refusal}"),
    }
}

/// A desk whose only OMM unit with free places is one of 100; everybody is eligible for it.
pub async fn a_desk_with_one_unit(store: Store, clock: Clock) -> (Desk, UnitId) {
    let desk = desk_on(store, clock, Ids::random());
    let admin = call_of(Role::Admin, None);
    let mut catalogue = Catalogue::parse(DEFAULT_CATALOGUE).unwrap();
    for location in &mut catalogue.locations {
        for unit in &mut location.units {
            unit.places = (unit.code.as_str() == "omm-zwolle-places").then_some(PLACES);
        }
    }
    omm::app::import_catalogue::import_catalogue(&desk, &admin, catalogue).await.unwrap();
    let policy = omm::domain::matching::policy::CompiledPolicy::v1();
    omm::app::adopt_policy::adopt_policy(&desk, &admin, &policy).await.unwrap();
    let locations = desk.store.read(async |tx| omm::store::catalogue::locations(tx).await).await.unwrap();
    let units = locations.into_iter().flat_map(|location| location.units);
    let unit = units.into_iter().find(|unit| unit.code.as_str() == "omm-zwolle-places").unwrap().id;
    let coordinator = call_of(Role::Coordinator, Some("comensha"));
    omm::app::confirm_figures::confirm_figures(&desk, &coordinator, Scope::Full, unit).await.unwrap();
    (desk, unit)
}

/// Somebody who may be placed there.
pub async fn an_eligible_person(desk: &Desk) -> ReferralId {
    let coordinator = call_of(Role::Coordinator, Some("comensha"));
    let referral = done(submit_referral(desk, &coordinator, submission(desk.clock.now())).await).id;
    let judgement = Some(Judgement::Eligible);
    let command = AssessReferral { referral, judgement, reason: "Diagnosis.".into() };
    done(assess_referral(desk, &coordinator, command).await);
    referral
}

/// Match, propose, answer: a proposal that the shelter accepted, or a refusal at whatever step.
pub async fn accepted_proposal(desk: &Desk, referral: ReferralId, unit: UnitId) -> Result<ProposalId, Refusal> {
    let coordinator = call_of(Role::Coordinator, Some("comensha"));
    let shelter = call_of(Role::Shelter, Some("kadera"));
    let matched = done(match_referral(desk, &coordinator, referral).await);
    let result: MatchResult = serde_json::from_str(&matched.result).unwrap();
    let departure = (result.proposed != Some(unit))
        .then(|| Departure { reason: DepartureReason::VictimWish, text: "Wants to go there.".into() });
    let command = ProposePlacement { referral, unit, result: matched.id, departure, answers: vec![] };
    let proposal = match propose_placement(desk, &coordinator, command).await.unwrap() {
        Answer::Done(proposal) => proposal,
        Answer::Refused(refusal) => return Err(refusal),
    };
    let accepted = ShelterAnswer::Accepted(vec![]);
    match answer_proposal(desk, &shelter, Scope::Own, proposal.id, accepted).await.unwrap() {
        Answer::Done(_) => Ok(proposal.id),
        Answer::Refused(refusal) => Err(refusal),
    }
}

/// Propose, answer, decide: placed, or refused at whatever step.
async fn chain(desk: &Desk, referral: ReferralId, unit: UnitId) -> Result<(), Refusal> {
    let coordinator = call_of(Role::Coordinator, Some("comensha"));
    let choice = Choice::Place(accepted_proposal(desk, referral, unit).await?, vec![]);
    match decide_placement(desk, &coordinator, DecidePlacement { referral, choice, reason: "Fits.".into() }).await {
        Ok(Answer::Done(_)) => Ok(()),
        Ok(Answer::Refused(refusal)) => Err(refusal),
        Err(failure) => panic!("failed: {failure}"),
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

async fn count(database: &TestDatabase, query: &str) -> i64 {
    let mut connection = database.connection().await;
    sql_query(query).get_result::<Count>(&mut connection).await.unwrap().count
}

/// 1,600 chains for 100 places, over 64 real connections of two instances: exactly 100 placements and 1,500 refusals,
/// each of them in the trail, and the chain holds.
#[actix_web::test]
async fn a_hundred_places_are_given_to_exactly_a_hundred_people() {
    let database = TestDatabase::new().await;
    let (first, unit) =
        a_desk_with_one_unit(store_on(&database.url, CONNECTIONS / 2).await, Clock::settable(monday_morning())).await;
    let second = desk_on(store_on(&database.url, CONNECTIONS / 2).await, first.clock.clone(), Ids::random());
    let mut people = Vec::new();
    for _ in 0..CHAINS {
        people.push(an_eligible_person(&first).await);
    }
    let (placed, refused) = race(&[first.clone(), second], people, unit).await;
    assert_eq!((placed, refused.values().sum::<usize>()), (usize::from(PLACES), CHAINS - usize::from(PLACES)));
    assert_eq!(count(&database, "SELECT count(*) FROM placements").await, i64::from(PLACES));
    let taken = "SELECT count(*) FROM occupancies WHERE taken_until IS NULL";
    assert_eq!(count(&database, taken).await, i64::from(PLACES));
    let recorded = "SELECT count(*) FROM audit_entries WHERE text::jsonb #>> '{event,outcome}' = 'refused'";
    assert_eq!(count(&database, recorded).await, 1500);
    assert!(first.store.verify_trail(None).await.unwrap().is_ok());
}

/// Sends everybody through the chain, on as many tasks as there are connections.
async fn race(desks: &[Desk], people: Vec<ReferralId>, unit: UnitId) -> (usize, BTreeMap<&'static str, usize>) {
    let waiting = Rc::new(RefCell::new(people));
    let racers: Vec<_> = (0..CONNECTIONS)
        .map(|racer| {
            let (desk, waiting) = (desks[racer % desks.len()].clone(), waiting.clone());
            tokio::task::spawn_local(async move {
                let mut outcomes = Vec::new();
                let next = || waiting.borrow_mut().pop();
                while let Some(person) = next() {
                    outcomes.push(chain(&desk, person, unit).await);
                }
                outcomes
            })
        })
        .collect();
    let (mut placed, mut refused) = (0, BTreeMap::new());
    for racer in racers {
        for outcome in racer.await.unwrap() {
            match outcome {
                Ok(()) => placed += 1,
                Err(refusal) => *refused.entry(refusal.code()).or_default() += 1,
            }
        }
    }
    (placed, refused)
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Text)]
    place: String,
}

/// Even with the fence and every check of the service taken out, the schema refuses a second open occupancy.
#[actix_web::test]
async fn without_the_fence_no_place_has_two_open_occupancies() {
    let database = TestDatabase::new().await;
    let (_, unit) = a_desk_with_one_unit(database.store.clone(), Clock::settable(monday_morning())).await;
    let take = format!(
        "INSERT INTO occupancies (id, place, unit, taken_from)
         SELECT gen_random_uuid(), id, unit, now() FROM places WHERE unit = '{unit}' AND number = 1"
    );
    let racers = (0..32).map(|_| {
        let (url, take) = (database.url.clone(), take.clone());
        tokio::spawn(async move {
            let address = omm::store::connection::Address::parse(&url).unwrap();
            address.connect().await.unwrap().batch_execute(&take).await.is_ok()
        })
    });
    let mut taken = 0;
    for racer in racers.collect::<Vec<_>>() {
        taken += usize::from(racer.await.unwrap());
    }
    assert_eq!(taken, 1);
    let doubles =
        "SELECT place::text AS place FROM occupancies WHERE taken_until IS NULL GROUP BY 1 HAVING count(*) > 1";
    let mut connection = database.connection().await;
    let doubles: Vec<Place> = sql_query(doubles).load(&mut connection).await.unwrap();
    assert!(doubles.is_empty(), "{:?}", doubles.iter().map(|double| &double.place).collect::<Vec<_>>());
}
