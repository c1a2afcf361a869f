//! `omm demo`: the main job from referral to audit trail, on a database that is gone afterwards.
//!
//! The story plays on an invented Monday and the days after it, on a clock that it moves itself; afterwards the same
//! database is served on real time, with fresh figures, to anybody who holds one of the printed tokens.

mod chapters;
mod people;
mod reasons;
mod small_client;
mod stage;
mod telling;

use std::{
    collections::BTreeMap,
    net::{SocketAddr, TcpListener},
};

use chrono::{DateTime, Utc};

use self::{
    people::{COORDINATOR, WITH_TOKENS},
    stage::Stage,
    telling::Telling,
};
use super::{
    arguments::Demo,
    database::{self, OpenDatabase},
    desk,
    ending::{Ending, Trouble},
    serve::StopSignals,
    server::{self, Running},
    terminal::Terminal,
};
use crate::{
    api::{Gate, demo_issuer::DemoIssuer},
    app::{confirm_figures::confirm_figures, read_capacity::read_capacity},
    clock::{Clock, Ids},
    domain::role::Permission,
    store::private_cluster::{Durability, PrivateCluster},
};

/// Connections of the demo.
const CONNECTIONS: usize = 8;

/// Ids of the story are drawn from here, so that it is the same story every time.
const SEED: u64 = 36;

/// The invented Monday on which the story begins, nine in the morning in Amsterdam.
fn monday_morning() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_150) + chrono::TimeDelta::hours(8)
}

/// Tells the story, and unless it is for once only serves what came of it.
pub(super) async fn demo(terminal: &mut Terminal, asked: Demo) -> Result<Ending, Trouble> {
    let listener = server::listen(&asked.listen)?;
    let address = listener.local_addr().map_err(Trouble::unavailable)?;
    if !address.ip().is_loopback() {
        return Err(Trouble::usage(format!(
            "--listen: {address} is open to others; the demo gives tokens to anybody, so it serves this machine only"
        )));
    }
    let cluster = PrivateCluster::start_temporary(Durability::Full)?;
    let issuer = DemoIssuer::new().map_err(Trouble::broken)?;
    let key_file = cluster.folder().join("issuer.key");
    issuer.keep(&key_file).map_err(Trouble::unavailable)?;
    let open = database::migrated(cluster, CONNECTIONS).await?;
    let steps = Box::pin(story(terminal, &open, &issuer, &listener)).await?;
    terminal.say("");
    terminal.say(format_args!("The story holds: every one of its {steps} steps was checked."));
    if asked.once {
        return Ok(Ending::Done);
    }
    let (clock, ids) = (Clock::system(), Ids::random());
    let mut stop = StopSignals::listen()?;
    let mut running = start(&open, &issuer, &listener, &clock, &ids)?;
    refresh(&open, &clock, &ids).await?;
    tell_how_to_go_on(terminal, address, &issuer, &key_file.display().to_string(), &clock, &ids)?;
    let OpenDatabase { store, mut cluster } = open;
    let outcome = stop.wait(&mut running, cluster.as_mut()).await;
    running.stop().await;
    drop(store);
    if let Some(cluster) = cluster {
        drop(tokio::task::spawn_blocking(|| cluster.stop()).await);
    }
    terminal.note("stopped; nothing is left of the demo");
    outcome
}

/// Tells the story; gives the number of its steps.
async fn story(
    terminal: &mut Terminal,
    open: &OpenDatabase,
    issuer: &DemoIssuer,
    listener: &TcpListener,
) -> Result<usize, Trouble> {
    let (clock, ids) = (Clock::settable(monday_morning()), Ids::seeded(SEED));
    let running = start(open, issuer, listener, &clock, &ids)?;
    let mut stage = Stage {
        telling: Telling::new(terminal),
        desk: desk::on(open.store.clone(), clock.clone(), ids),
        clock,
        address: listener.local_addr().map_err(Trouble::unavailable)?,
        issuer,
        units: BTreeMap::new(),
    };
    let told = Box::pin(chapters::tell(&mut stage)).await;
    let steps = stage.telling.steps();
    running.stop().await;
    told.map(|()| steps)
}

fn start(
    open: &OpenDatabase,
    issuer: &DemoIssuer,
    listener: &TcpListener,
    clock: &Clock,
    ids: &Ids,
) -> Result<Running, Trouble> {
    let listener = listener.try_clone().map_err(Trouble::unavailable)?;
    let address = listener.local_addr().map_err(Trouble::unavailable)?;
    let trusted = issuer.trusted().map_err(Trouble::broken)?;
    let gate = Gate::new(vec![trusted], clock.clone(), Ids::random(), &format!("http://{address}"));
    let desk = desk::on(open.store.clone(), clock.clone(), ids.clone());
    server::start(listener, desk, gate.map_err(Trouble::broken)?).map_err(Trouble::unavailable)
}

/// The story lies in the past: on real time the figures are confirmed anew, so that something can be matched.
async fn refresh(open: &OpenDatabase, clock: &Clock, ids: &Ids) -> Result<(), Trouble> {
    let desk = desk::on(open.store.clone(), clock.clone(), ids.clone());
    let scope = COORDINATOR.reach(Permission::ReadCapacity)?;
    for line in read_capacity(&desk, &COORDINATOR.asks(Permission::ReadCapacity), scope).await? {
        confirm_figures(&desk, &COORDINATOR.asks(Permission::ReportCapacity), scope, line.unit.id).await?;
    }
    Ok(())
}

fn tell_how_to_go_on(
    terminal: &mut Terminal,
    address: SocketAddr,
    issuer: &DemoIssuer,
    key_file: &str,
    clock: &Clock,
    ids: &Ids,
) -> Result<(), Trouble> {
    terminal.say("");
    terminal.say(format_args!(
        "Now it serves, until Ctrl-C:  API http://{address}/v1  ·  documentation http://{address}/docs"
    ));
    terminal.say("Tokens, good for six hours (copy one line into a shell, then the curl line below it):");
    for person in WITH_TOKENS {
        let organisation = person.organisation();
        let made = issuer.token(person.role, organisation.as_ref(), person.subject, clock.now(), ids.next_uuid());
        let token = made.map_err(Trouble::broken)?;
        terminal.say("");
        let of = person.organisation.map(|code| format!(" of {code}")).unwrap_or_default();
        terminal.say(format_args!("# {}{of}", person.role));
        terminal.say(format_args!("TOKEN={token}"));
        terminal.say(format_args!("curl -s -H \"Authorization: Bearer $TOKEN\" {}", person.try_it(address)));
    }
    terminal.say("");
    terminal.say(format_args!("More tokens: omm token --key {key_file} --role ROLE [--organisation CODE]"));
    terminal.say(format_args!("The trail:   omm audit verify --data {}", key_file.trim_end_matches("/issuer.key")));
    Ok(())
}
