//! How a token travels: in one `Authorization` header and nowhere else.

use reqwest::Client;
use serde_json::json;

use super::{Answer, Believing};

#[actix_web::test]
async fn without_a_token_the_answer_asks_for_one() {
    let desk = Believing::new().await;
    let good = desk.good_token();
    let cookie = format!("access_token={good}");
    for headers in [
        vec![],
        vec![("Authorization", "Basic b21tOm9tbQ==")],
        vec![("Cookie", cookie.as_str())],
        vec![("X-Access-Token", good.as_str())],
        vec![("Proxy-Authorization", good.as_str())],
        vec![("DPoP", good.as_str())],
    ] {
        let answer = desk.ask(&headers).await;
        assert_eq!((answer.brief().as_str(), answer.challenge()), ("401 token-missing", "Bearer"), "{headers:?}");
    }
}

#[actix_web::test]
async fn the_scheme_is_bearer_in_any_letters_and_there_is_one_header() {
    let desk = Believing::new().await;
    let good = desk.good_token();
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(desk.ask(&[("Authorization", &format!("{scheme} {good}"))]).await.brief(), "200 ok");
    }
    let bearer = format!("Bearer {good}");
    for headers in [
        [("Authorization", bearer.as_str()), ("Authorization", bearer.as_str())],
        [("Authorization", bearer.as_str()), ("Authorization", "Basic b21tOm9tbQ==")],
        [("Authorization", "Basic b21tOm9tbQ=="), ("Authorization", bearer.as_str())],
    ] {
        assert_eq!(desk.ask(&headers).await.brief(), "401 token-invalid", "{headers:?}");
    }
    for header in ["Bearer", "Bearer\t", good.as_str()] {
        assert_eq!(desk.ask(&[("Authorization", header)]).await.status, 401, "{header}");
    }
}

#[actix_web::test]
async fn a_token_in_the_address_or_in_a_form_is_refused() {
    let desk = Believing::new().await;
    let good = desk.good_token();
    let bearer = format!("Bearer {good}");
    let path = format!("/referrals?access_token={good}");
    assert_eq!(desk.ask_for(&path, &[]).await.brief(), "401 token-missing");
    let both = desk.ask_for(&path, &[("Authorization", &bearer)]).await;
    assert_eq!(both.brief(), "400 unknown-parameter");
    assert!(!both.body.to_string().contains(&good), "the answer repeats the token");

    let form = |request: reqwest::RequestBuilder| {
        request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(format!("access_token={}", desk.good_token()))
    };
    let url = desk.served.url("/referrals/_search");
    assert_eq!(Answer::of(form(Client::new().post(&url))).await.brief(), "401 token-missing");
    let both = form(Client::new().post(&url).header("Authorization", &bearer));
    assert_eq!(Answer::of(both).await.brief(), "415 unsupported-media-type");
    let in_body = Client::new().post(&url).json(&json!({ "access_token": good }));
    assert_eq!(Answer::of(in_body).await.brief(), "401 token-missing");
}
