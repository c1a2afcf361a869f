//! Bodies of the contract that lie in files: read as strictly as if they had come over HTTP.

use super::{
    body::Body,
    contract::Contract,
    document,
    problem::{Problem, kind::Kind},
    referral_body::{AmendReferralBody, Sender, SubmitReferralBody},
};
use crate::{app::submit_referral::SubmitReferral, domain::referral::amendment::Amendment};

/// Reads the body of `POST /v1/referrals`, as if `sender` had sent it.
pub fn submission(text: &str, sender: &Sender) -> Result<SubmitReferral, Problem> {
    Body::<SubmitReferralBody>::of_file(text.as_bytes(), &contract()?)?.parse(|body| body.read(sender))
}

/// Reads the body of `PATCH /v1/referrals/{referralId}`, as if `sender` had sent it.
pub fn amendment(text: &str, sender: &Sender) -> Result<Amendment, Problem> {
    Body::<AmendReferralBody>::of_file(text.as_bytes(), &contract()?)?.parse(|body| body.read(sender))
}

fn contract() -> Result<Contract, Problem> {
    Contract::read(&document()).map_err(|_| Problem::new(Kind::InternalError))
}
