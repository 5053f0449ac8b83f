//! A wall round one matter, raised by keyboard: whom it keeps out sees the client as before, and the matter nowhere.

use crate::careful::sideways;
use crate::clients::open;
use crate::house::{Door, HELEN, House, MARCUS};
use crate::keyboard::{ENTER, fill, press, step_to};
use crate::owners::fetched;
use crate::page::{Look, Page};
use crate::story;

const MATTER: &str = "Sale of Quenby Wharf";
const NUMBER: &str = "x4711";

/// Brings in one more matter, the only open one of its client; gives the client's name.
fn one_more_matter(house: &House) -> String {
    let (clients, matters) = (house.file("clients.csv"), house.file("matters.csv"));
    let is_open = |line: &&str| line.ends_with(',');
    let has_none = |id: &str| matters.lines().filter(is_open).all(|line| line.split(',').nth(1) != Some(id));
    let mut rows =
        clients.lines().skip(1).filter(|line| line.contains(",organisation,") && !line.contains('"'));
    let row = rows.find(|line| has_none(line.split(',').next().unwrap_or_default())).expect("such a client");
    let mut fields = row.split(',');
    let (id, name) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
    let file = house.record().with_file_name("one-more.csv");
    let list = format!(
        "matter_id,client_id,name,kind,handler,opened,closed\n{NUMBER},{id},{MATTER},Sale,{MARCUS},2025-08-01,\n"
    );
    std::fs::write(&file, list).expect("a list");
    house.regard(&["import", "matters", &file.display().to_string()]);
    name.to_owned()
}

/// Raises a wall between Marcus and a matter.
async fn raise(page: &Page, client: &str, matter: &str) {
    page.go("/settings/walls").await;
    step_to(page, "[action='/settings/walls'] [name=staff]").await;
    page.type_keys("Marcus").await;
    fill(page, "[action='/settings/walls'] [name=client]", client).await;
    fill(page, "[action='/settings/walls'] [name=matter]", matter).await;
    fill(page, "[action='/settings/walls'] [name=reason]", "His sister buys it").await;
    page.type_keys(ENTER).await;
}

/// What a letter holds to a client into which the first text of the firm was put.
async fn with_a_text(page: &Page, client: &str) -> String {
    page.go(client).await;
    press(page, ".writeto button[value=letter]").await;
    page.see(".letterform textarea").await;
    let text =
        page.script("return document.querySelector('[name=canned] option:nth-child(2)').dataset.words");
    text.await.as_str().expect("words").to_owned()
}

#[test]
fn whom_a_wall_keeps_out_of_a_matter_finds_it_nowhere_and_the_client_as_before() {
    story(Door::Locked, async |house| {
        let client = one_more_matter(&house);
        let page = house.browser_of(HELEN, Look::PHONE).await;
        let marcus = house.browser_of(MARCUS, Look::DESK).await;
        let path = open(&marcus, &client).await;
        marcus.read("#who", MATTER).await;
        page.go("/settings/texts").await;
        fill(&page, "form[action='/settings/texts'] [name=name]", "On it").await;
        fill(&page, "form[action='/settings/texts'] textarea", "This is about {matter}.").await;
        press(&page, "form[action='/settings/texts'] button").await;
        page.see(".notice").await;
        for email in [HELEN, MARCUS] {
            house.connect(email).await;
        }
        assert!(with_a_text(&marcus, &path).await.contains(MATTER));
        marcus.go(&path).await;

        // One that the client has not: said in words, and no wall is raised.
        raise(&page, &client, "Sale of Hill Lane").await;
        page.read("[data-refused]", "“Sale of Hill Lane” is none of that client").await;
        raise(&page, &client, NUMBER).await;
        page.read(".notice", "Marcus Tidd finds nothing of it any more").await;
        page.read("main", &format!("Marcus Tidd is kept out of {client}: {MATTER}")).await;
        assert_eq!(sideways(&page).await, 0, "nothing scrolls sideways");

        // His open page forgets it by itself, and keeps the client.
        marcus.until("the matter to go", async || !marcus.text("#who").await.contains(MATTER)).await;
        marcus.read("h1", &client).await;
        let id = path.trim_start_matches("/clients/");
        for address in [
            path.clone(),
            format!("{path}/record.csv"),
            format!("{path}/contacts.vcf"),
            "/clients.csv".to_owned(),
            "/today?whose=firm&group=upkeep".to_owned(),
            "/today.csv?whose=firm".to_owned(),
            "/settings".to_owned(),
            format!("/api/v1/clients/{id}"),
            "/api/v1/clients?most=1000".to_owned(),
            "/api/v1/obligations?whose=firm".to_owned(),
        ] {
            let (status, found) = fetched(&marcus, &address, "").await;
            assert_eq!(status, 200, "{address}: {found}");
            assert!(!found.contains(MATTER) && !found.contains(NUMBER), "{address}: {found}");
        }
        for words in ["quenby", NUMBER] {
            marcus.go(&format!("/search?q={words}")).await;
            marcus.read(".empty", "Nothing that you may see").await;
            marcus.go(&format!("/clients?q={words}")).await;
            marcus.read("#found", "Nobody is like that").await;
        }

        // The field of a text is filled in for her, and not for him; no letter of his may name it.
        assert!(with_a_text(&page, &path).await.contains(MATTER));
        let text = with_a_text(&marcus, &path).await;
        assert!(text.contains("{matter}") && !text.contains(MATTER), "{text}");
        let words = marcus.see(".letterform textarea").await;
        words.send_keys(&format!("How does the {} go?", MATTER.to_lowercase())).await.expect("keys");
        press(&marcus, ".letterform .acts button[value=smtp]").await;
        marcus.read("#refused", "a wall keeps its writer out of a matter that it names").await;

        page.go("/settings/walls").await;
        press(&page, "[action='/settings/walls/lowering'] button").await;
        page.read(".notice", "Marcus Tidd sees it again").await;
        marcus.go(&path).await;
        marcus.read("#who", MATTER).await;
    });
}
