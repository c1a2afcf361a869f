//! One referral as tables: for every code a unit can have, the verdicts and the weighted values, worked out once.
//!
//! The rules and criteria are the same functions everywhere; these tables only remember their answers, so that the hot
//! path looks up instead of computing.

use chrono::NaiveDate;

use super::{
    bits::{self, RuleBit, SERVICES},
    columns::{BED_COLUMNS, CARE, CompiledSnapshot, Special, is_code, kind_at, verdict_at},
    criterion::{CRITERIA, CriterionCode},
    distances::folded,
    finding::RuleCode,
    multi_problem::{MultiProblem, multi_problem, regular_shelter_insufficient},
    policy::CompiledPolicy,
    route::{RouteAdvice, route},
    rules,
    snapshot::{Contraindication, Snapshot},
    suitability::{PersonSide, UnitSide, WISH_CODES, is_wish_code},
    timing::{BedCode, DAYS, HouseholdAges, bed_code, bed_codes, starts},
    view::ReferralView,
};
use crate::domain::{catalogue::location::ProgrammeKind, fact::Verdict, ids::UnitId};

/// A table with an entry per value of a byte.
pub type ByteTable<T> = [T; 256];

/// A referral, compiled for one snapshot.
pub struct CompiledReferral<'v> {
    /// What the criteria read of the person.
    pub person: PersonSide<'v>,
    /// The weights that count for this referral.
    pub weights: [i64; CRITERIA],
    /// The route.
    pub route: RouteAdvice,
    /// The multi-problem test.
    pub multi: MultiProblem,
    /// The ages of the household.
    pub ages: HouseholdAges,
    /// The children who come along; open ones count as none.
    pub children: u16,
    /// Is their number known?
    pub children_known: bool,
    /// By programme and R-OPEN.
    pub(super) status: [u64; 16],
    pub(super) admit: ByteTable<u64>,
    pub(super) setting: ByteTable<u64>,
    pub(super) sites: Vec<(u64, i64)>,
    pub(super) needs: [u16; SERVICES.len()],
    pub(super) specials: Vec<u64>,
    /// R-BEDS (and R-AGE, if it turns on the day) as a word and the start day, by ages of the unit and bed code.
    pub(super) starts: Vec<(u64, u16)>,
    /// How far the rows of different ages lie apart; 0 if R-AGE is the same on every day.
    pub(super) starts_stride: usize,
    /// R-AGE by ages of the unit, if it is the same on every day.
    pub(super) age_words: Vec<u64>,
    /// Where the rows of units begin that do not count children.
    pub(super) starts_alone: usize,
    /// Bed codes of a household too large for the columns of the snapshot.
    pub(super) many_beds: Vec<BedCode>,
    /// Bits of R-CONFLICT by position of the unit, sorted; the rest has `conflict_elsewhere`.
    pub(super) conflicts: Vec<(u32, u64)>,
    pub(super) conflict_elsewhere: u64,
    pub(super) set_aside: Vec<u32>,
    pub(super) rules_on: u64,
    pub(super) need_score: ByteTable<i64>,
    pub(super) setting_score: ByteTable<i64>,
    pub(super) wish_score: [i64; WISH_CODES],
    pub(super) talk_score: [i64; 4],
    pub(super) day_score: [i64; DAYS],
    pub(super) open_day_score: i64,
}

impl<'v> CompiledReferral<'v> {
    /// Compiles a referral for the units of a snapshot.
    pub fn compile(
        policy: &CompiledPolicy,
        view: &'v ReferralView,
        snapshot: &Snapshot,
        units: &CompiledSnapshot,
    ) -> Self {
        let facts = &view.circumstances;
        let today = units.today;
        let person = PersonSide::of(policy, view);
        let multi = multi_problem(policy, facts);
        let age = facts.birth.known().and_then(|birth| birth.age_on(today));
        let route = route(policy, facts, age, &multi, today);
        let on = bits::rules_on(policy);
        let ages = household_ages(view, today, units.horizon);
        let (conflicts, conflict_elsewhere) = conflicts(view, snapshot, units);
        let mut compiled = Self {
            weights: person.weights(policy),
            status: status_table(policy, view, &route, &multi, today),
            admit: admit_table(view),
            setting: setting_table(policy, view),
            sites: Vec::with_capacity(units.sites.len()),
            needs: SERVICES.map(|service| rules::service::needed(facts, service)),
            specials: special_table(view, units),
            starts: Vec::new(),
            starts_stride: 0,
            age_words: Vec::new(),
            starts_alone: 0,
            many_beds: Vec::new(),
            conflicts,
            conflict_elsewhere: conflict_elsewhere & on,
            set_aside: positions(units, &view.standing_objections),
            rules_on: on,
            ages,
            children: facts
                .children_along
                .known()
                .map_or(0, |children| u16::try_from(children.len()).unwrap_or(u16::MAX)),
            children_known: facts.children_along.known().is_some(),
            need_score: [0; 256],
            setting_score: [0; 256],
            wish_score: [0; WISH_CODES],
            talk_score: [0; 4],
            day_score: [0; DAYS],
            open_day_score: 0,
            person,
            route,
            multi,
        };
        compiled.fill_starts(units);
        compiled.fill_scores(policy, units);
        compiled.fill_sites(policy, units);
        let tables = compiled.admit.iter_mut().chain(&mut compiled.setting).chain(&mut compiled.status);
        for word in tables.chain(&mut compiled.specials) {
            *word &= on;
        }
        for (_, word) in &mut compiled.conflicts {
            *word &= on;
        }
        compiled
    }

    fn weight(&self, criterion: CriterionCode) -> i64 {
        CriterionCode::ALL.iter().zip(self.weights).find(|(code, _)| **code == criterion).map_or(0, |(_, w)| w)
    }

    fn fill_scores(&mut self, policy: &CompiledPolicy, units: &CompiledSnapshot) {
        let need = self.weight(CriterionCode::NeedCoverage);
        let security = self.weight(CriterionCode::SecurityFit);
        let kind = self.weight(CriterionCode::KindPathway);
        let wish = self.weight(CriterionCode::OwnPreference);
        let talk = self.weight(CriterionCode::Communication);
        let day = self.weight(CriterionCode::TimeToBed);
        for ((need_score, setting_score), code) in self.need_score.iter_mut().zip(&mut self.setting_score).zip(0..=255)
        {
            if is_code(code) {
                *need_score = need * self.person.need_coverage(policy, code).middle;
                *setting_score = security * self.person.security_fit(policy, code).middle
                    + kind * self.person.kind_pathway(policy, code).middle;
            }
        }
        for (score, code) in self.wish_score.iter_mut().zip(0_u8..) {
            if is_wish_code(code) {
                *score = wish * self.person.own_preference(policy, code).middle;
            }
        }
        for (score, code) in self.talk_score.iter_mut().zip(0_u8..) {
            *score = talk * self.person.communication(policy, code).middle;
        }
        for (score, days) in self.day_score.iter_mut().zip(0_u16..=units.horizon) {
            *score = day * self.person.time_to_bed(policy, Some(days)).middle;
        }
        self.open_day_score = day * self.person.time_to_bed(policy, None).middle;
    }

    fn fill_sites(&mut self, policy: &CompiledPolicy, units: &CompiledSnapshot) {
        let danger = self.weight(CriterionCode::DangerDistance);
        let ties = self.weight(CriterionCode::Continuity);
        for site in &units.sites {
            let word = RuleBit::of(RuleCode::Danger).packed(rules::danger::verdict(self.person.areas.as_deref(), site))
                & self.rules_on;
            let score = danger * self.person.danger_distance(policy, site).middle
                + ties * self.person.continuity(policy, site).middle;
            self.sites.push((word, score));
        }
    }

    fn fill_starts(&mut self, units: &CompiledSnapshot) {
        let (beds, age) = (RuleBit::of(RuleCode::Beds), RuleBit::of(RuleCode::Age));
        let on = self.rules_on;
        let turns = self.ages.turns(units.horizon);
        self.age_words.extend(units.ages.iter().map(|ages| {
            let word = age.packed(self.ages.fits(*ages, units.horizon)) & on;
            if turns { 0 } else { word }
        }));
        self.starts_stride = if turns { bed_codes(units.horizon) } else { 0 };
        // Nobody's birthday falls into the horizon, as a rule: then one row of days is enough for all ages.
        let rows_of = if turns { units.ages.as_slice() } else { units.ages.get(..1).unwrap_or(&[]) };
        let kept = on & (beds.both() | if turns { age.both() } else { 0 });
        // Where children do not count, their open number does not leave the beds open either.
        for exact in if self.children_known { &[true][..] } else { &[false, true][..] } {
            self.starts_alone = self.starts.len();
            for ages in rows_of {
                let rows = &mut self.starts;
                starts(&self.ages, *ages, *exact, units.horizon, |start| {
                    rows.push(((beds.packed(start.beds) | age.packed(start.age)) & kept, start.day));
                });
            }
        }
        let wanted = self.children.saturating_add(1);
        if usize::from(wanted) > BED_COLUMNS {
            self.many_beds =
                (0..units.len()).map(|at| bed_code(units.free_places(at), wanted, units.horizon)).collect();
        }
    }

    /// When the beds for this household are there, by unit, where children count.
    pub(super) fn bed_codes<'c>(&'c self, units: &'c CompiledSnapshot) -> &'c [BedCode] {
        units.bed_codes.get(usize::from(self.children)).map_or(&self.many_beds, |column| column)
    }

    /// What the criteria read of one unit.
    pub fn unit_side<'c>(&self, units: &'c CompiledSnapshot, at: usize, start: Option<u16>) -> Option<UnitSide<'c>> {
        let site = *units.site.get(at)? as usize;
        Some(UnitSide {
            need: *units.need.get(at)?,
            setting: *units.setting.get(at)?,
            wish: *units.wish.get(at)?,
            talk: *units.talk.get(at)?,
            site: units.sites.get(site)?,
            start,
        })
    }
}

fn household_ages(view: &ReferralView, today: NaiveDate, horizon: u16) -> HouseholdAges {
    let linked = view.circumstances.linked_referrals.known().map_or(&[][..], Vec::as_slice);
    // Only a partner who is to be placed in the same unit has to fit there.
    let partner = rules::household::along(&view.circumstances).partner;
    let together = partner == Verdict::Yes;
    let partners =
        linked.iter().filter(|_| together).map(|id| view.linked.iter().find(|one| one.id == *id).map(|one| &one.birth));
    let mut ages = HouseholdAges::of(std::iter::once(Some(&view.circumstances.birth)).chain(partners), today, horizon);
    // While it is open whether a partner comes along, it is open who has to fit.
    ages.open |= partner == Verdict::Unknown;
    ages
}

/// R-VICTIM, R-CONSENT, R-OMM and R-ROUTE by programme, and R-OPEN.
fn status_table(
    policy: &CompiledPolicy,
    view: &ReferralView,
    route: &RouteAdvice,
    multi: &MultiProblem,
    today: NaiveDate,
) -> [u64; 16] {
    let facts = &view.circumstances;
    let victim = rules::victim::verdict(facts.victim_status.known().copied());
    let consent = rules::consent::verdict(policy, &view.consent, facts.birth.known(), today);
    let omm = rules::omm::verdict(multi.verdict, regular_shelter_insufficient(policy, facts));
    let always = RuleBit::of(RuleCode::Victim).packed(victim) | RuleBit::of(RuleCode::Consent).packed(consent);
    let programmes = [ProgrammeKind::Omm, ProgrammeKind::Cosm, ProgrammeKind::Iszw, ProgrammeKind::Acm];
    let by_programme = programmes.map(|programme| {
        let multiple = if programme == ProgrammeKind::Omm { omm } else { Verdict::Yes };
        always | RuleBit::of(RuleCode::Omm).packed(multiple) | RuleBit::of(RuleCode::Route).packed(route.at(programme))
    });
    let mut table = [0; 16];
    for (word, code) in table.iter_mut().zip(0_u8..) {
        let programme = by_programme.get(usize::from(code & 3)).copied().unwrap_or(always);
        *word = programme | RuleBit::of(RuleCode::Open).packed(verdict_at(code, 2));
    }
    table
}

/// R-CONTRA, R-MUSTCARE and R-GROUP, by what units have in common.
fn special_table(view: &ReferralView, units: &CompiledSnapshot) -> Vec<u64> {
    let facts = &view.circumstances;
    let contra = |wanted| {
        let all = Contraindication::ALL.into_iter().zip(0_u32..);
        all.filter(|(one, _)| rules::contra::applies(facts, *one) == wanted).fold(0_u16, |bits, (_, at)| bits | 1 << at)
    };
    let (applying, open) = (contra(Verdict::Yes), contra(Verdict::Unknown));
    let needed = facts.must_have_care.known().map_or(&[][..], Vec::as_slice);
    let group = facts.group.known().map(|name| units.groups.get(&folded(name)).copied().unwrap_or(u16::MAX));
    let word = |special: &Special| {
        let care = CARE.iter().zip([0_u8, 2, 4]).filter(|(care, _)| needed.contains(care));
        let care = rules::mustcare::verdict(care.map(|(_, shift)| verdict_at(special.care, shift)));
        let contra = rules::contra::verdict(special.contraindications, applying, open);
        RuleBit::of(RuleCode::Contra).packed(contra)
            | RuleBit::of(RuleCode::Mustcare).packed(care)
            | RuleBit::of(RuleCode::Group).packed(rules::group::verdict(group, special.group))
    };
    units.specials.iter().map(word).collect()
}

/// R-GENDER and R-HOUSEHOLD, by admission code.
fn admit_table(view: &ReferralView) -> ByteTable<u64> {
    let facts = &view.circumstances;
    let gender = facts.gender.known().copied();
    let along = rules::household::along(facts);
    let mut table = [0; 256];
    for (word, code) in table.iter_mut().zip(0..=255) {
        if is_code(code) {
            let by_gender = rules::gender::verdict(gender, verdict_at(code, 0), verdict_at(code, 2));
            let by_household = rules::household::verdict(along, verdict_at(code, 4), verdict_at(code, 6));
            *word =
                RuleBit::of(RuleCode::Gender).packed(by_gender) | RuleBit::of(RuleCode::Household).packed(by_household);
        }
    }
    table
}

/// R-KIND and R-SECURITY, by setting code.
fn setting_table(policy: &CompiledPolicy, view: &ReferralView) -> ByteTable<u64> {
    let facts = &view.circumstances;
    let urgency = facts.urgency.known().copied();
    let required = rules::security::required(facts);
    let mut table = [0; 256];
    for (word, code) in table.iter_mut().zip(0..=255) {
        if is_code(code) {
            let kind = rules::kind::verdict(urgency, kind_at(code), policy.crisis_at_move_on());
            let security = rules::security::verdict(required, verdict_at(code, 2), verdict_at(code, 4));
            *word = RuleBit::of(RuleCode::Kind).packed(kind) | RuleBit::of(RuleCode::Security).packed(security);
        }
    }
    table
}

/// R-CONFLICT where the people of a conflict are, and everywhere else.
fn conflicts(view: &ReferralView, snapshot: &Snapshot, units: &CompiledSnapshot) -> (Vec<(u32, u64)>, u64) {
    let conflicts = view.circumstances.known_conflicts.known().map_or(&[][..], Vec::as_slice);
    if conflicts.is_empty() {
        return (Vec::new(), 0);
    }
    let bit = RuleBit::of(RuleCode::Conflict);
    let elsewhere = if conflicts.iter().any(|other| !snapshot.whereabouts.contains_key(other)) {
        Verdict::Unknown
    } else {
        Verdict::Yes
    };
    let here = positions(units, &rules::conflict::stays(conflicts, &snapshot.whereabouts));
    (here.into_iter().map(|at| (at, bit.packed(Verdict::No))).collect(), bit.packed(elsewhere))
}

/// Where these units stand. Most referrals ask for none, and then nothing is looked through.
fn positions(units: &CompiledSnapshot, wanted: &[UnitId]) -> Vec<u32> {
    if wanted.is_empty() {
        return Vec::new();
    }
    (0..).zip(&units.ids).filter(|(_, id)| wanted.contains(id)).map(|(at, _)| at).collect()
}
