//! Letters, written on pages.

use axum::http::StatusCode;

use crate::house::{House, Page, Person, run};

/// An answer that somebody owes: its id.
pub(crate) async fn owed(person: &Person) -> String {
    let page = person.get("/today?whose=firm&kind=answer").await;
    page.between("<li class=\"line\" id=\"o-", "\"").to_owned()
}

/// Begins a letter about something owed; gives the path of the draft.
pub(crate) async fn begin(person: &Person, id: &str, purpose: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("purpose", purpose), ("back", "/today?whose=firm")];
    fields.extend(more);
    let page = person.post(&format!("/owed/{id}/letters"), &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
    let path = page.location().split('?').next().unwrap().to_owned();
    assert!(path.starts_with("/drafts/"), "{path}");
    path
}

/// The value of a field of the form.
pub(crate) fn value(page: &Page, name: &str) -> String {
    let value = page.between(&format!("name=\"{name}\" value=\""), "\"").to_owned();
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
}

pub(crate) fn words(page: &Page) -> String {
    page.between("autofocus>\n", "</textarea>").to_owned()
}

/// The whole form of a draft, with other words.
pub(crate) async fn form(person: &Person, draft: &str, words: &str) -> Vec<(&'static str, String)> {
    let page = person.get(draft).await;
    vec![
        ("to", value(&page, "to")),
        ("cc", value(&page, "cc")),
        ("subject", value(&page, "subject")),
        ("quotes", "1".to_owned()),
        ("back", "/today?whose=firm".to_owned()),
        ("words", words.to_owned()),
    ]
}

/// An answer that Helen has begun in her mailbox, with these words: she, the path of the draft, and its whole form.
pub(crate) async fn answering(house: &House, words: &str) -> (Person, String, Vec<(&'static str, String)>) {
    let helen = house.person("Helen").await;
    house.connect("Helen").await;
    let draft = begin(&helen, &owed(&helen).await, "answer", &[]).await;
    let form = form(&helen, &draft, words).await;
    (helen, draft, form)
}

pub(crate) fn borrowed<'a>(
    form: &'a [(&'static str, String)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect()
}

pub(crate) const ANSWER: &str = "Dear all,\n\nHere is what you asked for.\n\nKind regards\nHelen";

#[test]
fn begun_again_it_is_the_same_letter_and_an_untouched_one_follows_the_date() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let id = owed(&helen).await;
        let draft = begin(&helen, &id, "hold", &[("until", "2026-06-19T12:00")]).await;
        assert!(words(&helen.get(&draft).await).contains("hear from us by Friday 19 June, 12:00."));
        let draft = begin(&helen, &id, "hold", &[("until", "2026-06-22T12:00")]).await;
        let page = helen.get(&draft).await;
        assert!(words(&page).contains("hear from us by Monday 22 June, 12:00."), "{}", words(&page));
        let form = form(&helen, &draft, ANSWER).await;
        helen.post(&draft, &borrowed(&form, &[])).await;
        let again = begin(&helen, &id, "hold", &[("until", "2026-06-23T12:00")]).await;
        assert_eq!(
            (again, words(&helen.get(&draft).await)),
            (draft.clone(), ANSWER.to_owned()),
            "one's own words stay"
        );
        assert!(helen.get("/outbox").await.ok().contains(&format!("href=\"{draft}?back=%2Foutbox\"")));
        helen.post(&format!("{draft}/removing"), &[]).await;
        assert_eq!(helen.get(&draft).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn our_own_words_have_nothing_to_mend() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let asker = house.asker("Helen").await;
        let kinds = [("answer", "hold"), ("promise", "new_date"), ("check_in", "check_in")];
        let mut read = 0;
        for (kind, purpose) in kinds {
            let group = if kind == "check_in" { "&group=upkeep" } else { "" };
            let page = helen.get(&format!("/today?whose=firm&kind={kind}{group}")).await;
            let Some((_, rest)) = page.text.split_once("<li class=\"line\" id=\"o-") else { continue };
            let id = rest.split('"').next().unwrap();
            let draft = begin(&helen, id, purpose, &[("until", "2026-06-22T12:00")]).await;
            let text = words(&helen.get(&draft).await).replace("&#39;", "'");
            let mut tx = house.app.db.read().await.unwrap();
            let found =
                regard::drafts::check::words(&mut tx, &asker, None, &text, 0, house.app.now()).await.unwrap();
            assert_eq!(found, [], "{purpose}: {text}");
            read += 1;
        }
        assert!(2 <= read, "the sample firm has these");
    });
}

#[test]
fn what_is_to_be_mended_stands_beside_the_letter_and_never_blocks() {
    run(async {
        let house = House::new().await;
        let bad = "Dear all,\n\nSorry, I was swamped with other work. The paper is attached. I will send the rest on Sunday.\n\nHelen";
        let (helen, draft, form) = answering(&house, bad).await;
        helen.post(&draft, &borrowed(&form, &[])).await;
        let page = helen.get(&draft).await.ok();
        for kind in ["excuse", "attachment_missing", "promise_collides"] {
            assert!(page.contains(&format!("data-kind=\"{kind}\"")), "{kind} in {page}");
        }
        assert!(page.contains("data-better=\""), "{page}");
        let sent = helen.post(&format!("{draft}/sending"), &borrowed(&form, &[])).await;
        assert!(sent.location().contains("undo=letter-"), "{}", sent.location());
    });
}

#[test]
fn a_session_that_ends_in_the_midst_loses_no_word() {
    run(async {
        let house = House::new().await;
        let long = format!("Dear all,\n\n{}\n\nHelen", "Word after word. ".repeat(1000));
        let (helen, draft, form) = answering(&house, &long).await;
        helen.post("/sign-out", &[]).await;
        let refused =
            helen.post_files(&format!("{draft}/sending"), &borrowed(&form, &[]), &[("a.txt", b"x")]).await;
        assert_eq!(refused.location(), "/sign-in?to=/again");
        assert!(house.outgoing().await.is_empty());
        let kept = refused.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut back = house.person("Helen").await;
        back.cookie = format!("{}; {kept}", back.cookie);
        let again = back.get("/again").await.ok();
        assert!(again.contains(&long) && again.contains(&format!("action=\"{draft}/sending\"")), "{again}");
        assert_eq!(back.get("/again").await.status, StatusCode::SEE_OTHER, "it is offered once");
        let sent = back.post(&format!("{draft}/sending"), &borrowed(&form, &[])).await;
        assert!(sent.location().contains("undo=letter-"), "{}", sent.text);
    });
}

#[test]
fn files_go_with_it_once_within_limits_and_are_never_shown() {
    run(async {
        let house = House::new().await;
        let (helen, draft, form) = answering(&house, ANSWER).await;
        let files: [(&str, &[u8]); 2] =
            [("../lease.pdf", b"%PDF"), ("same.html", b"<script>evil()</script>")];
        let page = helen.post_files(&format!("{draft}/files"), &borrowed(&form, &[]), &files).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let page = helen.get(&draft).await;
        assert!(page.text.contains("lease.pdf") && !page.text.contains("../"), "{}", page.text);
        assert_eq!(words(&page), ANSWER, "what was typed is kept with them");
        let remove = page.between(&format!("formaction=\"{draft}/files/"), "/removing").to_owned();
        helen.post(&format!("{draft}/files/{remove}/removing"), &borrowed(&form, &[])).await;
        assert!(!helen.get(&draft).await.text.contains("lease.pdf"));
        let large = vec![7; 18_000_001];
        let refused =
            helen.post_files(&format!("{draft}/files"), &borrowed(&form, &[]), &[("a", &large)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        helen.post_files(&format!("{draft}/sending"), &borrowed(&form, &[]), &[("b.txt", b"hello")]).await;
        let text = String::from_utf8(house.outgoing().await[0].bytes.clone()).unwrap();
        assert!(text.contains("filename=\"same.html\"") && text.contains("filename=\"b.txt\""), "{text}");
        assert!(text.contains("application/octet-stream") && text.contains("attachment"), "{text}");
    });
}

#[test]
fn texts_signature_and_fields_are_filled_in() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let text =
            [("name", "Parking"), ("words", "Park at {client}, {contact first name}. {my name} {unknown}")];
        helen.post("/settings/texts", &text).await;
        helen.post("/settings/writing", &[("signature", "Helen Farrow\nPartner"), ("way", "drafts")]).await;
        let draft = begin(&helen, &owed(&helen).await, "answer", &[]).await;
        let page = helen.get(&draft).await;
        assert!(page.text.contains("Helen Farrow\nPartner</p>"), "{}", page.text);
        let n = page
            .between("<select name=\"canned\"><option value=\"\">…</option><option value=\"", "\"")
            .to_owned();
        let before = words(&page);
        let form = form(&helen, &draft, &before).await;
        helen.post(&format!("{draft}/canned"), &borrowed(&form, &[("canned", &n)])).await;
        let after = words(&helen.get(&draft).await);
        assert!(after.contains("Helen Farrow {unknown}") && !after.contains("{client}"), "{after}");
        assert!(after.find("Park at") < after.find("Kind regards"), "{after}");
        // Into one's own drafts rather than out.
        let form: Vec<(&str, String)> = form.into_iter().filter(|(name, _)| *name != "words").collect();
        helen
            .post(&format!("{draft}/sending"), &borrowed(&form, &[("words", &after), ("way", "drafts")]))
            .await;
        let [message] = &house.outgoing().await[..] else { panic!("one message") };
        assert_eq!(message.way, regard::outbox::Way::Drafts);
        let letter = reading::letter::parse(&message.bytes).unwrap();
        assert!(letter.text.contains("\n-- \nHelen Farrow\nPartner\n\nOn "), "{}", letter.text);
        assert_eq!(letter.new_text.trim(), after.split("\n\nKind regards").next().unwrap().trim());
        let removed = helen.get("/settings/texts").await;
        let n = removed.between("action=\"/settings/texts/", "\"").to_owned();
        helen.post(&format!("/settings/texts/{n}/removing"), &[]).await;
        assert!(helen.get("/settings/texts").await.ok().contains("There are none yet"));
        let log = house.log().await;
        let named = |act: &str| log.iter().find(|(noted, _)| noted == act).map(|(_, name)| name.clone());
        assert!(named("made_text").is_some_and(|name| !name.is_empty()), "{log:?}");
        assert_eq!(named("removed_text"), named("made_text"), "{log:?}");
    });
}

#[test]
fn two_who_write_about_the_same_thing_both_learn_it() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        house.connect("Helen").await;
        house.connect("Marcus").await;
        let id = owed(&helen).await;
        let first = begin(&helen, &id, "answer", &[]).await;
        assert!(!helen.get(&first).await.ok().contains("is writing about this"));
        let second = begin(&marcus, &id, "answer", &[]).await;
        assert!(
            marcus.get(&second).await.ok().contains("Helen Farrow is writing about this at this moment.")
        );
        assert!(helen.get(&first).await.ok().contains("is writing about this at this moment."));
        // What one of them is writing, the other does not read.
        let refused = marcus.get(&first).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        let form = form(&helen, &first, ANSWER).await;
        let forged = marcus.post(&format!("{first}/sending"), &borrowed(&form, &[])).await;
        assert_eq!(forged.status, StatusCode::NOT_FOUND, "{}", forged.text);
        assert!(
            house.log().await.iter().any(|(act, detail)| act == "refused" && detail.contains("/drafts/"))
        );
        assert!(house.outgoing().await.is_empty());
    });
}

#[test]
fn roles_and_walls_hold_for_letters() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        house.connect("Helen").await;
        house.connect("Marcus").await;
        let id = owed(&helen).await;
        let draft = begin(&marcus, &id, "answer", &[]).await;
        let form = form(&marcus, &draft, ANSWER).await;
        let obligation = regard::today::acts::id(&id).unwrap();
        let mut tx = house.app.db.read().await.unwrap();
        let client = house.asker("Helen").await.obligation(&mut tx, obligation).await.unwrap().client;
        drop(tx);
        house.wall("Marcus", client).await;
        house.give_access("Helen", "owner").await;
        for path in
            [draft.clone(), format!("{draft}/sending"), format!("{draft}/files"), format!("{draft}/removing")]
        {
            let page = marcus.post(&path, &borrowed(&form, &[])).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", page.text);
        }
        assert_eq!(marcus.get(&draft).await.status, StatusCode::NOT_FOUND);
        let begun = marcus.post(&format!("/owed/{id}/letters"), &[("purpose", "answer")]).await;
        assert_eq!(begun.status, StatusCode::NOT_FOUND);
        let begun = marcus.post(&format!("/clients/{}/letters", client.0), &[("purpose", "letter")]).await;
        assert_eq!(begun.status, StatusCode::NOT_FOUND);
        assert!(!marcus.get("/outbox").await.ok().contains(&draft));
        let log = house.log().await;
        assert!(log.iter().filter(|(act, _)| act == "refused").count() >= 3, "{log:?}");
        assert!(house.outgoing().await.is_empty());

        // Whoever may only look writes nothing.
        house.give_access("Helen", "read_only").await;
        let refused = helen.post(&format!("/owed/{id}/letters"), &[("purpose", "answer")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(!helen.get(&format!("/owed/{id}")).await.ok().contains("/letters"));
    });
}

#[test]
fn whom_a_wall_hides_is_not_written_to_by_another_way() {
    run(async {
        let house = House::new().await;
        let (helen, marcus) = (house.person("Helen").await, house.person("Marcus").await);
        house.connect("Marcus").await;
        let page = helen.get("/today?whose=firm&kind=answer").await;
        let ids: Vec<&str> = page
            .text
            .split("<li class=\"line\" id=\"o-")
            .skip(1)
            .filter_map(|part| part.split('"').next())
            .collect();
        house.connect("Helen").await;
        let hidden = begin(&helen, ids[0], "answer", &[]).await;
        let to = value(&helen.get(&hidden).await, "to");
        let asker = house.asker("Helen").await;
        let mut tx = house.app.db.read().await.unwrap();
        let client =
            asker.obligation(&mut tx, regard::today::acts::id(ids[0]).unwrap()).await.unwrap().client;
        let other = ids.iter().find(|id| **id != ids[0]).unwrap();
        drop(tx);
        house.wall("Marcus", client).await;
        house.give_access("Marcus", "staff").await;
        let draft = begin(&marcus, other, "answer", &[]).await;
        let form = form(&marcus, &draft, ANSWER).await;
        let mut fields = borrowed(&form, &[]);
        fields[0].1 = &to;
        let refused = marcus.post(&format!("{draft}/sending"), &fields).await;
        assert!(refused.location().contains("Not%20sent"), "{} {}", refused.location(), refused.text);
        assert!(house.outgoing().await.is_empty());
    });
}

#[test]
fn without_a_mailbox_the_words_are_copied_and_a_line_says_how_to_connect() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let id = owed(&helen).await;
        let page = helen.get(&format!("/owed/{id}")).await.ok();
        assert!(page.contains("mailto:") && page.contains("connect your mailbox"), "{page}");
        assert!(!page.contains(&format!("/owed/{id}/letters")), "{page}");
    });
}

#[test]
fn a_letter_to_a_client_needs_nothing_that_is_owed() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        house.connect("Helen").await;
        let asker = house.asker("Helen").await;
        // Somebody who wrote, and so has an address.
        let wrote = asker.open().filter(|open| open.owed.kind == care::obligation::Kind::Answer);
        let mut seen = wrote.filter_map(|open| asker.client(open.owed.client).ok());
        let client = seen.next().unwrap();
        let here = format!("/clients/{}", client.id.0);
        assert!(helen.get(&here).await.ok().contains("Thank them"));
        let begun = helen.post(&format!("{here}/letters"), &[("purpose", "thanks"), ("back", &here)]).await;
        let page = helen.get(begun.location()).await;
        assert!(words(&page).contains("I wanted to thank you"), "{}", page.text);
        assert!(value(&page, "to").contains('@') && value(&page, "subject") == "Thank you");
        let wrong = helen.post(&format!("{here}/letters"), &[("purpose", "hold")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}
