//! The value tables of a policy as integers: what each case is worth, in millionths.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::document::PolicyDocument;
use crate::domain::{
    matching::criterion::CriterionCode,
    referral::needs::{Addiction, Ggz, Lvb},
};

/// One whole as a weight: weights are in 1/10 000.
pub const WEIGHT_ONE: i64 = 10_000;
/// One whole as a value: values are in millionths.
pub const VALUE_ONE: i64 = 1_000_000;

/// A value with the bounds it can have once everything unknown is known; all in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// Lowest.
    pub low: i64,
    /// The value that counts.
    pub middle: i64,
    /// Highest.
    pub high: i64,
}

impl Interval {
    /// A value that is known.
    pub const fn exact(value: i64) -> Self {
        Self { low: value, middle: value, high: value }
    }

    /// True if nothing about it is unknown.
    pub const fn is_exact(self) -> bool {
        self.low == self.high
    }
}

/// A table of breakpoints: linear in between, clamped at both ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curve(Vec<(i64, i64)>);

impl Curve {
    /// The breakpoints.
    pub fn points(&self) -> &[(i64, i64)] {
        &self.0
    }

    /// The value at `x`: multiplied before it is divided, so that every machine finds the same.
    pub fn at(&self, x: i64) -> i64 {
        let mut before: Option<(i64, i64)> = None;
        for &(x1, y1) in &self.0 {
            if x <= x1 {
                return match before {
                    Some((x0, y0)) => y0 + ((y1 - y0) * (x - x0)).div_euclid(x1 - x0),
                    None => y1,
                };
            }
            before = Some((x1, y1));
        }
        before.map_or(0, |(_, y)| y)
    }
}

/// The value tables of all criteria, in millionths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// `need_coverage`: offered, partly, not.
    pub need: [i64; 3],
    /// `security_fit`: by levels above the aim.
    pub above: [i64; 3],
    /// `security_fit`: by levels below the aim; the first is one below.
    pub below: [i64; 2],
    /// `danger_distance` inside the police unit of a danger area.
    pub same_police_unit: i64,
    /// `danger_distance` by kilometres elsewhere.
    pub other_unit_km: Curve,
    /// `kind_pathway`: same kind with an onward step, same kind, other kind.
    pub kind: [i64; 3],
    /// `own_preference`: met, neutral, against.
    pub preference: [i64; 3],
    /// `continuity` if no tie is named.
    pub none_named: i64,
    /// `communication`: arranged, by phone, no.
    pub communication: [i64; 3],
    /// `time_to_bed` by days for T0 and T1.
    pub soon_days: Curve,
    /// `time_to_bed` by days for T2 and T3.
    pub later_days: Curve,
}

/// How much each need counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Severities {
    lvb: [i64; 2],
    ggz: [i64; 3],
    addiction: [i64; 2],
    /// Children who come along.
    pub children: i64,
    /// A pregnancy.
    pub pregnancy: i64,
}

impl Severities {
    /// Compiles those of a document.
    pub(super) fn of(document: &PolicyDocument) -> Self {
        let of = |need: &str, value: &str| {
            document.severity.get(need).and_then(|values| values.get(value)).copied().map_or(0, i64::from)
        };
        Self {
            lvb: [of("lvb", "suspected"), of("lvb", "diagnosed")],
            ggz: [of("ggz", "complaints"), of("ggz", "diagnosis"), of("ggz", "acute_clinical")],
            addiction: [of("addiction", "history"), of("addiction", "active")],
            children: of("children", "yes"),
            pregnancy: of("pregnancy", "yes"),
        }
    }

    /// Of an intellectual disability.
    pub const fn lvb(&self, value: Lvb) -> i64 {
        match value {
            Lvb::None => 0,
            Lvb::Suspected => self.lvb[0],
            Lvb::Diagnosed => self.lvb[1],
        }
    }

    /// Of psychological problems.
    pub const fn ggz(&self, value: Ggz) -> i64 {
        match value {
            Ggz::None => 0,
            Ggz::Complaints => self.ggz[0],
            Ggz::Diagnosis => self.ggz[1],
            Ggz::AcuteClinical => self.ggz[2],
        }
    }

    /// Of an addiction.
    pub const fn addiction(&self, value: Addiction) -> i64 {
        match value {
            Addiction::None => 0,
            Addiction::History => self.addiction[0],
            Addiction::Active => self.addiction[1],
        }
    }
}

/// A decimal as an integer of this scale.
pub(super) fn scaled(value: Decimal, scale: u32) -> i64 {
    let mut value = value;
    value.rescale(scale);
    i64::try_from(value.mantissa()).unwrap_or(0)
}

/// A decimal in millionths.
pub(super) fn ppm(value: Decimal) -> i64 {
    scaled(value, 6)
}

impl Tables {
    /// Compiles those of a document.
    pub(super) fn of(document: &PolicyDocument) -> Self {
        let none = BTreeMap::new();
        let no_curves = BTreeMap::new();
        let of = |code: CriterionCode| {
            let found = document.criteria.iter().find(|criterion| criterion.code == code);
            (found.map_or(&none, |criterion| &criterion.table), found.map_or(&no_curves, |criterion| &criterion.points))
        };
        let case = |code: CriterionCode, name: &str| of(code).0.get(name).copied().map_or(0, ppm);
        let curve = |code: CriterionCode, name: &str| {
            let points = of(code).1.get(name);
            Curve(points.map(|points| points.iter().map(|(x, y)| (*x, ppm(*y))).collect()).unwrap_or_default())
        };
        let cases = |code: CriterionCode, names: [&str; 3]| names.map(|name| case(code, name));
        Self {
            need: cases(CriterionCode::NeedCoverage, ["yes", "partly", "no"]),
            above: cases(CriterionCode::SecurityFit, ["above_0", "above_1", "above_2"]),
            below: ["below_1", "below_2"].map(|name| case(CriterionCode::SecurityFit, name)),
            same_police_unit: case(CriterionCode::DangerDistance, "same_police_unit"),
            other_unit_km: curve(CriterionCode::DangerDistance, "other_unit_km"),
            kind: cases(CriterionCode::KindPathway, ["same_kind_onward_step", "same_kind", "other_kind"]),
            preference: cases(CriterionCode::OwnPreference, ["met", "neutral", "against"]),
            none_named: case(CriterionCode::Continuity, "none_named"),
            communication: cases(CriterionCode::Communication, ["arranged", "by_phone", "no"]),
            soon_days: curve(CriterionCode::TimeToBed, "T0_T1_days"),
            later_days: curve(CriterionCode::TimeToBed, "T2_T3_days"),
        }
    }

    /// The compiled value of one case, by its name in the document.
    pub(super) fn case(&self, code: CriterionCode, name: &str) -> i64 {
        let pick = |names: &[&str], values: &[i64]| {
            names.iter().zip(values).find(|(known, _)| **known == name).map_or(0, |(_, value)| *value)
        };
        match code {
            CriterionCode::NeedCoverage => pick(&["yes", "partly", "no"], &self.need),
            CriterionCode::SecurityFit => {
                let values: Vec<i64> = self.above.iter().chain(&self.below).copied().collect();
                pick(&["above_0", "above_1", "above_2", "below_1", "below_2"], &values)
            }
            CriterionCode::DangerDistance => self.same_police_unit,
            CriterionCode::KindPathway => pick(&["same_kind_onward_step", "same_kind", "other_kind"], &self.kind),
            CriterionCode::OwnPreference => pick(&["met", "neutral", "against"], &self.preference),
            CriterionCode::Continuity => self.none_named,
            CriterionCode::Communication => pick(&["arranged", "by_phone", "no"], &self.communication),
            CriterionCode::TimeToBed => 0,
        }
    }

    /// The compiled curve, by its name in the document.
    pub(super) fn curve(&self, code: CriterionCode, name: &str) -> &Curve {
        match (code, name) {
            (CriterionCode::TimeToBed, "T0_T1_days") => &self.soon_days,
            (CriterionCode::TimeToBed, _) => &self.later_days,
            (
                CriterionCode::NeedCoverage
                | CriterionCode::SecurityFit
                | CriterionCode::DangerDistance
                | CriterionCode::KindPathway
                | CriterionCode::OwnPreference
                | CriterionCode::Continuity
                | CriterionCode::Communication,
                _,
            ) => &self.other_unit_km,
        }
    }
}
