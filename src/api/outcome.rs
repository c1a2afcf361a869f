//! From the outcome of an operation to an answer: refusals and failures become problems here and nowhere else.

use actix_web::HttpResponse;

use super::language::Text;
use super::problem::{Fault, Problem, kind::Kind};
use super::receipt::ReceiptView;
use crate::app::{Answer, Failure};
use crate::domain::once::Receipt;
use crate::domain::placement::refusal::{MissingGround, Refusal};

/// What an operation gave: its value, or the problem that says why not.
pub fn settled<T>(outcome: Result<Answer<T>, Failure>) -> Result<T, Problem> {
    match outcome? {
        Answer::Done(value) => Ok(value),
        Answer::Refused(refusal) => Err(refusal.into()),
    }
}

/// 201 with the receipt of what was made, and where it can be read.
pub fn created<T>(
    outcome: Result<Answer<T>, Failure>,
    place: impl FnOnce(&Receipt) -> String,
) -> Result<HttpResponse, Problem>
where
    for<'v> Receipt: From<&'v T>,
{
    let (place, view) = view(outcome, place)?;
    Ok(HttpResponse::Created().insert_header(("Location", place)).json(view))
}

/// 200 with the receipt of what was changed, and where it can be read.
pub fn changed<T>(
    outcome: Result<Answer<T>, Failure>,
    place: impl FnOnce(&Receipt) -> String,
) -> Result<HttpResponse, Problem>
where
    for<'v> Receipt: From<&'v T>,
{
    Ok(HttpResponse::Ok().json(view(outcome, place)?.1))
}

/// The receipt as callers see it, and where the thing can be read.
fn view<T>(
    outcome: Result<Answer<T>, Failure>,
    place: impl FnOnce(&Receipt) -> String,
) -> Result<(String, ReceiptView), Problem>
where
    for<'v> Receipt: From<&'v T>,
{
    let receipt = receipt(outcome)?;
    let place = place(&receipt);
    Ok((place.clone(), ReceiptView::of(receipt, place)))
}

/// The receipt of what was done now, or the one that the same request got before.
fn receipt<T>(outcome: Result<Answer<T>, Failure>) -> Result<Receipt, Problem>
where
    for<'v> Receipt: From<&'v T>,
{
    match outcome {
        Err(Failure::Answered(before)) => settled(Ok(*before)),
        now => settled(now).map(|value| Receipt::from(&value)),
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::not_found(),
            Failure::NoPolicy => Self::new(Kind::TemporarilyUnavailable)
                .detail(Text::fixed("Er is nog geen beleid vastgesteld.", "No policy has been adopted yet.")),
            store @ Failure::Store(_) if store.is_passing() => {
                Self::new(Kind::TemporarilyUnavailable).header("Retry-After", "1".to_owned())
            }
            store @ Failure::Store(_) if store.is_unrecorded() => {
                tracing::error!(kind = store.kind(), "nothing can be recorded");
                Self::new(Kind::AuditUnavailable).header("Retry-After", "1".to_owned())
            }
            Failure::PurposeNotAllowed => Self::new(Kind::PurposeNotAllowed),
            store @ Failure::Store(_) if store.is_conflict() => Self::new(Kind::StateConflict),
            Failure::KeyReused => Self::new(Kind::IdempotencyKeyReused),
            Failure::InProgress => Self::new(Kind::RequestInProgress).header("Retry-After", "1".to_owned()),
            broken @ (Failure::Store(_) | Failure::Broken | Failure::Answered(_)) => {
                // The kind alone: the database's own words may repeat what somebody typed.
                tracing::error!(kind = broken.kind(), "an operation broke off");
                Self::new(Kind::InternalError)
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal.problem() {
            "ground-missing" => Kind::GroundMissing,
            "place-taken" => Kind::PlaceTaken,
            "hold-expired" => Kind::HoldExpired,
            "second-person-required" => Kind::SecondPersonRequired,
            "operation-not-allowed" => Kind::OperationNotAllowed,
            _ => Kind::StateConflict,
        };
        let rules = match &refusal {
            Refusal::QuestionsOpen(rules) | Refusal::RuleNotDispensable(rules) | Refusal::VerdictChanged(rules) => {
                rules.clone()
            }
            Refusal::WrongState(_)
            | Refusal::GroundMissing(_)
            | Refusal::RegistrationGroundMissing(_)
            | Refusal::PlaceTaken { .. }
            | Refusal::HoldExpired(_)
            | Refusal::ProposalOpen(_)
            | Refusal::NotACandidate
            | Refusal::MatchSuperseded
            | Refusal::DepartureReasonMissing
            | Refusal::SecondPersonRequired
            | Refusal::PersonRequired
            | Refusal::PlaceHasResident => Vec::new(),
        };
        let findings = rules.into_iter().map(|rule| {
            let text = Text::made(format!("Regel {rule}."), format!("Rule {rule}."));
            Fault::at("", "rule", text)
        });
        Self::new(kind).detail(in_words(&refusal)).because(findings).because(ground_fault(&refusal))
    }
}

/// Which ground is missing, by code, at the field that would state it.
fn ground_fault(refusal: &Refusal) -> Option<Fault> {
    let (at, missing) = match refusal {
        Refusal::GroundMissing(missing) => ("/consent", *missing),
        Refusal::RegistrationGroundMissing(missing) => ("/legalBasis", *missing),
        Refusal::WrongState(_)
        | Refusal::PlaceTaken { .. }
        | Refusal::HoldExpired(_)
        | Refusal::ProposalOpen(_)
        | Refusal::NotACandidate
        | Refusal::MatchSuperseded
        | Refusal::QuestionsOpen(_)
        | Refusal::RuleNotDispensable(_)
        | Refusal::DepartureReasonMissing
        | Refusal::VerdictChanged(_)
        | Refusal::SecondPersonRequired
        | Refusal::PersonRequired
        | Refusal::PlaceHasResident => return None,
    };
    Some(Fault::at(at, missing.code(), in_words(refusal)))
}

/// The refusal in both languages; English is the refusal's own text.
fn in_words(refusal: &Refusal) -> Text {
    let nl = match refusal {
        Refusal::WrongState(wrong) => format!("Dit kan niet in de toestand `{}`.", wrong.from),
        Refusal::GroundMissing(missing) => {
            format!("Er is geen geldige toestemming voor een opvangverzoek: {}.", ground_nl(*missing))
        }
        Refusal::RegistrationGroundMissing(missing) => {
            format!("Er is geen geldige grond voor de registratie: {}.", ground_nl(*missing))
        }
        Refusal::PlaceTaken { needed, free } => {
            format!("De afdeling heeft {free} vrije plaatsen; er zijn er {needed} nodig.")
        }
        Refusal::HoldExpired(at) => format!("De reservering liep af op {}.", at.format("%Y-%m-%dT%H:%M:%SZ")),
        Refusal::ProposalOpen(id) => format!("Voorstel {id} staat nog open."),
        Refusal::NotACandidate => "Deze afdeling is geen kandidaat in deze match.".to_owned(),
        Refusal::MatchSuperseded => "Er is een nieuwere match; bekijk die eerst.".to_owned(),
        Refusal::QuestionsOpen(rules) => format!("Er staan nog vragen open: {}.", rules.join(", ")),
        Refusal::RuleNotDispensable(rules) => {
            format!("Uitgesloten door een regel waarvan niet mag worden afgeweken: {}.", rules.join(", "))
        }
        Refusal::DepartureReasonMissing => "Een andere keuze dan de eerste vraagt om een reden.".to_owned(),
        Refusal::VerdictChanged(rules) => {
            format!("Het oordeel over deze afdeling is veranderd: {}.", rules.join(", "))
        }
        Refusal::SecondPersonRequired => "Afwijken van een regel vraagt om een tweede persoon.".to_owned(),
        Refusal::PersonRequired => "Alleen een mens kan besluiten, geen programma.".to_owned(),
        Refusal::PlaceHasResident => {
            "Op deze plaats verblijft iemand die hier geplaatst is; meld daar het vertrek.".to_owned()
        }
    };
    let mut en = refusal.to_string();
    if let Some(first) = en.get(..1).map(str::to_uppercase) {
        en.replace_range(..1, &first);
    }
    Text::made(nl, format!("{en}."))
}

fn ground_nl(missing: MissingGround) -> &'static str {
    match missing {
        MissingGround::NotRecorded => "die is nog niet vastgelegd",
        MissingGround::Refused => "die is geweigerd",
        MissingGround::Withdrawn => "die is ingetrokken",
        MissingGround::SignerUnclear => "het is niet duidelijk of de juiste persoon heeft getekend",
        MissingGround::OutsideScope => "die geldt niet voor deze stad",
        MissingGround::NoShelterRequest => "er wordt geen opvang gevraagd",
        MissingGround::NotWritten => "die is niet schriftelijk gegeven",
        MissingGround::NotForThisReferrer => "die staat niet open voor deze aanmelder",
        MissingGround::Unexplained => "die is niet uitgelegd",
    }
}
