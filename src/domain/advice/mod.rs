//! The advice list: places that CoMensha may not give away, and what they would mean for this person.
//!
//! Every location outside CoMensha's placing authority gets a card: it fits, it is possible and someone has to ask,
//! or it is not for this person and why. Advice reads the same facts as the engine, by the same three-valued rule.
//! Invariant: advice is never a candidate. No score, no rank, no free place; nothing here knows a unit's capacity.

pub mod card;
pub mod cards_file;
pub mod condition;
mod person;
pub mod render;
mod standing;

use chrono::{DateTime, Utc};

use self::{
    card::{Advice, AdviceCard, AdviceRemark, RemarkCode},
    cards_file::AdviceCards,
    person::Person,
};
use crate::domain::{
    catalogue::location::{Location, PlacingAuthority},
    fact::Verdict,
    matching::route::RouteAdvice,
    referral::{
        facts::Circumstances,
        vocabulary::{Jurisdiction, Urgency},
    },
};

/// Holds every location that CoMensha does not place in against a person, as of `now`.
///
/// The order is: what fits, what to ask, what does not suit; inside each, the strongest first, then the catalogue's.
pub fn advise(
    texts: &AdviceCards,
    circumstances: &Circumstances,
    catalogue: &[Location],
    route: &RouteAdvice,
    now: DateTime<Utc>,
) -> Advice {
    let person = Person::new(circumstances, route, now);
    let mut cards: Vec<AdviceCard> = catalogue
        .iter()
        .filter(|location| location.placing_authority != PlacingAuthority::Comensha)
        .map(|location| standing::card(texts, &person, location))
        .collect();
    cards.sort_by_key(|card| (card.standing, card.strongest.is_none()));
    let remark =
        |code: &RemarkCode| texts.remarks.get(code).map(|text| AdviceRemark { code: *code, text: text.clone() });
    let remarks = RemarkCode::ALL.iter().filter(|code| applies(**code, &person)).filter_map(remark).collect();
    Advice { cards, remarks }
}

/// Whether a remark helps this person.
fn applies(remark: RemarkCode, person: &Person<'_>) -> bool {
    // A place not recorded counts as the Netherlands, to confirm.
    let place = person.facts.jurisdiction.known().copied().unwrap_or(Jurisdiction::Nl);
    let here = place == Jurisdiction::Nl;
    match remark {
        RemarkCode::CareCoordination => here,
        RemarkCode::EmergencyBed => here && person.facts.urgency.holds(|it| *it == Urgency::Crisis) != Verdict::No,
        RemarkCode::SeventyTwoHours => {
            here && person.is_minor() != Verdict::Yes
                && condition::victimhood_open(person.facts, person.route) != Verdict::No
        }
        RemarkCode::RegularShelter => here && condition::route_regular_shelter(person.route) != Verdict::No,
        RemarkCode::FierScaling => here && person.route.omm != Verdict::No,
        RemarkCode::NoForeignAdvice => place == Jurisdiction::Other,
    }
}

#[cfg(test)]
mod base_texts;
#[cfg(test)]
mod programmes;
