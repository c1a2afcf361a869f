//! Households: few values, much unknown, and now and then a fact that only shows at one rule.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{Dice, NAMED, towns};
use crate::domain::{
    catalogue::location::LivingForm,
    fact::{Fact, Source},
    matching::view::{ConsentState, ConsentView, LinkedView, ReferralView},
    referral::{
        consent::SignedBy,
        facts::{Birth, Child, Circumstances, DangerArea, RouteJudgement, ServiceNeed, Tie},
        needs::{
            Addiction, Ggz, LifeDomain, Lvb, Mobility, MustHaveCare, Recency, SecurityLevel, Service, ThreatFrom,
            ThreatLevel,
        },
        vocabulary::{
            CurrentStay, Custody, ExploitationForm, Gender, Guardian, Jurisdiction, ResidencePhase, Tier, Urgency,
            VictimStatus, YesNo,
        },
    },
};

/// How a household is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Mood {
    /// So many of a hundred facts are unknown.
    pub unknown: usize,
    /// So many of a hundred draws take the value that opens doors.
    pub benign: usize,
    /// The instant of the case.
    pub now: DateTime<Utc>,
    /// The day it is then.
    pub today: NaiveDate,
}

/// Sources a fact can come from, with a moment.
fn stated<T>(dice: &mut Dice, mood: Mood, value: T) -> Fact<T> {
    let source = dice.pick(&[Source::Referrer, Source::Assessor]);
    Fact::stated(value, source, mood.now - chrono::TimeDelta::hours(i64::try_from(dice.below(400)).unwrap()))
}

fn mostly<T: Clone>(dice: &mut Dice, mood: Mood, benign: &[T], others: &[T]) -> T {
    let benign_now = dice.chance(mood.benign);
    dice.pick(if benign_now { benign } else { others })
}

fn day(dice: &mut Dice, mood: Mood, back: usize, ahead: usize) -> NaiveDate {
    let from = mood.today - Days::new(u64::try_from(back).unwrap());
    from + Days::new(u64::try_from(dice.below(back + ahead + 1)).unwrap())
}

const YES_NO: [YesNo; 2] = [YesNo::Yes, YesNo::No];
const GENDERS: [Gender; 3] = [Gender::Female, Gender::Male, Gender::Other];
const FORMS: [LivingForm; 4] =
    [LivingForm::Group, LivingForm::RoomInGroup, LivingForm::TrainingHouse, LivingForm::OwnFlat];
const RECENCY: [Recency; 3] = [Recency::None, Recency::Past, Recency::Present];

/// A birth: mostly an adult, often on an edge of sixteen, eighteen or a bound of a unit.
pub fn born(dice: &mut Dice, mood: Mood) -> Birth {
    let years: u8 = if dice.chance(mood.benign) {
        dice.pick(&[18, 19, 22, 23, 24, 30])
    } else {
        dice.pick(&[14, 15, 16, 17, 18, 60])
    };
    if dice.chance(50) {
        return Birth::Years(years);
    }
    // A birthday close to today, so that ages change inside the horizon.
    let birthday = day(dice, mood, 20, 40);
    Birth::Date(birthday.checked_sub_months(chrono::Months::new(12 * u32::from(years))).unwrap())
}

fn child(dice: &mut Dice) -> Child {
    let age = if dice.chance(70) { Some(dice.pick(&[0, 4, 15])) } else { None };
    Child { age, gender: None, custody: if dice.chance(30) { Some(Custody::Victim) } else { None } }
}

fn danger_area(dice: &mut Dice) -> DangerArea {
    let (town, police_unit) = dice.pick(&towns());
    if dice.chance(50) {
        DangerArea::Municipality(town.to_owned())
    } else {
        DangerArea::PoliceUnit(police_unit.to_owned())
    }
}

fn list<T>(dice: &mut Dice, empty: usize, most: usize, draw: impl Fn(&mut Dice) -> T) -> Vec<T> {
    let count = if dice.chance(empty) { 0 } else { 1 + dice.below(most) };
    (0..count).map(|_| draw(dice)).collect()
}

/// One row per fact: its field and how a known value is drawn. A fact that is missing here does not compile.
macro_rules! facts {
    ($($field:ident: |$dice:ident, $mood:ident| $draw:expr;)*) => {
        /// The names of the facts, in the order of their numbers.
        pub const FACTS: &[&str] = &[$(stringify!($field)),*];

        /// Draws a known value for the fact with this number.
        pub fn learn(facts: &mut Circumstances, number: usize, dice: &mut Dice, mood: Mood) {
            // Naming every field here makes a new fact break the build until it has a row.
            let Circumstances { $($field),* } = facts;
            let mut at = 0;
            $(
                if at == number {
                    let draw = |$dice: &mut Dice, $mood: Mood| $draw;
                    let value = draw(dice, mood);
                    *$field = stated(dice, mood, value);
                }
                at += 1;
            )*
            assert!(number < at, "there is no such fact");
        }

        /// Makes the fact with this number unknown; false if it was.
        pub fn forget(facts: &mut Circumstances, number: usize) -> bool {
            let mut known = false;
            let mut at = 0;
            $(
                if at == number {
                    known = facts.$field.known().is_some();
                    facts.$field = Fact::UNKNOWN;
                }
                at += 1;
            )*
            assert!(number < at, "there is no such fact");
            known
        }
    };
}

facts! {
    urgency: |dice, mood| mostly(dice, mood, &[Urgency::Planned], &[Urgency::Crisis]);
    current_stay: |dice, _mood| dice.pick(&[CurrentStay::Hotel, CurrentStay::Street]);
    must_leave_by: |dice, mood| day(dice, mood, 1, 5);
    jurisdiction: |dice, mood| mostly(dice, mood, &[Jurisdiction::Nl], &[Jurisdiction::Nl, Jurisdiction::Be, Jurisdiction::Other]);
    victim_status: |dice, mood| mostly(dice, mood, &[VictimStatus::Suspected, VictimStatus::Established], &[VictimStatus::NoSign]);
    birth: |dice, mood| born(dice, mood);
    guardian: |dice, _mood| dice.pick(&[Guardian::Parent, Guardian::Nidos, Guardian::CertifiedInstitution, Guardian::None]);
    gender: |dice, mood| mostly(dice, mood, &[Gender::Female], &GENDERS);
    children_along: |dice, mood| list(dice, mood.benign, 2, child);
    linked_referrals: |dice, _mood| if dice.chance(75) { vec![] } else { dice.some_of(&NAMED, 2) };
    place_together: |dice, _mood| dice.pick(&YES_NO);
    pregnant: |dice, _mood| dice.pick(&YES_NO);
    residence_phase: |dice, mood| mostly(dice, mood, &[ResidencePhase::Dutch, ResidencePhase::B8Permit], &[
        ResidencePhase::EuLawful, ResidencePhase::EuNoRight, ResidencePhase::B8Reflection, ResidencePhase::B8Ended,
        ResidencePhase::Asylum, ResidencePhase::Dublin, ResidencePhase::OtherPermit, ResidencePhase::None,
    ]);
    reflection_start: |dice, mood| day(dice, mood, 130, 0);
    dublin_claimant: |dice, _mood| dice.pick(&YES_NO);
    reflection_ended_on: |dice, mood| day(dice, mood, 3, 3);
    exploitation_forms: |dice, _mood| dice.some_of(&[ExploitationForm::Sexual, ExploitationForm::LabourOrServices, ExploitationForm::Other], 3);
    honour_violence: |dice, _mood| dice.pick(&YES_NO);
    interpreter: |dice, _mood| dice.pick(&YES_NO);
    danger_regions: |dice, mood| list(dice, mood.benign, 2, danger_area);
    threat_level: |dice, _mood| dice.pick(&[ThreatLevel::None, ThreatLevel::Present, ThreatLevel::Severe, ThreatLevel::Acute]);
    threat_from: |dice, _mood| dice.pick(&[ThreatFrom::Network, ThreatFrom::Partner, ThreatFrom::Family]);
    required_security: |dice, mood| mostly(dice, mood, &[SecurityLevel::Open], &[SecurityLevel::SafeNotSecret, SecurityLevel::Secured]);
    service_needs: |dice, mood| list(dice, mood.benign, 3, |dice| ServiceNeed {
        service: dice.pick(&[Service::StepFreeRoom, Service::IntensiveGuidance, Service::Cot, Service::NightStaff]),
        quantity: dice.pick(&[1, 2]),
    });
    must_have_care: |dice, mood| if dice.chance(mood.benign) { vec![] } else { dice.some_of(&[MustHaveCare::Detox, MustHaveCare::SpecialistGgz, MustHaveCare::Medical24h], 2) };
    known_conflicts: |dice, mood| if dice.chance(mood.benign) { vec![] } else { dice.some_of(&NAMED, 2) };
    ties_to_keep: |dice, _mood| list(dice, 40, 3, |dice| Tie { city: dice.pick(&towns()).0.to_owned() });
    needs_secret_address: |dice, mood| mostly(dice, mood, &[YesNo::No], &[YesNo::Yes]);
    lvb: |dice, mood| mostly(dice, mood, &[Lvb::Diagnosed], &[Lvb::None, Lvb::Suspected]);
    ggz: |dice, _mood| if dice.chance(8) { Ggz::AcuteClinical } else { dice.pick(&[Ggz::None, Ggz::Complaints, Ggz::Diagnosis]) };
    addiction: |dice, _mood| dice.pick(&[Addiction::None, Addiction::History, Addiction::Active]);
    life_domains: |dice, _mood| list(dice, 30, 3, |dice| dice.pick(&[LifeDomain::Housing, LifeDomain::Money]));
    regular_shelter_insufficient: |dice, mood| mostly(dice, mood, &[YesNo::Yes], &[YesNo::No]);
    mobility: |dice, mood| mostly(dice, mood, &[Mobility::None], &[Mobility::StepFree, Mobility::Wheelchair, Mobility::DailyCare]);
    aggression: |dice, _mood| dice.pick(&RECENCY);
    suicidality: |dice, _mood| dice.pick(&RECENCY);
    living_form_wish: |dice, _mood| dice.pick(&FORMS);
    living_form_unsuitable: |dice, _mood| dice.some_of(&FORMS, 2);
    daytime_wish: |dice, _mood| dice.pick(&YES_NO);
    pets: |dice, _mood| dice.pick(&YES_NO);
    group: |dice, _mood| dice.pick(&["women", "Families "]).to_owned();
    route_judgement: |dice, _mood| dice.pick(&[RouteJudgement::Omm, RouteJudgement::Cosm, RouteJudgement::Iszw, RouteJudgement::Other]);
}

/// A referral as the engine sees it.
pub fn view(dice: &mut Dice, mood: Mood) -> ReferralView {
    let mut circumstances = Circumstances::default();
    for (number, name) in FACTS.iter().enumerate() {
        // Judgements and ended periods are rare in life; drawn as often as other facts they would hide the rest.
        let rare = matches!(*name, "route_judgement" | "reflection_ended_on" | "reflection_start");
        if dice.chance(if rare { 85 } else { mood.unknown }) {
            continue;
        }
        learn(&mut circumstances, number, dice, mood);
    }
    let linked = circumstances.linked_referrals.known().cloned().unwrap_or_default();
    let linked = linked.into_iter().filter(|_| dice.chance(80)).collect::<Vec<_>>();
    ReferralView {
        id: crate::domain::ids::ReferralId(dice.id()),
        received_at: mood.now - chrono::TimeDelta::hours(i64::try_from(dice.below(2000)).unwrap()),
        tier: if dice.chance(mood.unknown) { None } else { Some(dice.pick(&[Tier::T0, Tier::T1, Tier::T2, Tier::T3])) },
        circumstances,
        consent: consent(dice, mood),
        linked: linked
            .into_iter()
            .map(|id| {
                let birth = if dice.chance(mood.unknown) {
                    Fact::UNKNOWN
                } else {
                    let value = born(dice, mood);
                    stated(dice, mood, value)
                };
                LinkedView { id, birth }
            })
            .collect(),
        standing_objections: Vec::new(),
    }
}

fn consent(dice: &mut Dice, mood: Mood) -> ConsentView {
    let given = dice.chance(mood.benign);
    let state = if given {
        ConsentState::Given
    } else {
        dice.pick(&[
            ConsentState::Given,
            ConsentState::Refused,
            ConsentState::Withdrawn,
            ConsentState::OutOfScope,
            ConsentState::NotRecorded,
            ConsentState::SignerUnclear,
        ])
    };
    let signed_by = mostly(
        dice,
        mood,
        &[Some(SignedBy::Victim)],
        &[Some(SignedBy::Victim), Some(SignedBy::Parent), Some(SignedBy::Guardian), None],
    );
    let as_of = if dice.chance(50) { Some(mood.now - chrono::TimeDelta::days(10)) } else { None };
    ConsentView { state, signed_by, source: Some(Source::Referrer), as_of }
}
