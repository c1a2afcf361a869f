//! The HTTP door: the whole API on one screen.
//!
//! A call passes the `envelope` (trace, language, who calls, headers, log), then its handler's extractors in their order:
//! [`auth::Allowed`] before all else, then [`body::Body`] or [`body::Query`]. The handler calls one operation of `app`
//! and turns its outcome into a view. Errors become words in one place, [`problem`]. This floor knows no store.

pub mod act;
pub mod audit_entries;
pub mod auth;
pub mod body;
pub mod capacity;
mod check;
pub mod contract;
pub mod cors;
pub mod decisions;
pub mod demo_issuer;
mod envelope;
pub mod from_file;
mod headers;
pub mod language;
pub mod locations;
pub mod matches;
pub mod or_unknown;
pub mod organisations;
pub mod outcome;
mod pages;
pub mod placements;
pub mod places;
pub mod policies;
pub mod problem;
pub mod proposals;
pub mod receipt;
pub mod referral_body;
pub mod referral_facts;
pub mod referral_views;
pub mod referrals;
pub mod shape;
pub mod status_queries;
pub mod strict_json;
pub mod token;
pub mod trace;
pub mod units;
pub mod waiting_list;

use std::time::Duration;

use actix_web::{
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use serde_json::Value;

use self::{
    contract::{Contract, Operations},
    cors::Origins,
    problem::Problem,
    shape::NotEnforceable,
    token::{Bearer, NotBelieved, TrustedIssuer},
};
use crate::clock::{Clock, Ids};

/// The version of the contract, in full.
pub const API_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Every operation of the API. One line opens it to callers and writes it into the contract.
fn operations(list: &mut Operations<'_>) {
    list.open(referrals::submit_referral);
    list.open(referrals::list_referrals);
    list.open(referrals::search_referrals);
    list.open(referrals::read_referral);
    list.open(referrals::amend_referral);
    list.open(referrals::withdraw_referral);
    list.open(referrals::assess_referral);
    list.open(matches::match_referral);
    list.open(matches::read_latest_match);
    list.open(matches::read_match);
    list.open(proposals::propose_placement);
    list.open(proposals::list_referral_proposals);
    list.open(proposals::list_proposals);
    list.open(proposals::read_proposal);
    list.open(proposals::send_proposal);
    list.open(proposals::answer_proposal);
    list.open(proposals::cancel_proposal);
    list.open(decisions::decide_placement);
    list.open(decisions::list_decisions);
    list.open(placements::read_placement);
    list.open(placements::report_arrival);
    list.open(placements::announce_end);
    list.open(placements::report_exit);
    list.open(placements::report_disappearance);
    list.open(waiting_list::read_waiting_list);
    list.open(status_queries::query_status);
    list.open(organisations::list_organisations);
    list.open(locations::list_locations);
    list.open(units::list_units);
    list.open(units::read_unit);
    list.open(units::confirm_figures);
    list.open(places::list_places);
    list.open(places::report_place);
    list.open(capacity::read_capacity);
    list.open(policies::list_policies);
    list.open(audit_entries::list_audit_entries);
    list.open(audit_entries::search_audit_entries);
    list.open(audit_entries::verify_audit_entries);
}

/// So long a body may take to arrive: bodies are small, and one that trickles in holds a connection for nothing.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// What the door needs beside the desk: whom it believes, its clock, its ids, its own address, its contract.
#[derive(Debug)]
pub struct Gate {
    issuers: Vec<TrustedIssuer>,
    clock: Clock,
    ids: Ids,
    public_url: String,
    origins: Origins,
    body_within: Duration,
    contract: Contract,
}

impl Gate {
    /// A door that believes these issuers; `public_url` is the address under which callers reach the service.
    pub fn new(issuers: Vec<TrustedIssuer>, clock: Clock, ids: Ids, public_url: &str) -> Result<Self, NotEnforceable> {
        let contract = Contract::read(&document())?;
        let origins = Origins::default().with_own(public_url);
        let public_url = public_url.trim_end_matches('/').to_owned();
        Ok(Self { issuers, clock, ids, public_url, origins, body_within: BODY_WITHIN, contract })
    }

    /// The same door, with answers that pages of these origins may read too.
    #[must_use]
    pub fn with_origins(mut self, origins: Origins) -> Self {
        self.origins = origins.with_own(&self.public_url);
        self
    }

    /// The same door, which gives up on a body that takes longer than this to arrive.
    #[must_use]
    pub fn with_body_within(mut self, body_within: Duration) -> Self {
        self.body_within = body_within;
        self
    }

    /// Who a token speaks for, if any trusted issuer signed it.
    async fn believe(&self, token: &str) -> Result<Bearer, NotBelieved> {
        token::believe(&self.issuers, token, &self.clock).await
    }

    fn ids(&self) -> &Ids {
        &self.ids
    }

    fn public_url(&self) -> &str {
        &self.public_url
    }

    fn body_within(&self) -> Duration {
        self.body_within
    }

    fn origins(&self) -> &Origins {
        &self.origins
    }

    fn contract(&self) -> &Contract {
        &self.contract
    }

    /// The methods of a path, empty where there is no such path.
    fn methods(&self, path: &str) -> Vec<&str> {
        let mut methods = match self.contract.methods(path) {
            Some(methods) => methods,
            None if pages::is_read_only(path) => vec!["GET"],
            None => return Vec::new(),
        };
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods
    }
}

/// The contract, as `openapi/openapi.json` holds it.
pub fn document() -> Value {
    let mut list = Operations::new(None);
    operations(&mut list);
    list.document()
}

/// The contract as a file: the same text is committed, served and written by `omm openapi`.
pub fn contract_text() -> String {
    contract::text(&document())
}

/// Opens the whole API. The application's data must hold a `Data<Gate>` and a `Data<Desk>`.
pub fn routes(config: &mut ServiceConfig) {
    open(config, operations);
}

/// Opens a list of operations inside the envelope, with the pages beside them.
fn open(config: &mut ServiceConfig, list: fn(&mut Operations<'_>)) {
    let api = web::scope("/v1")
        .configure(|config| {
            config.service(pages::contract);
            list(&mut Operations::new(Some(config)));
        })
        .default_service(web::to(nothing_here));
    let all = web::scope("")
        .wrap(from_fn(envelope::envelope))
        .app_data(web::PathConfig::default().error_handler(|_, _| Problem::not_found().into()))
        .service(api)
        .configure(pages::routes)
        .default_service(web::to(nothing_here));
    config.service(all).default_service(web::to(envelope::outside));
}

/// The envelope has already told methods that a path lacks.
async fn nothing_here() -> Result<&'static str, Problem> {
    Err(Problem::not_found())
}

#[cfg(test)]
mod tests;
