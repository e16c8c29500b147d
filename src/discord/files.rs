//! Files that people hand over with a command, fetched from where Discord keeps them and from nowhere else.

use reqwest::{Client, Url, redirect};

use super::access::patient_client;

/// Where Discord keeps files.
const ORIGINS: [&str; 2] = ["https://cdn.discordapp.com", "https://media.discordapp.net"];
/// How the paths of handed-over files begin.
const PATHS: [&str; 2] = ["/attachments/", "/ephemeral-attachments/"];

/// Fetches files from those places.
#[derive(Debug, Clone)]
pub struct Files {
    client: Client,
    origins: Vec<Url>,
}

/// Why a file could not be had.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFetched {
    #[error("it does not lie where Discord keeps files")]
    Elsewhere,
    #[error("it is too large")]
    TooLarge,
    #[error("{0}")]
    Failed(String),
}

impl Files {
    /// From `elsewhere` in Discord's place, where that is given.
    ///
    /// # Errors
    /// Where the system gives no means for TLS.
    pub fn new(elsewhere: Option<&str>) -> reqwest::Result<Self> {
        // Sent on to another address, it would fetch from there.
        let client = patient_client().redirect(redirect::Policy::none()).build()?;
        let origins = elsewhere.map_or(ORIGINS.to_vec(), |only| vec![only]);
        Ok(Self { client, origins: origins.into_iter().filter_map(|origin| Url::parse(origin).ok()).collect() })
    }

    /// The bytes at this address, at most so many: what says to be short and is not is given up.
    pub async fn fetch(&self, address: &str, most: usize) -> Result<Vec<u8>, NotFetched> {
        let address = self.allowed(address).ok_or(NotFetched::Elsewhere)?;
        let failed = |error: reqwest::Error| NotFetched::Failed(error.without_url().to_string());
        let mut answer = self.client.get(address).send().await.map_err(failed)?;
        if !answer.status().is_success() {
            return Err(NotFetched::Failed(format!("answered {}", answer.status())));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(failed)? {
            if bytes.len() + piece.len() > most {
                return Err(NotFetched::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    /// Nothing is fetched by a name, a port or a scheme that is not one of ours, nor with anybody's password.
    fn allowed(&self, address: &str) -> Option<Url> {
        let url = Url::parse(address).ok()?;
        let is_ours = |origin: &Url| {
            let place =
                |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default());
            place(&url) == place(origin)
        };
        let named = url.username().is_empty() && url.password().is_none();
        let fits = named && PATHS.iter().any(|path| url.path().starts_with(path)) && self.origins.iter().any(is_ours);
        fits.then_some(url)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn nothing_is_fetched_but_what_discord_keeps() {
        let files = Files::new(None).unwrap();
        for fine in [
            "https://cdn.discordapp.com/ephemeral-attachments/1/2/busy.ics?ex=1&hm=2",
            "https://cdn.discordapp.com:443/attachments/1/2/busy.ics",
            "https://media.discordapp.net/attachments/1/2/busy.ics",
        ] {
            assert!(files.allowed(fine).is_some(), "{fine}");
        }
        for wrong in [
            "http://cdn.discordapp.com/attachments/1/2/busy.ics",
            "https://cdn.discordapp.com:8443/attachments/1/2/busy.ics",
            "https://cdn.discordapp.com.example/attachments/1/2/busy.ics",
            "https://somebody@cdn.discordapp.com/attachments/1/2/busy.ics",
            "https://cdn.discordapp.com@127.0.0.1/attachments/1/2/busy.ics",
            "https://127.0.0.1/attachments/1/2/busy.ics",
            "https://cdn.discordapp.com/attachments/../avatars/1.png",
            "https://cdn.discordapp.com/avatars/1.png",
            "file:///attachments/etc/passwd",
            "/attachments/1",
            "",
        ] {
            assert!(files.allowed(wrong).is_none(), "{wrong}");
        }
        let here = Files::new(Some("http://127.0.0.1:8080")).unwrap();
        assert!(here.allowed("http://127.0.0.1:8080/attachments/1/2/busy.ics").is_some());
        assert!(here.allowed("http://127.0.0.1:8081/attachments/1/2/busy.ics").is_none());
        assert!(here.allowed("https://cdn.discordapp.com/attachments/1/2/busy.ics").is_none());
    }

    /// Answers one request with these bytes.
    fn answers(said: &'static str) -> (Files, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut line, _) = listener.accept().unwrap();
            let _ = line.read(&mut [0; 1024]);
            let _ = line.write_all(said.as_bytes());
        });
        (Files::new(Some(&origin)).unwrap(), format!("{origin}/attachments/1/2/busy.ics"))
    }

    #[tokio::test]
    async fn a_file_is_given_up_once_it_is_longer_than_allowed() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nBEGI\r\n4\r\nN:VC\r\n0\r\n\r\n";
        let (files, address) = answers(chunked);
        assert_eq!(files.fetch(&address, 8).await, Ok(b"BEGIN:VC".to_vec()));
        let (files, address) = answers(chunked);
        assert_eq!(files.fetch(&address, 7).await, Err(NotFetched::TooLarge));
    }

    #[tokio::test]
    async fn it_goes_nowhere_else_when_it_is_sent_on_and_says_what_failed() {
        let (files, address) = answers("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
        assert_eq!(files.fetch(&address, 99).await, Err(NotFetched::Failed("answered 302 Found".to_owned())));
        assert_eq!(files.fetch("http://127.0.0.1:1/attachments/1", 99).await, Err(NotFetched::Elsewhere));
    }
}
