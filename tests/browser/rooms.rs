//! Every page and every state of one that somebody meets, walked through: the checker and the camera go the same way.

use crate::dovecot::{self, Dovecot};
use crate::house::{HELEN, House, PASSWORD};
use crate::keyboard::ENTER;
use crate::mailboxes::fill_in;
use crate::page::Page;
use crate::sink::{Sink, Ways};

/// Every page that somebody who is signed in can open, by the name of its picture.
pub(crate) const PAGES: [(&str, &str); 27] = [
    ("today", "/today?whose=firm"),
    ("upkeep", "/today?whose=firm&group=upkeep"),
    ("perhaps", "/today?whose=firm&group=perhaps"),
    ("before-regard", "/today?whose=firm&group=before_regard"),
    ("clients", "/clients"),
    ("former", "/clients?kind=former"),
    ("correspondents", "/correspondents"),
    ("outbox", "/outbox"),
    ("search", "/search?q=lease"),
    ("bring-in", "/bring-in"),
    ("account", "/settings"),
    ("mailboxes", "/settings/mailboxes"),
    ("texts", "/settings/texts"),
    ("reminders", "/settings/reminders"),
    ("people", "/settings/people"),
    ("standards", "/settings/standards"),
    ("firm", "/settings/firm"),
    ("telephone", "/settings/telephone"),
    ("forwarding", "/settings/forwarding"),
    ("calendar", "/settings/calendar"),
    ("holding", "/settings/holding"),
    ("walls", "/settings/walls"),
    ("sign-ins", "/settings/sign-ins"),
    ("proposed", "/clients/proposed"),
    ("log", "/settings/log"),
    ("data", "/settings/data"),
    ("not-found", "/nothing/here"),
];

/// Writes a letter in which something could be better.
const WRITES: &str = "const w = document.querySelector('.letterform textarea'); w.focus(); \
    w.setSelectionRange(0, w.value.length); document.execCommand('insertText', false, \
    'Dear Ms Thwaite,\\n\\nSorry for the late reply, I was swamped with other work. Their terms are attached, and you will have the \
draft letter on Sunday.\\n\\nKind regards\\nHelen')";

/// Types into the field of that selector.
async fn enter(page: &Page, css: &str, words: &str) {
    let field = page.see(css).await;
    field.clear().await.expect("a field");
    field.send_keys(words).await.expect("keys");
}

/// Goes through the firm, and lets `see` look at each page and state by its name.
pub(crate) async fn inside(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    for (name, path) in PAGES {
        page.go(path).await;
        see(page, name).await;
    }
    record(page, see).await;
    acts(page, see).await;
    settings(page, see).await;
    letters(house, page, see).await;
}

/// A client's record: read, noted in, renamed, without one of its people, and a letter of it opened.
async fn record(page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/clients").await;
    let client = page.attr(".line > a", "href").await;
    page.go(&client).await;
    see(page, "client").await;
    page.script("document.querySelectorAll('#who details').forEach(one => { one.open = true; })").await;
    see(page, "forms").await;
    page.go(&client).await;
    page.type_keys("e").await;
    let words = page.see("details[data-key=e][open] textarea:focus").await;
    words.send_keys("They worry about the deadline. @Marcus Tidd, could you ring them?").await.expect("keys");
    see(page, "note").await;
    page.go(&client).await;
    let name = page.text("h1").await;
    page.click("details:has([action$='/details']) summary").await;
    enter(page, "[action$='/details'] [name=name]", &format!("{name} of Harborough")).await;
    page.type_keys(ENTER).await;
    page.read(".notice", "Before, it was").await;
    page.script("document.querySelector('form.keep').scrollIntoView({ block: 'center' })").await;
    see(page, "renamed").await;
    page.click(".notice button").await;
    page.read("h1", &name).await;
    removed(page, see).await;
    page.go(&page.attr("#timeline .line.in > a", "href").await).await;
    see(page, "entry").await;
}

/// Somebody who is no contact any more, until they are brought back.
async fn removed(page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    let listed = "#who .people li:has(form[action$='/removing'])";
    page.click(&format!("{listed} details > summary")).await;
    page.click(&format!("{listed} form[action$='/removing'] button")).await;
    page.read(".notice", "is no contact any more").await;
    page.click("#who .gone > summary").await;
    page.see("#who .gone[open]").await;
    see(page, "removed").await;
    page.click("#who .gone button").await;
    page.read(".notice", "is a contact again").await;
}

/// Today, and what is done there.
async fn acts(page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/today").await;
    see(page, "mine").await;
    page.type_keys("jh").await;
    page.see("details[data-key=h][open]").await;
    see(page, "hold").await;
    page.go("/today?whose=firm").await;
    page.click(".line > a").await;
    page.see(".opened .acts").await;
    for key in ["m", "c", "q", "n"] {
        page.type_keys(key).await;
        page.see(&format!("details[data-key={key}][open]")).await;
        page.script("document.activeElement.blur()").await;
    }
    page.script("document.querySelector('.opened .letter').scrollIntoView()").await;
    see(page, "acts").await;
    page.go("/today?whose=firm").await;
    page.go(&page.attr("[data-kind=answer] > a", "href").await).await;
    page.see(".opened").await;
    see(page, "answer").await;
    page.click(".opened form[data-key=d] button").await;
    page.see(".notice").await;
    see(page, "done").await;
    page.click(".notice button").await;
    page.read(".notice", "Undone").await;
    page.script("document.querySelector('#keys').showModal()").await;
    see(page, "keys").await;
    page.go("/correspondents").await;
    page.click("form.placing .line label").await;
    page.click(".placebar button[value=private]").await;
    page.read("h1", "Private?").await;
    see(page, "private").await;
}

/// What comes after a form of the settings: a link for somebody, an address that is shown once.
async fn settings(page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/settings/people").await;
    enter(page, "[action='/settings/people'] [name=name]", "Di Marsh").await;
    enter(page, "[action='/settings/people'] [name=email]", "di@tiddfarrow.example").await;
    page.click("[action='/settings/people'] button").await;
    let link = page.see("section.notice pre.copy").await.text().await.expect("a link");
    see(page, "invited").await;
    let (_, secret) = link.split_once("/join/").expect("a link to come in by");
    page.go(&format!("/join/{secret}")).await;
    page.see("[name=password]").await;
    see(page, "join").await;
    page.go("/settings").await;
    enter(page, "[action='/settings/tokens'] [name=name]", "My calendar").await;
    page.see("[action='/settings/tokens'] [name=scope]")
        .await
        .select_by_value("feed")
        .await
        .expect("a choice");
    page.click("[action='/settings/tokens'] button").await;
    page.see("section.notice pre.copy").await;
    see(page, "feed").await;
}

/// A letter as it is written, and the outbox that knows of it.
async fn letters(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    house.connect(HELEN).await;
    page.go("/today?whose=firm&kind=answer").await;
    page.type_keys("ja").await;
    page.see(".line .composing textarea").await;
    page.script(WRITES).await;
    page.see(".findings li").await;
    page.script("document.querySelector('.composing').scrollIntoView()").await;
    see(page, "writing").await;
    page.go("/outbox").await;
    see(page, "outbox").await;
    page.click(".line > a").await;
    page.see(".under u").await;
    see(page, "letter").await;
}

/// The first visit to an empty folder: the form, what it says to a wrong input, and what follows.
pub(crate) async fn first_visit(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/set-up").await;
    page.read("h1", "Regard").await;
    see(page, "set-up").await;
    let typed = [
        ("firm", "Quill & Partners"),
        ("tuesday", "all day"),
        ("name", "Amy Quill"),
        ("email", "amy@quill.example"),
        ("password", PASSWORD),
    ];
    for (name, words) in typed {
        enter(page, &format!("[action='/set-up'] [name={name}]"), words).await;
    }
    page.type_keys(ENTER).await;
    page.read(".trouble", "The hours of Tuesday").await;
    see(page, "set-up-wrong").await;
    enter(page, "[name=tuesday]", "09:00-17:30").await;
    enter(page, "[action='/set-up'] [name=password]", PASSWORD).await;
    page.type_keys(ENTER).await;
    page.read("h1", "Bring mail and lists in").await;
    see(page, "first-mail").await;
    page.go("/today").await;
    see(page, "today-empty").await;
    let mail = house.record().with_file_name("amy.mbox");
    let letter = "From jo@acme.example Mon Jun  1 09:00:00 2026\nMessage-ID: <1@acme.example>\nDate: Mon, 1 Jun 2026 09:00:00 +0100\n\
                  From: Jo Ash <jo@acme.example>\nTo: amy@quill.example\nSubject: The lease\n\nCould you send me the lease, please?\n";
    std::fs::write(&mail, letter).expect("a mailbox");
    page.go("/bring-in").await;
    page.see("input[type=file]")
        .await
        .send_keys(&mail.display().to_string())
        .await
        .expect("a file is chosen");
    page.click("form:has([name=kind][value=mail]) button").await;
    page.read("section.work", "1 message is new").await;
    see(page, "brought-in").await;
}

/// The door, what was handed in after a session had ended, and the way to another door: a mailbox that is signed in to.
pub(crate) async fn door(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/sign-in").await;
    page.see("input[name=password]").await;
    see(page, "sign-in").await;
    let sign_in = async || {
        enter(page, "input[name=email]", HELEN).await;
        enter(page, "input[name=password]", PASSWORD).await;
        page.type_keys(ENTER).await;
    };
    sign_in().await;
    page.see(".head nav").await;
    page.go("/clients").await;
    page.go(&page.attr(".line > a", "href").await).await;
    page.type_keys("e").await;
    let words = page.see("details[data-key=e][open] textarea:focus").await;
    words.send_keys("They would rather meet in July.").await.expect("keys");
    house.end_sessions(HELEN).await;
    page.click("details[data-key=e] button.first").await;
    page.see("input[name=password]").await;
    sign_in().await;
    page.read("h1", "Not entered yet").await;
    see(page, "again").await;

    // The way to a sign-in without a password.
    page.go("/settings/sign-ins").await;
    if !page.has("main li.person").await {
        enter(page, "main [name=client_id]", "firm-17.apps.example").await;
        page.click("main form[action='/settings/sign-ins'] button.first").await;
        page.see(".notice").await;
    }
    page.click("main li.person p a").await;
    page.read("main h2", "Google").await;
    page.click("main form.fields details summary").await;
    see(page, "new-secret").await;
    page.go("/settings/connections/new?address=helen.farrow@gmail.com").await;
    page.click("button[formaction$='/signing-in']").await;
    page.read("h2", "Sign in to").await;
    see(page, "signing-in").await;
    folders(page, see).await;
}

/// A mailbox as it is connected, its folders, and how it stands then; it is taken away again, so that the next may be.
async fn folders(page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    let (server, sink) = (Dovecot::start(), Sink::start(Ways::default()));
    page.go(&format!("/settings/connections/new?address={HELEN}")).await;
    see(page, "connect").await;
    fill_in(page, &server, &sink, dovecot::PASSWORD).await;
    page.read("h2", "Folders of").await;
    see(page, "folders").await;
    page.click("main form button.first").await;
    page.read(".mailbox:has(.standing)", "Waiting for mail").await;
    see(page, "connected").await;
    page.go("/settings/mailboxes").await;
    page.click("details:has([action$='/removing']) summary").await;
    page.click("[action$='/removing'] button").await;
    page.see(".notice").await;
}
