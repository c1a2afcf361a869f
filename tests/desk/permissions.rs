//! Who may do what, proved on the running API: the table is made from the published contract, so that an operation
//! without a permission, or one that asks for another than it declares, cannot stay.

use std::fmt::Write;

use actix_web::{
    App,
    http::Method,
    test::{TestRequest, init_service, try_call_service},
    web::Data,
};
use chrono::{DateTime, Utc};
use omm::{
    api::{self, Gate, demo_issuer::DemoIssuer},
    clock::{Clock, Ids},
    domain::role::{Permission, Role, Scope, scope},
};
use serde_json::Value;
use uuid::Uuid;

/// One operation of the contract.
struct Operation {
    id: String,
    method: Method,
    path: String,
    permission: Permission,
}

fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            let permission = declared(operation).unwrap_or_else(|| panic!("{id} declares no permission"));
            let method = method.to_uppercase().parse().unwrap();
            found.push(Operation { id, method, path: path.clone(), permission });
        }
    }
    found.sort_by_key(|operation| (operation.permission, operation.id.clone()));
    found
}

/// The permission that an operation declares: exactly one, under `bearer`.
fn declared(operation: &Value) -> Option<Permission> {
    let [requirement] = operation["security"].as_array()?.as_slice() else { return None };
    let [name] = requirement["bearer"].as_array()?.as_slice() else { return None };
    Permission::ALL.into_iter().find(|permission| name == permission.as_str())
}

#[test]
fn the_table_of_operations_and_roles() {
    let mut table = format!("{:<28}{:<20}", "operation", "permission");
    for role in Role::ALL {
        write!(table, " {role}").unwrap();
    }
    for operation in operations() {
        write!(table, "\n{:<28}{:<20}", operation.id, operation.permission.as_str()).unwrap();
        for role in Role::ALL {
            let cell = match scope(role, operation.permission) {
                Some(Scope::Full) => "full",
                Some(Scope::Own) => "own",
                Some(Scope::Status) => "status",
                None => "-",
            };
            write!(table, " {cell:<width$}", width = role.as_str().len()).unwrap();
        }
    }
    let lines: Vec<_> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[actix_web::test]
async fn each_operation_lets_in_the_roles_of_the_table_and_nobody_else() {
    let now: DateTime<Utc> = "2026-03-02T12:00:00Z".parse().unwrap();
    let issuer = DemoIssuer::new().unwrap();
    let trusted = vec![issuer.trusted().unwrap()];
    let gate = Gate::new(trusted, Clock::settable(now), Ids::seeded(1), "http://localhost").unwrap();
    // There is no desk behind this door: whoever is let in meets an error that is neither 401 nor 403.
    let app = init_service(App::new().app_data(Data::new(gate)).configure(api::routes)).await;
    let status = async |operation: &Operation, token: Option<String>| {
        let path = operation
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() });
        let uri = format!("/v1{}", path.collect::<Vec<_>>().join("/"));
        let request = TestRequest::default().method(operation.method.clone()).uri(&uri);
        let request = match token {
            Some(token) => request.insert_header(("authorization", format!("Bearer {token}"))),
            None => request,
        };
        match try_call_service(&app, request.to_request()).await {
            Ok(response) => response.status().as_u16(),
            Err(error) => error.as_response_error().status_code().as_u16(),
        }
    };
    for operation in operations() {
        assert_eq!(status(&operation, None).await, 401, "{} without a token", operation.id);
        for role in Role::ALL {
            let token = issuer.token(role, Some(&"kadera".into()), "somebody", now, Uuid::nil()).unwrap();
            let status = status(&operation, Some(token)).await;
            let is_allowed = scope(role, operation.permission).is_some();
            assert_eq!(status != 403, is_allowed, "{} as {role}: {status}", operation.id);
            assert!(![401, 404, 405].contains(&status), "{} as {role}: {status}", operation.id);
        }
    }
}
