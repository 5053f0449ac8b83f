//! What an owner sets, by the pages: walls, people, what the firm promises, the record; and what everybody has of their
//! own: tokens, the calendar feed, lists as files, sessions.

use crate::house::{Door, HELEN, MARCUS};
use crate::keyboard::{DELETE, ENTER, fill, press, step_to};
use crate::page::{Look, Page};
use crate::story;

const VANTAGE: &str = "Vantage Lettings Ltd";

/// What somebody gets at an address of the firm, with what they have in their hands.
pub(crate) async fn fetched(page: &Page, address: &str, token: &str) -> (i64, String) {
    let script = "const [address, token, done] = arguments; \
        fetch(address, token ? { headers: { authorization: `Bearer ${token}` }, credentials: 'omit' } : {}) \
            .then(async r => done([r.status, await r.text()]), e => done([0, String(e)]))";
    let arguments = vec![address.into(), token.into()];
    let found = page.client.execute_async(script, arguments).await.expect("an answer");
    serde_json::from_value(found).expect("a status and a text")
}

#[test]
fn a_wall_is_raised_on_the_page_and_the_other_finds_nothing_until_it_is_lowered() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let marcus = house.browser_of(MARCUS, Look::PHONE).await;
        marcus.go("/clients?q=vantage").await;
        let client = marcus.attr("#found .line > a", "href").await;

        page.go("/settings/walls").await;
        page.read("main", "There is none.").await;
        let raise = async |client: &str| {
            step_to(&page, "[action='/settings/walls'] [name=staff]").await;
            page.type_keys("Marcus").await;
            fill(&page, "[action='/settings/walls'] [name=client]", client).await;
            fill(&page, "[action='/settings/walls'] [name=reason]", "His sister works there").await;
            page.type_keys(ENTER).await;
        };
        raise("Vantage & Sons").await;
        page.read("[data-refused]", "“Vantage & Sons” is none of the firm's").await;
        page.go("/settings/walls").await;
        raise(VANTAGE).await;
        page.read(".notice", "Marcus Tidd finds nothing of it any more").await;
        page.read("main", "His sister works there").await;

        // His open page forgets them by itself; no list, no search and no address finds them.
        marcus.until("the list to change", async || !marcus.text("#found").await.contains(VANTAGE)).await;
        for path in ["/clients", "/today?whose=firm", "/search?q=vantage", "/today?whose=firm&group=upkeep"] {
            marcus.go(path).await;
            assert!(!marcus.text("main").await.contains("Vantage"), "{path}");
        }
        for path in [client.as_str(), &format!("{client}/record.csv")] {
            marcus.go(path).await;
            marcus.read("h1", "Not found").await;
            marcus.see(".head nav").await;
        }
        page.go("/settings/log?act=refused").await;
        page.read("table.log", "Marcus Tidd").await;
        page.go("/settings/log?act=raised_wall").await;
        page.read("table.log", VANTAGE).await;

        page.go("/settings/walls").await;
        press(&page, "[action='/settings/walls/lowering'] button").await;
        page.read(".notice", "Marcus Tidd sees it again").await;
        marcus.go(&client).await;
        marcus.read("h1", VANTAGE).await;
    });
}

#[test]
fn made_up_addresses_are_not_found_and_the_log_says_who_tried() {
    story(Door::Locked, async |house| {
        let marcus = house.browser_of(MARCUS, Look::DESK).await;
        for path in [
            "/clients/4242424242",
            "/owed/00000000000000ff",
            "/entries/4242424242",
            "/entries/4242424242/files/0",
            "/clients/4242424242/record.csv",
            "/drafts/4242424242",
        ] {
            marcus.go(path).await;
            marcus.read("h1", "Not found").await;
            marcus.read("main", "or it is not for you to see").await;
        }
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/log?act=refused").await;
        for words in ["client 4242424242", "obligation 00000000000000ff", "entry 4242424242"] {
            let told = page.text("table.log").await;
            assert!(told.contains(words) || told.contains("not for you to see"), "{words}: {told}");
        }
        assert!(4 <= page.count("table.log tbody tr").await, "{}", page.text("table.log").await);
    });
}

#[test]
fn somebody_is_invited_comes_in_by_the_link_and_only_looks() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/people").await;
        fill(&page, "[action='/settings/people'] [name=name]", "Di Marsh").await;
        fill(&page, "[action='/settings/people'] [name=email]", "di@tiddfarrow.example").await;
        step_to(&page, "[action='/settings/people'] [name=access]").await;
        page.type_keys("look").await;
        press(&page, "[action='/settings/people'] button").await;
        let link = page.see("section.notice pre.copy").await.text().await.expect("a link");
        let path = link.trim_start_matches(&house.address).to_owned();

        let di = house.browser(Look::PHONE).await;
        di.go(&path).await;
        di.read("main", "You will sign in as di@tiddfarrow.example").await;
        fill(&di, "[name=password]", "four little words here").await;
        di.type_keys(ENTER).await;
        di.read("h1", "Today").await;
        di.go("/today?whose=firm").await;
        di.click(".line > a").await;
        di.see(".line .opened .letter").await;
        assert!(!di.has(".opened .acts").await, "who only looks is offered nothing");
        di.go("/settings/walls").await;
        di.read("[data-refused]", "need to be an owner").await;

        // The link works once.
        let other = house.browser(Look::DESK).await;
        other.go(&path).await;
        other.read("h1", "Not found").await;
    });
}

#[test]
fn a_token_and_a_feed_are_made_on_the_page_shown_once_and_taken_away() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let make = async |name: &str, scope: &str| {
            page.go("/settings").await;
            fill(&page, "[action='/settings/tokens'] [name=name]", name).await;
            step_to(&page, "[action='/settings/tokens'] [name=scope]").await;
            page.type_keys(scope).await;
            press(&page, "[action='/settings/tokens'] button").await;
            page.see("section.notice pre.copy").await.text().await.expect("what is shown once")
        };
        let token = make("The board's report", "look").await;
        let (status, told) = fetched(&page, "/api/v1/obligations?whose=firm", &token).await;
        assert!(status == 200 && told.contains("\"obligations\""), "{status} {told}");
        let (status, told) = fetched(&page, "/api/v1/me", "1.00").await;
        assert_eq!(status, 401, "{told}");

        // The whole address, as a calendar program wants it.
        let feed = make("My calendar", "only").await;
        assert!(feed.starts_with(&house.address) && feed.ends_with(".ics"), "{feed}");
        let (status, told) = fetched(&page, &feed, "").await;
        assert!(
            status == 200 && told.starts_with("BEGIN:VCALENDAR") && told.contains("BEGIN:VEVENT"),
            "{told}"
        );

        page.go("/settings").await;
        let shown = page.text("main").await;
        assert!(shown.contains("The board's report") && !shown.contains(&token) && !shown.contains(&feed));
        for _ in 0..2 {
            press(&page, "[action$='/removing'] button").await;
            page.read(".notice", "worth nothing any more").await;
        }
        assert_eq!(fetched(&page, "/api/v1/me", &token).await.0, 401);
        assert_eq!(fetched(&page, &feed, "").await.0, 404);
    });
}

#[test]
fn every_list_is_a_file_from_a_link_on_its_page() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE).await;
        page.go("/clients?q=vantage").await;
        let client = page.attr("#found .line > a", "href").await;
        let lists = [
            ("/today?whose=firm", "id,kind,client,"),
            ("/clients", "client_id,name,kind,"),
            ("/correspondents", "correspondent,people,wrote,"),
            (client.as_str(), "at,kind,sentence,subject,"),
            ("/settings/log", "at,who,act,detail"),
        ];
        for (path, head) in lists {
            page.go(path).await;
            let link = page.attr("main .csv a[download]", "href").await;
            let (status, file) = fetched(&page, &link, "").await;
            assert_eq!(status, 200, "{path}: {link}");
            assert!(file.starts_with(head) && 2 < file.lines().count(), "{link}: {file}");
        }
        page.go("/settings/log?act=exported").await;
        for name in ["today.csv", "clients.csv", "correspondents.csv", "record.csv", "log.csv"] {
            page.read("table.log", name).await;
        }
    });
}

#[test]
fn whoever_signs_out_everywhere_is_out_in_every_browser() {
    story(Door::Locked, async |house| {
        let (here, there) =
            (house.browser_of(MARCUS, Look::DESK).await, house.browser_of(MARCUS, Look::PHONE).await);
        there.go("/today").await;
        there.see(".head nav").await;
        here.go("/settings").await;
        assert_eq!(here.count("main table tbody tr").await, 2, "{}", here.text("main table").await);
        press(&here, "form:has([name=everywhere]) button").await;
        here.see("input[name=password]").await;
        there.go("/today").await;
        there.see("input[name=password]").await;
    });
}

#[test]
fn what_the_firm_promises_is_changed_wrongly_rightly_and_back() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/settings/standards").await;
        let stands = page.text("form.standard p").await;
        fill(&page, "form.standard [name=answer]", "soon").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "soon").await;
        page.click("a[data-back]").await;
        page.until("what was typed", async || {
            page.script("return document.querySelector('[name=answer]')?.value").await == "soon"
        })
        .await;
        fill(&page, "form.standard [name=answer]", "2 hours").await;
        page.type_keys(ENTER).await;
        page.read("form.standard p", "within 2 hours").await;
        press(&page, "details.aside:has([action*='history']) summary").await;
        press(&page, "[action*='/settings/history/'] button").await;
        page.until("as it was", async || page.text("form.standard p").await == stands).await;

        page.go("/settings/firm").await;
        fill(&page, "[name=wednesday]", "17-9").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "Wednesday").await;
        page.go("/settings/firm").await;
        fill(&page, "[name=wednesday]", DELETE).await;
        press(&page, "main form.fields button.first").await;
        page.see(".notice").await;
        assert_eq!(page.attr("[name=wednesday]", "value").await, "");
        press(&page, "details.aside summary").await;
        press(&page, "[action*='/settings/history/'] button").await;
        page.until("open again", async || !page.attr("[name=wednesday]", "value").await.is_empty()).await;
    });
}

#[test]
fn the_record_is_backed_up_and_verified_from_its_page() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::PHONE).await;
        page.go("/settings/data").await;
        press(&page, "[action='/settings/data/backup'] button").await;
        page.read(".notice", "Copy it to another machine").await;
        let kept =
            std::fs::read_dir(house.record().join("backups")).expect("the folder that the notice names");
        assert_eq!(kept.count(), 1);
        press(&page, "[action='/settings/data/verification'] button").await;
        page.read("main [role=status]", "Everything is as it must be").await;
        page.go("/settings/log?act=backed_up").await;
        page.read("table.log", "Helen Farrow").await;
    });
}
