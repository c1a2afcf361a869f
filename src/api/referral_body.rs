//! What comes in about a referral: the body of a submission and of an amendment, read into commands.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::language::Text;
use super::problem::Fault;
use super::referral_facts::{FactsBody, ReadFacts, Stating};
use crate::app::submit_referral::SubmitReferral;
use crate::domain::fact::Source;
use crate::domain::ids::OrganisationCode;
use crate::domain::referral::amendment::Amendment;
use crate::domain::referral::consent::{Consent, RegistrationGround, SignedBy};
use crate::domain::referral::facts::Background;
use crate::domain::referral::request::{CaseReference, Urgence};
use crate::domain::referral::vocabulary::{
    Declaration, DossierType, FinancingSource, LegalBasis, ReferrerType, Tier, YesNo,
};

/// A new referral.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitReferralBody {
    /// Keep it as a draft; only then may the facts that are needed to submit be absent.
    #[serde(default)]
    draft: bool,
    /// What is asked for.
    dossier_type: DossierType,
    /// Who refers.
    referrer_type: ReferrerType,
    /// Police unit or region.
    referrer_region: Option<String>,
    /// The referrer's own number: its organisation asks the status by it.
    referrer_reference: Option<String>,
    /// On what ground the victim is registered.
    legal_basis: LegalBasis,
    /// Explanation of the ground, needed for `other`.
    legal_basis_explanation: Option<String>,
    /// The victim's consent to be registered, needed for `consent`: another one than that for a shelter request.
    registration_consent: Option<RegistrationConsentBody>,
    /// The victim's consent for a shelter request; absent is not recorded yet.
    consent: Option<ConsentBody>,
    /// The tier, with its evidence; CoMensha sets it.
    tier: Option<TierBody>,
    /// The facts of the household.
    facts: FactsBody,
    /// What is registered beside the facts; the matching engine never sees it.
    background: Option<BackgroundBody>,
}

/// A change of a referral: what is left out stays as it was.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendReferralBody {
    /// Send a draft.
    #[serde(default)]
    submit: bool,
    /// What is asked for.
    dossier_type: Option<DossierType>,
    /// On what ground the victim is registered; stated together with all that belongs to it.
    legal_basis: Option<LegalBasis>,
    /// Explanation of the ground, needed for `other`.
    legal_basis_explanation: Option<String>,
    /// The victim's consent to be registered, needed for `consent`. Withdrawn, it withdraws the referral.
    registration_consent: Option<RegistrationConsentBody>,
    /// The victim's consent for a shelter request.
    consent: Option<ConsentBody>,
    /// The tier, with its evidence; CoMensha sets it.
    tier: Option<TierBody>,
    /// All numbers under which organisations keep the case, in place of those on file; CoMensha sets them.
    references: Option<Vec<CaseReference>>,
    /// Facts that change.
    facts: Option<FactsBody>,
    /// Background that changes.
    background: Option<BackgroundBody>,
}

/// The victim's consent for a shelter request.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentBody {
    /// Given or refused.
    given: YesNo,
    /// The day.
    date: Option<NaiveDate>,
    /// In writing?
    written: Option<YesNo>,
    /// Who signed: from 16 the victim, below 16 a parent or guardian.
    signed_by: Option<SignedBy>,
    /// Cities it is limited to; absent is no limit.
    cities: Option<Vec<String>>,
    /// True if a consent given before is withdrawn now.
    #[serde(default)]
    withdrawn: bool,
}

/// The victim's consent to be registered: prior, and in writing.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegistrationConsentBody {
    /// Given or refused.
    given: YesNo,
    /// The day.
    date: Option<NaiveDate>,
    /// In writing?
    written: Option<YesNo>,
    /// Who signed: from 16 the victim, below 16 a parent or guardian.
    signed_by: Option<SignedBy>,
    /// True if a consent given before is withdrawn now.
    #[serde(default)]
    withdrawn: bool,
}

/// The tier, by facts with evidence.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TierBody {
    /// The tier.
    tier: Tier,
    /// On what facts it rests.
    #[schema(min_length = 1)]
    evidence: String,
    /// Until when.
    expires_at: Option<DateTime<Utc>>,
}

/// What is registered beside the facts; the matching engine never sees it.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackgroundBody {
    /// Nationality code.
    nationality: Option<String>,
    /// Country of origin.
    country_of_origin: Option<String>,
    /// Declaration to the police.
    declaration: Option<Declaration>,
    /// Municipality of registration.
    municipality_registered: Option<String>,
    /// Where the victim was found.
    place_found: Option<String>,
    /// Languages spoken.
    languages: Option<Vec<String>>,
    /// Day of the informative talk.
    informative_talk: Option<NaiveDate>,
    /// Investigating unit.
    investigating_unit: Option<String>,
    /// Case number.
    case_number: Option<String>,
    /// The lawyer.
    lawyer: Option<String>,
    /// Income, in words.
    income: Option<String>,
    /// Insurance, in words.
    insurance: Option<String>,
    /// Who pays.
    financing_source: Option<FinancingSource>,
    /// Expected date of birth of a child.
    due_date: Option<NaiveDate>,
    /// A victim before?
    repeat_victim: Option<YesNo>,
    /// Health, as little as possible.
    medical: Option<String>,
    /// Medication, as little as possible.
    medication: Option<String>,
    /// Care received before.
    care_history: Option<String>,
    /// What the victim wants, in own words.
    own_wish: Option<String>,
    /// Wishes about housing, in own words.
    housing_preference: Option<String>,
    /// Substance, where there is an addiction.
    substance: Option<String>,
    /// In treatment for addiction?
    in_treatment: Option<YesNo>,
    /// Why regular shelter is not enough, in words.
    regular_shelter_reason: Option<String>,
}

macro_rules! read_background {
    ($body:ident, $background:ident, $named:ident; $($field:ident = $name:literal),* $(,)?) => {$(
        if let Some(sent) = $body.$field {
            $background.$field = Some(sent);
            $named.push($name);
        }
    )*};
}

impl BackgroundBody {
    fn read(self, named: &mut Vec<&'static str>) -> Background {
        let (body, mut background) = (self, Background::default());
        read_background!(body, background, named;
            nationality = "nationality", country_of_origin = "countryOfOrigin", declaration = "declaration",
            municipality_registered = "municipalityRegistered", place_found = "placeFound", languages = "languages",
            informative_talk = "informativeTalk", investigating_unit = "investigatingUnit", case_number = "caseNumber",
            lawyer = "lawyer", income = "income", insurance = "insurance", financing_source = "financingSource",
            due_date = "dueDate", repeat_victim = "repeatVictim", medical = "medical", medication = "medication",
            care_history = "careHistory", own_wish = "ownWish", housing_preference = "housingPreference",
            substance = "substance", in_treatment = "inTreatment", regular_shelter_reason = "regularShelterReason",
        );
        background
    }
}

/// Who sends, as far as reading needs it.
#[derive(Clone)]
pub struct Sender {
    /// As whom facts are stated.
    pub source: Source,
    /// When.
    pub at: DateTime<Utc>,
    /// The organisation whose number the reference is.
    pub organisation: Option<OrganisationCode>,
}

impl Sender {
    fn stating(&self) -> Stating {
        Stating { source: self.source, at: self.at }
    }
}

impl SubmitReferralBody {
    /// Reads the body into a command, or names every fault.
    pub fn read(self, sender: &Sender) -> Result<SubmitReferral, Vec<Fault>> {
        let mut faults = Vec::new();
        let facts = self.facts.read("/facts", sender.stating(), &mut faults);
        if !self.draft {
            require(&facts, &mut faults);
        }
        let consent = self.registration_consent.map(|consent| consent.read(sender.at));
        let ground = read_ground(self.legal_basis, self.legal_basis_explanation, consent, &mut faults);
        let urgence = read_tier(self.tier, sender.source, &mut faults);
        let references = match (self.referrer_reference, &sender.organisation) {
            (Some(reference), Some(own)) => vec![CaseReference { organisation: own.clone(), reference }],
            (Some(_) | None, _) => Vec::new(),
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(SubmitReferral {
            draft: self.draft,
            dossier: self.dossier_type,
            referrer: self.referrer_type,
            region: self.referrer_region,
            references,
            ground,
            consent: self.consent.map(|consent| consent.read(sender.at)).unwrap_or_default(),
            urgence,
            circumstances: facts.circumstances,
            background: self.background.map(|background| background.read(&mut Vec::new())).unwrap_or_default(),
        })
    }
}

impl AmendReferralBody {
    /// Reads the body into a command, or names every fault.
    pub fn read(self, sender: &Sender) -> Result<Amendment, Vec<Fault>> {
        let mut faults = Vec::new();
        let facts = self.facts.unwrap_or_default().read("/facts", sender.stating(), &mut faults);
        let mut named = facts.named;
        let background = self.background.unwrap_or_default().read(&mut named);
        let explanation = self.legal_basis_explanation;
        let consent = self.registration_consent.map(|consent| consent.read(sender.at));
        // A consent to be registered is a ground by itself, so it needs no other word.
        let basis = self.legal_basis.or(consent.is_some().then_some(LegalBasis::Consent));
        let ground = basis.map(|basis| read_ground(basis, explanation, consent, &mut faults));
        let urgence = read_tier(self.tier, sender.source, &mut faults);
        if self.references.is_some() && sender.source != Source::Assessor {
            faults.push(not_yours("/references"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Amendment {
            submit: self.submit,
            dossier: self.dossier_type,
            references: self.references,
            ground,
            consent: self.consent.map(|consent| consent.read(sender.at)),
            urgence,
            circumstances: facts.circumstances,
            background,
            named,
        })
    }
}

impl RegistrationConsentBody {
    fn read(self, at: DateTime<Utc>) -> Consent {
        Consent {
            given: Some(self.given),
            date: self.date,
            written: self.written,
            signed_by: self.signed_by,
            cities: Vec::new(),
            withdrawn_at: self.withdrawn.then_some(at),
        }
    }
}

impl ConsentBody {
    fn read(self, at: DateTime<Utc>) -> Consent {
        Consent {
            given: Some(self.given),
            date: self.date,
            written: self.written,
            signed_by: self.signed_by,
            cities: self.cities.unwrap_or_default(),
            withdrawn_at: self.withdrawn.then_some(at),
        }
    }
}

/// To submit, these must be stated, be it as unknown.
fn require(facts: &ReadFacts, faults: &mut Vec<Fault>) {
    let needed = [("victimStatus", "victimStatus"), ("urgency", "urgency"), ("birth", "dateOfBirth")];
    for (name, shown) in needed {
        if !facts.named.contains(&name) {
            let detail = Text::fixed(
                "Dit is nodig om in te dienen; \"unknown\" mag.",
                "This is needed to submit; \"unknown\" is allowed.",
            );
            faults.push(Fault::at(format!("/facts/{shown}"), "missing", detail));
        }
    }
}

fn read_ground(
    basis: LegalBasis,
    explanation: Option<String>,
    consent: Option<Consent>,
    faults: &mut Vec<Fault>,
) -> RegistrationGround {
    if basis == LegalBasis::Other && explanation.is_none() {
        let detail = Text::fixed("Een andere grond vraagt om uitleg.", "Another ground needs an explanation.");
        faults.push(Fault::at("/legalBasisExplanation", "missing", detail));
    }
    RegistrationGround { basis, explanation, consent }
}

fn read_tier(tier: Option<TierBody>, source: Source, faults: &mut Vec<Fault>) -> Option<Urgence> {
    let tier = tier?;
    if source != Source::Assessor {
        faults.push(not_yours("/tier"));
    }
    Some(Urgence { tier: tier.tier, evidence: tier.evidence, expires_at: tier.expires_at })
}

fn not_yours(at: &'static str) -> Fault {
    Fault::at(at, "not_yours", Text::fixed("Dit legt alleen CoMensha vast.", "Only CoMensha records this."))
}
