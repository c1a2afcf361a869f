//! R-GENDER: the documented policy of the unit admits the person's own statement. `other` is never a no.

use super::{Case, Detail, of_attribute, of_person, stated, word};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode, Stated},
    referral::vocabulary::Gender,
};

/// Women and men read their own attribute; every other statement fits where both are admitted, and asks elsewhere.
pub fn verdict(gender: Option<Gender>, women: Verdict, men: Verdict) -> Verdict {
    match gender {
        Some(Gender::Female) => women,
        Some(Gender::Male) => men,
        Some(Gender::Other) | None if women == Verdict::Yes && men == Verdict::Yes => Verdict::Yes,
        Some(Gender::Other) | None => Verdict::Unknown,
    }
}

/// The explanation.
pub fn detail(case: &Case<'_>, verdict: Verdict) -> Detail {
    let gender = &case.view.circumstances.gender;
    let policy = |code| case.unit.attributes.get(code).effective();
    let (women, men) = (policy(AttributeCode::Women), policy(AttributeCode::Men));
    let open_at_unit = match gender.known() {
        Some(Gender::Female) => vec![FactCode::UnitWomen],
        Some(Gender::Male) => vec![FactCode::UnitMen],
        None if women == Verdict::Yes || men == Verdict::Yes => vec![],
        Some(Gender::Other) | None => vec![FactCode::UnitWomen, FactCode::UnitMen],
    };
    let ask = if gender.known().is_none() {
        (Addressee::Referrer, [vec![FactCode::Gender], open_at_unit].concat())
    } else {
        (Addressee::Shelter, open_at_unit)
    };
    Detail {
        required: Stated::Codes(vec![word(&women), word(&men)]),
        actual: stated(gender.known()),
        evidence: vec![
            of_person(FactCode::Gender, gender),
            of_attribute(FactCode::UnitWomen, case.unit, AttributeCode::Women),
            of_attribute(FactCode::UnitMen, case.unit, AttributeCode::Men),
        ],
        ask: (verdict == Verdict::Unknown).then_some(ask),
        change: match gender.known() {
            Some(gender) if verdict == Verdict::No => Some(ChangeStep::AdmitGender { gender: *gender }),
            Some(_) | None => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn an_own_statement_meets_a_documented_policy() {
        use Gender::{Female, Male, Other};
        for (gender, women, men, want) in [
            (Some(Female), Yes, No, Yes),
            (Some(Female), No, Yes, No),
            (Some(Female), Unknown, Yes, Unknown),
            (Some(Male), Yes, No, No),
            (Some(Male), Yes, Unknown, Unknown),
            (Some(Other), Yes, Yes, Yes),
            (Some(Other), Yes, No, Unknown),
            (Some(Other), Unknown, Unknown, Unknown),
            (None, Yes, Yes, Yes),
            (None, Yes, No, Unknown),
        ] {
            assert_eq!(verdict(gender, women, men), want, "{gender:?} {women:?} {men:?}");
        }
    }
}
