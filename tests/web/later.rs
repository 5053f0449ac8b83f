//! Letters that leave later: when it is kind to let them arrive, by the clock of whoever gets them. And hours that were told
//! with a promise, in the feed of whoever gave it.

use axum::body::Body;
use axum::http::Request;
use regard::access::tokens::Scope;
use regard::ids::MailboxId;
use regard::outbox::State;

use crate::drafts::{ANSWER, borrowed, form, value, words};
use crate::house::{House, Person, run};
use crate::shared::bring;

const VANTAGE: &str = "Vantage Lettings Ltd";
const TOBY: &str = "Toby Marchant <toby@vantagelettings.example>";
/// Of the same client; nothing was heard of her yet.
const INES: &str = "Ines Vale <ines@vantagelettings.example>";

/// A letter between Helen and Toby, with a line before it.
fn letter(n: usize, from: &str, to: &str, date: &str, text: &str) -> String {
    format!(
        "From x\nMessage-ID: <later-{n}@made.example>\nDate: {date}\nFrom: {from}\nTo: {to}\nSubject: Part {n}\n\n{text}\n"
    )
}

/// A house, with Helen's mailbox and address, and the path of a client's page.
struct Helens {
    house: House,
    mailbox: MailboxId,
    address: String,
    client: String,
}

impl Helens {
    async fn new() -> Helens {
        let house = House::new().await;
        let mailbox = house.connect("Helen").await;
        let address = house.asker("Helen").await.face().expect("a face").email.clone();
        let client = format!("/clients/{}", house.client(VANTAGE).await.id.0);
        Helens { house, mailbox, address, client }
    }

    /// Toby writes to her, by the clock of wherever he is.
    async fn hears(&self, n: usize, date: &str, text: &str) {
        self.bring(letter(n, TOBY, &self.address, date, text)).await;
    }

    /// She writes to Toby.
    async fn writes(&self, n: usize, date: &str, text: &str) {
        self.bring(letter(n, &self.address, TOBY, date, text)).await;
    }

    async fn bring(&self, letter: String) {
        bring(&self.house, self.mailbox, &self.address, &[letter]).await;
    }
}

/// A letter to Toby that Helen begins at her client's page: its path.
async fn begins(helen: &Person, client: &str) -> String {
    let begun = helen.post(&format!("{client}/letters"), &[("purpose", "letter"), ("back", client)]).await;
    let draft = begun.location().split('?').next().unwrap().to_owned();
    let mut fields = form(helen, &draft, ANSWER).await;
    fields[0].1 = TOBY.to_owned();
    helen.post(&draft, &borrowed(&fields, &[])).await;
    draft
}

#[test]
fn later_is_in_the_clients_own_working_time_across_zones_and_weekends() {
    run(async {
        let helens = Helens::new().await;
        let (house, client) = (&helens.house, &helens.client);
        // The clock that the last letter of theirs showed, Helen's moment, what she is told, when it would leave by her clock.
        let cases = [
            (
                "17 Jun 2026 16:01:00 +0900",
                "2026-06-17T10:00:00+01:00",
                "It is 18:00 where",
                "2026-06-18T01:00",
            ),
            // Saturday there: Monday at nine.
            (
                "17 Jun 2026 16:02:00 +0900",
                "2026-06-19T17:00:00+01:00",
                "It is 01:00 where",
                "2026-06-22T01:00",
            ),
            (
                "17 Jun 2026 03:03:00 -0400",
                "2026-06-17T10:00:00+01:00",
                "It is 05:00 where",
                "2026-06-17T14:00",
            ),
            // Sunday in both.
            (
                "17 Jun 2026 03:04:00 -0400",
                "2026-06-21T23:30:00+01:00",
                "It is 18:30 where",
                "2026-06-22T14:00",
            ),
            // Half an hour off, and in working time: nothing is said, and what is offered is the next morning.
            ("17 Jun 2026 12:35:00 +0530", "2026-06-17T10:00:00+01:00", "", "2026-06-18T09:00"),
            // Many programs write every date in UTC: that tells nothing, and the firm's clock counts.
            ("17 Jun 2026 07:06:00 +0000", "2026-06-17T09:30:00+01:00", "", "2026-06-18T09:00"),
            (
                "17 Jun 2026 08:07:00 +0100",
                "2026-06-19T19:00:00+01:00",
                "It is out of hours for",
                "2026-06-22T09:00",
            ),
            // It showed the firm's own clock in summer, and in winter it is that all the same.
            ("17 Jun 2026 08:08:00 +0100", "2026-12-02T17:30:00+00:00", "", "2026-12-03T09:00"),
        ];
        for (n, (date, moment, told, offered)) in cases.into_iter().enumerate() {
            let words = "Dear Helen,\n\nThe surveyor comes on the ninth, for your file.\n\nToby";
            helens.hears(n, date, words).await;
            let helen = house.person_at("Helen", moment).await;
            let draft = begins(&helen, client).await;
            let page = helen.get(&draft).await;
            assert_eq!(value(&page, "at"), offered, "{date} {moment}");
            match told {
                "" => assert!(!page.text.contains("working time"), "{date} {moment}: {}", page.text),
                told => {
                    assert!(
                        page.text.contains(&format!("{told} Toby Marchant")),
                        "{date} {moment}: {}",
                        page.text
                    );
                }
            }
            let fields = form(&helen, &draft, ANSWER).await;
            let later = borrowed(&fields, &[("when", "later"), ("at", offered), ("way", "smtp")]);
            let sent = helen.post(&format!("{draft}/sending"), &later).await;
            assert!(sent.location().contains("undo=letter-"), "{}", sent.text);
            let mut waiting = house.outgoing().await.into_iter().filter(|one| one.state == State::Waiting);
            let message = waiting.next().expect("it waits");
            let leaves = message.next.to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap());
            assert_eq!(leaves.strftime("%Y-%m-%dT%H:%M").to_string(), offered, "{date} {moment}");
            let undo = format!("/decisions/letter-{}/undoing", message.id.0);
            assert!(helen.post(&undo, &[("back", "/today")]).await.location().starts_with(&draft));
        }
    });
}

#[test]
fn an_answer_goes_by_the_clock_of_the_letter_that_it_answers_and_our_own_letters_tell_no_clock_of_theirs() {
    run(async {
        let helens = Helens::new().await;
        let house = &helens.house;
        let asks = "Dear Helen,\n\nCould you send me the signed lease, please?\n\nToby";
        helens.hears(1, "17 Jun 2026 16:01:00 +0900", asks).await;
        let helen = house.person("Helen").await;
        let newest = async |kind: &str| {
            let asker = house.asker("Helen").await;
            let all = asker.open().filter(|open| open.owed.kind.name() == kind);
            all.max_by_key(|open| open.owed.opened_at).expect("it is owed").owed.id.to_string()
        };
        let draft = crate::drafts::begin(&helen, &newest("answer").await, "answer", &[]).await;
        let page = helen.get(&draft).await;
        assert!(page.text.contains("It is 18:00 where Toby Marchant is."), "{}", page.text);
        assert_eq!(value(&page, "at"), "2026-06-18T01:00");
        // Helen promised something while she was away in Chicago; what she promised goes to Tokyo as before.
        let gives = "Dear Toby,\n\nI will send you the signed lease on Friday.\n\nHelen";
        helens.writes(2, "17 Jun 2026 03:30:00 -0500", gives).await;
        let helen = house.person("Helen").await;
        let draft = crate::drafts::begin(&helen, &newest("promise").await, "answer", &[]).await;
        let page = helen.get(&draft).await;
        assert!(value(&page, "to").contains("toby@"), "{}", page.text);
        assert!(page.text.contains("It is 18:00 where Toby Marchant is."), "{}", page.text);
        assert!(!words(&page).is_empty());
    });
}

#[test]
fn where_clocks_were_changed_since_their_last_letter_later_goes_by_the_clock_that_is_there_now() {
    run(async {
        let helens = Helens::new().await;
        let words = "Dear Helen,\n\nThe surveyor comes on the ninth, for your file.\n\nInes";
        // A letter of winter, in June: New York. Then one of the summer before shows that nobody changes that clock.
        let letters = [
            ("20 Jan 2026 09:00:00 -0500", "It is 05:00 where Ines", "2026-06-17T14:00"),
            ("17 Jun 2025 09:00:00 -0500", "It is 04:00 where Ines", "2026-06-17T15:00"),
        ];
        for (n, (date, told, offered)) in letters.into_iter().enumerate() {
            helens.bring(letter(n, INES, &helens.address, date, words)).await;
            let helen = helens.house.person_at("Helen", "2026-06-17T10:00:00+01:00").await;
            let draft = begins(&helen, &helens.client).await;
            let mut fields = form(&helen, &draft, ANSWER).await;
            fields[0].1 = INES.to_owned();
            helen.post(&draft, &borrowed(&fields, &[])).await;
            let page = helen.get(&draft).await;
            assert!(page.text.contains(told), "{date}: {}", page.text);
            assert_eq!(value(&page, "at"), offered, "{date}");
        }
    });
}

#[test]
fn hours_in_which_somebody_promised_to_ring_stand_in_their_own_feed_from_the_first_to_the_last() {
    run(async {
        let helens = Helens::new().await;
        let (house, client) = (&helens.house, &helens.client);
        let feed = async |name: &str| {
            let token = house.token(name, Scope::Feed).await;
            let request = Request::get(format!("/feed/{token}.ics")).body(Body::empty()).unwrap();
            house.send(request).await.ok().replace("\r\n ", "")
        };
        let hours =
            "DTSTART:20260623T130000Z\r\nDTEND:20260623T150000Z\r\nSUMMARY:Promise: Vantage Lettings Ltd";
        assert!(!feed("Helen").await.contains("DTEND"), "as a moment, where no hours were told");
        let rings = "Dear Toby,\n\nThank you for that. I'll call you on Tuesday between 2 and 4.\n\nHelen";
        helens.writes(1, "17 Jun 2026 09:30:00 +0100", rings).await;
        let written = feed("Helen").await;
        assert!(written.contains(hours), "{written}");
        assert!(written.contains("between 2 and 4"), "{written}");
        assert!(!feed("Marcus").await.contains("DTEND"), "it is hers");
        // Said on the telephone it is the same, and each goes when it is kept.
        let helen = house.person("Helen").await;
        let page = helen.get(client).await;
        let with = page.between("<select name=\"with\"><option value=\"", "\"").to_owned();
        let call = [
            ("kind", "call"),
            ("words", "Toby rang."),
            ("promised", "call you on Thursday from 10am to 11:30am"),
            ("with", with.as_str()),
            ("once", "1"),
        ];
        helen.post(&format!("{client}/notes"), &call).await;
        let written = feed("Helen").await;
        assert!(written.contains("DTSTART:20260618T090000Z\r\nDTEND:20260618T103000Z"), "{written}");
        let id = written.split(hours).next().and_then(|before| before.rsplit("UID:").next());
        let id = id.and_then(|rest| rest.split('@').next()).expect("its id").to_owned();
        let done =
            helen.post(&format!("/owed/{id}/decisions"), &[("what", "kept"), ("back", "/today")]).await;
        assert!(done.location().contains("undo="), "{}", done.text);
        let written = feed("Helen").await;
        assert!(!written.contains(hours) && written.contains("DTSTART:20260618T090000Z"), "{written}");
    });
}
