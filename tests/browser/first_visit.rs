//! The first visit, from an empty folder to Today: set-up, a mailbox file or the sample firm, what is owed.

use crate::house::{Door, House};
use crate::keyboard::{ENTER, fill, press, step_to};
use crate::page::{Look, Page};
use crate::story;

const PASSWORD: &str = "four little words here";

/// A letter of so many days ago.
fn letter(n: u32, days: i64, from: &str, to: &str, subject: &str, words: &str) -> String {
    let at = regard::clock::now() - jiff::SignedDuration::from_hours(24 * days);
    let date = jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).expect("a date");
    format!(
        "From {from} Mon Jun  1 09:00:00 2026\nMessage-ID: <{n}@made.example>\nDate: {date}\nFrom: {from}\nTo: {to}\n\
         Subject: {subject}\n\n{words}\n\n"
    )
}

/// The mailbox of somebody to whom a client wrote twice, and a friend once.
fn mailbox(house: &House) -> String {
    let amy = "Amy Quill <amy@quill.example>";
    let mail = [
        letter(
            1,
            9,
            "Jo Ash <jo@acme.example>",
            amy,
            "The lease",
            "Could you send me the draft of the lease, please?",
        ),
        letter(
            2,
            8,
            amy,
            "jo@acme.example",
            "Re: The lease",
            "Dear Jo,\n\nI'll send the draft by Friday.\n\nAmy",
        ),
        letter(3, 2, "Jo Ash <jo@acme.example>", amy, "The keys", "When may I fetch the keys?"),
        letter(4, 1, "Aunt May <may@gmail.com>", amy, "Sunday", "Will you come to lunch?"),
    ];
    let file = house.record().parent().expect("a folder").join("amy.mbox");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(&file, mail.concat()).expect("a mailbox");
    file.display().to_string()
}

/// Waits until what was brought in has been read.
async fn is_read(page: &Page) {
    page.until("the end of the reading", async || {
        page.path().await == "/bring-in" && page.has("section.work").await && !page.has("progress").await
    })
    .await;
}

#[test]
fn an_owner_sets_the_firm_up_by_keyboard_brings_a_mailbox_and_sees_what_is_owed() {
    story(Door::First, async |house| {
        let mail = mailbox(&house);
        let page = house.browser(Look::DESK).await;
        page.go("/").await;
        page.until("the first visit", async || page.path().await == "/set-up").await;
        page.read(".lead", "What you owe your clients, every morning").await;
        assert_eq!(page.script("return document.querySelector('[name=zone]').value").await, "Europe/London");
        fill(&page, "[action='/set-up'] [name=firm]", "Quill & Partners").await;
        fill(&page, "[name=tuesday]", "all day").await;
        fill(&page, "[name=domains]", "quill.example").await;
        fill(&page, "[action='/set-up'] [name=name]", "Amy Quill").await;
        fill(&page, "[action='/set-up'] [name=email]", "amy@quill.example").await;
        fill(&page, "[action='/set-up'] [name=password]", PASSWORD).await;
        page.type_keys(ENTER).await;

        // What is wrong is said, and nothing else is typed twice but the password.
        page.read(".trouble", "The hours of Tuesday").await;
        assert_eq!(page.attr("[action='/set-up'] [name=firm]", "value").await, "Quill & Partners");
        assert_eq!(page.attr("[action='/set-up'] [name=password]", "value").await, "");
        fill(&page, "[name=tuesday]", "09:00-12:30, 13:30-17:30").await;
        fill(&page, "[action='/set-up'] [name=password]", PASSWORD).await;
        press(&page, "[action='/set-up'] button.first").await;

        page.read("h1", "Bring mail and lists in").await;
        page.read(".head .firm", "Quill & Partners").await;
        // Today says what is missing, and leads there.
        page.go("/today").await;
        page.read(".empty", "No mail has been read yet").await;
        press(&page, ".choice a[href='/bring-in']").await;
        page.see("input[type=file]").await.send_keys(&mail).await.expect("a file is chosen");
        press(&page, "form:has([name=kind][value=mail]) button").await;
        is_read(&page).await;
        page.read("section.work", "Reading amy.mbox").await;
        page.read("section.work", "4 messages are new in the record").await;
        press(&page, "section.work a.first").await;
        page.read("main", "When may I fetch the keys?").await;
        page.read(".line[data-kind=promise]", "I'll send the draft by Friday").await;

        // Who is a client is said next; then the record has a page.
        page.go("/correspondents").await;
        page.read("form.placing", "acme.example").await;
        let first = page.text("form.placing .line .who b").await;
        page.type_keys("j1").await;
        page.read(".notice", &format!("{first}: client.")).await;
        page.go("/clients").await;
        page.read("#found", &first).await;

        // Whoever comes later signs in, and sets nothing up.
        let other = house.browser(Look::PHONE).await;
        other.go("/set-up").await;
        other.until("the door", async || other.path().await.starts_with("/sign-in")).await;
        fill(&other, "[name=email]", "amy@quill.example").await;
        fill(&other, "[name=password]", PASSWORD).await;
        other.type_keys(ENTER).await;
        other.see(".head .firm").await;
    });
}

#[test]
fn a_mailbox_that_was_connected_before_the_first_visit_is_its_owners_own() {
    story(Door::First, async |house| {
        let password = house.record().with_file_name("password");
        std::fs::create_dir_all(password.parent().expect("a folder")).expect("a folder");
        std::fs::write(&password, "secret\n").expect("written");
        let password = password.display().to_string();
        let add = ["connect", "add", "amy@quill.example", "--untested", "--password-file", &password];
        house.regard(&[&add[..], &["--imap", "imap.quill.example"]].concat());
        let page = house.browser(Look::DESK).await;
        page.go("/").await;
        page.read(".lead", "Your mail is here already").await;
        fill(&page, "[action='/set-up'] [name=firm]", "Quill & Partners").await;
        fill(&page, "[action='/set-up'] [name=name]", "Amy Quill").await;
        fill(&page, "[action='/set-up'] [name=email]", "Amy@quill.example").await;
        fill(&page, "[action='/set-up'] [name=password]", PASSWORD).await;
        page.type_keys(ENTER).await;
        page.read("h1", "Bring mail and lists in").await;
        page.go("/settings/mailboxes").await;
        page.read(".mailbox", "amy@quill.example").await;
        assert!(!page.text(".mailbox").await.contains("shared"), "{}", page.text(".mailbox").await);
    });
}

#[test]
fn without_script_on_a_phone_the_sample_firm_opens_from_the_first_visit() {
    story(Door::First, async |house| {
        let page = house.browser(Look::PHONE.dark().without_script()).await;
        page.go("/").await;
        page.until("the first visit", async || page.path().await == "/set-up").await;
        page.click("details.aside summary").await;
        let type_in = async |name: &str, words: &str| {
            let field = page.see(&format!("[action='/set-up/sample'] [name={name}]")).await;
            field.clear().await.expect("a field");
            field.send_keys(words).await.expect("keys");
        };
        type_in("name", "Amy Quill").await;
        type_in("email", "amy@quill.example").await;
        type_in("password", PASSWORD).await;
        page.click("[action='/set-up/sample'] button").await;
        page.read("section.work h2", "Opening the sample firm").await;
        is_read(&page).await;
        page.read("section.work", "are new in the record").await;
        page.click("section.work a.first").await;
        page.see(".line").await;
        assert!(5 < page.count(".line").await);
        page.click(".line > a").await;
        page.see(".opened .letter mark").await;
    });
}

#[test]
fn a_file_that_is_no_mailbox_is_said_in_words_and_another_may_follow() {
    story(Door::First, async |house| {
        let mail = mailbox(&house);
        let odd = mail.replace("amy.mbox", "holiday.jpg");
        std::fs::write(&odd, [0xff, 0xd8, 0xff, 0xe0, 0, 0x10]).expect("a file");
        let empty = mail.replace("amy.mbox", "empty.mbox");
        std::fs::write(&empty, "").expect("a file");
        let page = house.browser(Look::DESK).await;
        page.go("/set-up").await;
        step_to(&page, "[action='/set-up'] [name=firm]").await;
        page.type_keys("Quill").await;
        fill(&page, "[action='/set-up'] [name=name]", "Amy Quill").await;
        fill(&page, "[action='/set-up'] [name=email]", "amy@quill.example").await;
        fill(&page, "[action='/set-up'] [name=password]", PASSWORD).await;
        page.type_keys(ENTER).await;
        page.read("h1", "Bring mail and lists in").await;

        let hand_in = async |file: &str| {
            page.go("/bring-in").await;
            page.see("input[type=file]").await.send_keys(file).await.expect("a file is chosen");
            press(&page, "form:has([name=kind][value=mail]) button").await;
        };
        hand_in(&empty).await;
        page.read("[data-refused]", "The file is missing or empty").await;
        hand_in(&odd).await;
        is_read(&page).await;
        let said = page.text("section.work").await;
        assert!(said.contains("holiday.jpg") && !said.contains("4 messages"), "{said}");
        fill(&page, "[name=path]", "amy.mbox").await;
        page.type_keys(ENTER).await;
        page.read("[data-refused]", "The path must be whole").await;
        page.go("/bring-in").await;
        fill(&page, "[name=path]", &mail).await;
        page.type_keys(ENTER).await;
        is_read(&page).await;
        page.read("section.work", "4 messages are new in the record").await;
    });
}
