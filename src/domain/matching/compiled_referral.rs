//! One referral as tables: for every code a unit can have, the verdicts and the weighted values, worked out once.
//!
//! The rules and criteria are the same functions everywhere; these tables only remember their answers, so that the hot
//! path looks up instead of computing.

use chrono::NaiveDate;

use super::{
    bits::{self, RuleBit, SERVICES},
    columns::{CARE, CompiledSnapshot, is_code, kind_at, verdict_at},
    criterion::{CRITERIA, CriterionCode},
    distances::folded,
    finding::RuleCode,
    multi_problem::{MultiProblem, multi_problem, regular_shelter_insufficient},
    policy::CompiledPolicy,
    route::{RouteAdvice, route},
    rules,
    snapshot::{Contraindication, Snapshot},
    suitability::{PersonSide, UnitSide, WISH_CODES, is_wish_code},
    timing::{DAYS, HouseholdAges},
    view::ReferralView,
};
use crate::domain::{catalogue::location::ProgrammeKind, fact::Verdict};

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
    pub(super) programme: [u64; 4],
    pub(super) admit: ByteTable<u64>,
    pub(super) setting: ByteTable<u64>,
    pub(super) open: [u64; 4],
    pub(super) sites: Vec<(u64, i64)>,
    pub(super) needs: [u16; SERVICES.len()],
    pub(super) contra_applies: u16,
    pub(super) contra_open: u16,
    pub(super) care: [bool; CARE.len()],
    pub(super) group: Option<u16>,
    /// Bits of R-CONFLICT by position of the unit, sorted; the rest has `conflict_elsewhere`.
    pub(super) conflicts: Vec<(u32, u64)>,
    pub(super) conflict_elsewhere: u64,
    pub(super) set_aside: Vec<u32>,
    /// True if services, contra-indications, care or a group have to be looked at.
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
        let contra = |wanted| {
            let applying =
                Contraindication::ALL.into_iter().filter(|one| rules::contra::applies(facts, *one) == wanted);
            super::columns::contraindication_bits(&applying.collect::<Vec<_>>())
        };
        let (conflicts, conflict_elsewhere) = conflicts(view, snapshot, units);
        let mut compiled = Self {
            weights: person.weights(policy),
            programme: programme_table(policy, view, &route, &multi, today).map(|word| word & on),
            admit: admit_table(view),
            setting: setting_table(policy, view),
            open: [Verdict::Unknown, Verdict::Yes, Verdict::No, Verdict::Unknown]
                .map(|verdict| RuleBit::of(RuleCode::Open).packed(verdict) & on),
            sites: Vec::with_capacity(units.sites.len()),
            needs: SERVICES.map(|service| rules::service::needed(facts, service)),
            contra_applies: contra(Verdict::Yes),
            contra_open: contra(Verdict::Unknown),
            care: CARE.map(|care| facts.must_have_care.known().is_some_and(|needed| needed.contains(&care))),
            group: facts.group.known().map(|name| units.groups.get(&folded(name)).copied().unwrap_or(u16::MAX)),
            conflicts,
            conflict_elsewhere: conflict_elsewhere & on,
            set_aside: positions(units, |id| view.standing_objections.contains(&id)),
            rules_on: on,
            ages: household_ages(view, today),
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
        compiled.fill_scores(policy, units);
        compiled.fill_sites(policy, view, units);
        for word in compiled.admit.iter_mut().chain(&mut compiled.setting) {
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

    fn fill_sites(&mut self, policy: &CompiledPolicy, view: &ReferralView, units: &CompiledSnapshot) {
        let areas = view.circumstances.danger_regions.known().map(Vec::as_slice);
        let danger = self.weight(CriterionCode::DangerDistance);
        let ties = self.weight(CriterionCode::Continuity);
        for site in &units.sites {
            let word = RuleBit::of(RuleCode::Danger).packed(rules::danger::verdict(areas, site)) & self.rules_on;
            let score = danger * self.person.danger_distance(policy, site).middle
                + ties * self.person.continuity(policy, site).middle;
            self.sites.push((word, score));
        }
    }

    /// What the criteria read of one unit.
    pub fn unit_side<'c>(&self, units: &'c CompiledSnapshot, at: usize, start: Option<u16>) -> Option<UnitSide<'c>> {
        let site = usize::from(*units.site.get(at)?);
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

fn household_ages(view: &ReferralView, today: NaiveDate) -> HouseholdAges {
    let linked = view.circumstances.linked_referrals.known().map_or(&[][..], Vec::as_slice);
    // Only a partner who is to be placed in the same unit has to fit there.
    let partner = rules::household::along(&view.circumstances).partner;
    let together = partner == Verdict::Yes;
    let partners =
        linked.iter().filter(|_| together).map(|id| view.linked.iter().find(|one| one.id == *id).map(|one| &one.birth));
    let mut ages = HouseholdAges::of(std::iter::once(Some(&view.circumstances.birth)).chain(partners), today);
    // While it is open whether a partner comes along, it is open who has to fit.
    ages.open |= partner == Verdict::Unknown;
    ages
}

/// R-VICTIM, R-CONSENT, R-OMM and R-ROUTE, by programme.
fn programme_table(
    policy: &CompiledPolicy,
    view: &ReferralView,
    route: &RouteAdvice,
    multi: &MultiProblem,
    today: NaiveDate,
) -> [u64; 4] {
    let facts = &view.circumstances;
    let victim = rules::victim::verdict(facts.victim_status.known().copied());
    let consent = rules::consent::verdict(policy, &view.consent, facts.birth.known(), today);
    let omm = rules::omm::verdict(multi.verdict, regular_shelter_insufficient(policy, facts));
    let always = RuleBit::of(RuleCode::Victim).packed(victim) | RuleBit::of(RuleCode::Consent).packed(consent);
    let programmes = [ProgrammeKind::Omm, ProgrammeKind::Cosm, ProgrammeKind::Iszw, ProgrammeKind::Acm];
    programmes.map(|programme| {
        let multiple = if programme == ProgrammeKind::Omm { omm } else { Verdict::Yes };
        always | RuleBit::of(RuleCode::Omm).packed(multiple) | RuleBit::of(RuleCode::Route).packed(route.at(programme))
    })
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
    let here = positions(units, |id| rules::conflict::verdict(conflicts, &snapshot.whereabouts, id) == Verdict::No);
    (here.into_iter().map(|at| (at, bit.packed(Verdict::No))).collect(), bit.packed(elsewhere))
}

fn positions(units: &CompiledSnapshot, wanted: impl Fn(crate::domain::ids::UnitId) -> bool) -> Vec<u32> {
    (0..).zip(&units.ids).filter(|(_, id)| wanted(**id)).map(|(at, _)| at).collect()
}
