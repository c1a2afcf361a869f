//! For what purpose data is processed, and on which legal ground: codes that stand in the contract and in every entry of
//! the trail, and which purpose a caller may state.
//!
//! Sources: CoMensha on consent and the AVG, and its privacy statement (`docs/domain.md`). That a status may be told to
//! police and public prosecutor is said by no public text: an assumption, and the reason why they get so little.

use super::role::{Permission, Role, scope};

/// The legal ground on which this role processes data under a permission.
pub fn legal_basis(role: Role, permission: Permission) -> &'static str {
    match (permission.purpose(), role) {
        // Besluit politiegegevens art. 4:2, and the parallel decree for special investigation services.
        ("registration", Role::Police | Role::Kmar) => "bpg_4_2",
        ("registration", Role::Nla) => "special_investigation",
        // The referral says which: prior written consent, a decree on behalf of others, or another ground, explained.
        ("registration", _) => "ground_of_registration",
        // The victim's consent for a shelter request.
        ("shelter_placement", _) => "consent_for_shelter",
        ("status", _) => "status_assumed",
        // GDPR article 5(2): who processes must be able to show that it is right.
        ("supervision", _) => "accountability",
        (_, _) => "no_personal_data",
    }
}

/// Every legal ground under a permission, in the order of the roles that hold it.
pub fn legal_bases(permission: Permission) -> Vec<&'static str> {
    let mut found = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| scope(*role, permission).is_some()) {
        let basis = legal_basis(role, permission);
        if !found.contains(&basis) {
            found.push(basis);
        }
    }
    found
}

/// True if this role may state this purpose for what it does under a permission: the purpose of the permission itself, or
/// of a status query what it is asked for.
///
/// Which office may ask a status for what is an assumption: each for its own task, and only who refers follows up.
pub fn may_state(role: Role, permission: Permission, purpose: &str) -> bool {
    if scope(role, permission).is_none() {
        return false;
    }
    let is_query = permission == Permission::QueryStatus;
    purpose == permission.purpose()
        || is_query
            && match purpose {
                "criminal_investigation" => true,
                "victim_protection" => matches!(role, Role::Police | Role::Kmar | Role::Om),
                "follow_up" => scope(role, Permission::SubmitReferral).is_some(),
                _ => false,
            }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_names_a_ground_for_every_role_that_holds_it() {
        for permission in Permission::ALL {
            assert!(!legal_bases(permission).is_empty(), "{permission:?}");
            let is_personal = !matches!(permission.purpose(), "capacity" | "administration");
            assert_eq!(legal_bases(permission) != ["no_personal_data"], is_personal, "{permission:?}");
        }
        assert_eq!(legal_basis(Role::Police, Permission::SubmitReferral), "bpg_4_2");
        assert_eq!(legal_basis(Role::Nla, Permission::SubmitReferral), "special_investigation");
        assert_eq!(legal_basis(Role::Shelter, Permission::AnswerProposal), "consent_for_shelter");
    }

    #[test]
    fn a_role_states_the_purpose_of_what_it_does_and_no_other() {
        for role in Role::ALL {
            for permission in Permission::ALL {
                assert_eq!(may_state(role, permission, permission.purpose()), scope(role, permission).is_some());
                assert!(!may_state(role, permission, "curiosity"));
            }
        }
        assert!(!may_state(Role::Coordinator, Permission::ReadReferral, "status"));
        assert!(may_state(Role::Police, Permission::QueryStatus, "follow_up"));
        assert!(!may_state(Role::Om, Permission::QueryStatus, "follow_up"), "the prosecutor refers nobody");
        assert!(!may_state(Role::Nla, Permission::QueryStatus, "victim_protection"));
    }
}
