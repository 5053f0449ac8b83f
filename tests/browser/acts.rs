//! Every act of Today, by keyboard alone; each is taken back by one key, and everything stands as it did before.

use crate::house::{Door, HELEN};
use crate::keyboard::{CONTROL_ENTER, ENTER, ESCAPE, TAB, press};
use crate::page::{Look, Page};
use crate::story;

const PRIYA: &str = "priya@tiddfarrow.example";

/// On what kind of thing; what is pressed one after the other, and what is seen before each; what is said in the end.
type Act = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const ACTS: [Act; 7] = [
    ("answer", &[("", "d")], "is done"),
    (
        "answer",
        &[("", "h"), ("details[data-key=h][open] [name=until]", ENTER)],
        "they know when they will hear",
    ),
    ("promise", &[("", "m"), ("details[data-key=m][open] [name=until]", ENTER)], "is moved"),
    ("promise", &[("", "p")], "was no promise"),
    ("callback", &[("", "d")], "is done"),
    ("callback", &[("", "n"), ("details[data-key=n][open] .reasons", "1")], "is not needed"),
    ("promise", &[("", "n"), ("details[data-key=n][open] .reasons", "5")], "is not needed"),
];

/// Lists one kind of what the firm owes, and chooses the first of it.
async fn first(page: &Page, kind: &str) -> Vec<String> {
    page.go(&format!("/today?whose=firm&kind={kind}")).await;
    let all = page.lines().await;
    assert!(!all.is_empty(), "no {kind} is owed");
    page.type_keys("j").await;
    page.see(&format!("#{}.here", all[0])).await;
    all
}

/// One key takes back what was just done: each line stands where it stood, and says the same.
async fn take_back(page: &Page, all: &[String], said: &str) {
    page.type_keys("u").await;
    page.read(".notice", "Undone").await;
    assert_eq!(page.lines().await, all);
    assert_eq!(page.text(&format!("#{}", all[0])).await, said);
}

#[test]
fn each_act_is_done_by_keyboard_and_taken_back_by_one_key() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        for (kind, keys, told) in ACTS {
            let all = first(&page, kind).await;
            let said = page.text(&format!("#{}", all[0])).await;
            let decided = house.decisions().await;
            for (seen, key) in keys {
                if !seen.is_empty() {
                    page.see(seen).await;
                }
                page.type_keys(key).await;
            }
            page.read(".notice", told).await;
            assert!(!page.lines().await.contains(&all[0]), "{kind} {told}");
            assert_eq!(house.decisions().await, decided + 1, "{kind} {told}: once");
            take_back(&page, &all, &said).await;
        }
    });
}

#[test]
fn each_reason_for_letting_go_is_one_key() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        let all = first(&page, "answer").await;
        let said = page.text(&format!("#{}", all[0])).await;
        page.type_keys("n").await;
        page.see("details[data-key=n][open] .reasons").await;
        let reasons = page.count("details[data-key=n] .reasons button").await;
        assert_eq!(reasons, 5, "{}", page.text(".reasons").await);
        for n in 1..=reasons {
            page.go("/today?whose=firm&kind=answer").await;
            page.type_keys("jn").await;
            page.see("details[data-key=n][open] .reasons").await;
            page.type_keys(&n.to_string()).await;
            page.read(".notice", "is not needed").await;
            assert!(!page.lines().await.contains(&all[0]), "reason {n}");
            take_back(&page, &all, &said).await;
        }
    });
}

#[test]
fn what_is_handed_over_is_a_colleagues_until_it_is_taken_back() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        let all = first(&page, "answer").await;
        let line = format!("#{}", all[0]);
        let said = page.text(&line).await;
        page.type_keys("c").await;
        page.see("details[data-key=c][open] select:focus").await;
        page.type_keys("Owen").await;
        page.type_keys(TAB).await;
        page.type_keys(ENTER).await;
        page.read(".notice", "is now Owen Bellamy's").await;
        page.read(&format!("{line} .why"), "Owen Bellamy").await;
        assert_eq!(page.lines().await, all, "it is still owed");
        let owen = house.browser_of("owen@tiddfarrow.example", Look::PHONE).await;
        owen.go("/today").await;
        owen.see(&line).await;
        take_back(&page, &all, &said).await;
        owen.miss(&line).await;
    });
}

#[test]
fn a_colleague_is_asked_answers_and_a_question_taken_back_is_gone() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        let priya = house.browser_of(PRIYA, Look::PHONE).await;
        let ask = async |words: &str| {
            let all = first(&page, "answer").await;
            page.type_keys("q").await;
            let field = page.see("details[data-key=q][open] textarea:focus").await;
            field.send_keys(words).await.expect("keys");
            page.type_keys(TAB).await;
            page.type_keys("Priya").await;
            page.see("details[data-key=q] textarea").await.send_keys(CONTROL_ENTER).await.expect("keys");
            page.read(".notice", "Priya Nair will find the question on Today").await;
            assert_eq!(page.lines().await, all, "the client waits all the same");
        };
        ask("Was the survey ever paid for?").await;
        priya.go("/today?kind=question").await;
        priya.read("main", "Was the survey ever paid for?").await;
        page.type_keys("u").await;
        page.read(".notice", "Undone").await;
        priya
            .until("the question to go", async || !priya.text("main").await.contains("the survey ever"))
            .await;

        ask("Who has the deeds?").await;
        priya.go("/today?kind=question").await;
        let script = "[...document.querySelectorAll('.line')].find(l => l.textContent.includes('Who has the deeds?')).querySelector('a').click()";
        priya.script(script).await;
        let field = priya.see(".line .opened textarea").await;
        field.send_keys("They are with the bank.").await.expect("keys");
        priya.click(".opened form.compose button").await;
        priya.read(".notice", "Noted").await;
        priya.go("/today?kind=question").await;
        assert!(!priya.text("main").await.contains("Who has the deeds?"));
    });
}

#[test]
fn what_was_read_with_less_confidence_is_folded_away_and_worked_like_the_rest() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::PHONE.dark()).await;
        page.go("/today?whose=firm").await;
        assert!(!page.text("main .list").await.contains("read with less confidence"));
        press(&page, ".groups a[href*='group=perhaps']").await;
        page.until("Perhaps", async || page.path().await.contains("group=perhaps")).await;
        page.read(".sum", "more than one in ten may be wrong").await;
        let all = page.lines().await;
        page.read(&format!("#{}", all[0]), "read with less confidence").await;
        let said = page.text(&format!("#{}", all[0])).await;
        page.type_keys("jn").await;
        page.see("details[data-key=n][open] .reasons").await;
        page.type_keys("5").await;
        page.read(".notice", "is not needed").await;
        assert!(!page.lines().await.contains(&all[0]));
        take_back(&page, &all, &said).await;
    });
}

#[test]
fn a_reading_is_corrected_by_one_key_where_the_letter_stands() {
    story(Door::Open, async |house| {
        let page = house.browser_of(HELEN, Look::DESK).await;
        let all = first(&page, "answer").await;
        page.type_keys(ENTER).await;
        let client = page.attr(".opened .facts a[href^='/clients/']", "href").await;
        page.go(&client).await;
        let owed = page.count(".story [data-kind=answer]").await;
        // The letter that waits, in the record; `x` says that it needs no answer.
        let script = "const lines = [...document.querySelectorAll('#timeline .line.in > a')]; return lines.map(a => a.getAttribute('href'))";
        let letters = page.script(script).await;
        let letters: Vec<String> = serde_json::from_value(letters).expect("addresses");
        let mut corrected = false;
        for letter in letters {
            page.go(&letter).await;
            if !page.text(".reading form[data-key=x]").await.contains("Needs no answer") {
                continue;
            }
            page.type_keys("x").await;
            page.see(".notice form[data-key=u]").await;
            page.go(&client).await;
            if page.count(".story [data-kind=answer]").await < owed {
                corrected = true;
                break;
            }
        }
        assert!(corrected, "of {} answers that are owed one is of this client", all.len());
    });
}

#[test]
fn what_a_call_seems_to_have_ended_is_asked_about_and_one_key_says_so() {
    story(Door::Open, async |house| {
        let page = house.browser(Look::DESK).await;
        page.go("/clients?q=vantage").await;
        let client = page.attr("#found .line > a", "href").await;
        page.go(&client).await;
        let waits = page.attr(".story [data-kind=answer]", "id").await;
        // Whoever waits was spoken with: it counts as ended, and a person is asked.
        page.type_keys("l").await;
        page.see("details[data-key=l][open] .reasons").await;
        page.type_keys(ESCAPE).await;
        page.type_keys("1").await;
        page.read(".notice", "Noted").await;
        assert!(!page.has(&format!(".story #{waits}")).await);
        page.go("/today?whose=firm").await;
        assert!(!page.lines().await.contains(&waits));
        let ask = async || {
            page.go("/today?whose=firm").await;
            page.click(".csv a[href*='#ended']").await;
            page.read("#ended + .list", "seems kept").await;
            assert!(page.lines().await.contains(&waits));
            page.script(&format!("document.querySelector('#{waits} > a').click()")).await;
            page.see(&format!("#{waits}.here .opened form[data-key=w]")).await;
        };
        for (key, told) in [("y", "ended as it was read"), ("w", "is still owed")] {
            ask().await;
            page.type_keys(key).await;
            page.read(".notice", told).await;
            assert!(!page.lines().await.contains(&waits), "it was said");
            page.type_keys("u").await;
            page.read(".notice", "Undone").await;
        }
        ask().await;
        page.type_keys("w").await;
        page.read(".notice", "is still owed").await;
        page.go("/today?whose=firm").await;
        page.see(&format!("#{waits}")).await;
    });
}
