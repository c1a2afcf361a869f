//! The stage: the desk, its clock and its server, and every act of the story as one line. Each act is the operation that
//! the API calls too, by a person in a role; a refusal that the story does not expect ends it.

use std::{collections::BTreeMap, net::SocketAddr};

use chrono::TimeDelta;

use super::{
    super::{ending::Trouble, problem_lines},
    people::{COORDINATOR, Person},
    telling::Telling,
};
use crate::{
    api::{demo_issuer::DemoIssuer, from_file, referral_body::Sender},
    app::{
        Answer, Desk,
        amend_referral::amend_referral,
        answer_proposal::{ShelterAnswer, answer_proposal},
        assess_referral::{AssessReferral, assess_referral},
        decide_placement::{Choice, DecidePlacement, decide_placement},
        match_referral::match_referral,
        propose_placement::{ProposePlacement, propose_placement},
        report_stay::{StayReport, report_stay},
        submit_referral::submit_referral,
    },
    clock::Clock,
    domain::{
        advice::card::Advice,
        fact::Source,
        ids::{PlacementId, ProposalId, ReferralId, ResultId, UnitCode, UnitId},
        matching::result::MatchResult,
        placement::{
            decision::{Decision, Outcome},
            proposal::{AnsweredQuestion, Departure, Proposal},
            refusal::Refusal,
            stay::Placement,
        },
        referral::lifecycle::Judgement,
        role::Permission,
    },
};

/// What the assessor records of every referral of the story: nothing special.
const ASSESSOR_FACTS: &str = include_str!("../../../demo/assessor.json");

/// A unit as the story speaks of it.
pub(super) struct NamedUnit {
    /// Its internal id.
    pub id: UnitId,
    /// Its name.
    pub name: String,
}

/// The desk of the story.
pub(super) struct Stage<'t> {
    /// Who tells.
    pub telling: Telling<'t>,
    /// The desk.
    pub desk: Desk,
    /// Its clock, moved by the story.
    pub clock: Clock,
    /// Where it serves.
    pub address: SocketAddr,
    /// Who makes its tokens.
    pub issuer: &'t DemoIssuer,
    /// Every unit where CoMensha places.
    pub units: BTreeMap<UnitCode, NamedUnit>,
}

/// A match that was made and stored.
pub(super) struct Matched {
    /// Whose.
    pub referral: ReferralId,
    /// Its id.
    pub id: ResultId,
    /// What it says.
    pub result: MatchResult,
    /// What it says of places that CoMensha does not give away.
    pub advice: Advice,
}

impl Stage<'_> {
    /// Time goes by.
    pub fn wait_minutes(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    /// The time on the wall of the desk.
    pub fn time(&self) -> String {
        self.clock.now().with_timezone(&chrono_tz::Europe::Amsterdam).format("%A %-d %B, %H:%M").to_string()
    }

    /// A unit by its code.
    pub fn unit(&self, code: &str) -> Result<UnitId, Trouble> {
        self.telling.need(&format!("the catalogue has {code}"), self.units.get(&code.into()).map(|unit| unit.id))
    }

    /// The name of a unit.
    pub fn name(&self, unit: UnitId) -> String {
        let found = self.units.values().find(|known| known.id == unit);
        found.map_or_else(|| unit.to_string(), |unit| unit.name.clone())
    }

    /// Somebody refers.
    pub async fn refer(&self, who: Person, body: &str) -> Result<ReferralId, Trouble> {
        let sender = Sender { source: Source::Referrer, at: self.clock.now(), organisation: who.organisation() };
        let command = from_file::submission(body, &sender).map_err(|problem| self.unreadable(&problem))?;
        let answer = submit_referral(&self.desk, &who.asks(Permission::SubmitReferral), command).await;
        Ok(self.settled("the referral is taken in", answer)?.id)
    }

    /// CoMensha records what only an assessor states.
    pub async fn complete(&self, referral: ReferralId) -> Result<(), Trouble> {
        let sender =
            Sender { source: Source::Assessor, at: self.clock.now(), organisation: COORDINATOR.organisation() };
        let amendment = from_file::amendment(ASSESSOR_FACTS, &sender).map_err(|problem| self.unreadable(&problem))?;
        let (call, scope) =
            (COORDINATOR.asks(Permission::AmendReferral), COORDINATOR.reach(Permission::AmendReferral)?);
        self.settled(
            "the assessor's facts are recorded",
            amend_referral(&self.desk, &call, scope, referral, amendment).await,
        )
        .map(drop)
    }

    /// The coordinator has a match made.
    pub async fn matched(&self, referral: ReferralId) -> Result<Matched, Trouble> {
        let answer = match_referral(&self.desk, &COORDINATOR.asks(Permission::MakeMatch), referral).await;
        let stored = self.settled("a match is made", answer)?;
        let result = self.telling.done("the stored match reads back", serde_json::from_str(&stored.result))?;
        let advice = self.telling.done("the stored advice reads back", serde_json::from_str(&stored.advice))?;
        Ok(Matched { referral, id: stored.id, result, advice })
    }

    /// The coordinator judges.
    pub async fn judge(&self, referral: ReferralId, judgement: Judgement, reason: &str) -> Result<(), Trouble> {
        let command = AssessReferral { referral, judgement: Some(judgement), reason: reason.to_owned() };
        let answer = assess_referral(&self.desk, &COORDINATOR.asks(Permission::AssessReferral), command).await;
        self.settled("the judgement is recorded", answer).map(drop)
    }

    /// A referral comes in, is completed, matched and judged eligible.
    pub async fn eligible(&self, who: Person, body: &str, reason: &str) -> Result<Matched, Trouble> {
        let referral = Box::pin(self.refer(who, body)).await?;
        self.wait_minutes(10);
        Box::pin(self.complete(referral)).await?;
        let matched = Box::pin(self.matched(referral)).await?;
        Box::pin(self.judge(referral, Judgement::Eligible, reason)).await?;
        Ok(matched)
    }

    /// The coordinator proposes a unit to its shelter.
    pub async fn propose(
        &self,
        matched: &Matched,
        unit: UnitId,
        departure: Option<Departure>,
    ) -> Result<Proposal, Trouble> {
        let command =
            ProposePlacement { referral: matched.referral, unit, result: matched.id, departure, answers: Vec::new() };
        let answer = propose_placement(&self.desk, &COORDINATOR.asks(Permission::ProposePlacement), command).await;
        self.settled("the proposal goes out", answer)
    }

    /// A shelter answers.
    pub async fn answer(&self, who: Person, proposal: ProposalId, answer: ShelterAnswer) -> Result<Proposal, Trouble> {
        let (call, scope) = (who.asks(Permission::AnswerProposal), who.reach(Permission::AnswerProposal)?);
        let answered = answer_proposal(&self.desk, &call, scope, proposal, answer).await;
        self.settled("the shelter's answer is recorded", answered)
    }

    /// A shelter accepts, with nothing left to ask.
    pub async fn accept(&self, who: Person, proposal: ProposalId) -> Result<Proposal, Trouble> {
        self.answer(who, proposal, ShelterAnswer::Accepted(Vec::new())).await
    }

    /// The coordinator decides, and it is done.
    pub async fn decide(&self, referral: ReferralId, choice: Choice, reason: &str) -> Result<Decision, Trouble> {
        let answer = self.try_to_decide(referral, choice, reason).await?;
        self.telling.done("the decision stands", answer)
    }

    /// The coordinator decides; the desk may refuse.
    pub async fn try_to_decide(
        &self,
        referral: ReferralId,
        choice: Choice,
        reason: &str,
    ) -> Result<Result<Decision, Refusal>, Trouble> {
        let command = DecidePlacement { referral, choice, reason: reason.to_owned() };
        let answer = decide_placement(&self.desk, &COORDINATOR.asks(Permission::DecidePlacement), command).await;
        Ok(match self.telling.done("the decision is taken", answer)? {
            Answer::Done(decision) => Ok(decision),
            Answer::Refused(refusal) => Err(refusal),
        })
    }

    /// The coordinator places on an accepted proposal.
    pub async fn place(
        &self,
        proposal: &Proposal,
        answers: Vec<AnsweredQuestion>,
        reason: &str,
    ) -> Result<PlacementId, Trouble> {
        let decision = self.decide(proposal.referral, Choice::Place(proposal.id, answers), reason).await?;
        match decision.outcome {
            Outcome::Placed { placement_id, .. } => Ok(placement_id),
            Outcome::WaitingList
            | Outcome::TemporaryPlace { .. }
            | Outcome::Redirected { .. }
            | Outcome::Refused { .. } => Err(self.telling.failed("the decision is a placement")),
        }
    }

    /// A shelter reports on a stay.
    pub async fn report(&self, who: Person, placement: PlacementId, report: StayReport) -> Result<Placement, Trouble> {
        let (call, scope) = (who.asks(Permission::ReportStay), who.reach(Permission::ReportStay)?);
        self.settled("the report is recorded", report_stay(&self.desk, &call, scope, placement, report).await)
    }

    /// What an operation gave, if it was done.
    pub fn settled<T>(&self, claim: &str, answer: Result<Answer<T>, crate::app::Failure>) -> Result<T, Trouble> {
        match self.telling.done(claim, answer)? {
            Answer::Done(value) => Ok(value),
            Answer::Refused(refusal) => Err(self.telling.failed(&format!("{claim}: {refusal}"))),
        }
    }

    fn unreadable(&self, problem: &crate::api::problem::Problem) -> Trouble {
        self.telling.failed(&problem_lines(problem).join("; "))
    }
}
