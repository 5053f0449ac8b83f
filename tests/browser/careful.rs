//! Pages that everybody can read, that are light, and that stand still while they load.

use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::house::{Door, HELEN, House};
use crate::page::{Look, Page};
use crate::rooms::{self, PAGES};
use crate::{story, story_alone};

/// What a first visit may weigh, without images, and a later one.
const FIRST_VISIT: u64 = 60_000;
const LATER_VISIT: u64 = 15_000;
/// How soon something is on the screen, in milliseconds.
const SOON: f64 = 200.0;
/// How often that is tried on a machine that has other work.
const ROUNDS: usize = 8;

/// The checker of accessibility: fetched by `scripts/test`, part of no build.
fn checker() -> &'static str {
    static CHECKER: OnceLock<String> = OnceLock::new();
    CHECKER.get_or_init(|| {
        let file = std::env::var_os("REGARD_AXE").map_or_else(
            || PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../axe/package/axe.min.js"),
            PathBuf::from,
        );
        std::fs::read_to_string(&file).unwrap_or_else(|error| {
            panic!(
                "this test needs axe-core in {}: {error}. scripts/axe fetches it; REGARD_AXE names another file",
                file.display()
            )
        })
    })
}

/// How far the page may be scrolled to the side, in pixels.
pub(crate) async fn sideways(page: &Page) -> i64 {
    let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    page.script(wide).await.as_i64().expect("a number")
}

/// What is pressed and is less than 24 pixels high where there is a finger in place of a mouse; the checker lets links pass
/// that stand in words.
async fn small(page: &Page) -> Vec<String> {
    let small = "return 600 < innerWidth ? [] :
        [...document.querySelectorAll('button, summary, nav a, .csv a, .people a, select, input:not([type=checkbox], [type=radio])')]
            .filter(e => e.checkVisibility() && 1 < e.getBoundingClientRect().width && e.getBoundingClientRect().height < 24)
            .map(e => e.outerHTML.slice(0, 120))";
    serde_json::from_value(page.script(small).await).expect("a list")
}

/// What is filled in or pressed and stands out of the column of its page at the right, be it by less than its margin.
async fn beyond(page: &Page) -> Vec<String> {
    let beyond = "const edge = document.querySelector('main').getBoundingClientRect().right + 0.5;
        return [...document.querySelectorAll('main :is(button, summary, select, textarea, input)')]
            .filter(e => e.checkVisibility() && edge < e.getBoundingClientRect().right && !e.closest('.scroll'))
            .map(e => e.outerHTML.slice(0, 120))";
    serde_json::from_value(page.script(beyond).await).expect("a list")
}

/// What the checker finds against WCAG 2.2, levels A and AA.
async fn check(page: &Page, what: &str) -> Vec<String> {
    page.script(checker()).await;
    let run = "const done = arguments[arguments.length - 1];
        axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
           .then(r => done(r.violations), e => done([{ id: String(e), nodes: [] }]))";
    let found = page.client.execute_async(run, Vec::new()).await.expect("the checker answers");
    let told = |violation: &Value| {
        let nodes = violation["nodes"].as_array().into_iter().flatten().take(3);
        let nodes: Vec<String> =
            nodes.map(|node| format!("{} {}", node["html"], node["failureSummary"])).collect();
        format!("{what}: {}: {}", violation["id"], nodes.join("\n    "))
    };
    let mut told: Vec<String> = found.as_array().expect("a list").iter().map(told).collect();
    for small in small(page).await {
        told.push(format!("{what}: a finger does not find {small}"));
    }
    for wide in beyond(page).await {
        told.push(format!("{what}: the column does not hold {wide}"));
    }
    let wider = sideways(page).await;
    if 0 < wider {
        told.push(format!("{what} is {wider} pixels wider than the screen"));
    }
    told
}

#[test]
fn the_checker_finds_what_is_wrong() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today").await;
        page.script(
            "const p = document.createElement('p'); p.style.color = '#ddd5c5'; p.textContent = 'Hardly to be read';
             const field = document.createElement('input'); field.style.cssText = 'width: 101%; max-width: none';
             document.querySelector('main').append(p, document.createElement('select'), field)",
        )
        .await;
        let found = check(&page, "today").await.join("\n");
        assert!(found.contains("color-contrast") && found.contains("select-name"), "{found}");
        assert!(found.contains("the column does not hold <input"), "{found}");
    });
}

/// Goes through the firm at a look, with the checker.
async fn check_all(house: &House, look: Look) {
    let page = house.browser(look).await;
    let mut found = Vec::new();
    rooms::inside(house, &page, &mut async |page: &Page, name: &str| found.extend(check(page, name).await))
        .await;
    assert!(found.is_empty(), "{look:?}\n{}", found.join("\n"));
}

#[test]
fn everybody_can_read_every_page_at_a_desk() {
    story(Door::Open, async |house| {
        check_all(&house, Look::DESK).await;
        check_all(&house, Look::DESK.dark()).await;
    });
}

#[test]
fn everybody_can_read_every_page_on_a_phone() {
    story(Door::Open, async |house| {
        check_all(&house, Look::PHONE).await;
        check_all(&house, Look::PHONE.dark()).await;
    });
}

#[test]
fn everybody_can_come_in_for_the_first_time() {
    for look in [Look::DESK, Look::DESK.dark(), Look::PHONE, Look::PHONE.dark()] {
        story(Door::First, async move |house| {
            let page = house.browser(look).await;
            let mut found = Vec::new();
            let mut see = async |page: &Page, name: &str| found.extend(check(page, name).await);
            rooms::first_visit(&house, &page, &mut see).await;
            assert!(found.is_empty(), "{look:?}\n{}", found.join("\n"));
        });
    }
}

#[test]
fn everybody_can_sign_in() {
    story(Door::Locked, async |house| {
        house.give_password(HELEN).await;
        for look in [Look::DESK, Look::DESK.dark(), Look::PHONE, Look::PHONE.dark()] {
            let page = house.browser(look).await;
            let mut found = Vec::new();
            let mut see = async |page: &Page, name: &str| found.extend(check(page, name).await);
            rooms::door(&house, &page, &mut see).await;
            assert!(found.is_empty(), "{look:?}\n{}", found.join("\n"));
        }
    });
}

/// What the page and everything that it loads weighed on the wire.
async fn weight(page: &Page) -> u64 {
    let sizes = page
        .script(
            "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                .filter(e => !e.name.endsWith('/live') && !/\\.(svg|ico|png)$/.test(e.name))
                .reduce((sum, e) => sum + e.transferSize, 0)",
        )
        .await;
    sizes.as_u64().expect("a number of bytes")
}

/// How soon something is on the screen, in milliseconds: the median of nine visits.
async fn paint(page: &Page) -> f64 {
    let mut paints = Vec::new();
    for _ in 0..9 {
        page.go("/today?whose=firm").await;
        let painted = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";
        page.until("something on the screen", async || page.script(painted).await.is_number()).await;
        paints.push(page.script(painted).await.as_f64().expect("a time"));
    }
    paints.sort_by(f64::total_cmp);
    paints[paints.len() / 2]
}

#[test]
fn pages_are_light_stand_still_and_come_soon() {
    story_alone(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        let first = weight(&page).await;
        page.go("/today?whose=firm").await;
        let later = weight(&page).await;
        println!("first visit {first} bytes, later {later} bytes");
        assert!(first < FIRST_VISIT, "{first}");
        assert!(later < LATER_VISIT, "{later}");

        // What else runs on the machine makes it slower, never faster: the best of some rounds counts.
        let mut best = f64::MAX;
        for _ in 0..ROUNDS {
            best = best.min(paint(&page).await);
            if best < SOON {
                break;
            }
        }
        println!("first contentful paint, median: {best:.0} ms");
        assert!(best < SOON, "{best} ms");

        for look in [Look::DESK, Look::PHONE] {
            let page = house.browser(look).await;
            let (mut paths, mut heaviest) =
                (PAGES.map(|(_, path)| path.to_owned()).to_vec(), (0, String::new()));
            for (from, css) in [
                ("/clients", "main a[href^='/clients/']"),
                ("/today?whose=firm", "main a[href^='/owed/']"),
                ("/search?q=lease", "main a[href^='/entries/']"),
            ] {
                page.go(from).await;
                let href = format!("return document.querySelector(\"{css}\").getAttribute('href')");
                paths.push(page.script(&href).await.as_str().expect("an address").to_owned());
            }
            for path in paths {
                page.go(&path).await;
                assert_eq!(shift(&page).await, json!(0), "{path} moves while it loads");
                heaviest = heaviest.max((weight(&page).await, path));
            }
            println!("the heaviest page: {heaviest:?} bytes");
            assert!(heaviest.0 < LATER_VISIT, "{heaviest:?}");
        }
    });
}

/// How much of the page moved since it was opened.
async fn shift(page: &Page) -> Value {
    let shifts = "const done = arguments[arguments.length - 1]; let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
            .observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 300)";
    page.client.execute_async(shifts, Vec::new()).await.expect("an answer")
}
