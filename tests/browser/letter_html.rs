//! A letter that would run scripts, load pictures and lead elsewhere, opened in a real browser: it does none of that.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::house::{Door, House};
use crate::page::{Look, Page};
use crate::story;

/// A server that writes down what it is asked for.
struct Spy {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Spy {
    fn start() -> Spy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (mut stream, mut head) = (stream, [0; 1024]);
                let read = stream.read(&mut head).unwrap_or(0);
                let line = String::from_utf8_lossy(&head[..read]).lines().next().unwrap_or("?").to_owned();
                noted.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                // Whoever goes away before the answer has asked all the same.
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
            }
        });
        Spy { port, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All ways in which a letter's HTML may run something or ask somebody, each with an address of its own.
fn hostile(spy: &Spy) -> String {
    let at = format!("http://127.0.0.1:{}", spy.port);
    format!(
        "<html><head><base href='{at}/'><meta http-equiv=refresh content='0;url={at}/refresh'>\
         <link rel=stylesheet href='{at}/link'><link rel=preload as=image href='{at}/preload'>\
         <link rel=icon href='{at}/icon'><style>@import '{at}/import'; body {{ background: url({at}/style) }}</style>\
         <script src='{at}/script'></script><script>window.hit=1; fetch('{at}/fetch')</script></head>\
         <body onload='window.hit=2' background='{at}/body'>\
         <p>Dear Helen,</p><p>Could you send me the plan of the heronry, please?</p>\
         <img src='{at}/picture' onerror='window.hit=3'><img src=x onerror='window.hit=4'>\
         <img srcset='{at}/srcset 1x'><picture><source srcset='{at}/source'><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></picture>\
         <p style='background: url({at}/css)' onmouseover='window.hit=5'>A</p>\
         <table background='{at}/table'><tr><td background='{at}/cell'>B</td></tr></table>\
         <form action='{at}/form' method=post><input name=q autofocus onfocus='window.hit=6'>\
         <input type=image src='{at}/input'><button>Go on</button></form><script>document.forms[0].submit()</script>\
         <iframe src='{at}/frame' srcdoc='<script>parent.hit=7</script>'></iframe>\
         <object data='{at}/object'></object><embed src='{at}/embed'><video src='{at}/video' poster='{at}/poster' autoplay></video>\
         <audio src='{at}/audio' autoplay></audio><svg onload='window.hit=8'><image href='{at}/svg'/><script>window.hit=9</script></svg>\
         <svg></p><style><a id='</style><img src=x onerror=window.hit=10>'>\
         <math><mtext><table><mglyph><style><img src=x onerror=window.hit=11></style></table></mtext></math>\
         <a href='javascript:window.hit=12'>Click</a> <a id=out href='{at}/out' ping='{at}/ping'>here</a>\
         <details open ontoggle='window.hit=13'><summary>C</summary></details>\
         <p>Toby</p></body></html>"
    )
}

/// Brings the letter in, from somebody who is a contact of a client.
fn bring(house: &House, html: &str) {
    let contacts = house.file("contacts.csv");
    let fields = contacts.lines().skip(1).flat_map(|line| line.split(','));
    let from = fields.into_iter().find(|field| field.contains('@')).expect("a contact with an address");
    let letter = format!(
        "From x@y.example Fri Aug 29 09:00:00 2025\nMessage-ID: <heronry@made.example>\n\
         Date: Fri, 29 Aug 2025 09:00:00 +0100\nFrom: <{from}>\nTo: helen@tiddfarrow.example\n\
         Subject: The heronry <script>window.hit=20</script>\nMIME-Version: 1.0\n\
         Content-Type: text/html; charset=utf-8\n\n{html}\n\n"
    );
    let file = house.record().with_file_name("hostile.mbox");
    std::fs::write(&file, letter).expect("a file");
    house.regard(&["import", "mail", &file.display().to_string()]);
}

/// Looks at what is shown: nothing of the letter runs, and nobody was asked.
async fn look(page: &Page, spy: &Spy, place: &str) {
    // Long enough for what would be fetched or left for.
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(spy.asked(), Vec::<String>::new(), "{place}");
    assert!(page.path().await.starts_with('/'), "{place}: it led to {}", page.path().await);
    assert_eq!(page.script("return window.hit ?? null").await, serde_json::Value::Null, "{place}");
    let left = "return [...document.querySelectorAll('main .letter *')].filter(e => \
        e.matches('script, style, link, meta, base, iframe, object, embed, video, audio, source, picture, svg, math, form, input, details details') \
        && !e.closest('.people') || e.matches('img[src], img[srcset], a[ping], a[href^=javascript], [style], [background]') \
        || [...e.attributes].some(a => a.name.startsWith('on'))).map(e => e.outerHTML.slice(0, 120))";
    assert_eq!(page.script(left).await, serde_json::json!([]), "{place}");
}

#[test]
fn a_hostile_letter_runs_nothing_and_asks_nobody_wherever_it_is_shown() {
    story(Door::Open, async |house| {
        let spy = Spy::start();
        bring(&house, &hostile(&spy));
        for look_as in [Look::DESK, Look::PHONE.without_script()] {
            let page = house.browser(look_as).await;
            page.go("/search?q=heronry").await;
            page.read("main", "heronry").await;
            look(&page, &spy, "found").await;
            page.go(&page.attr("main .line > a", "href").await).await;
            page.read("article.letter", "Could you send me the plan of the heronry, please?").await;
            look(&page, &spy, "what was written new").await;
            page.click("article.letter a[href*='whole=1']").await;
            page.read("article.letter", "not loaded: loading one tells its sender that you read this").await;
            page.read("article.letter .sent", "Could you send me the plan of the heronry, please?").await;
            look(&page, &spy, "the whole letter").await;
            let out = page.attr("article.letter .sent a[href$='/out']", "rel").await;
            assert!(out.contains("noreferrer") && out.contains("noopener"), "{out}");

            page.go("/today?whose=firm").await;
            let line = "[...document.querySelectorAll('.line')].find(e => e.textContent.includes('heronry'))";
            let led = format!("return {line}?.querySelector('a').getAttribute('href')");
            page.until("it is owed", async || page.script(&led).await.is_string()).await;
            let owed = page.script(&led).await;
            look(&page, &spy, "on Today").await;
            page.go(owed.as_str().expect("an address")).await;
            page.read(".opened .letter", "plan of the heronry").await;
            look(&page, &spy, "what is owed, opened").await;
        }
        // The spy does hear whoever asks.
        let page = house.browser(Look::DESK).await;
        page.go("/today").await;
        let fetched = format!("location.href = 'http://127.0.0.1:{}/heard'", spy.port);
        page.script(&fetched).await;
        page.until("the spy to hear", async || !spy.asked().is_empty()).await;
    });
}
