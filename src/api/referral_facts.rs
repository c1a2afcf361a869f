//! The facts of a household as they come in: each field a value, or `"unknown"`; a field left out is unknown too.
//!
//! A missing or unknown fact is never read as "no". What an assessor judges is taken from a coordinator only.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::language::Text;
use super::or_unknown::{Day, OrUnknown};
use super::problem::Fault;
use crate::domain::catalogue::location::LivingForm;
use crate::domain::fact::{Fact, Source};
use crate::domain::ids::ReferralId;
use crate::domain::referral::facts::{Birth, Child, Circumstances, DangerArea, RouteJudgement, ServiceNeed, Tie};
use crate::domain::referral::needs::{
    Addiction, Ggz, LifeDomain, Lvb, Mobility, MustHaveCare, Recency, SecurityLevel, ThreatFrom, ThreatLevel,
};
use crate::domain::referral::vocabulary::{
    CurrentStay, ExploitationForm, Gender, Guardian, Jurisdiction, ResidencePhase, Urgency, VictimStatus, YesNo,
};

/// The oldest age anybody states.
const AGE_MAX: u8 = 120;

/// The facts of a household. Every field also takes `"unknown"`.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactsBody {
    /// Date of birth of the victim; this or `age`.
    #[schema(inline, value_type = Option<OrUnknown<Day>>)]
    date_of_birth: Option<OrUnknown<NaiveDate>>,
    /// Age in whole years; this or `dateOfBirth`.
    #[schema(inline)]
    age: Option<OrUnknown<u8>>,
    /// Is a place needed now?
    #[schema(inline)]
    urgency: Option<OrUnknown<Urgency>>,
    /// Where does the victim stay now?
    #[schema(inline)]
    current_stay: Option<OrUnknown<CurrentStay>>,
    /// By when must the victim leave?
    #[schema(inline, value_type = Option<OrUnknown<Day>>)]
    must_leave_by: Option<OrUnknown<NaiveDate>>,
    /// Where does the person stay or the procedure run?
    #[schema(inline)]
    jurisdiction: Option<OrUnknown<Jurisdiction>>,
    /// Are there signs of trafficking?
    #[schema(inline)]
    victim_status: Option<OrUnknown<VictimStatus>>,
    /// Who has authority over a minor?
    #[schema(inline)]
    guardian: Option<OrUnknown<Guardian>>,
    /// Gender, the person's own statement.
    #[schema(inline)]
    gender: Option<OrUnknown<Gender>>,
    /// Children who come along; a known empty list is "none".
    #[schema(inline)]
    children_along: Option<OrUnknown<Vec<Child>>>,
    /// Referrals of a partner or family.
    #[schema(inline)]
    linked_referrals: Option<OrUnknown<Vec<ReferralId>>>,
    /// Should the linked referrals stay in one place?
    #[schema(inline)]
    place_together: Option<OrUnknown<YesNo>>,
    /// Pregnant?
    #[schema(inline)]
    pregnant: Option<OrUnknown<YesNo>>,
    /// Residence title.
    #[schema(inline)]
    residence_phase: Option<OrUnknown<ResidencePhase>>,
    /// First day of the reflection period.
    #[schema(inline, value_type = Option<OrUnknown<Day>>)]
    reflection_start: Option<OrUnknown<NaiveDate>>,
    /// A Dublin claimant?
    #[schema(inline)]
    dublin_claimant: Option<OrUnknown<YesNo>>,
    /// Day the reflection period ended early.
    #[schema(inline, value_type = Option<OrUnknown<Day>>)]
    reflection_ended_on: Option<OrUnknown<NaiveDate>>,
    /// Forms of exploitation.
    #[schema(inline)]
    exploitation_forms: Option<OrUnknown<Vec<ExploitationForm>>>,
    /// Honour violence in play?
    #[schema(inline)]
    honour_violence: Option<OrUnknown<YesNo>>,
    /// Must communication be arranged (an interpreter)? The language itself is not for the engine.
    #[schema(inline)]
    interpreter: Option<OrUnknown<YesNo>>,
    /// Where is the victim in danger? A known empty list is "nowhere".
    #[schema(inline)]
    danger_regions: Option<OrUnknown<Vec<DangerArea>>>,
    /// How heavy is the threat?
    #[schema(inline)]
    threat_level: Option<OrUnknown<ThreatLevel>>,
    /// Whom does it come from?
    #[schema(inline)]
    threat_from: Option<OrUnknown<ThreatFrom>>,
    /// The least security the assessor requires.
    #[schema(inline)]
    required_security: Option<OrUnknown<SecurityLevel>>,
    /// Services needed.
    #[schema(inline)]
    service_needs: Option<OrUnknown<Vec<ServiceNeed>>>,
    /// Care without which a place is no option.
    #[schema(inline)]
    must_have_care: Option<OrUnknown<Vec<MustHaveCare>>>,
    /// Referrals of people this person must not meet.
    #[schema(inline)]
    known_conflicts: Option<OrUnknown<Vec<ReferralId>>>,
    /// What should be kept.
    #[schema(inline)]
    ties_to_keep: Option<OrUnknown<Vec<Tie>>>,
    /// Must the address be secret?
    #[schema(inline)]
    needs_secret_address: Option<OrUnknown<YesNo>>,
    /// Intellectual disability.
    #[schema(inline)]
    lvb: Option<OrUnknown<Lvb>>,
    /// Psychological problems.
    #[schema(inline)]
    ggz: Option<OrUnknown<Ggz>>,
    /// Addiction.
    #[schema(inline)]
    addiction: Option<OrUnknown<Addiction>>,
    /// Areas of life with serious problems; a known empty list is "none".
    #[schema(inline)]
    life_domains: Option<OrUnknown<Vec<LifeDomain>>>,
    /// Is regular shelter not enough?
    #[schema(inline)]
    regular_shelter_insufficient: Option<OrUnknown<YesNo>>,
    /// What is needed to move about.
    #[schema(inline)]
    mobility: Option<OrUnknown<Mobility>>,
    /// Aggression: a remark for review, never an exclusion.
    #[schema(inline)]
    aggression: Option<OrUnknown<Recency>>,
    /// Suicidality: a remark for review, never an exclusion.
    #[schema(inline)]
    suicidality: Option<OrUnknown<Recency>>,
    /// The living form wished for.
    #[schema(inline)]
    living_form_wish: Option<OrUnknown<LivingForm>>,
    /// Living forms that do not suit.
    #[schema(inline)]
    living_form_unsuitable: Option<OrUnknown<Vec<LivingForm>>>,
    /// A wish for school or daytime activities?
    #[schema(inline)]
    daytime_wish: Option<OrUnknown<YesNo>>,
    /// Pets that come along?
    #[schema(inline)]
    pets: Option<OrUnknown<YesNo>>,
    /// The group a person belongs to, where a unit keeps a fixed group.
    #[schema(inline)]
    group: Option<OrUnknown<String>>,
    /// A coordinator's recorded judgement on the route, where the table leaves it open.
    #[schema(inline)]
    route_judgement: Option<OrUnknown<RouteJudgement>>,
}

/// Facts that only an assessor states.
const BY_ASSESSOR: [&str; 6] =
    ["requiredSecurity", "serviceNeeds", "mustHaveCare", "knownConflicts", "group", "routeJudgement"];

/// Facts as read: the values, and which fields were sent.
#[derive(Default)]
pub struct ReadFacts {
    /// The values.
    pub circumstances: Circumstances,
    /// The wire names of the fields of [`Circumstances`] that were sent.
    pub named: Vec<&'static str>,
}

/// Who states the facts, and when.
#[derive(Clone, Copy)]
pub struct Stating {
    /// Who.
    pub source: Source,
    /// When.
    pub at: DateTime<Utc>,
}

macro_rules! read_fields {
    ($body:ident, $read:ident, $stating:ident; $($field:ident = $name:literal),* $(,)?) => {$(
        if let Some(sent) = $body.$field {
            $read.circumstances.$field = sent.stated($stating.source, $stating.at);
            $read.named.push($name);
        }
    )*};
}

impl FactsBody {
    /// Reads the facts; names every fault of meaning below `at`.
    pub fn read(self, at: &str, stating: Stating, faults: &mut Vec<Fault>) -> ReadFacts {
        let mut read = ReadFacts::default();
        if let Some(birth) = read_birth(at, &self, stating, faults) {
            read.circumstances.birth = birth;
            read.named.push("birth");
        }
        let body = self;
        read_fields!(body, read, stating;
            urgency = "urgency", current_stay = "currentStay", must_leave_by = "mustLeaveBy",
            jurisdiction = "jurisdiction", victim_status = "victimStatus", guardian = "guardian", gender = "gender",
            children_along = "childrenAlong", linked_referrals = "linkedReferrals", place_together = "placeTogether",
            pregnant = "pregnant", residence_phase = "residencePhase", reflection_start = "reflectionStart",
            dublin_claimant = "dublinClaimant", reflection_ended_on = "reflectionEndedOn",
            exploitation_forms = "exploitationForms", honour_violence = "honourViolence",
            interpreter = "interpreter", danger_regions = "dangerRegions", threat_level = "threatLevel",
            threat_from = "threatFrom", required_security = "requiredSecurity", service_needs = "serviceNeeds",
            must_have_care = "mustHaveCare", known_conflicts = "knownConflicts", ties_to_keep = "tiesToKeep",
            needs_secret_address = "needsSecretAddress", lvb = "lvb", ggz = "ggz", addiction = "addiction",
            life_domains = "lifeDomains", regular_shelter_insufficient = "regularShelterInsufficient",
            mobility = "mobility", aggression = "aggression", suicidality = "suicidality",
            living_form_wish = "livingFormWish", living_form_unsuitable = "livingFormUnsuitable",
            daytime_wish = "daytimeWish", pets = "pets", group = "group", route_judgement = "routeJudgement",
        );
        check_dates(at, &read.circumstances, stating, faults);
        if stating.source != Source::Assessor {
            for name in read.named.iter().filter(|name| BY_ASSESSOR.contains(name)) {
                faults.push(Fault::at(
                    format!("{at}/{name}"),
                    "not_yours",
                    Text::fixed("Dit legt alleen CoMensha vast.", "Only CoMensha records this."),
                ));
            }
        }
        read
    }
}

fn read_birth(at: &str, body: &FactsBody, stating: Stating, faults: &mut Vec<Fault>) -> Option<Fact<Birth>> {
    let fact = |birth| Fact::stated(birth, stating.source, stating.at);
    match (body.date_of_birth, body.age) {
        (None, None) => None,
        (Some(OrUnknown::Value(_)), Some(OrUnknown::Value(_))) => {
            let detail =
                Text::fixed("Geef geboortedatum of leeftijd, niet beide.", "Give a date of birth or an age, not both.");
            faults.push(Fault::at(format!("{at}/age"), "one_of_two", detail));
            None
        }
        (Some(OrUnknown::Value(date)), _) => {
            let age = Birth::Date(date).age_on(stating.at.date_naive());
            if age.is_none_or(|age| age > AGE_MAX) {
                let detail = Text::fixed("Deze geboortedatum kan niet.", "This date of birth is not possible.");
                faults.push(Fault::at(format!("{at}/dateOfBirth"), "impossible_date", detail));
            }
            Some(fact(Birth::Date(date)))
        }
        (_, Some(OrUnknown::Value(years))) => {
            if years > AGE_MAX {
                let detail = Text::fixed("Deze leeftijd kan niet.", "This age is not possible.");
                faults.push(Fault::at(format!("{at}/age"), "out_of_range", detail));
            }
            Some(fact(Birth::Years(years)))
        }
        (Some(OrUnknown::Unknown), _) | (None, Some(OrUnknown::Unknown)) => {
            Some(Fact::asked(stating.source, stating.at))
        }
    }
}

fn check_dates(at: &str, facts: &Circumstances, stating: Stating, faults: &mut Vec<Fault>) {
    let today = stating.at.date_naive();
    if facts.reflection_start.known().is_some_and(|start| *start > today) {
        let detail = Text::fixed("Deze datum ligt in de toekomst.", "This date lies in the future.");
        faults.push(Fault::at(format!("{at}/reflectionStart"), "impossible_date", detail));
    }
    if let (Some(start), Some(end)) = (facts.reflection_start.known(), facts.reflection_ended_on.known())
        && end < start
    {
        let detail = Text::fixed("Het einde ligt voor het begin.", "The end lies before the start.");
        faults.push(Fault::at(format!("{at}/reflectionEndedOn"), "impossible_date", detail));
    }
}
