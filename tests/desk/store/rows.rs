//! What the tests of the rows begin with: a small catalogue, and things that are stored in it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use omm::{
    clock::Ids,
    domain::{
        fact::{Fact, Source},
        ids::{
            AssessmentId, DecisionId, OccupancyId, OrganisationCode, PlaceId, PlacementId, ProposalId, ReferralId,
            ResultId, UnitId,
        },
        placement::{
            decision::{Decision, Outcome},
            proposal::{Proposal, ProposalState, Standing},
            stay::{Occupancy, Placement, PlacementState},
        },
        referral::{
            consent::{Consent, RegistrationGround},
            facts::{Background, Circumstances},
            lifecycle::ReferralState,
            needs::Ggz,
            request::{CaseReference, Referral, Referrer},
            vocabulary::{DossierType, LegalBasis, ReferrerType, YesNo},
        },
    },
    store::{self, Recorded, StoreError, Tx, match_result::StoredMatch, policy::StoredPolicy},
};
use serde::de::DeserializeOwned;
use utoipa::PartialSchema;
use uuid::Uuid;

use super::{call, event, noon};
use crate::world::TestDatabase;

/// Two organisations with a unit each; three places in Zwolle.
const CATALOGUE: &str = "
    INSERT INTO organisations (code, name, country, position) VALUES ('kadera', 'Kadera', 'NL', 1), ('pretty', 'Pretty', 'NL', 2);
    INSERT INTO locations (code, name_nl, name_en, organisation, country, programme, placing_authority, attributes,
        referral_route, inferred, sources, position)
    SELECT code, code, code, organisation, 'NL', 'omm', 'comensha', '{}', '{}', '{}', '{}', position
    FROM (VALUES ('omm-zwolle', 'kadera', 1), ('omm-ermelo', 'pretty', 2)) AS l (code, organisation, position);
    INSERT INTO units (id, code, location, kind, assumed, position)
    VALUES ('00000000-0000-0000-0000-000000000001', 'omm-zwolle-crisis', 'omm-zwolle', 'crisis', false, 1),
           ('00000000-0000-0000-0000-000000000002', 'omm-ermelo-crisis', 'omm-ermelo', 'crisis', false, 2);
    INSERT INTO places (id, unit, number)
    VALUES ('00000000-0000-0000-0000-000000000011', '00000000-0000-0000-0000-000000000001', 1),
           ('00000000-0000-0000-0000-000000000012', '00000000-0000-0000-0000-000000000001', 2),
           ('00000000-0000-0000-0000-000000000013', '00000000-0000-0000-0000-000000000001', 3);";

/// The unit in Zwolle.
pub const ZWOLLE: UnitId = UnitId(Uuid::from_u128(1));
/// Its places, by number.
pub const IN_ZWOLLE: [PlaceId; 3] =
    [PlaceId(Uuid::from_u128(0x11)), PlaceId(Uuid::from_u128(0x12)), PlaceId(Uuid::from_u128(0x13))];

/// The unit in Ermelo.
pub const ERMELO: UnitId = UnitId(Uuid::from_u128(2));

/// So many minutes after noon.
pub fn after(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

/// Every value of an enum without data, read from its schema: a new one is tested without a change here.
pub fn every<T: PartialSchema + DeserializeOwned>() -> Vec<T> {
    let schema = serde_json::to_value(T::schema()).unwrap();
    let words = schema["enum"].as_array().unwrap_or_else(|| panic!("not an enum of words: {schema}"));
    words.iter().map(|word| serde_json::from_value(word.clone()).unwrap()).collect()
}

/// Fails if a state of an enum with data is missing among those that were tested.
pub fn assert_all_states<T: PartialSchema>(tested: impl IntoIterator<Item = &'static str>) {
    let schema = serde_json::to_value(T::schema()).unwrap();
    let all = schema["oneOf"].as_array().unwrap().len();
    assert_eq!(tested.into_iter().collect::<BTreeSet<_>>().len(), all, "a state is not tested");
}

/// A database with the catalogue and a policy.
pub struct Rows {
    pub db: TestDatabase,
    ids: Ids,
}

impl Rows {
    pub async fn new() -> Self {
        let rows = Self { db: TestDatabase::new().await, ids: Ids::seeded(1) };
        rows.db.run(CATALOGUE).await;
        let policy = StoredPolicy {
            hash: "policy".into(),
            name: "First".into(),
            document: "{}".into(),
            adopted_by: "https://login.example admin".into(),
            adopted_at: noon(),
            valid_from: noon(),
        };
        rows.write(async |tx| store::policy::insert(tx, &policy).await).await.unwrap();
        rows
    }

    /// Writes in a transaction of its own.
    pub async fn write<T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let recorded = async |tx: &mut Tx<'_>| Ok(Recorded::new(work(tx).await?, event()));
        self.db.store.write(&call(), noon(), recorded).await
    }

    /// Reads.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx<'_>) -> Result<T, StoreError>) -> T {
        self.db.store.read(work).await.unwrap()
    }

    /// Takes the CHECKs of a table away and runs a statement, as a faulty program with the rights of an owner might.
    pub async fn break_rows(&self, table: &str, statement: &str) {
        let without_checks = format!(
            "DO $$ DECLARE one record; BEGIN
                FOR one IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c' LOOP
                    EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', one.conname);
                END LOOP;
             END $$; {statement}"
        );
        self.db.run(&without_checks).await;
    }

    /// A new id.
    pub fn id<T>(&self, kind: impl FnOnce(Uuid) -> T) -> T {
        self.ids.next(kind)
    }

    /// A referral in words of its own, not stored.
    pub fn referral(&self) -> Referral {
        Referral {
            id: self.id(ReferralId),
            version: 1,
            state: ReferralState::Submitted,
            state_since: after(1),
            status_since: after(2),
            received_at: noon(),
            dossier: DossierType::RegistrationAndShelter,
            referrer: Referrer {
                kind: ReferrerType::Police,
                organisation: Some("politie".into()),
                region: Some("Oost-Nederland".into()),
                issuer: "https://login.example".into(),
                subject: "officer-1".into(),
            },
            references: vec![CaseReference { organisation: "politie".into(), reference: "2026-1".into() }],
            ground: RegistrationGround { basis: LegalBasis::Bpg42, explanation: None, consent: None },
            consent: Consent { given: Some(YesNo::Yes), cities: vec!["Zwolle".into()], ..Consent::default() },
            urgence: None,
            circumstances: Circumstances {
                ggz: Fact::stated(Ggz::Diagnosis, Source::Referrer, noon()),
                danger_regions: Fact::stated(Vec::new(), Source::Referrer, noon()),
                interpreter: Fact::asked(Source::Referrer, noon()),
                ..Circumstances::default()
            },
            background: Background { languages: Some(vec!["Français".into()]), ..Background::default() },
        }
    }

    /// A stored referral.
    pub async fn stored_referral(&self) -> Referral {
        let referral = self.referral();
        self.write(async |tx| store::referral::insert(tx, &referral).await).await.unwrap();
        referral
    }

    /// A match, not stored.
    pub fn a_match(&self, referral: ReferralId) -> StoredMatch {
        StoredMatch {
            id: self.id(ResultId),
            referral,
            made_at: noon(),
            policy_hash: "policy".into(),
            texts_hash: "texts".into(),
            input: "{}".into(),
            result: "{}".into(),
            advice: "[]".into(),
        }
    }

    /// A proposal of Zwolle on a stored match, not stored itself.
    pub async fn proposal(&self, referral: ReferralId, state: ProposalState) -> Proposal {
        let made = self.a_match(referral);
        self.write(async |tx| store::match_result::insert(tx, &made).await).await.unwrap();
        Proposal {
            id: self.id(ProposalId),
            version: 1,
            referral,
            unit: ZWOLLE,
            result: made.id,
            beds: 2,
            standing: Standing::Fit,
            departure: None,
            answers: Vec::new(),
            proposed_by: "https://login.example coordinator-1".into(),
            created_at: noon(),
            state,
        }
    }

    /// A stored proposal.
    pub async fn stored_proposal(&self, referral: ReferralId, state: ProposalState) -> Proposal {
        let proposal = self.proposal(referral, state).await;
        self.write(async |tx| store::proposal::insert(tx, &proposal).await).await.unwrap();
        proposal
    }

    /// A decision, not stored.
    pub fn decision(&self, referral: ReferralId, outcome: Outcome) -> Decision {
        Decision {
            id: self.id(DecisionId),
            referral,
            outcome,
            result: None,
            reason: "Because.".into(),
            decided_by: "https://login.example coordinator-1".into(),
            decided_at: noon(),
        }
    }

    /// A new person, placed by a decision on a proposal: the decision and the placement, not stored.
    pub async fn placement(&self, state: PlacementState) -> (Decision, Placement) {
        let referral = self.stored_referral().await.id;
        let proposal = self.stored_proposal(referral, ProposalState::Confirmed { at: noon() }).await;
        let placement_id = self.id(PlacementId);
        let decision = self.decision(referral, Outcome::Placed { proposal_id: proposal.id, placement_id });
        let placement = Placement {
            id: placement_id,
            version: 1,
            referral,
            unit: ZWOLLE,
            decision: decision.id,
            reserved_at: noon(),
            end: None,
            state,
        };
        (decision, placement)
    }

    /// A new person, placed in Zwolle.
    pub async fn stored_placement(&self, state: PlacementState, places: &[PlaceId]) -> Result<Placement, StoreError> {
        let (decision, placement) = self.placement(state).await;
        let taken: Vec<Occupancy> =
            places.iter().map(|place| self.occupancy(*place, Some(placement.id), noon())).collect();
        self.write(async |tx| {
            store::decision::insert(tx, &decision).await?;
            store::placement::insert(tx, &placement, &taken).await
        })
        .await?;
        Ok(placement)
    }

    /// A place taken from then on, not stored.
    pub fn occupancy(&self, place: PlaceId, placement: Option<PlacementId>, from: DateTime<Utc>) -> Occupancy {
        Occupancy {
            id: self.id(OccupancyId),
            place,
            unit: ZWOLLE,
            placement,
            from,
            until: None,
            kept_until: None,
            end: None,
        }
    }

    /// An id for a judgement.
    pub fn assessment_id(&self) -> AssessmentId {
        self.id(AssessmentId)
    }
}

/// The organisation in Zwolle.
pub fn kadera() -> OrganisationCode {
    "kadera".into()
}
