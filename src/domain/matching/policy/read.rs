//! From a tree to a policy document: every fault with its pointer, all at once.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    document::{
        Basis, Calendar, CapacityTerms, ConfidenceTerms, ConsentTerms, Criterion, FairnessTerms, MultiProblemTerms,
        NoOrUnknown, PolicyDocument, PriorityTerms, RouteTerms, RuleSwitches, ScarcityTerms, SecurityTerms, TierTerms,
        UnknownPlace,
    },
    read_criteria::criteria_of,
    reader::{At, Reader},
};
use crate::domain::{
    catalogue::location::UnitKind,
    matching::finding::RuleCode,
    placement::terms::Term,
    referral::{
        needs::{SecurityLevel, ThreatLevel},
        vocabulary::Tier,
    },
};

/// The schema this engine reads.
pub const SCHEMA: &str = "omm-matching-policy/1";
/// Rules that cannot be switched off.
pub const ALWAYS_ON: [RuleCode; 4] = [RuleCode::Victim, RuleCode::Route, RuleCode::Consent, RuleCode::Danger];
/// The needs of `need_coverage` and the values that count.
const NEEDS: [(&str, &[&str]); 5] = [
    ("lvb", &["suspected", "diagnosed"]),
    ("ggz", &["complaints", "diagnosis", "acute_clinical"]),
    ("addiction", &["history", "active"]),
    ("children", &["yes"]),
    ("pregnancy", &["yes"]),
];
/// Longest horizon: the hot path keeps a value per day.
pub const HORIZON_DAYS_MAX: i64 = 62;

/// Reads a whole document.
pub fn document(reader: &mut Reader, root: &At<'_>) -> PolicyDocument {
    let [
        schema,
        name,
        basis,
        consent,
        route,
        rules,
        omm,
        capacity,
        security,
        severity,
        unknown_place,
        criteria,
        rest @ ..,
    ] = reader.object(
        root,
        [
            "schema",
            "name",
            "basis",
            "consent",
            "route",
            "rules",
            "omm",
            "capacity",
            "security",
            "severity",
            "unknown_place",
            "criteria",
            "confidence",
            "tiers",
            "hold",
            "calendar",
            "scarcity",
            "priority",
            "fairness",
        ],
    );
    let [confidence, tiers, hold, calendar, scarcity, priority, fairness] = rest;
    let criteria = criteria_of(reader, &criteria);
    let unknown_place = unknown_place_of(reader, &unknown_place, &criteria);
    PolicyDocument {
        schema: reader.exactly(&schema, SCHEMA),
        name: name_of(reader, &name),
        basis: basis_of(reader, &basis),
        consent: consent_of(reader, &consent),
        route: route_of(reader, &route),
        rules: rules_of(reader, &rules),
        omm: omm_of(reader, &omm),
        capacity: capacity_of(reader, &capacity),
        security: security_of(reader, &security),
        severity: severity_of(reader, &severity),
        unknown_place,
        criteria,
        confidence: confidence_of(reader, &confidence),
        tiers: tiers_of(reader, &tiers),
        hold: hold_of(reader, &hold),
        calendar: calendar_of(reader, &calendar),
        scarcity: scarcity_of(reader, &scarcity),
        priority: priority_of(reader, &priority),
        fairness: fairness_of(reader, &fairness),
    }
}

fn name_of(reader: &mut Reader, at: &At<'_>) -> String {
    let name = reader.text(at);
    if name.len() > 100 {
        reader.fault(at, "must have at most 100 characters");
    }
    name
}

fn basis_of(reader: &mut Reader, at: &At<'_>) -> Basis {
    let [default, documented] = reader.object(at, ["default", "documented"]);
    let default = reader.exactly(&default, "assumption");
    let documented = reader.list(&documented).iter().map(|item| reader.text(item)).collect();
    Basis { default, documented }
}

fn consent_of(reader: &mut Reader, at: &At<'_>) -> ConsentTerms {
    let [age] = reader.object(at, ["self_from_age"]);
    ConsentTerms { self_from_age: reader.int(&age, 0, 30) }
}

fn route_of(reader: &mut Reader, at: &At<'_>) -> RouteTerms {
    let [adult, months, days] = reader.object(at, ["adult_age", "reflection_months_max", "reflection_days_dublin"]);
    RouteTerms {
        adult_age: reader.int(&adult, 1, 30),
        reflection_months_max: reader.int(&months, 1, 24),
        reflection_days_dublin: reader.int(&days, 1, 730),
    }
}

fn rules_of(reader: &mut Reader, at: &At<'_>) -> RuleSwitches {
    let [on_at, dispensable_at, crisis] = reader.object(at, ["on", "dispensable", "crisis_at_move_on"]);
    let on: Vec<RuleCode> = reader.codes(&on_at);
    let dispensable: Vec<RuleCode> = reader.codes(&dispensable_at);
    for rule in ALWAYS_ON {
        if !on.contains(&rule) {
            reader.fault(&on_at, format!("must name {}: it cannot be switched off", rule.name()));
        }
        if dispensable.contains(&rule) {
            reader.fault(&dispensable_at, format!("must not name {}: nobody may place against it", rule.name()));
        }
    }
    if dispensable.contains(&RuleCode::Beds) {
        reader.fault(&dispensable_at, "must not name R-BEDS: a full place takes nobody");
    }
    RuleSwitches { on, dispensable, crisis_at_move_on: reader.code(&crisis).unwrap_or(NoOrUnknown::Unknown) }
}

fn omm_of(reader: &mut Reader, at: &At<'_>) -> MultiProblemTerms {
    let [indicators, domains, regular, mild, one] = reader.object(
        at,
        ["indicators_min", "life_domains_min", "require_regular_shelter_insufficient", "mild", "one_mild_only"],
    );
    let mild = reader
        .list(&mild)
        .iter()
        .map(|item| {
            let text = reader.text(item);
            let known = NEEDS.iter().take(3).any(|(need, values)| {
                text.strip_prefix(need).and_then(|rest| rest.strip_prefix('.')).is_some_and(|v| values.contains(&v))
            });
            if !known {
                reader.fault(item, "is not an indicator, such as \"lvb.suspected\"");
            }
            text
        })
        .collect();
    MultiProblemTerms {
        indicators_min: reader.int(&indicators, 1, 3),
        life_domains_min: reader.int(&domains, 1, 8),
        require_regular_shelter_insufficient: reader.bool(&regular),
        mild,
        one_mild_only: reader.code(&one).unwrap_or(NoOrUnknown::Unknown),
    }
}

fn capacity_of(reader: &mut Reader, at: &At<'_>) -> CapacityTerms {
    let [horizon, stale, children] =
        reader.object(at, ["horizon_days", "stale_after_hours", "children_count_as_place"]);
    let [crisis, move_on, unspecified] = reader.object(&stale, ["crisis", "move_on", "unspecified"]);
    let stale_after_hours = BTreeMap::from([
        (UnitKind::Crisis, reader.int(&crisis, 1, 8760)),
        (UnitKind::MoveOn, reader.int(&move_on, 1, 8760)),
        (UnitKind::Unspecified, reader.int(&unspecified, 1, 8760)),
    ]);
    CapacityTerms {
        horizon_days: reader.int(&horizon, 0, HORIZON_DAYS_MAX),
        stale_after_hours,
        children_count_as_place: reader.bool(&children),
    }
}

fn security_of(reader: &mut Reader, at: &At<'_>) -> SecurityTerms {
    let [levels_at, aims_at] = reader.object(at, ["levels", "aim_by_threat"]);
    let levels: Vec<SecurityLevel> = reader.codes(&levels_at);
    if levels != [SecurityLevel::Open, SecurityLevel::SafeNotSecret, SecurityLevel::Secured] {
        reader.fault(&levels_at, "must be open, safe_not_secret, secured, from least to most");
    }
    let [none, present, severe, acute] = reader.object(&aims_at, ["none", "present", "severe", "acute"]);
    let aims = [
        (ThreatLevel::None, none),
        (ThreatLevel::Present, present),
        (ThreatLevel::Severe, severe),
        (ThreatLevel::Acute, acute),
    ];
    let aim_by_threat = aims.into_iter().filter_map(|(threat, aim)| Some((threat, reader.code(&aim)?))).collect();
    SecurityTerms { levels, aim_by_threat }
}

fn severity_of(reader: &mut Reader, at: &At<'_>) -> BTreeMap<String, BTreeMap<String, u16>> {
    let needs = reader.object(at, NEEDS.map(|(need, _)| need));
    let mut severity = BTreeMap::new();
    for ((need, values), need_at) in NEEDS.into_iter().zip(needs) {
        let entries = reader.entries(&need_at);
        let mut by_value = BTreeMap::new();
        for value in values {
            if let Some((_, found)) = entries.iter().find(|(name, _)| name == value) {
                by_value.insert((*value).to_owned(), reader.int(found, 0, 1000));
            } else {
                reader.fault(&need_at.missing(value), "is missing");
            }
        }
        for (name, found) in &entries {
            if !values.contains(&name.as_str()) {
                reader.fault(found, "is not a key of a policy");
            }
        }
        severity.insert(need.to_owned(), by_value);
    }
    severity
}

fn unknown_place_of(reader: &mut Reader, at: &At<'_>, criteria: &[Criterion]) -> UnknownPlace {
    let [low, middle, high] = reader.object(at, ["low", "middle", "high"]);
    let (low, middle, high) = (reader.decimal(&low, 6), reader.decimal(&middle, 6), reader.decimal(&high, 6));
    if low > middle || middle > high {
        reader.fault(at, "must rise from low to middle to high");
    }
    let values = |criterion: &Criterion| {
        let points = criterion.points.values().flatten().map(|point| point.1);
        criterion.table.values().copied().chain(points).collect::<Vec<_>>()
    };
    // Else a score could leave its interval once an unknown is known.
    if criteria.iter().flat_map(values).any(|value| value < low || value > high) {
        reader.fault(at, "must reach from the lowest to the highest value of every criterion");
    }
    UnknownPlace { low, middle, high }
}

fn confidence_of(reader: &mut Reader, at: &At<'_>) -> ConfidenceTerms {
    let [clear, close] = reader.object(at, ["clear", "close"]);
    let terms = ConfidenceTerms { clear: reader.decimal(&clear, 4), close: reader.decimal(&close, 4) };
    if terms.close > terms.clear {
        reader.fault(at, "must have close at or below clear");
    }
    terms
}

fn tiers_of(reader: &mut Reader, at: &At<'_>) -> TierTerms {
    let [hours] = reader.object(at, ["T1_ends_within_hours"]);
    TierTerms { t1_ends_within_hours: reader.int(&hours, 1, 8760) }
}

fn hold_of(reader: &mut Reader, at: &At<'_>) -> BTreeMap<Tier, Term> {
    let tiers = reader.object(at, ["T0", "T1", "T2", "T3"]);
    let mut hold = BTreeMap::new();
    for (tier, tier_at) in [Tier::T0, Tier::T1, Tier::T2, Tier::T3].into_iter().zip(tiers) {
        let time = if Reader::has(&tier_at, "working_days") {
            let [days] = reader.object(&tier_at, ["working_days"]);
            Term::WorkingDays(reader.int(&days, 1, 60))
        } else {
            let [minutes] = reader.object(&tier_at, ["minutes"]);
            Term::Minutes(reader.int(&minutes, 1, 100_000))
        };
        hold.insert(tier, time);
    }
    hold
}

fn calendar_of(reader: &mut Reader, at: &At<'_>) -> Calendar {
    let [zone_at, holidays_at] = reader.object(at, ["zone", "holidays"]);
    let zone = reader.text(&zone_at);
    if !zone.is_empty() && zone.parse::<chrono_tz::Tz>().is_err() {
        reader.fault(&zone_at, "is not a time zone");
    }
    let holidays: Vec<NaiveDate> =
        reader.list(&holidays_at).iter().filter_map(|item| reader.code::<NaiveDate>(item)).collect();
    Calendar { zone, holidays }
}

fn scarcity_of(reader: &mut Reader, at: &At<'_>) -> ScarcityTerms {
    let [stage, guard, days, pair] = reader.object(at, ["stage", "guard", "max_hold_days", "reserve_last_pair"]);
    ScarcityTerms {
        stage: reader.exactly(&stage, "off"),
        guard: reader.decimal(&guard, 6),
        max_hold_days: reader.int(&days, 0, 0),
        reserve_last_pair: reader.bool(&pair),
    }
}

fn priority_of(reader: &mut Reader, at: &At<'_>) -> PriorityTerms {
    let [stage] = reader.object(at, ["stage"]);
    PriorityTerms { stage: reader.exactly(&stage, "tier_then_wait") }
}

fn fairness_of(reader: &mut Reader, at: &At<'_>) -> FairnessTerms {
    let [cell] = reader.object(at, ["min_cell"]);
    FairnessTerms { min_cell: reader.int(&cell, 1, 1000) }
}
