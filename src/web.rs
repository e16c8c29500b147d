//! The small web server: calendars at secret addresses, and nothing else.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::Wallflower;

/// Serves until `stopping` turns true; what is being answered then is answered.
pub async fn serve(
    listener: TcpListener,
    wallflower: Arc<Wallflower>,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let routes = Router::new().route("/calendar/{file}", get(calendar)).with_state(wallflower);
    let stopped = async move {
        // A sender that is gone stops it too.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    axum::serve(listener, routes).with_graceful_shutdown(stopped).await
}

/// How the server is reached where nobody says so.
pub fn address_of(listen: SocketAddr) -> String {
    format!("http://{listen}")
}

async fn calendar(State(wallflower): State<Arc<Wallflower>>, Path(file): Path<String>) -> Response {
    let Some(secret) = file.strip_suffix(".ics") else { return nothing_there() };
    match wallflower.feed(secret).await {
        Ok(Some(text)) => {
            let headers = [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, text).into_response()
        }
        Ok(None) => nothing_there(),
        Err(stop) => {
            tracing::error!(%stop, "a calendar could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The same for a secret that was taken back, and for one that never was.
fn nothing_there() -> Response {
    (StatusCode::NOT_FOUND, "There is no such calendar (any more).\n").into_response()
}
