//! The criteria of a policy file: weights that sum to exactly 1, cases and curves.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{
    document::Criterion,
    reader::{At, Reader},
};
use crate::domain::matching::criterion::CriterionCode;

/// The cases and the breakpoint tables each criterion must have.
fn shape(code: CriterionCode) -> (&'static [&'static str], &'static [&'static str]) {
    match code {
        CriterionCode::NeedCoverage => (&["yes", "partly", "no"], &[]),
        CriterionCode::SecurityFit => (&["above_0", "above_1", "above_2", "below_1", "below_2"], &[]),
        CriterionCode::DangerDistance => (&["same_police_unit"], &["other_unit_km"]),
        CriterionCode::KindPathway => (&["same_kind_onward_step", "same_kind", "other_kind"], &[]),
        CriterionCode::OwnPreference => (&["met", "neutral", "against"], &[]),
        CriterionCode::Continuity => (&["none_named"], &[]),
        CriterionCode::Communication => (&["arranged", "by_phone", "no"], &[]),
        CriterionCode::TimeToBed => (&[], &["T0_T1_days", "T2_T3_days"]),
    }
}

/// Reads all criteria.
pub fn criteria_of(reader: &mut Reader, at: &At<'_>) -> Vec<Criterion> {
    let mut criteria: Vec<Criterion> = Vec::new();
    for item in reader.list(at) {
        let has = [Reader::has(&item, "table"), Reader::has(&item, "points")];
        let (code_at, weight_at, table_at, points_at) = match has {
            [true, true] => {
                let [c, w, t, p] = reader.object(&item, ["code", "weight", "table", "points"]);
                (c, w, Some(t), Some(p))
            }
            [true, false] => {
                let [c, w, t] = reader.object(&item, ["code", "weight", "table"]);
                (c, w, Some(t), None)
            }
            [false, true] => {
                let [c, w, p] = reader.object(&item, ["code", "weight", "points"]);
                (c, w, None, Some(p))
            }
            [false, false] => {
                let [c, w] = reader.object(&item, ["code", "weight"]);
                (c, w, None, None)
            }
        };
        let weight = reader.decimal(&weight_at, 4);
        let Some(code) = reader.code::<CriterionCode>(&code_at) else { continue };
        let (cases, curves) = shape(code);
        let table = table_of(reader, table_at.as_ref(), cases, &item);
        let points = points_of(reader, points_at.as_ref(), curves, &item);
        if criteria.iter().any(|earlier| earlier.code == code) {
            reader.fault(&code_at, "stands there twice");
        }
        criteria.push(Criterion { code, weight, table, points });
    }
    for code in CriterionCode::ALL {
        if !criteria.iter().any(|criterion| criterion.code == code) {
            reader.fault(at, format!("must have {}", code.name()));
        }
    }
    let sum: Decimal = criteria.iter().map(|criterion| criterion.weight).sum();
    if sum != Decimal::ONE {
        reader.fault(at, format!("weights must sum to exactly 1, not {sum}"));
    }
    criteria
}

fn table_of(reader: &mut Reader, at: Option<&At<'_>>, cases: &[&str], parent: &At<'_>) -> BTreeMap<String, Decimal> {
    let entries = at.map(|at| reader.entries(at)).unwrap_or_default();
    for case in cases {
        if !entries.iter().any(|(name, _)| name == case) {
            reader.fault(&parent.missing(&format!("table/{case}")), "is missing");
        }
    }
    entries
        .into_iter()
        .map(|(name, value)| {
            if !cases.contains(&name.as_str()) {
                reader.fault(&value, "is not a case of this criterion");
            }
            let value = reader.decimal(&value, 6);
            (name, value)
        })
        .collect()
}

fn points_of(
    reader: &mut Reader,
    at: Option<&At<'_>>,
    curves: &[&str],
    parent: &At<'_>,
) -> BTreeMap<String, Vec<(i64, Decimal)>> {
    let entries = at.map(|at| reader.entries(at)).unwrap_or_default();
    for curve in curves {
        if !entries.iter().any(|(name, _)| name == curve) {
            reader.fault(&parent.missing(&format!("points/{curve}")), "is missing");
        }
    }
    entries
        .into_iter()
        .map(|(name, at)| {
            if !curves.contains(&name.as_str()) {
                reader.fault(&at, "is not a curve of this criterion");
            }
            let points = curve_of(reader, &at);
            (name, points)
        })
        .collect()
}

fn curve_of(reader: &mut Reader, at: &At<'_>) -> Vec<(i64, Decimal)> {
    let mut points: Vec<(i64, Decimal)> = Vec::new();
    for item in reader.list(at) {
        let pair = reader.list(&item);
        let [x, y] = pair.as_slice() else {
            reader.fault(&item, "must be a pair: a whole number and a decimal in quotes");
            continue;
        };
        let x = reader.int(x, 0, 100_000);
        if points.last().is_some_and(|last| last.0 >= x) {
            reader.fault(&item, "must lie to the right of the point before it");
        }
        let y = reader.decimal(y, 6);
        points.push((x, y));
    }
    if points.is_empty() {
        reader.fault(at, "must have at least one point");
    }
    points
}
