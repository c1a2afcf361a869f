//! The route that law and the sector prescribe: residence title, dates, age, guardian, multiple problems.
//!
//! A table of eleven rows. The first row that is yes prescribes, if no row above it is unknown; else the route is
//! unknown and the open facts are the questions. Rows 0 and 1 are signals: they fire on a recorded fact only.
//! The route never reads nationality: the title and the dates are all there is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    finding::FactCode,
    multi_problem::MultiProblem,
    policy::CompiledPolicy,
    reflection::{ReflectionEnd, reflection_end},
};
use crate::domain::{
    catalogue::location::ProgrammeKind,
    fact::Verdict,
    referral::{
        facts::{Circumstances, RouteJudgement},
        needs::Ggz,
        reasons::TargetRoute,
        vocabulary::{ExploitationForm, Guardian, Jurisdiction, ResidencePhase},
    },
};

/// The id under which a row is shown; R0 is R-CONSENT and R2 is R-VICTIM, which stand beside the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum RouteId {
    /// Another country.
    R1,
    /// Unaccompanied minor: Nidos.
    R3,
    /// Dutch or EU minor: youth care.
    R4,
    /// OMM.
    R5,
    /// Labour exploitation beds.
    R6,
    /// Regular shelter.
    R7,
    /// COSM.
    R8,
    /// Reflection period with multiple problems: never automatic.
    R9,
    /// Reflection period first.
    R10,
    /// Another title: coordinator.
    R11,
    /// Title or age open.
    R12,
    /// Acute psychiatric care first.
    #[serde(rename = "R-ACUTE")]
    Acute,
}

/// The route with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RouteAdvice {
    /// The row of the table, 0 to 10; of an unknown route the first row that may hold.
    pub row: u8,
    /// The id and reason code of the row.
    pub id: RouteId,
    /// Where it leads.
    pub target: TargetRoute,
    /// Where it may lead as well: both are shown, the coordinator chooses.
    pub also: Vec<TargetRoute>,
    /// R-ROUTE at an OMM unit.
    pub omm: Verdict,
    /// R-ROUTE at a COSM unit.
    pub cosm: Verdict,
    /// R-ROUTE at a unit for labour exploitation.
    pub iszw: Verdict,
    /// True if a coordinator's recorded judgement settled it.
    pub by_judgement: bool,
    /// What is open.
    pub open_facts: Vec<FactCode>,
    /// When the reflection period ends, if one is recorded.
    pub reflection_end: Option<ReflectionEnd>,
    /// True if that day is past: then the title has to be asked again.
    pub reflection_past: bool,
    /// In Dutch.
    pub text_nl: String,
    /// In English.
    pub text_en: String,
}

impl RouteAdvice {
    /// R-ROUTE at a unit of this programme.
    pub fn at(&self, programme: ProgrammeKind) -> Verdict {
        match programme {
            ProgrammeKind::Omm => self.omm,
            ProgrammeKind::Cosm => self.cosm,
            ProgrammeKind::Iszw => self.iszw,
            // No row names these, so a route that is known leads elsewhere.
            ProgrammeKind::Acm
            | ProgrammeKind::NationalProgramme
            | ProgrammeKind::LocalProgramme
            | ProgrammeKind::MensShelter
            | ProgrammeKind::ProtectedShelter
            | ProgrammeKind::ForeignProgramme
            | ProgrammeKind::ForeignCentre
            | ProgrammeKind::ForeignPartner => {
                if self.omm == Verdict::Unknown {
                    Verdict::Unknown
                } else {
                    Verdict::No
                }
            }
        }
    }
}

/// The verdict of every row.
struct Rows {
    verdicts: [Verdict; 11],
    adult: Verdict,
    title_known: bool,
    reflection_end: Option<ReflectionEnd>,
    reflection_past: bool,
}

/// The route of a household on a day.
pub fn route(
    policy: &CompiledPolicy,
    facts: &Circumstances,
    age: Option<u8>,
    multi: &MultiProblem,
    today: NaiveDate,
) -> RouteAdvice {
    let rows = rows(policy, facts, age, multi.verdict, today);
    let first = rows.verdicts.iter().zip(0_u8..).find(|(verdict, _)| **verdict != Verdict::No);
    let (verdict, row) = first.map_or((Verdict::Yes, 10), |(verdict, row)| (*verdict, row));
    let mut advice = RouteAdvice {
        row,
        id: id_of(row, &rows),
        target: TargetRoute::Undetermined,
        also: Vec::new(),
        omm: Verdict::Unknown,
        cosm: Verdict::Unknown,
        iszw: Verdict::Unknown,
        by_judgement: false,
        open_facts: Vec::new(),
        reflection_end: rows.reflection_end,
        reflection_past: rows.reflection_past,
        text_nl: String::new(),
        text_en: String::new(),
    };
    if verdict == Verdict::Yes {
        prescribe(&mut advice, row, facts, &rows);
    } else {
        advice.id = if rows.adult == Verdict::Unknown || !rows.title_known { RouteId::R12 } else { advice.id };
        advice.open_facts = open_facts(facts, &rows, multi);
    }
    if advice.omm == Verdict::Unknown
        && let Some(judgement) = facts.route_judgement.known()
    {
        settle(&mut advice, *judgement);
    }
    advice
}

fn rows(policy: &CompiledPolicy, facts: &Circumstances, age: Option<u8>, multi: Verdict, today: NaiveDate) -> Rows {
    use ResidencePhase as Title;
    let adult = Verdict::of(age.map(|age| age >= policy.adult_age()));
    let minor = adult.not();
    let title = |titles: &[Title]| facts.residence_phase.holds(|title| titles.contains(title));
    let offered = facts.reflection_start.known().is_some();
    let reflection_end = reflection_end(facts, policy.reflection_terms());
    let runs = title(if offered { &[Title::B8Reflection, Title::Dublin] } else { &[Title::B8Reflection] });
    // Of two possible ends the earlier counts: the period may be over.
    let reflection_past = runs == Verdict::Yes && reflection_end.is_some_and(|end| end.last_day < today);
    let reflection = if reflection_past { Verdict::Unknown } else { runs };
    let lawful = title(&[Title::Dutch, Title::EuLawful, Title::B8Permit]);
    let home = title(&[Title::Dutch, Title::EuLawful]);
    let guardian = |guardian: Guardian| facts.guardian.holds(|known| *known == guardian);
    let labour = facts.exploitation_forms.holds(|forms| forms.contains(&ExploitationForm::LabourOrServices));
    let signal = |fires: bool| if fires { Verdict::Yes } else { Verdict::No };
    let verdicts = [
        signal(matches!(facts.jurisdiction.known(), Some(Jurisdiction::Be | Jurisdiction::Other))),
        signal(facts.ggz.known() == Some(&Ggz::AcuteClinical)),
        minor.and(guardian(Guardian::Nidos).or(guardian(Guardian::None).and(home.not()))),
        minor.and(home),
        adult.and(title(&[Title::None, Title::EuNoRight])).and(signal(!offered)),
        adult.and(reflection).and(multi),
        adult.and(reflection).and(multi.not()),
        adult.and(lawful).and(multi),
        adult.and(labour).and(multi.not()),
        adult.and(lawful).and(multi.not()),
        Verdict::Yes,
    ];
    Rows { verdicts, adult, title_known: facts.residence_phase.known().is_some(), reflection_end, reflection_past }
}

fn id_of(row: u8, rows: &Rows) -> RouteId {
    match row {
        0 => RouteId::R1,
        1 => RouteId::Acute,
        2 => RouteId::R3,
        3 => RouteId::R4,
        4 => RouteId::R10,
        5 => RouteId::R9,
        6 => RouteId::R8,
        7 => RouteId::R5,
        8 => RouteId::R6,
        9 => RouteId::R7,
        10.. if rows.adult == Verdict::Unknown || !rows.title_known => RouteId::R12,
        10.. => RouteId::R11,
    }
}

/// What a row that holds prescribes.
fn prescribe(advice: &mut RouteAdvice, row: u8, facts: &Circumstances, rows: &Rows) {
    let [.., labour_row, regular_row, _] = rows.verdicts;
    let none = [Verdict::No; 3];
    let (target, [omm, cosm, iszw]) = match row {
        0 if facts.jurisdiction.known() == Some(&Jurisdiction::Be) => (TargetRoute::ForeignProgramme, none),
        0 => (TargetRoute::RegistrationOnly, none),
        1 => (TargetRoute::GgzCrisisFirst, [Verdict::Unknown; 3]),
        2 => (TargetRoute::Nidos, none),
        3 => (TargetRoute::YouthCare, none),
        4 => (TargetRoute::ReflectionPeriodFirst, none),
        6 => (TargetRoute::Cosm, [Verdict::No, Verdict::Yes, labour_row]),
        7 => (TargetRoute::Omm, [Verdict::Yes, Verdict::No, Verdict::No]),
        8 => (TargetRoute::Iszw, [Verdict::No, Verdict::No, Verdict::Yes]),
        9 => (TargetRoute::WmoShelter, none),
        5 | 10.. => (TargetRoute::Undetermined, [Verdict::Unknown; 3]),
    };
    (advice.target, advice.omm, advice.cosm, advice.iszw) = (target, omm, cosm, iszw);
    match row {
        5 => advice.also = vec![TargetRoute::Cosm, TargetRoute::Omm],
        6 if labour_row == Verdict::Yes => advice.also = vec![TargetRoute::Iszw],
        8 if regular_row == Verdict::Yes => advice.also = vec![TargetRoute::WmoShelter],
        0..=4 | 6..=9 | 10.. => {}
    }
    if matches!(row, 1 | 5 | 10..) {
        advice.open_facts = vec![FactCode::RouteJudgement];
    }
}

/// The facts that keep the route open.
fn open_facts(facts: &Circumstances, rows: &Rows, multi: &MultiProblem) -> Vec<FactCode> {
    let [_, _, nidos, _, _, designated, cosm, omm, labour, regular, _] = rows.verdicts;
    let mut open = Vec::new();
    if rows.adult == Verdict::Unknown {
        open.push(FactCode::Birth);
    }
    if !rows.title_known || rows.reflection_past {
        open.push(FactCode::ResidencePhase);
    }
    if nidos == Verdict::Unknown && facts.guardian.known().is_none() {
        open.push(FactCode::Guardian);
    }
    let needs_multi = [designated, cosm, omm, labour, regular].contains(&Verdict::Unknown);
    if needs_multi && multi.verdict == Verdict::Unknown {
        open.extend(&multi.open_facts);
    }
    if labour == Verdict::Unknown && facts.exploitation_forms.known().is_none() {
        open.push(FactCode::ExploitationForms);
    }
    open.sort_unstable();
    open.dedup();
    open
}

/// A coordinator's recorded judgement settles what the table leaves open.
fn settle(advice: &mut RouteAdvice, judgement: RouteJudgement) {
    let named = |this| if judgement == this { Verdict::Yes } else { Verdict::No };
    advice.omm = named(RouteJudgement::Omm);
    advice.cosm = named(RouteJudgement::Cosm);
    advice.iszw = named(RouteJudgement::Iszw);
    advice.target = match judgement {
        RouteJudgement::Omm => TargetRoute::Omm,
        RouteJudgement::Cosm => TargetRoute::Cosm,
        RouteJudgement::Iszw => TargetRoute::Iszw,
        RouteJudgement::Other => advice.target,
    };
    advice.also.clear();
    advice.open_facts.clear();
    advice.by_judgement = true;
}

#[cfg(test)]
mod tests;
