//! The referral that is matched: the body of `POST /v1/referrals`, or a whole view, as `match --json` prints it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::{
    document::Document,
    ending::{Ending, Trouble},
    given::GivenText,
    problem_lines,
};
use crate::{
    api::{from_file, referral_body::Sender},
    app::{matching_now, submit_referral::SubmitReferral},
    domain::{
        fact::Source,
        ids::ReferralId,
        matching::view::ReferralView,
        referral::{
            lifecycle::ReferralState,
            request::{Referral, Referrer},
        },
    },
};

/// Reads a referral as the engine sees it.
pub(super) fn read(given: &GivenText, at: DateTime<Utc>) -> Result<ReferralView, Trouble> {
    let document = Document::read(given)?;
    if document.value.get("circumstances").is_some() {
        return document.typed("").map_err(|fault| document.refuse(vec![fault]));
    }
    // The assessor's facts may stand in the file: whoever replays a match sits where the coordinator sits.
    let sender = Sender { source: Source::Assessor, at, organisation: None };
    let submitted = from_file::submission(&given.text, &sender).map_err(|problem| {
        Trouble::faults(Ending::Usage, format!("{} cannot be used:", given.name), problem_lines(&problem))
    })?;
    Ok(matching_now::view(&referral(submitted, at), Vec::new(), Vec::new(), at))
}

/// The referral as it would be stored. It has no id of its own, so its lottery number is that of the id of zeros.
fn referral(submitted: SubmitReferral, at: DateTime<Utc>) -> Referral {
    Referral {
        id: ReferralId(Uuid::nil()),
        version: 1,
        state: ReferralState::Submitted,
        state_since: at,
        status_since: at,
        received_at: at,
        dossier: submitted.dossier,
        referrer: Referrer {
            kind: submitted.referrer,
            organisation: None,
            region: submitted.region,
            issuer: String::new(),
            subject: String::new(),
        },
        references: submitted.references,
        ground: submitted.ground,
        consent: submitted.consent,
        urgence: submitted.urgence,
        circumstances: submitted.circumstances,
        background: submitted.background,
    }
}
