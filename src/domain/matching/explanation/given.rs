//! A worked example as a whole result: two places that fit, one to ask, one set aside, three that do not fit.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::{
    catalogue::location::{ProgrammeKind, UnitKind},
    fact::Verdict,
    ids::{ReferralId, UnitId},
    matching::{
        criterion::CriterionCode,
        finding::{
            Addressee, Change, ChangeStep, ChangedBy, FactCode, Finding, Question, RemarkCode, RuleCode, Stated,
        },
        result::{
            Comparison, Confidence, ConfidenceLevel, Confidences, Difference, Eligibility, EligibilityAdvice, Fraction,
            MatchResult, Nearest, Priority, Relaxation, Remark, Scarcity, ScarcityStage, Score, Standing, UnitCard,
            WouldLead,
        },
        route::{RouteAdvice, RouteId},
    },
    referral::{reasons::TargetRoute, vocabulary::Tier},
};

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn unit(number: u128) -> UnitId {
    UnitId(Uuid::from_u128(number))
}

fn card(number: u128, code: &str, organisation: &str, city: &str, kind: UnitKind) -> UnitCard {
    let (programme, location) = match code.split_once('-') {
        Some(("cosm", _)) => (ProgrammeKind::Cosm, "cosm"),
        Some(("iszw", _)) => (ProgrammeKind::Iszw, "iszw"),
        Some(_) | None => (ProgrammeKind::Omm, "omm"),
    };
    UnitCard {
        unit: unit(number),
        code: code.into(),
        location: location.into(),
        organisation: Some(organisation.into()),
        city: Some(city.to_owned()),
        programme,
        kind,
        standing: Standing::Out,
        failed: 0,
        unknown: 0,
        start: None,
        expected_start: None,
        beds_needed: 1,
        beds_free: Some(2),
        beds_left: None,
        figures_as_of: Some("2026-06-13T20:30:00Z".parse().unwrap()),
        rank: None,
        tie: None,
        score: None,
        contributions: vec![],
        findings: vec![],
        remarks: vec![],
        against_first: None,
        set_aside: false,
    }
}

fn ranked(card: UnitCard, standing: Standing, rank: u16, [value, low, high]: [&str; 3]) -> UnitCard {
    let score = Score { value: decimal(value), low: decimal(low), high: decimal(high) };
    let start = Some("2026-06-14".parse().unwrap());
    UnitCard { standing, rank: Some(rank), score: Some(score), start, ..card }
}

pub(super) fn finding(rule: RuleCode, verdict: Verdict, required: Stated, actual: Stated) -> Finding {
    Finding {
        rule,
        service: None,
        verdict,
        required,
        actual,
        evidence: vec![],
        as_of: None,
        changed_by: vec![ChangedBy::Shelter],
        dispensable: false,
        question: None,
        change: None,
        text_nl: String::new(),
        text_en: String::new(),
    }
}

pub(super) fn step(step: ChangeStep) -> Change {
    Change { step, text_nl: String::new(), text_en: String::new() }
}

pub(super) fn question(rule: RuleCode, ask: Addressee, about: Option<UnitId>, facts: &[FactCode]) -> Question {
    Question {
        rule: Some(rule),
        service: None,
        ask,
        unit: about,
        facts: facts.to_vec(),
        opens_units: 1,
        text_nl: String::new(),
        text_en: String::new(),
    }
}

pub(super) fn codes(codes: &[&str]) -> Stated {
    Stated::Codes(codes.iter().map(|code| (*code).to_owned()).collect())
}

fn conflict() -> Finding {
    Finding {
        changed_by: vec![ChangedBy::Time],
        change: Some(step(ChangeStep::ConflictLeaves { referrals: vec![ReferralId(Uuid::from_u128(77))] })),
        ..finding(RuleCode::Conflict, Verdict::No, Stated::Count(0), Stated::Count(1))
    }
}

fn full() -> Finding {
    let change = ChangeStep::MoreBeds { beds: 1, by: "2026-07-12".parse().unwrap() };
    Finding {
        changed_by: vec![ChangedBy::Time],
        change: Some(step(change)),
        ..finding(RuleCode::Beds, Verdict::No, Stated::Count(1), Stated::Count(0))
    }
}

fn other_route(programme: &str) -> Finding {
    Finding {
        changed_by: vec![ChangedBy::Law],
        ..finding(RuleCode::Route, Verdict::No, codes(&[programme]), codes(&["R5", "omm"]))
    }
}

fn to_ask() -> Finding {
    let asks = question(RuleCode::Kind, Addressee::Shelter, Some(unit(3)), &[FactCode::UnitKind]);
    Finding {
        question: Some(asks),
        change: Some(step(ChangeStep::Confirm { facts: vec![FactCode::UnitKind] })),
        ..finding(RuleCode::Kind, Verdict::Unknown, codes(&["crisis"]), codes(&["move_on"]))
    }
}

/// Second of the example against the first: 0.8100 and 0.7725.
fn comparison() -> Comparison {
    use CriterionCode as C;
    let difference = |criterion, text| Difference { criterion, difference: decimal(text) };
    let lead = |criterion, value: Option<&str>, weight: Option<&str>| WouldLead {
        criterion,
        value: value.map(decimal),
        weight: weight.map(decimal),
        then_leads: None,
    };
    Comparison {
        first: unit(1),
        differences: vec![
            difference(C::NeedCoverage, "-0.0600000000"),
            difference(C::SecurityFit, "0.0375000000"),
            difference(C::DangerDistance, "-0.0300000000"),
            difference(C::KindPathway, "0.0200000000"),
            difference(C::OwnPreference, "0.0000000000"),
            difference(C::Continuity, "0.0500000000"),
            difference(C::Communication, "0.0200000000"),
            difference(C::TimeToBed, "0.0000000000"),
        ],
        decisive: Some(C::Continuity),
        margin: decimal("0.0375000000"),
        rho: rho(),
        tie: None,
        would_lead: vec![
            lead(C::NeedCoverage, None, Some("0.4106")),
            lead(C::SecurityFit, None, None),
            lead(C::Continuity, Some("0.375001"), None),
        ],
    }
}

fn rho() -> Fraction {
    Fraction { numerator: 5, denominator: 29, decimals: decimal("0.1724") }
}

fn confidence() -> Confidence {
    Confidence {
        level: ConfidenceLevel::Close,
        rho: Some(rho()),
        rival: Some(unit(2)),
        toss_up: vec![],
        may_change: true,
        may_change_on: vec![CriterionCode::NeedCoverage],
        text_nl: String::new(),
        text_en: String::new(),
    }
}

fn route() -> RouteAdvice {
    RouteAdvice {
        row: 7,
        id: RouteId::R5,
        target: TargetRoute::Omm,
        also: vec![],
        omm: Verdict::Yes,
        cosm: Verdict::No,
        iszw: Verdict::No,
        by_judgement: false,
        open_facts: vec![],
        reflection_end: None,
        reflection_past: false,
        text_nl: String::new(),
        text_en: String::new(),
    }
}

fn cards() -> [UnitCard; 7] {
    let remark = |code| Remark { code, text_nl: String::new(), text_en: String::new() };
    let zwolle = card(1, "omm-zwolle-places", "kadera", "Zwolle", UnitKind::Unspecified);
    let first = UnitCard {
        remarks: vec![remark(RemarkCode::AskAboutIntakeTonight), remark(RemarkCode::PlacesAssumed)],
        ..ranked(zwolle, Standing::FitNow, 1, ["0.8100000000", "0.7350000000", "0.8850000000"])
    };
    let amsterdam = card(2, "omm-amsterdam-crisis", "hvo-querido", "Amsterdam", UnitKind::Crisis);
    let second = UnitCard {
        against_first: Some(comparison()),
        ..ranked(amsterdam, Standing::FitNow, 2, ["0.7725000000", "0.7725000000", "0.7725000000"])
    };
    let almere = card(3, "omm-almere-move-on", "blijf-groep", "Almere", UnitKind::MoveOn);
    let ask = UnitCard {
        findings: vec![to_ask()],
        ..ranked(almere, Standing::Ask, 1, ["0.6000000000", "0.6000000000", "0.6000000000"])
    };
    let enschede = card(4, "omm-enschede-places", "kadera", "Enschede", UnitKind::Unspecified);
    let rotterdam = card(5, "omm-rotterdam-places", "fier", "Rotterdam", UnitKind::Unspecified);
    let cosm = card(6, "cosm-rotterdam-places", "humanitas", "Rotterdam", UnitKind::Unspecified);
    let geeuwenbrug = card(7, "cosm-geeuwenbrug-places", "jade", "Geeuwenbrug", UnitKind::Unspecified);
    [first, second, ask, enschede, rotterdam, cosm, geeuwenbrug]
}

fn eligibility() -> Eligibility {
    Eligibility {
        advice: EligibilityAdvice::Eligible,
        programmes: vec![ProgrammeKind::Omm],
        omm: Verdict::Yes,
        multi_problem: Verdict::Yes,
        open_facts: vec![],
        text_nl: String::new(),
        text_en: String::new(),
    }
}

/// The worked example, without any words yet.
pub(super) fn worked_example() -> MatchResult {
    let [first, second, ask, enschede, rotterdam, cosm, geeuwenbrug] = cards();
    MatchResult {
        referral: ReferralId(Uuid::from_u128(99)),
        at: "2026-06-14T01:00:00Z".parse().unwrap(),
        snapshot_at: "2026-06-14T01:00:00Z".parse().unwrap(),
        policy_hash: String::new(),
        texts_hash: String::new(),
        engine_version: "1".to_owned(),
        input_hash: String::new(),
        route: route(),
        eligibility: eligibility(),
        provisional: true,
        score_max: decimal("1.0000000000"),
        not_weighed: vec![],
        now: vec![first, second],
        later: vec![],
        ask: vec![ask],
        out: vec![
            UnitCard { findings: vec![other_route("cosm")], ..geeuwenbrug },
            UnitCard { findings: vec![other_route("cosm")], ..cosm },
            UnitCard { findings: vec![full(), conflict()], beds_free: Some(0), ..rotterdam },
        ],
        set_aside: vec![UnitCard { set_aside: true, ..enschede }],
        proposed: Some(unit(1)),
        better_later: None,
        confidence: Confidences { now: Some(confidence()), later: None, ask: None },
        relaxations: vec![
            Relaxation { rule: RuleCode::Route, service: None, units: vec![unit(7), unit(6)] },
            Relaxation { rule: RuleCode::Kind, service: None, units: vec![unit(3)] },
        ],
        nearest: vec![Nearest {
            unit: unit(5),
            failed: 2,
            unknown: 0,
            start: Some("2026-07-01".parse().unwrap()),
            start_confirmed: false,
        }],
        questions: vec![
            question(RuleCode::Kind, Addressee::Shelter, Some(unit(3)), &[FactCode::UnitKind]),
            question(RuleCode::Consent, Addressee::Referrer, None, &[FactCode::Consent]),
        ],
        scarcity: Scarcity { stage: ScarcityStage::Off },
        priority: Priority { tier: Some(Tier::T0), waiting_since: "2026-06-14T00:40:00Z".parse().unwrap() },
    }
}
