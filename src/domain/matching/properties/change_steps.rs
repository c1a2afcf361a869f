//! Carries out the changes that an answer names: each in the one place where a person would make it.

use super::generators::World;
use crate::domain::{
    catalogue::{
        attribute::{Attribute, AttributeCode},
        availability::{AnnouncedEnd, EndCertainty},
        location::{ProgrammeKind, UnitKind},
    },
    fact::{Fact, Source, Verdict},
    ids::UnitId,
    matching::{
        finding::{ChangeStep, FactCode, Finding, RuleCode},
        result::UnitCard,
        snapshot::{AgeBound, PlaceCount, ResidentGroup, UnitState},
        view::ConsentState,
    },
    referral::{
        consent::SignedBy,
        facts::{Birth, RouteJudgement},
        needs::{Addiction, Ggz, LifeDomain, Lvb, Mobility, Recency, Service},
        vocabulary::{Gender, Urgency, VictimStatus, YesNo},
    },
};

/// Where a change is made: a case, and the unit it is about.
pub struct Site<'w> {
    /// The case.
    pub world: &'w mut World,
    /// The unit.
    pub unit: UnitId,
}

fn stated<T>(value: T, world: &World) -> Fact<T> {
    Fact::stated(value, Source::Assessor, world.now)
}

fn allow(unit: &mut UnitState, code: AttributeCode, value: Verdict) {
    unit.attributes.0.insert(code, Attribute { value, inferred: false });
}

/// Carries out what one finding asks for and changes: its favourable answers, and its change.
pub fn mend(world: &mut World, card: &UnitCard, finding: &Finding) {
    let mut site = Site { world, unit: card.unit };
    if let Some(change) = &finding.change {
        site.carry_out(card, finding, &change.step);
    }
    let confirmed = finding.change.as_ref().is_some_and(|change| matches!(change.step, ChangeStep::Confirm { .. }));
    // The judgement settles a route; whoever records it need not ask what the table left open.
    if let (Some(question), false) = (&finding.question, confirmed || finding.rule == RuleCode::Route) {
        question.facts.iter().for_each(|fact| site.answer(card, finding, *fact));
    }
}

impl Site<'_> {
    fn unit(&mut self) -> &mut UnitState {
        let id = self.unit;
        self.world.snapshot.units.iter_mut().find(|unit| unit.id == id).expect("a unit of the case")
    }

    /// Carries out one change.
    pub fn carry_out(&mut self, card: &UnitCard, finding: &Finding, step: &ChangeStep) {
        match step {
            ChangeStep::Confirm { facts } => facts.iter().for_each(|fact| self.answer(card, finding, *fact)),
            ChangeStep::RecordIndication => self.answer(card, finding, FactCode::VictimStatus),
            ChangeStep::RecordMultiProblem { problems, regular_shelter_insufficient } => {
                if *problems {
                    self.answer(card, finding, FactCode::LifeDomains);
                }
                if *regular_shelter_insufficient {
                    self.answer(card, finding, FactCode::RegularShelterInsufficient);
                }
            }
            ChangeStep::RecordRoute { .. } => self.answer(card, finding, FactCode::RouteJudgement),
            ChangeStep::GiveConsent => self.answer(card, finding, FactCode::Consent),
            ChangeStep::WithdrawDanger { areas } => {
                let known = self.world.view.circumstances.danger_regions.value.as_mut().unwrap();
                known.retain(|area| !areas.contains(area));
            }
            ChangeStep::RequireLess { level, secret_address } => {
                let now = self.world.clone();
                let facts = &mut self.world.view.circumstances;
                if let Some(level) = level {
                    facts.required_security = stated(*level, &now);
                }
                if *secret_address {
                    facts.needs_secret_address = stated(YesNo::No, &now);
                }
            }
            ChangeStep::ConflictLeaves { referrals } => {
                let here = self.unit;
                for referral in referrals {
                    let units = self.world.snapshot.whereabouts.get_mut(referral).expect("somebody who is here");
                    units.retain(|unit| *unit != here);
                }
            }
            ChangeStep::AdmitAges { .. }
            | ChangeStep::AdmitGender { .. }
            | ChangeStep::AdmitHousehold { .. }
            | ChangeStep::AdmitCrisis
            | ChangeStep::MoreBeds { .. }
            | ChangeStep::MoreService { .. }
            | ChangeStep::AdmitGroup { .. }
            | ChangeStep::WaiveContraindications { .. }
            | ChangeStep::ProvideCare { .. }
            | ChangeStep::OpenIntake => self.change_unit(card, finding, step),
        }
    }

    fn change_unit(&mut self, card: &UnitCard, finding: &Finding, step: &ChangeStep) {
        let unit = self.unit();
        match step {
            ChangeStep::AdmitAges { from, up_to, minors } => {
                let bound = |years: u8| Some(AgeBound { years, inferred: false });
                if let Some(years) = from {
                    unit.age_min = bound(*years);
                }
                if let Some(years) = up_to {
                    unit.age_max = bound(*years);
                }
                if *minors {
                    allow(unit, AttributeCode::Minors, Verdict::Yes);
                }
            }
            ChangeStep::AdmitGender { gender } => match gender {
                Gender::Female => allow(unit, AttributeCode::Women, Verdict::Yes),
                Gender::Male => allow(unit, AttributeCode::Men, Verdict::Yes),
                Gender::Other => panic!("another statement is never a no"),
            },
            ChangeStep::AdmitHousehold { children, partner } => {
                if *children {
                    allow(unit, AttributeCode::Children, Verdict::Yes);
                }
                if *partner {
                    allow(unit, AttributeCode::Couples, Verdict::Yes);
                }
            }
            ChangeStep::AdmitCrisis => self.answer(card, finding, FactCode::UnitKind),
            ChangeStep::MoreBeds { beds, by } => {
                unit.ends.push(AnnouncedEnd { on: *by, certainty: EndCertainty::Confirmed, places: *beds });
            }
            ChangeStep::MoreService { service, quantity } => {
                *unit.services.entry(*service).or_insert(0) += quantity;
            }
            ChangeStep::AdmitGroup { group } => unit.group = ResidentGroup::Of(group.clone()),
            ChangeStep::WaiveContraindications { contraindications } => {
                unit.contraindications.retain(|one| !contraindications.contains(one));
            }
            ChangeStep::ProvideCare { care } => unit.care.extend(care.iter().map(|care| (*care, Verdict::Yes))),
            ChangeStep::OpenIntake => unit.closed = None,
            ChangeStep::Confirm { .. }
            | ChangeStep::RecordIndication
            | ChangeStep::RecordMultiProblem { .. }
            | ChangeStep::RecordRoute { .. }
            | ChangeStep::GiveConsent
            | ChangeStep::WithdrawDanger { .. }
            | ChangeStep::RequireLess { .. }
            | ChangeStep::ConflictLeaves { .. } => panic!("no change of a unit"),
        }
    }

    /// Answers a question about one fact so that the rule that asks is met.
    fn answer(&mut self, card: &UnitCard, finding: &Finding, fact: FactCode) {
        if fact >= FactCode::UnitProgramme {
            self.answer_unit(card, fact);
        } else {
            self.answer_person(card, finding, fact);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a fact that nobody asks for here must stop the property")]
    fn answer_person(&mut self, card: &UnitCard, finding: &Finding, fact: FactCode) {
        let (unit, world) = (self.unit().clone(), self.world.clone());
        let facts = &mut self.world.view.circumstances;
        let omm = finding.rule == RuleCode::Omm;
        match fact {
            FactCode::VictimStatus => facts.victim_status = stated(VictimStatus::Suspected, &world),
            FactCode::Lvb => facts.lvb = stated(if omm { Lvb::Diagnosed } else { Lvb::None }, &world),
            FactCode::Ggz => facts.ggz = stated(if omm { Ggz::Diagnosis } else { Ggz::None }, &world),
            FactCode::Addiction => {
                facts.addiction = stated(if omm { Addiction::History } else { Addiction::None }, &world);
            }
            FactCode::LifeDomains => {
                facts.life_domains = stated(vec![LifeDomain::Housing, LifeDomain::Money, LifeDomain::Health], &world);
            }
            FactCode::RegularShelterInsufficient => facts.regular_shelter_insufficient = stated(YesNo::Yes, &world),
            FactCode::RouteJudgement => {
                let judgement = if unit.programme == ProgrammeKind::Omm {
                    RouteJudgement::Omm
                } else if unit.programme == ProgrammeKind::Cosm {
                    RouteJudgement::Cosm
                } else {
                    RouteJudgement::Iszw
                };
                facts.route_judgement = stated(judgement, &world);
            }
            FactCode::Birth => facts.birth = stated(Birth::Years(fitting_age(&unit)), &world),
            FactCode::LinkedBirth => {
                let born = stated(Birth::Years(fitting_age(&unit)), &world);
                for id in facts.linked_referrals.known().into_iter().flatten() {
                    match self.world.view.linked.iter_mut().find(|linked| linked.id == *id) {
                        Some(linked) if linked.birth.known().is_some() => {}
                        Some(linked) => linked.birth = born.clone(),
                        None => self
                            .world
                            .view
                            .linked
                            .push(crate::domain::matching::view::LinkedView { id: *id, birth: born.clone() }),
                    }
                }
            }
            FactCode::Consent => consent(self.world),
            FactCode::Gender => {
                let admits_men = unit.attributes.get(AttributeCode::Men).effective() == Verdict::Yes;
                facts.gender = stated(if admits_men { Gender::Male } else { Gender::Female }, &world);
            }
            FactCode::ChildrenAlong => facts.children_along = stated(Vec::new(), &world),
            FactCode::PlaceTogether => facts.place_together = stated(YesNo::No, &world),
            FactCode::Urgency => facts.urgency = stated(Urgency::Planned, &world),
            FactCode::DangerRegions => facts.danger_regions = stated(Vec::new(), &world),
            FactCode::Mobility => facts.mobility = stated(Mobility::None, &world),
            FactCode::Aggression => facts.aggression = stated(Recency::None, &world),
            FactCode::Suicidality => facts.suicidality = stated(Recency::None, &world),
            FactCode::Group => match &unit.group {
                ResidentGroup::Of(name) => facts.group = stated(name.clone(), &world),
                ResidentGroup::Mixed | ResidentGroup::Empty | ResidentGroup::Open => {}
            },
            FactCode::Whereabouts => {
                for other in facts.known_conflicts.known().into_iter().flatten() {
                    self.world.snapshot.whereabouts.entry(*other).or_default();
                }
            }
            other => panic!("nobody asks for {other:?} at {}", card.code),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "a fact that nobody asks for here must stop the property")]
    fn answer_unit(&mut self, card: &UnitCard, fact: FactCode) {
        let needs_secrecy = self.world.view.circumstances.needs_secret_address.known() == Some(&YesNo::Yes);
        let needs = self.world.view.circumstances.service_needs.known().cloned().unwrap_or_default();
        let cares = self.world.view.circumstances.must_have_care.known().cloned().unwrap_or_default();
        let (now, beds) = (self.world.now, card.beds_needed);
        let unit = self.unit();
        match fact {
            FactCode::UnitWomen => allow(unit, AttributeCode::Women, Verdict::Yes),
            FactCode::UnitMen => allow(unit, AttributeCode::Men, Verdict::Yes),
            FactCode::UnitChildren => allow(unit, AttributeCode::Children, Verdict::Yes),
            FactCode::UnitCouples => allow(unit, AttributeCode::Couples, Verdict::Yes),
            FactCode::UnitMinors => allow(unit, AttributeCode::Minors, Verdict::Yes),
            FactCode::UnitSecured => allow(unit, AttributeCode::Secured, Verdict::Yes),
            FactCode::UnitSecretAddress => {
                let secret = if needs_secrecy { Verdict::Yes } else { Verdict::No };
                allow(unit, AttributeCode::SecretAddress, secret);
            }
            FactCode::UnitStepFree => allow(unit, AttributeCode::StepFree, Verdict::Yes),
            FactCode::UnitKind => {
                // The shelter that answers speaks of today, so its figures are as fresh as they were for their kind.
                let was_fresh = card.unknown >> 15 & 1 == 0;
                unit.kind = UnitKind::Crisis;
                if was_fresh && unit.figures_as_of.is_some() {
                    unit.figures_as_of = Some(now);
                }
            }
            FactCode::UnitPlaces => {
                let total = beds;
                unit.capacity = Some(PlaceCount { total, assumed: false, occupied: 0, held: 0, out_of_use: 0 });
            }
            FactCode::UnitEnds => {
                // The best that the shelter can answer: every stay ends for sure, and at once.
                let today = self.world.mood().today;
                for end in &mut self.unit().ends {
                    (end.certainty, end.on) = (EndCertainty::Confirmed, today);
                }
            }
            FactCode::UnitServices => {
                for service in [Service::StepFreeRoom, Service::IntensiveGuidance, Service::Cot, Service::NightStaff] {
                    let needed = needs.iter().filter(|need| need.service == service).map(|need| need.quantity).max();
                    unit.services.entry(service).or_insert(needed.unwrap_or(1));
                }
            }
            FactCode::UnitLocation => {
                unit.city = Some("Elsewhere".to_owned());
                unit.police_unit = Some("Elsewhere".to_owned());
            }
            FactCode::UnitGroup => unit.group = ResidentGroup::Empty,
            FactCode::UnitCare => {
                for care in cares {
                    if unit.care.get(&care).is_none_or(|offer| *offer == Verdict::Unknown) {
                        unit.care.insert(care, Verdict::Yes);
                    }
                }
            }
            FactCode::UnitFigures => unit.figures_as_of = Some(now),
            other => panic!("nobody asks for {other:?} at {}", card.code),
        }
    }
}

/// An age inside the bounds of a unit, adult if they allow it.
fn fitting_age(unit: &UnitState) -> u8 {
    let bound = |bound: Option<AgeBound>| bound.filter(|bound| !bound.inferred).map(|bound| bound.years);
    bound(unit.age_min).unwrap_or(0).max(18).min(bound(unit.age_max).unwrap_or(u8::MAX))
}

/// Consent of the one who has to sign at this age.
fn consent(world: &mut World) {
    let today = world.mood().today;
    let age = world.view.circumstances.birth.known().and_then(|birth| birth.age_on(today));
    let own = age.is_none_or(|age| age >= 16);
    world.view.consent.state = ConsentState::Given;
    world.view.consent.signed_by = Some(if own { SignedBy::Victim } else { SignedBy::Parent });
    world.view.consent.as_of = Some(world.now);
}
