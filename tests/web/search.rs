//! Searching: what one may see is found, and nothing else, not even by counts.

use std::collections::HashSet;

use care::entry::Entry;
use regard::board::Sight;
use regard::record::{read, texts, whose};

use crate::house::{FIRM, House, run};

const HELEN: &str = "Helen Farrow";
const MARCUS: &str = "Marcus Tidd";
const VANTAGE: &str = "Vantage Lettings Ltd";

#[test]
fn clients_people_and_letters_are_found() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let by_contact = helen.get("/search?q=toby%20marchant").await.ok();
        assert!(by_contact.contains(VANTAGE), "{by_contact}");
        let by_words = helen.get("/search?q=%22final%20bill%22").await.ok();
        assert!(by_words.contains("Our files") && by_words.contains("/entries/"), "{by_words}");
        let nothing = helen.get("/search?q=zzzzqqq").await.ok();
        assert!(nothing.contains("Nothing that you may see"), "{nothing}");
    });
}

#[test]
fn what_is_walled_is_found_by_no_word() {
    run(async {
        let house = House::new().await;
        let marcus = house.person(MARCUS).await;
        let card = house.client(VANTAGE).await;
        assert!(marcus.get("/search?q=%22final%20bill%22").await.ok().contains("Our files"));
        house.wall(MARCUS, card.id).await;
        for q in ["vantage", "toby", "vantagelettings", "%22final%20bill%22", "files"] {
            let page = marcus.get(&format!("/search?q={q}")).await.ok();
            for word in ["Vantage", "Toby Marchant", "Our files", "Leanne"] {
                assert!(!page.contains(word), "{word} by {q}");
            }
        }
        let page = marcus.get("/search?q=%22final%20bill%22%20vantagelettings").await.ok();
        assert!(page.contains("Nothing that you may see"), "{page}");
    });
}

#[test]
fn mail_of_those_whom_nobody_placed_is_its_mailboxs_owners_alone() {
    run(async {
        let house = House::new().await;
        let mut checked = 0;
        for name in [HELEN, MARCUS] {
            let (asker, person) = (house.asker(name).await, house.person(name).await);
            let mut tx = house.app.db.read().await.unwrap();
            let mut entries = Vec::new();
            read::load_all(&mut tx, FIRM, |entry| entries.push(entry)).await.unwrap();
            entries
                .retain(|entry| matches!(entry, Entry::Message(_)) && asker.sight(entry) == Sight::Mailbox);
            let keys: Vec<_> = entries.iter().map(Entry::key).collect();
            let owners = whose::owners(&mut tx, FIRM, &keys).await.unwrap().into_iter();
            let own = owners.filter(|(_, owner)| asker.reader().has(*owner)).map(|(key, _)| key);
            let own: HashSet<_> = own.collect();
            let letters = texts::letters(&mut tx, FIRM, entries.iter().map(Entry::key)).await.unwrap();
            drop(tx);
            for entry in entries.iter().take(40) {
                let page = person.get(&format!("/entries/{}", entry.id().0)).await;
                let is_own = own.contains(&entry.key());
                assert_eq!(page.status, if is_own { 200 } else { 404 }, "{name} {:?}", entry.id());
                let words: String =
                    letters[&entry.key()].subject.replace(|c: char| !c.is_alphanumeric(), "+");
                let found = person.get(&format!("/search?q={words}")).await.ok();
                assert!(is_own || !found.contains(&format!("/entries/{}", entry.id().0)), "{name} {words}");
                checked += usize::from(!is_own);
            }
        }
        assert!(5 < checked, "{checked} letters of others");
    });
}

#[test]
fn any_question_is_answered() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let long = "a".repeat(8_000);
        for q in [
            "",
            "%22",
            "%22%22%22",
            "*",
            "NEAR(a",
            "a%20AND",
            "firm:f2",
            "%7Bsubject%7D:x",
            "%00",
            "%F0%9F%99%82",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "-",
            "a%20OR%20b",
            long.as_str(),
        ] {
            let page = helen.get(&format!("/search?q={q}")).await;
            assert_eq!(page.status, 200, "{q}: {}", page.text);
            assert!(!page.text.contains("<script>alert"), "{q}");
        }
    });
}

#[test]
fn people_are_found_by_their_number_in_every_spelling() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let card = house.client(VANTAGE).await;
        let page = helen.get(&format!("/clients/{}", card.id.0)).await;
        let number = page.between("href=\"tel:", "\"").to_owned();
        let national = number.replacen("+44", "0", 1);
        assert!(national.starts_with('0') && 9 < national.len(), "{number}");
        let (area, rest) = national.split_at(5);
        let spellings = [
            national.clone(),
            format!("{area} {rest}"),
            format!("({area}) {rest}"),
            format!("+44 {}", &national[1..]),
            format!("0044{}", &national[1..]),
            rest.to_owned(),
        ];
        for spelling in spellings {
            let q = regard::web::trouble::form_urlencoded(&spelling);
            for path in ["/search", "/clients"] {
                let found = helen.get(&format!("{path}?q={q}")).await.ok();
                assert!(found.contains(VANTAGE), "{path} {spelling}: {found}");
            }
        }
        let none = helen.get("/search?q=01999%20999999").await.ok();
        assert!(!none.contains(VANTAGE), "{none}");
    });
}

#[test]
fn the_beginning_of_a_word_finds_its_letters() {
    run(async {
        let house = House::new().await;
        let helen = house.person(HELEN).await;
        let count =
            async |q: &str| helen.get(&format!("/search?q={q}")).await.ok().matches("/entries/").count();
        assert!(0 < count("files").await);
        assert!(0 < count("fil").await && 0 < count("FIL%20bil").await, "each word may go on");
        assert_eq!(count("%22fina%22").await, 0, "what stands in quotes is meant as it is");
        assert!(0 < count("%22final%20bill%22").await);
        for odd in
            ["o%27neil", "a%5Cb%27c", "%27%20%7C%20%27", "jo%40acme.example", "re%3Aview*", "%26%20%21files"]
        {
            helen.get(&format!("/search?q={odd}")).await.ok();
        }
    });
}
