//! What is refused, what is asked first, and what of a page is in sight.

use crate::careful::sideways;
use crate::house::{Door, HELEN};
use crate::page::{Look, Page};
use crate::story;

/// Whether the first of these lies within what the window shows.
async fn is_in_sight(page: &Page, css: &str) -> bool {
    let script = format!(
        "const at = document.querySelector('{css}')?.getBoundingClientRect(); \
         return Boolean(at) && 0 <= at.top && at.bottom <= innerHeight"
    );
    page.script(&script).await.as_bool().unwrap_or_default()
}

#[test]
fn a_refused_letter_says_so_where_its_writer_looks() {
    story(Door::Locked, async |house| {
        house.connect(HELEN).await;
        for look in [Look::DESK, Look::PHONE, Look::DESK.without_script()] {
            let page = house.browser_of(HELEN, look).await;
            page.go("/clients").await;
            let client = page.script("return document.querySelector('.line a').getAttribute('href')").await;
            page.go(client.as_str().expect("a client")).await;
            page.click(".writeto button[value=letter]").await;
            page.see(".letterform").await;
            let to = page.see("input[name=to]").await;
            to.clear().await.expect("it is emptied");
            to.send_keys("Ada").await.expect("it is typed");
            page.click(".letterform textarea").await;
            page.see(".letterform textarea").await.send_keys("Dear Ada,").await.expect("it is typed");
            page.click(".letterform .acts button.first").await;
            page.read("#refused", "Not sent: To has “Ada”").await;
            page.until("the refusal to be in sight", async || is_in_sight(&page, "#refused").await).await;
            assert_eq!(page.attr("input[name=to]", "aria-invalid").await, "true");
            let words = page.script("return document.querySelector('.letterform textarea').value").await;
            assert!(
                words.as_str().is_some_and(|words| words.contains("Dear Ada,")),
                "nothing is lost: {words}"
            );
            page.click(".letterform button.plain[formaction$='/removing']").await;
            page.miss(".letterform").await;
        }
    });
}

#[test]
fn what_was_typed_before_a_refusal_is_kept_when_its_writer_leaves() {
    story(Door::Locked, async |house| {
        house.connect(HELEN).await;
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/clients").await;
        let client = page.script("return document.querySelector('.line a').getAttribute('href')").await;
        page.go(client.as_str().expect("a client")).await;
        page.click(".writeto button[value=letter]").await;
        page.see(".letterform").await;
        // A file that no form may have, and the last words, handed in at once.
        page.script(
            "const given = new DataTransfer(), form = document.querySelector('.letterform'); \
             given.items.add(new File([new Uint8Array(20500000)], 'plans.bin')); \
             form.querySelector('[type=file]').files = given.files; \
             const words = form.querySelector('textarea'); words.value = 'Dear Ada, these are the plans.'; \
             words.dispatchEvent(new Event('input', { bubbles: true })); \
             form.querySelector('.acts button.first').click()",
        )
        .await;
        page.read("#refused", "is too large").await;
        let draft = page.script("return document.querySelector('.composing').dataset.draft").await;
        let draft = format!("/drafts/{}", draft.as_str().expect("a draft"));
        page.go("/today").await;
        page.until("the words to be kept", async || {
            page.go(&draft).await;
            let words = page.script("return document.querySelector('.letterform textarea').value").await;
            words == "Dear Ada, these are the plans."
        })
        .await;
    });
}

#[test]
fn one_key_erases_nothing() {
    story(Door::Locked, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        page.go("/correspondents").await;
        let all = page.count("form.placing .line").await;
        assert!(0 < all, "somebody waits");
        page.type_keys("j5").await;
        page.read(".notice", "Tick whom you mean first").await;
        assert_eq!(page.count("form.placing .line").await, all);
        page.script("document.querySelector('.line input').checked = true").await;
        page.type_keys("5").await;
        page.read("h1", "Private?").await;
        page.read("main", "no Undo brings them back").await;
        // The same key again, in haste, does nothing there.
        page.type_keys("5u").await;
        page.read("h1", "Private?").await;
        page.click(".choice a").await;
        page.read("h1", "Correspondents").await;
        assert_eq!(page.count("form.placing .line").await, all);
    });
}

#[test]
fn what_matters_of_a_page_is_in_sight() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/today?whose=firm").await;
        page.click(".line > a").await;
        page.see(".opened .letter mark").await;
        // A letter of two hundred lines, as a script would meet it.
        let script = "const body = document.querySelector('.opened .letter .body'); \
                      body.prepend('A line of the letter.\\n'.repeat(200)); showPassages(document); \
                      const at = body.querySelector('mark').getBoundingClientRect(), box = body.getBoundingClientRect(); \
                      return box.top <= at.top && at.bottom <= box.bottom";
        assert_eq!(page.script(script).await, true, "the passage is in its box");

        let phone = house.browser(Look::PHONE).await;
        phone.go("/clients").await;
        phone.click(".line > a").await;
        phone.see(".record .story").await;
        let top =
            phone.script("return document.querySelector('.story h2').getBoundingClientRect().top + scrollY");
        let top = top.await.as_f64().expect("a number");
        assert!(top < 844.0, "what is owed stands on the first screen: {top}");
        assert_eq!(sideways(&phone).await, 0);
        for path in ["/settings", "/settings/log", "/settings/people", "/settings/mailboxes", "/bring-in"] {
            phone.go(path).await;
            assert_eq!(sideways(&phone).await, 0, "{path}");
        }
        phone.go("/settings").await;
        phone.click(".where > summary").await;
        phone.click(".where a[href='/settings/log']").await;
        phone.read(".where > summary", "Log").await;
    });
}
