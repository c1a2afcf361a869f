//! The facts of a household, apart by what they may do: what the engine may read, and what it may never see.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::needs::{
    Addiction, Ggz, LifeDomain, Lvb, Mobility, MustHaveCare, Recency, SecurityLevel, Service, ThreatFrom, ThreatLevel,
};
use super::vocabulary::{
    CurrentStay, Custody, Declaration, ExploitationForm, FinancingSource, Gender, Guardian, Jurisdiction,
    ResidencePhase, Urgency, VictimStatus, YesNo,
};
use crate::domain::{
    catalogue::location::LivingForm,
    fact::{Fact, Source},
    ids::ReferralId,
};

/// When the victim was born, as precisely as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Birth {
    /// Date of birth.
    Date(NaiveDate),
    /// Age in whole years when it was stated.
    Years(u8),
}

impl Birth {
    /// Age in whole years on `day`; a stated age is taken as it was stated.
    pub fn age_on(self, day: NaiveDate) -> Option<u8> {
        match self {
            Self::Date(born) => day.years_since(born).and_then(|years| u8::try_from(years).ok()),
            Self::Years(years) => Some(years),
        }
    }
}

/// A child who comes along with the victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Child {
    /// Age in whole years.
    pub age: Option<u8>,
    /// Gender, as stated.
    pub gender: Option<Gender>,
    /// Who has custody.
    pub custody: Option<Custody>,
}

/// A service and how much of it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceNeed {
    /// Which service.
    pub service: Service,
    /// How much, at least 1.
    pub quantity: u16,
}

/// A municipality or a police unit where the victim is in danger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case", deny_unknown_fields)]
pub enum DangerArea {
    /// One municipality, by name.
    Municipality(String),
    /// The area of one police unit, by name.
    PoliceUnit(String),
}

/// Something that binds the victim to a place and should be kept: a school, a therapist, work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tie {
    /// The city it is in.
    pub city: String,
}

/// What the matching engine may read about a household. Everything else is in [`Background`].
///
/// Source of the fields: the referral form of the field, in three-valued reading.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Circumstances {
    /// Is a place needed now?
    pub urgency: Fact<Urgency>,
    /// Where does the victim stay now?
    pub current_stay: Fact<CurrentStay>,
    /// By when must the victim leave?
    pub must_leave_by: Fact<NaiveDate>,
    /// Where does the person stay or the procedure run?
    pub jurisdiction: Fact<Jurisdiction>,
    /// Are there signs of trafficking?
    pub victim_status: Fact<VictimStatus>,
    /// Birth date or age.
    pub birth: Fact<Birth>,
    /// Who has authority over a minor?
    pub guardian: Fact<Guardian>,
    /// Gender, the person's own statement.
    pub gender: Fact<Gender>,
    /// Children who come along; a known empty list is "none".
    pub children_along: Fact<Vec<Child>>,
    /// Referrals of a partner or family.
    pub linked_referrals: Fact<Vec<ReferralId>>,
    /// Should the linked referrals stay in one place?
    pub place_together: Fact<YesNo>,
    /// Pregnant?
    pub pregnant: Fact<YesNo>,
    /// Residence title.
    pub residence_phase: Fact<ResidencePhase>,
    /// First day of the reflection period.
    pub reflection_start: Fact<NaiveDate>,
    /// A Dublin claimant?
    pub dublin_claimant: Fact<YesNo>,
    /// Day the reflection period ended early.
    pub reflection_ended_on: Fact<NaiveDate>,
    /// Forms of exploitation.
    pub exploitation_forms: Fact<Vec<ExploitationForm>>,
    /// Honour violence in play?
    pub honour_violence: Fact<YesNo>,
    /// Must communication be arranged (an interpreter)? The language itself is not for the engine.
    pub interpreter: Fact<YesNo>,
    /// Where is the victim in danger? A known empty list is "nowhere".
    pub danger_regions: Fact<Vec<DangerArea>>,
    /// How heavy is the threat?
    pub threat_level: Fact<ThreatLevel>,
    /// Whom does it come from?
    pub threat_from: Fact<ThreatFrom>,
    /// The least security the assessor requires.
    pub required_security: Fact<SecurityLevel>,
    /// Services needed.
    pub service_needs: Fact<Vec<ServiceNeed>>,
    /// Care without which a place is no option.
    pub must_have_care: Fact<Vec<MustHaveCare>>,
    /// Referrals of people this person must not meet.
    pub known_conflicts: Fact<Vec<ReferralId>>,
    /// What should be kept.
    pub ties_to_keep: Fact<Vec<Tie>>,
    /// Must the address be secret?
    pub needs_secret_address: Fact<YesNo>,
    /// Intellectual disability.
    pub lvb: Fact<Lvb>,
    /// Psychological problems.
    pub ggz: Fact<Ggz>,
    /// Addiction.
    pub addiction: Fact<Addiction>,
    /// Areas of life with serious problems; a known empty list is "none".
    pub life_domains: Fact<Vec<LifeDomain>>,
    /// Is regular shelter not enough?
    pub regular_shelter_insufficient: Fact<YesNo>,
    /// What is needed to move about.
    pub mobility: Fact<Mobility>,
    /// Aggression: a remark for review, never an exclusion.
    pub aggression: Fact<Recency>,
    /// Suicidality: a remark for review, never an exclusion.
    pub suicidality: Fact<Recency>,
    /// The living form wished for.
    pub living_form_wish: Fact<LivingForm>,
    /// Living forms that do not suit.
    pub living_form_unsuitable: Fact<Vec<LivingForm>>,
    /// A wish for school or daytime activities?
    pub daytime_wish: Fact<YesNo>,
    /// Pets that come along?
    pub pets: Fact<YesNo>,
    /// The group a person belongs to, where a unit keeps a fixed group.
    pub group: Fact<String>,
    /// A coordinator's recorded judgement on the route, where the table leaves it open.
    pub route_judgement: Fact<RouteJudgement>,
}

impl Circumstances {
    /// Only what `source` stated; the rest reads as never stated. Fields are told apart on the wire form, where every
    /// fact names its source; reading it back cannot fail, and if it did nothing would be shown.
    #[must_use]
    pub fn only_from(&self, source: Source) -> Self {
        let (Ok(Value::Object(mut facts)), Ok(source)) = (serde_json::to_value(self), serde_json::to_value(source))
        else {
            return Self::default();
        };
        for fact in facts.values_mut().filter(|fact| fact.get("source") != Some(&source)) {
            *fact = json!({"value": null, "source": null, "asOf": null});
        }
        serde_json::from_value(Value::Object(facts)).unwrap_or_default()
    }
}

/// The route a coordinator settled by a recorded judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RouteJudgement {
    /// OMM.
    Omm,
    /// COSM.
    Cosm,
    /// Labour exploitation beds.
    Iszw,
    /// Another route: no place of CoMensha.
    Other,
}

/// What is registered beside, and what the engine can never see: it has no access to this type.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Background {
    /// Nationality code.
    pub nationality: Option<String>,
    /// Country of origin.
    pub country_of_origin: Option<String>,
    /// Declaration to the police.
    pub declaration: Option<Declaration>,
    /// Municipality of registration.
    pub municipality_registered: Option<String>,
    /// Where the victim was found.
    pub place_found: Option<String>,
    /// Languages spoken.
    pub languages: Option<Vec<String>>,
    /// Day of the informative talk.
    pub informative_talk: Option<NaiveDate>,
    /// Investigating unit.
    pub investigating_unit: Option<String>,
    /// Case number.
    pub case_number: Option<String>,
    /// The lawyer.
    pub lawyer: Option<String>,
    /// Income, in words.
    pub income: Option<String>,
    /// Insurance, in words.
    pub insurance: Option<String>,
    /// Who pays.
    pub financing_source: Option<FinancingSource>,
    /// Expected date of birth of a child.
    pub due_date: Option<NaiveDate>,
    /// A victim before?
    pub repeat_victim: Option<YesNo>,
    /// Health, as little as possible.
    pub medical: Option<String>,
    /// Medication, as little as possible.
    pub medication: Option<String>,
    /// Care received before.
    pub care_history: Option<String>,
    /// What the victim wants, in own words.
    pub own_wish: Option<String>,
    /// Wishes about housing, gender identity included, in own words.
    pub housing_preference: Option<String>,
    /// Substance, where there is an addiction.
    pub substance: Option<String>,
    /// In treatment for addiction?
    pub in_treatment: Option<YesNo>,
    /// Why regular shelter is not enough, in words.
    pub regular_shelter_reason: Option<String>,
}
