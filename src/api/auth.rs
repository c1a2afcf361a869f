//! Who calls, and whether they may: a handler that takes an [`Allowed<P>`] runs only for callers who hold permission `P`.
//!
//! Who calls is settled once per call, before any extractor runs (`identify`), since that may wait for keys.
//! Invariant: the check comes before the body or any row is read, and asks the one table of `domain::role`.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderMap},
};

use super::{
    Gate,
    body::read_query,
    language::Text,
    problem::{Problem, kind::Kind},
    token::{Bearer, NotBelieved},
    trace::Trace,
};
use crate::domain::{
    audit::{Actor, Call},
    purpose,
    role::{self, Permission, Role, Scope},
};

/// A permission as a type, so that it can stand in a signature.
pub trait Asks {
    /// The permission it stands for.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($name:ident = $permission:ident),* $(,)?) => {$(
        #[doc = concat!("Asks for [`Permission::", stringify!($permission), "`].")]
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl Asks for $name {
            const PERMISSION: Permission = Permission::$permission;
        }
    )*};
}

permissions! {
    ToSubmitReferral = SubmitReferral,
    ToListReferrals = ListReferrals,
    ToReadReferral = ReadReferral,
    ToAmendReferral = AmendReferral,
    ToSearchReferrals = SearchReferrals,
    ToAssessReferral = AssessReferral,
    ToMakeMatch = MakeMatch,
    ToReadMatch = ReadMatch,
    ToProposePlacement = ProposePlacement,
    ToReadProposal = ReadProposal,
    ToAnswerProposal = AnswerProposal,
    ToCancelProposal = CancelProposal,
    ToDecidePlacement = DecidePlacement,
    ToReadDecision = ReadDecision,
    ToReadPlacement = ReadPlacement,
    ToReportStay = ReportStay,
    ToReadWaitingList = ReadWaitingList,
    ToReadCatalogue = ReadCatalogue,
    ToReportCapacity = ReportCapacity,
    ToReadCapacity = ReadCapacity,
    ToReadPolicy = ReadPolicy,
    ToQueryStatus = QueryStatus,
    ToReadAudit = ReadAudit,
    ToVerifyAudit = VerifyAudit,
}

/// Proof that the caller may do `P`: who calls, and how far it reaches.
#[derive(Clone, Debug)]
pub struct Allowed<P> {
    /// Who calls and why, for the operation and its entry in the trail.
    pub call: Call,
    /// How far the permission reaches; `Own` and `Status` end at the caller's organisation, which is then known.
    pub scope: Scope,
    asked: PhantomData<fn() -> P>,
}

impl<P: Asks> FromRequest for Allowed<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(allowed(request, P::PERMISSION).map(|(call, scope)| Self { call, scope, asked: PhantomData }))
    }
}

fn allowed(request: &HttpRequest, permission: Permission) -> Result<(Call, Scope), Problem> {
    let caller = request.extensions().get::<Caller>().cloned().ok_or_else(|| Problem::new(Kind::InternalError))?;
    let bearer = caller.0?;
    let (role, scope) = decide(&bearer, permission)?;
    check_purpose(request.headers(), role, permission)?;
    read_query(request)?;
    let trace_id = request.extensions().get::<Trace>().map(|trace| trace.id().to_owned());
    let actor = Actor {
        issuer: bearer.issuer,
        subject: bearer.subject,
        client: bearer.client,
        organisation: bearer.organisation,
        role,
    };
    let legal_basis = Some(purpose::legal_basis(role, permission).to_owned());
    Ok((Call { actor, trace_id, once: None, purpose: Some(permission.purpose().to_owned()), legal_basis }, scope))
}

/// The header in which a caller may state its purpose, by the name that NEN 7513 gives it.
const PURPOSE_OF_USE: &str = "Purpose-Of-Use";

/// A caller need not state its purpose; one that is not the purpose of what it does, or not one of its role, is refused.
fn check_purpose(headers: &HeaderMap, role: Role, permission: Permission) -> Result<(), Problem> {
    let mut stated = headers.get_all(PURPOSE_OF_USE);
    let fits = stated.all(|value| value.to_str().is_ok_and(|code| purpose::may_state(role, permission, code)));
    if fits { Ok(()) } else { Err(Problem::new(Kind::PurposeNotAllowed)) }
}

/// Who calls, kept with the call: the bearer of a believed token, or the answer to everybody else.
#[derive(Clone, Debug)]
pub(super) struct Caller(Result<Bearer, Problem>);

/// Settles who calls. A token counts in the one `Authorization` header and nowhere else.
pub(super) async fn identify(gate: &Gate, headers: &HeaderMap) -> Caller {
    Caller(match token(headers) {
        Ok(token) => gate.believe(token).await.map_err(not_believed),
        Err(problem) => Err(problem),
    })
}

fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut headers = headers.get_all(AUTHORIZATION);
    let header = headers.next().ok_or_else(token_missing)?;
    if headers.next().is_some() {
        return Err(token_invalid());
    }
    let (scheme, token) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(token_invalid)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token) } else { Err(token_missing()) }
}

/// The caller's role and how far it reaches, or why not.
fn decide(bearer: &Bearer, permission: Permission) -> Result<(Role, Scope), Problem> {
    let forbidden = || {
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", permission.as_str());
        Problem::new(Kind::OperationNotAllowed).header("WWW-Authenticate", challenge)
    };
    let role = bearer.role.ok_or_else(forbidden)?;
    let scope = role::scope(role, permission).ok_or_else(forbidden)?;
    if permission.needs_person() && !bearer.is_person() {
        return Err(forbidden().detail(Text::fixed(
            "Dit kan alleen een mens doen, geen programma in eigen naam.",
            "Only a person can do this, not a program in its own name.",
        )));
    }
    if scope != Scope::Full && bearer.organisation.is_none() {
        let challenge = "Bearer error=\"insufficient_scope\"".to_owned();
        let lacking = Problem::new(Kind::InsufficientScope).header("WWW-Authenticate", challenge);
        return Err(lacking.detail(Text::fixed(
            "Het token noemt geen organisatie, en deze rol reikt niet verder dan de eigen organisatie.",
            "The token names no organisation, and this role reaches no further than its own.",
        )));
    }
    Ok((role, scope))
}

fn not_believed(why: NotBelieved) -> Problem {
    match why {
        NotBelieved::Token => token_invalid(),
        // The token may be good: its bearer should come back with it, not throw it away.
        NotBelieved::KeysAway => Problem::new(Kind::TemporarilyUnavailable).header("Retry-After", "30".to_owned()),
    }
}

fn token_missing() -> Problem {
    Problem::new(Kind::TokenMissing).header("WWW-Authenticate", "Bearer".to_owned())
}

fn token_invalid() -> Problem {
    Problem::new(Kind::TokenInvalid).header("WWW-Authenticate", "Bearer error=\"invalid_token\"".to_owned())
}
