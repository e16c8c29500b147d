//! The same Discord over TLS, as `discord.com`: for clients whose own rate limiter works only at that address.
//!
//! ```no_run
//! # async fn story(discord: fake_discord::Discord) {
//! let tls = discord.serve_tls().await;
//! // reqwest: .resolve("discord.com", tls.address).add_root_certificate(…from_der(&tls.certificate)…)
//! # }
//! ```

use std::net::SocketAddr;
use std::sync::Arc;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

use crate::Discord;

/// Where the TLS port is, and what a client must trust to use it.
#[derive(Debug, Clone)]
pub struct Tls {
    /// What `discord.com` must resolve to, with its port.
    pub address: SocketAddr,
    /// DER, self-signed for `discord.com`, made anew for each port.
    pub certificate: Vec<u8>,
}

struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // Who fails the handshake is no client of ours; the next one may be.
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl Discord {
    /// Serves REST over TLS on a further loopback port. The gateway stays where `gateway_url` says.
    ///
    /// # Panics
    /// Where no certificate can be made or no port be had.
    #[expect(clippy::expect_used, reason = "without certificate and port no test can go on")]
    pub async fn serve_tls(&self) -> Tls {
        let made = rcgen::generate_simple_self_signed(["discord.com".to_owned()]).expect("a certificate");
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key))
            .expect("a TLS configuration");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let address = listener.local_addr().expect("the port's address");
        let listener = TlsListener { listener, acceptor: TlsAcceptor::from(Arc::new(config)) };
        let routes = self.routes();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Tls { address, certificate: certificate.to_vec() }
    }
}
