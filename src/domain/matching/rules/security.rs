//! R-SECURITY: the level that the assessor requires, and a secret address where one is needed. The threat level alone
//! requires nothing: it feeds the score.

use super::{Case, Detail, of_attribute, of_person, word};
use crate::domain::{
    catalogue::attribute::AttributeCode,
    fact::Verdict,
    matching::finding::{Addressee, ChangeStep, FactCode, Stated},
    referral::{facts::Circumstances, needs::SecurityLevel, vocabulary::YesNo},
};

/// The lowest and the highest level a unit can have, as far as documented.
///
/// Guarded or locked is `secured`; documented as not secret is at least `safe_not_secret`. That the entrance is
/// documented as neither says that it is not `secured`. Everything else is open, and never read as `no`.
pub fn levels(secured: Verdict, secret_address: Verdict) -> (SecurityLevel, SecurityLevel) {
    let low = match (secured, secret_address) {
        (Verdict::Yes, _) => SecurityLevel::Secured,
        (Verdict::No | Verdict::Unknown, Verdict::No) => SecurityLevel::SafeNotSecret,
        (Verdict::No | Verdict::Unknown, Verdict::Yes | Verdict::Unknown) => SecurityLevel::Open,
    };
    let high = if secured == Verdict::No { SecurityLevel::SafeNotSecret } else { SecurityLevel::Secured };
    (low, high)
}

fn level_verdict(required: Option<SecurityLevel>, secured: Verdict, secret_address: Verdict) -> Verdict {
    let (low, high) = levels(secured, secret_address);
    match required {
        None => Verdict::Yes,
        Some(required) if low >= required => Verdict::Yes,
        Some(required) if high < required => Verdict::No,
        Some(_) => Verdict::Unknown,
    }
}

fn secret_verdict(needed: bool, secret_address: Verdict) -> Verdict {
    if needed { secret_address } else { Verdict::Yes }
}

/// What the assessor states as needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Required {
    /// The least level.
    pub level: Option<SecurityLevel>,
    /// A secret address.
    pub secret_address: bool,
}

/// What is stated as needed; what nobody stated is not required.
pub fn required(facts: &Circumstances) -> Required {
    Required {
        level: facts.required_security.known().copied(),
        secret_address: facts.needs_secret_address.known() == Some(&YesNo::Yes),
    }
}

/// Level and secrecy.
pub fn verdict(required: Required, secured: Verdict, secret_address: Verdict) -> Verdict {
    level_verdict(required.level, secured, secret_address).and(secret_verdict(required.secret_address, secret_address))
}

/// The explanation.
pub fn detail(case: &Case<'_>) -> Detail {
    let facts = &case.view.circumstances;
    let required = required(facts);
    let attribute = |code| case.unit.attributes.get(code).effective();
    let (secured, secret) = (attribute(AttributeCode::Secured), attribute(AttributeCode::SecretAddress));
    let by_level = level_verdict(required.level, secured, secret);
    let by_secrecy = secret_verdict(required.secret_address, secret);
    let mut wanted: Vec<String> = required.level.iter().map(word).collect();
    if required.secret_address {
        wanted.push("secret_address".to_owned());
    }
    let mut open = Vec::new();
    let mut settle = None;
    match (by_level, secured) {
        // Secured settles every level; nothing less has to be asked.
        (Verdict::Unknown, Verdict::Yes | Verdict::Unknown) => open.push(FactCode::UnitSecured),
        (Verdict::Unknown, Verdict::No) if secret == Verdict::Unknown && !required.secret_address => {
            open.push(FactCode::UnitSecretAddress);
        }
        // No answer of the shelter makes this level documented: only the assessor can require less.
        (Verdict::Unknown, Verdict::No) => settle = Some(levels(secured, secret).0),
        (Verdict::Yes | Verdict::No, _) => {}
    }
    if by_secrecy == Verdict::Unknown {
        open.push(FactCode::UnitSecretAddress);
    }
    let (low, _) = levels(secured, secret);
    let level = if by_level == Verdict::No { Some(low) } else { settle };
    let change = ChangeStep::RequireLess { level, secret_address: by_secrecy == Verdict::No };
    Detail {
        required: Stated::Codes(wanted),
        actual: Stated::Codes(vec![word(&secured), word(&secret)]),
        evidence: vec![
            of_person(FactCode::RequiredSecurity, &facts.required_security),
            of_person(FactCode::NeedsSecretAddress, &facts.needs_secret_address),
            of_attribute(FactCode::UnitSecured, case.unit, AttributeCode::Secured),
            of_attribute(FactCode::UnitSecretAddress, case.unit, AttributeCode::SecretAddress),
        ],
        ask: (!open.is_empty()).then_some((Addressee::Shelter, open)),
        change: (level.is_some() || by_secrecy == Verdict::No).then_some(change),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verdict::{No, Unknown, Yes};

    #[test]
    fn only_a_documented_lack_of_security_excludes() {
        use SecurityLevel::{Open, SafeNotSecret, Secured};
        for (level, secret_needed, secured, secret, want) in [
            (None, false, Unknown, Unknown, Yes),
            (Some(Open), false, Unknown, Unknown, Yes),
            (Some(SafeNotSecret), false, Unknown, No, Yes),
            (Some(SafeNotSecret), false, Yes, Unknown, Yes),
            (Some(SafeNotSecret), false, Unknown, Unknown, Unknown),
            (Some(Secured), false, Yes, No, Yes),
            (Some(Secured), false, No, No, No),
            (Some(Secured), false, Unknown, No, Unknown),
            (None, true, Unknown, Yes, Yes),
            (None, true, Yes, No, No),
            (None, true, Yes, Unknown, Unknown),
            (Some(Secured), true, Unknown, No, No),
        ] {
            let required = Required { level, secret_address: secret_needed };
            assert_eq!(verdict(required, secured, secret), want, "{required:?} {secured:?} {secret:?}");
        }
    }
}
