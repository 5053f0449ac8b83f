//! Every page and every state of one that somebody meets, walked through: the checker and the camera go the same way.

use crate::dovecot::{self, Dovecot};
use crate::house::{HELEN, House, NOW, PASSWORD};
use crate::keyboard::ENTER;
use crate::mailboxes::fill_in;
use crate::page::Page;
use crate::sink::{Sink, Ways};

/// Every page that somebody who is signed in can open, by the name of its picture.
pub(crate) const PAGES: [(&str, &str); 29] = [
    ("today", "/today?whose=firm"),
    ("narrowed", "/today?whose=firm&kind=answer"),
    ("divided", "/today?whose=firm&by=client"),
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

/// Pages on which nothing stands yet, the day a firm begins.
const EMPTY: [(&str, &str); 5] = [
    ("clients-empty", "/clients"),
    ("correspondents-empty", "/correspondents"),
    ("outbox-empty", "/outbox"),
    ("mailboxes-empty", "/settings/mailboxes"),
    ("search-empty", "/search?q=lease"),
];

/// Writes a letter in which something could be better.
const WRITES: &str = "const w = document.querySelector('.letterform textarea'); w.focus(); \
    w.setSelectionRange(0, w.value.length); document.execCommand('insertText', false, \
    'Dear Ms Thwaite,\\n\\nSorry for the late reply, I was swamped with other work. Their terms are attached, and you will have the \
draft letter on Sunday.\\n\\nKind regards\\nHelen')";

/// Three cards: of somebody who is known by another address, and of two who seem to be of a client.
const CARDS: &str = "BEGIN:VCARD\nVERSION:4.0\nUID:1\nFN:Jo Pell\nORG:Pell's Bakery Ltd\nEMAIL:jo.pell@pellsbakery.example\nEND:VCARD\n\
    BEGIN:VCARD\nVERSION:4.0\nUID:2\nFN:Agnieszka Wiśniewska-Featherstonehaugh\nEMAIL:accounts@harrowvale.example\n\
    TEL:+44 1632 960712\nEND:VCARD\n\
    BEGIN:VCARD\nVERSION:4.0\nUID:3\nFN:Sam Tull\nEMAIL:sam@wexcombecycles.example\nEND:VCARD\n";

/// Clients whose names are long, hold a word that is, or are read from the right; and their people.
const FAR: &str = "client_id,name,kind,tier,why_came,expectations\n\
    f1,The Wexcombe and District Society for the Preservation of Timber-Framed Ecclesiastical Buildings,organisation,d,\
    A covenant of 1871 over the lych-gate,\n\
    f2,Oberharzerwasserregalinstandhaltungsgenossenschaft eG,organisation,d,,\n\
    f3,شركة النور للتجارة والاستيراد,organisation,d,عقد إيجار المستودع,الرد في اليوم نفسه\n\
    f4,מרכז הבריאות של חיפה,organisation,d,,\n";
const FAR_PEOPLE: &str = "client_id,name,email,phone\n\
    f1,The Reverend Canon Bartholomew Featherstonehaugh-Cholmondeley,\
    the.reverend.canon.bartholomew@society-for-the-preservation-of-timber-framed-buildings.example,01632 960713\n\
    f3,ليلى حداد,layla@alnoor.example,01632 960714\n\
    f4,נועה לוי,noa@haifahealth.example,\n";

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
    refused(page, see).await;
    letters(house, page, see).await;
    strangers(house, page, see).await;
    reports(house, page, see).await;
}

/// The pages that stand alone: what is owed, and a table.
async fn reports(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    let table = house.regard(&["report", "departures", "--now", NOW, "--html"]);
    for (name, words) in [("report", house.report()), ("report-table", &table)] {
        let file = house.record().with_file_name(format!("{name}.html"));
        std::fs::write(&file, words).expect("a page");
        page.client.goto(&format!("file://{}", file.display())).await.expect("the page opens");
        see(page, name).await;
    }
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
    page.type_keys("l").await;
    page.see("details[data-key=l][open] [name=promised]:focus").await;
    page.script("document.querySelector('details[data-key=l]').scrollIntoView({ block: 'center' })").await;
    see(page, "call-there").await;
    page.go(&client).await;
    let name = page.text("h1").await;
    page.click("details:has([action$='/details']) summary").await;
    enter(page, "[action$='/details'] [name=name]", &format!("{name} of Harborough")).await;
    page.type_keys(ENTER).await;
    page.read(".notice", "Before, it was").await;
    page.script("document.querySelector('form.keep').scrollIntoView({ block: 'center' })").await;
    see(page, "renamed").await;
    page.click(".notice button").await;
    // The longer name holds the old one: the page that follows is known by its notice.
    page.read(".notice", "Undone").await;
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
    page.script("document.querySelector('#who .gone').scrollIntoView({ block: 'center' })").await;
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
    page.type_keys("l").await;
    page.see("details[data-key=l][open] [name=promised]:focus").await;
    see(page, "call").await;
    page.click(".opened form[data-key=d] button").await;
    page.see(".notice").await;
    see(page, "done").await;
    page.click(".notice button").await;
    page.read(".notice", "Undone").await;
    page.go("/today?whose=firm&group=before_regard").await;
    page.click(".together summary").await;
    page.see(".together[open] .reasons button").await;
    see(page, "letting-go").await;
    page.type_keys("?").await;
    page.see("dialog#keys[open]").await;
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

/// A note that no record takes: what is said to its writer.
async fn refused(page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/clients").await;
    page.go(&page.attr(".line > a", "href").await).await;
    page.script(
        "const note = document.querySelector('details[data-key=e] form'); \
         note.elements.words.value = 'so '.repeat(10000); note.requestSubmit()",
    )
    .await;
    page.see("[data-refused]").await;
    see(page, "refused").await;
}

/// Cards of an address book of people who seem to be of a client; then clients with long names, and with names that are
/// read from the right.
async fn strangers(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    bring(house, page, "contacts", "address-book.vcf", CARDS).await;
    page.go("/clients/proposed").await;
    page.see("form.placing .line").await;
    see(page, "proposed-cards").await;
    bring(house, page, "clients", "far-clients.csv", FAR).await;
    bring(house, page, "contacts", "far-people.csv", FAR_PEOPLE).await;
    page.go("/clients?tier=d&by=name").await;
    see(page, "names").await;
    for (name, part) in [("long-name", "Preservation"), ("from-the-right", "النور")] {
        page.go(&format!("/clients?q={part}")).await;
        page.go(&page.attr("#found .line > a", "href").await).await;
        see(page, name).await;
    }
}

/// Brings a list in, as an owner does at its page.
async fn bring(house: &House, page: &Page, kind: &str, name: &str, words: &str) {
    let file = house.record().with_file_name(name);
    std::fs::write(&file, words).expect("a list");
    page.go("/bring-in").await;
    let form = "form:has(select[name=kind])";
    let field = page.see(&format!("{form} [name=kind]")).await;
    field.select_by_value(kind).await.expect("a kind of list");
    let chosen = page.see(&format!("{form} input[type=file]")).await;
    chosen.send_keys(&file.display().to_string()).await.expect("a file is chosen");
    page.click(&format!("{form} button")).await;
    page.read("section.work h2", name).await;
    page.see("section.work a.button.first").await;
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
    for (name, path) in EMPTY {
        page.go(path).await;
        see(page, name).await;
    }
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
    page.go("/today").await;
    see(page, "today-clear").await;
}

/// The door, what was handed in after a session had ended, and the way to another door: a mailbox that is signed in to.
pub(crate) async fn door(house: &House, page: &Page, see: &mut impl AsyncFnMut(&Page, &str)) {
    page.go("/sign-in").await;
    page.see("input[name=password]").await;
    see(page, "sign-in").await;
    page.go("/join/nobody-wrote-this").await;
    see(page, "not-found-outside").await;
    page.go("/sign-in").await;
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
