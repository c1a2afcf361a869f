//! The world as the engine sees it: every unit where CoMensha places, with its live figures at one moment.
//!
//! Invariant: a constant number of statements, sent together, however many units and places there are. What ends by the
//! clock (holds, places kept after a disappearance, places out of use) has ended here, whether or not a job has run.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, QueryDsl, QueryableByName, SelectableHelper,
    dsl::{count_star, max, sum},
    sql_types::{BigInt, Date, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

pub use super::whereabouts::whereabouts;

use super::{
    cached::Cached,
    catalogue::{LocationRow, UnitRow, location_of, unit_of},
    error::StoreError,
    occupancy::day_of,
    schema::{locations, occupancies, placements, proposals, units},
    transaction::Tx,
    words::Reader,
};
use crate::domain::{
    catalogue::availability::AnnouncedEnd,
    matching::snapshot::{PlaceCount, Snapshot, UnitState, with_onward_steps},
};

/// Places per unit: all, taken, and out of use. A place that is both taken and out of use counts as taken.
const COUNT_PLACES: &str = "
    SELECT unit, count(*) AS total, count(*) FILTER (WHERE taken) AS occupied,
           count(*) FILTER (WHERE NOT taken AND state = 'out_of_use' AND (until IS NULL OR until > $2)) AS out_of_use
    FROM (SELECT p.unit, p.state, p.until, EXISTS (
              SELECT FROM occupancies o
              WHERE o.place = p.id AND (o.taken_until IS NULL OR o.taken_until > $1)
                AND (o.kept_until IS NULL OR o.kept_until > $1)) AS taken
          FROM places p WHERE NOT p.retired) AS place
    GROUP BY unit";

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = SqlUuid)]
    unit: Uuid,
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = BigInt)]
    occupied: i64,
    #[diesel(sql_type = BigInt)]
    out_of_use: i64,
}

/// What is live about the units, by unit.
struct Live {
    counts: BTreeMap<Uuid, Count>,
    held: BTreeMap<Uuid, i64>,
    ends: BTreeMap<Uuid, Vec<AnnouncedEnd>>,
    last: BTreeMap<Uuid, DateTime<Utc>>,
}

/// All units where CoMensha places, as they stand at `at`, in the order of the catalogue.
pub async fn load(tx: &Tx<'_>, at: DateTime<Utc>) -> Result<Snapshot, StoreError> {
    let described = units::table
        .inner_join(locations::table)
        .filter(locations::placing_authority.eq("comensha"))
        .order((units::position, units::code))
        .select((LocationRow::as_select(), UnitRow::as_select()))
        .load::<(LocationRow, UnitRow)>(&mut tx.on());
    let described = async { Ok::<_, StoreError>(described.await?) };
    let (described, mut live) = futures_util::try_join!(described, live(tx, at))?;
    let mut states = Vec::with_capacity(described.len());
    for (location, unit) in described {
        let confirmed_at = unit.confirmed_at();
        let (location, unit) = (location_of(location, Vec::new())?, unit_of(unit)?);
        let Some(mut state) = UnitState::documented(&location, &unit) else { continue };
        live.fill(&mut state)?;
        state.figures_as_of = confirmed_at;
        if let (Some(count), Some(_)) = (&mut state.capacity, confirmed_at) {
            // The number was an assumption until the shelter reported.
            count.assumed = false;
        }
        states.push(state);
    }
    Ok(Snapshot { at, units: with_onward_steps(states), whereabouts: BTreeMap::new() })
}

async fn live(tx: &Tx<'_>, at: DateTime<Utc>) -> Result<Live, StoreError> {
    let counts = Cached(diesel::sql_query(COUNT_PLACES).bind::<Timestamptz, _>(at).bind::<Date, _>(day_of(at)));
    let counts = counts.load::<Count>(&mut tx.on());
    let held = proposals::table
        .filter(proposals::hold_until.gt(at))
        .group_by(proposals::unit)
        .select((proposals::unit, sum(proposals::beds)))
        .load::<(Uuid, Option<i64>)>(&mut tx.on());
    let ends = occupancies::table
        .filter(occupancies::taken_until.is_null())
        .filter(occupancies::kept_until.is_null().or(occupancies::kept_until.gt(at)))
        .filter(occupancies::end_on.is_not_null())
        .group_by((occupancies::unit, occupancies::end_on, occupancies::end_certainty))
        .order((occupancies::unit, occupancies::end_on, occupancies::end_certainty))
        .select((occupancies::unit, occupancies::end_on, occupancies::end_certainty, count_star()))
        .load::<(Uuid, Option<NaiveDate>, Option<String>, i64)>(&mut tx.on());
    let last = placements::table
        .group_by(placements::unit)
        .select((placements::unit, max(placements::reserved_at)))
        .load::<(Uuid, Option<DateTime<Utc>>)>(&mut tx.on());
    let (counts, held, ends, last) = futures_util::try_join!(counts, held, ends, last)?;
    let mut by_unit: BTreeMap<Uuid, Vec<AnnouncedEnd>> = BTreeMap::new();
    for (unit, on, certainty, places) in ends {
        let reader = Reader::of("occupancies of unit", unit);
        by_unit.entry(unit).or_default().push(AnnouncedEnd {
            on: reader.needed("end_on", on)?,
            certainty: reader.needed_word("end_certainty", certainty)?,
            places: reader.number("places", places)?,
        });
    }
    Ok(Live {
        counts: counts.into_iter().map(|count| (count.unit, count)).collect(),
        held: held.into_iter().map(|(unit, beds)| (unit, beds.unwrap_or(0))).collect(),
        ends: by_unit,
        last: last.into_iter().filter_map(|(unit, at)| Some((unit, at?))).collect(),
    })
}

impl Live {
    fn fill(&mut self, state: &mut UnitState) -> Result<(), StoreError> {
        let unit = state.id.0;
        let reader = Reader::of("places of unit", unit);
        if let (Some(capacity), Some(count)) = (&mut state.capacity, self.counts.get(&unit)) {
            *capacity = PlaceCount {
                total: reader.number("total", count.total)?,
                assumed: capacity.assumed,
                occupied: reader.number("occupied", count.occupied)?,
                held: reader.number("held", self.held.get(&unit).copied().unwrap_or(0))?,
                out_of_use: reader.number("out_of_use", count.out_of_use)?,
            };
        }
        state.ends = self.ends.remove(&unit).unwrap_or_default();
        state.last_placement_at = self.last.remove(&unit);
        Ok(())
    }
}
