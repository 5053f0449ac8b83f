//! What somebody sees and does in a browser.

use std::path::Path;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::driver;

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(10);

/// How somebody's browser looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) is_dark: bool,
    pub(crate) has_script: bool,
}

impl Look {
    pub(crate) const DESK: Look = Look { width: 1280, height: 900, is_dark: false, has_script: true };
    pub(crate) const PHONE: Look = Look { width: 390, height: 844, ..Look::DESK };

    pub(crate) const fn dark(self) -> Look {
        Look { is_dark: true, ..self }
    }

    pub(crate) fn without_script(self) -> Look {
        Look { has_script: false, ..self }
    }
}

/// A browser on a page of the firm.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) client: Client,
    address: String,
}

/// A command of Chromium's own protocol, which WebDriver passes on.
#[derive(Debug)]
struct Chromium(Value);

impl WebDriverCompatibleCommand for Chromium {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.0.to_string()))
    }
}

impl Page {
    pub(crate) async fn open(address: &str, folder: &Path, look: Look) -> Page {
        let mut args = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--hide-scrollbars".to_owned(),
            format!("--user-data-dir={}", folder.display()),
        ];
        if look.is_dark {
            args.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let script = if look.has_script { 1 } else { 2 };
        let options = json!({
            "binary": driver::chromium(),
            "args": args,
            "prefs": { "profile.managed_default_content_settings.javascript": script },
        });
        let mut wanted = Capabilities::new();
        wanted.insert("goog:chromeOptions".to_owned(), options);
        let mut connector = HttpConnector::new();
        connector.enforce_http(true);
        let mut builder = ClientBuilder::new(connector);
        let client = builder.capabilities(wanted).connect(driver::address()).await.expect("a browser opens");
        let page = Page { client, address: address.to_owned() };
        let is_phone = look.width < 600;
        page.chromium(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": is_phone }),
        )
        .await;
        page.zone("Europe/London").await;
        page
    }

    /// Moves the reader to another zone.
    pub(crate) async fn zone(&self, zone: &str) {
        self.chromium("Emulation.setTimezoneOverride", json!({ "timezoneId": zone })).await;
    }

    /// Sends a command of Chromium's own protocol.
    pub(crate) async fn chromium(&self, command: &str, with: Value) -> Value {
        let command = Chromium(json!({ "cmd": command, "params": with }));
        self.client.issue_cmd(command).await.expect("Chromium does as it is told")
    }

    pub(crate) async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.expect("the page opens");
    }

    /// The path and query of the page.
    pub(crate) async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("an address");
        url.as_str().trim_start_matches(&self.address).to_owned()
    }

    pub(crate) async fn set_cookie(&self, name: &str, value: &str) {
        let cookie = json!({ "name": name, "value": value, "url": self.address });
        self.chromium("Network.setCookie", cookie).await;
    }

    /// Types on whatever has the focus.
    pub(crate) async fn type_keys(&self, keys: &str) {
        for key in keys.chars() {
            let actions = KeyActions::new("keyboard".to_owned())
                .then(KeyAction::Down { value: key })
                .then(KeyAction::Up { value: key });
            self.client.perform_actions(actions).await.expect("a key is pressed");
        }
    }

    /// Runs a script in the page, as a function body.
    pub(crate) async fn script(&self, body: &str) -> Value {
        self.client.execute(body, Vec::new()).await.unwrap_or_else(|e| panic!("{body}: {e}"))
    }

    /// Waits until something is there. While one page goes and the next comes, the driver answers with errors of many
    /// kinds.
    pub(crate) async fn see(&self, css: &str) -> Element {
        let begun = Instant::now();
        loop {
            match self.client.find(Locator::Css(css)).await {
                Ok(found) => return found,
                Err(_) if begun.elapsed() < PATIENCE => tokio::time::sleep(Duration::from_millis(30)).await,
                Err(error) => panic!("{css} is not on the page: {error}\n{}", self.text("body").await),
            }
        }
    }

    /// Clicks on something. A page that is live may be drawn anew after it was found and before it is clicked.
    pub(crate) async fn click(&self, css: &str) {
        let begun = Instant::now();
        while let Err(error) = self.see(css).await.click().await {
            assert!(
                error.is_stale_element_reference() && begun.elapsed() < PATIENCE,
                "{css} cannot be clicked: {error}"
            );
        }
    }

    /// Whether something is there now.
    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.expect("an answer").is_empty()
    }

    pub(crate) async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("an answer").len()
    }

    /// The visible words of the first that is there now; empty where there is none.
    pub(crate) async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(found) => found.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// An attribute of the first that is there.
    pub(crate) async fn attr(&self, css: &str, name: &str) -> String {
        let begun = Instant::now();
        loop {
            match self.see(css).await.attr(name).await {
                Ok(value) => return value.unwrap_or_default(),
                // What was there has just been renewed.
                Err(_) if begun.elapsed() < PATIENCE => {}
                Err(error) => panic!("{css} {name}: {error}"),
            }
        }
    }

    /// Waits until the words of something contain these.
    pub(crate) async fn read(&self, css: &str, words: &str) {
        self.until(&format!("{css} to say “{words}”"), async || self.text(css).await.contains(words)).await;
    }

    /// Waits until something is no more.
    pub(crate) async fn miss(&self, css: &str) {
        self.until(&format!("{css} to go"), async || !self.has(css).await).await;
    }

    /// Waits until `is_so`.
    pub(crate) async fn until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let patience = Instant::now() + PATIENCE;
        while !is_so().await {
            if patience < Instant::now() {
                panic!("waited in vain for {what} at {}\n{}", self.path().await, self.text("body").await);
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// The ids of the lines of the list, in order.
    pub(crate) async fn lines(&self) -> Vec<String> {
        let ids = self.script("return [...document.querySelectorAll('.line')].map(line => line.id)").await;
        serde_json::from_value(ids).expect("a list of ids")
    }
}
