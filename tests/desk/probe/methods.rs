//! Every method on every path: HEAD where GET is, OPTIONS everywhere, 405 for all others, and nothing else.

use reqwest::Method;

use super::{Probe, assert_carries_all_headers, is_page, operations, paths};

/// Methods that callers try, also some that are no methods.
const TRIED: [&str; 11] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "get"];

#[actix_web::test]
async fn each_path_takes_its_own_methods_tells_them_and_refuses_all_others() {
    let probe = Probe::new().await;
    for (path, mut methods) in paths() {
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        methods.insert("OPTIONS".to_owned());
        for tried in TRIED {
            let method: Method = tried.parse().unwrap();
            let answer = probe.ask(&method, &path, &[], None).await;
            let mut told: Vec<_> = answer.header("allow").split(", ").collect();
            told.sort_unstable();
            match tried {
                "OPTIONS" => {
                    assert_eq!(answer.status, 204, "{path}");
                    assert_eq!(told, methods.iter().collect::<Vec<_>>(), "{path}");
                    assert!(answer.bytes.is_empty());
                }
                known if methods.contains(known) => {
                    let is_open = is_page(&format!(" {path}")) || path.ends_with("openapi.json");
                    assert_eq!(answer.status == 401, !is_open, "{tried} {path}: {}", answer.status);
                    assert_eq!(told, [""], "{tried} {path}");
                }
                _ => {
                    let slug = if tried == "HEAD" { "none" } else { "method-not-allowed" };
                    assert_eq!(answer.brief(), format!("405 {slug}"), "{tried} {path}");
                    assert_eq!(told, methods.iter().collect::<Vec<_>>(), "{tried} {path}");
                }
            }
        }
    }
}

#[actix_web::test]
async fn head_answers_as_get_does_and_sends_no_body() {
    let probe = Probe::new().await;
    let reads = operations().into_iter().filter(|operation| operation.method == Method::GET);
    let mut asked: Vec<_> =
        reads.map(|operation| (operation.anywhere(), probe.of_somebody_who_may(operation.permission))).collect();
    assert!(asked.len() > 10);
    let pages =
        ["/v1/openapi.json", "/docs/", "/docs/swagger-ui.css", "/problems/not-found", "/v1/nothing", "/docs/no"];
    asked.extend(pages.map(|page| (page.to_owned(), String::new())));
    for (path, authorization) in asked {
        let headers = [("authorization", authorization.as_str())];
        let get = probe.ask(&Method::GET, &path, &headers, None).await;
        let head = probe.ask(&Method::HEAD, &path, &headers, None).await;
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.bytes.is_empty() && !get.bytes.is_empty(), "{path}");
        let told = |answer: &super::Answer| {
            let mut told: Vec<_> =
                answer.headers.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            told.retain(|(name, _)| name != "date" && name != "ratelimit");
            told.sort();
            told
        };
        assert_eq!(told(&head), told(&get), "{path}");
    }
}

#[actix_web::test]
async fn a_target_that_is_no_path_gets_an_answer_like_any_other() {
    let probe = Probe::new().await;
    for line in ["OPTIONS * HTTP/1.1", "CONNECT desk:443 HTTP/1.1", "TRACE / HTTP/1.1", "GET // HTTP/1.1"] {
        let answer = probe.ask_raw(&format!("{line}\r\nHost: desk\r\nConnection: close\r\n\r\n")).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{line}: {answer}"));
        let status = head.split(' ').nth(1).unwrap();
        assert!(["404", "405"].contains(&status), "{line}: {head}");
        assert!(!body.contains("Host"), "{line}: nothing is sent back as it came");
        assert_carries_all_headers(line, |name| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map_or_else(String::new, |(_, v)| v.to_owned())
        });
    }
}
