//! Who may ask: only the page itself. A site elsewhere can make a browser send requests to this machine; such requests
//! name another host, come from another site, or do not know the page's key.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::stage::Stage;

/// The header that carries the page's key.
pub const KEY: &str = "x-playground-key";

/// Nothing comes from elsewhere, nothing goes elsewhere, and no other page frames this one.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

pub async fn guard(State(stage): State<Arc<Stage>>, request: Request, next: Next) -> Response {
    let mut response = match refused(&stage, request.method(), request.headers()) {
        Some(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why this request is not the page's, if it is not.
fn refused(stage: &Stage, method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let told = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = told("host").unwrap_or_default();
    if !is_ours(host, stage) {
        return Some("This playground answers only under the address that it printed.");
    }
    let from_elsewhere = told("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
    let opens_page = method == Method::GET && told("sec-fetch-mode") == Some("navigate");
    if from_elsewhere && !opens_page {
        return Some("Another site has sent this.");
    }
    let origin = told("origin").and_then(|origin| origin.strip_prefix("http://"));
    if told("origin").is_some() && origin != Some(host) {
        return Some("Another site has sent this.");
    }
    if method != Method::GET && told(KEY) != Some(stage.key.as_str()) {
        return Some("Open the page anew: this one belongs to an earlier playground.");
    }
    None
}

/// A name that somebody made point here is none of ours: an address, or `localhost`, with our port.
fn is_ours(host: &str, stage: &Stage) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let address = name.parse::<IpAddr>().ok();
    let is_here =
        name == "localhost" || address.is_some_and(|ip| ip.is_loopback() || !stage.address.ip().is_loopback());
    is_here && port == stage.address.port().to_string()
}
