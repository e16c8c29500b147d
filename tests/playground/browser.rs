//! A headless Chromium, driven as somebody at a screen would, over its one debugging `WebSocket`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Names another Chromium.
const VARIABLE: &str = "WALLFLOWER_TEST_CHROMIUM";
const USUAL: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
];
/// A machine with two busy cores takes its time.
const PATIENCE: Duration = Duration::from_mins(2);
const LOOKS_EVERY: Duration = Duration::from_millis(40);

pub struct Browser {
    process: Child,
    folder: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    pub fn start() -> Self {
        let named = std::env::var_os(VARIABLE).map(PathBuf::from);
        let usual = USUAL.iter().map(PathBuf::from).find(|path| path.exists());
        let program = named.or(usual).unwrap_or_else(|| panic!("no Chromium: install it, or name one by {VARIABLE}"));
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", folder.path().display())).arg("about:blank");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        Self { process, folder }
    }

    /// A new tab that shows this address, of this size.
    pub async fn tab(&self, url: &str, size: (u32, u32)) -> Tab {
        let mut tab = self.empty_tab(size).await;
        tab.goes_to(url).await;
        tab
    }

    pub async fn empty_tab(&self, (width, height): (u32, u32)) -> Tab {
        let port = self.port().await;
        let client = reqwest::Client::new();
        let made = client.put(format!("http://127.0.0.1:{port}/json/new?about:blank")).send().await.unwrap();
        let made: Value = serde_json::from_str(&made.text().await.unwrap()).unwrap();
        let (line, _) = connect_async(made["webSocketDebuggerUrl"].as_str().unwrap()).await.unwrap();
        let mut tab = Tab { line, calls: 0, complaints: Vec::new() };
        for domain in ["Runtime", "Log", "Page"] {
            tab.call(&format!("{domain}.enable"), json!({})).await;
        }
        tab.is_sized(width, height).await;
        tab
    }

    async fn port(&self) -> u16 {
        let file = self.folder.path().join("DevToolsActivePort");
        let began = Instant::now();
        loop {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            if let Some(port) = text.lines().next().and_then(|line| line.parse().ok()) {
                return port;
            }
            assert!(began.elapsed() < PATIENCE, "Chromium did not start");
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }
}

pub struct Tab {
    line: WebSocketStream<MaybeTlsStream<TcpStream>>,
    calls: u64,
    /// What the page threw, and what the browser held against it.
    complaints: Vec<String>,
}

impl Tab {
    pub async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let call = json!({ "id": self.calls, "method": method, "params": parameters });
        self.line.send(Message::text(call.to_string())).await.unwrap();
        loop {
            let Message::Text(text) = self.line.next().await.unwrap().unwrap() else { continue };
            let told: Value = serde_json::from_str(&text).unwrap();
            if told["id"] == self.calls {
                assert!(told["error"].is_null(), "{method}: {}", told["error"]);
                return told["result"].clone();
            }
            self.note(&told);
        }
    }

    fn note(&mut self, told: &Value) {
        let complaint = match told["method"].as_str() {
            Some("Runtime.exceptionThrown") => &told["params"]["exceptionDetails"],
            Some("Log.entryAdded") if told["params"]["entry"]["level"] == "error" => &told["params"]["entry"],
            _ => return,
        };
        self.complaints.push(complaint.to_string());
    }

    pub async fn goes_to(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url })).await;
    }

    /// What an expression comes to in the page.
    pub async fn asks(&mut self, script: &str) -> Value {
        let asked = json!({ "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let told = self.call("Runtime.evaluate", asked).await;
        assert!(told["exceptionDetails"].is_null(), "{script}: {}", told["exceptionDetails"]);
        told["result"]["value"].clone()
    }

    pub async fn text(&mut self, selector: &str) -> String {
        let told = self.asks(&format!("document.querySelector({})?.innerText ?? ''", json!(selector))).await;
        told.as_str().unwrap_or_default().to_owned()
    }

    /// Looks at this tab, and so at no other, and waits until an expression is true.
    pub async fn until(&mut self, what: &str, script: &str) {
        self.call("Page.bringToFront", json!({})).await;
        let began = Instant::now();
        while self.asks(&format!("(() => {{ try {{ return Boolean({script}) }} catch {{ return false }} }})()")).await
            != true
        {
            if began.elapsed() > PATIENCE {
                self.picture("gave-up").await;
                let (guide, clock) = (self.text("#guide").await, self.text("#now").await);
                panic!(
                    "waited in vain for {what}; it is {clock}; the guide says: {guide}; complaints: {:?}",
                    self.complaints
                );
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    pub async fn until_there(&mut self, selector: &str) {
        self.until(selector, &format!("document.querySelector({})", json!(selector))).await;
    }

    /// Clicks with the mouse, where it is.
    pub async fn clicks(&mut self, selector: &str) {
        self.until_there(&format!("{selector}:not(:disabled)")).await;
        let found = format!(
            "(() => {{ const one = document.querySelector({}); one.scrollIntoView({{ block: 'nearest' }});
             const at = one.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; }})()",
            json!(selector)
        );
        let at = self.asks(&found).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let mouse = json!({ "type": kind, "x": at[0], "y": at[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", mouse).await;
        }
    }

    pub async fn types(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    /// A key alone, or with Shift: `Enter`, `Shift+Tab`.
    pub async fn presses(&mut self, keys: &str) {
        const SHIFT: u8 = 8;
        let key = keys.trim_start_matches("Shift+");
        let (code, text) = match key {
            "Tab" => (9, None),
            "Enter" => (13, Some("\r")),
            "Escape" => (27, None),
            " " => (32, Some(" ")),
            "ArrowUp" => (38, None),
            "ArrowDown" => (40, None),
            _ => panic!("{key} is no key that this browser presses"),
        };
        let held = if key == keys { 0 } else { SHIFT };
        for kind in ["keyDown", "keyUp"] {
            let mut pressed =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": held });
            if let Some(text) = text.filter(|_| kind == "keyDown") {
                pressed["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", pressed).await;
        }
    }

    /// Chooses a file in a file input.
    pub async fn chooses(&mut self, selector: &str, file: &Path) {
        let found = json!({ "expression": format!("document.querySelector({})", json!(selector)) });
        let input = self.call("Runtime.evaluate", found).await["result"]["objectId"].clone();
        let files = json!({ "files": [file], "objectId": input });
        self.call("DOM.setFileInputFiles", files).await;
    }

    pub async fn is_sized(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Keeps how it looks now, below `target/playground`.
    pub async fn picture(&mut self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("playground");
        self.draws(&folder.join(format!("{name}.png")), json!({ "format": "png" })).await;
    }

    /// The same for the documentation, where `WALLFLOWER_FIGURES` names its folder.
    pub async fn figure(&mut self, name: &str) {
        // Nothing is under the mouse.
        self.call("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": 1, "y": 1 })).await;
        self.picture(name).await;
        if let Some(folder) = std::env::var_os("WALLFLOWER_FIGURES").map(PathBuf::from) {
            self.draws(&folder.join(format!("{name}.webp")), json!({ "format": "webp", "quality": 82 })).await;
        }
    }

    async fn draws(&mut self, file: &Path, format: Value) {
        let told = self.call("Page.captureScreenshot", format).await;
        let bytes = STANDARD.decode(told["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// Nothing was thrown, refused or missing.
    pub fn has_no_complaints(&self) {
        assert_eq!(self.complaints, Vec::<String>::new());
    }
}
