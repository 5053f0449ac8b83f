//! Letters that cannot be sent: the page says why, where it is mended, and what was written stays.

use crate::drafts::{ANSWER, answering, borrowed, words};
use crate::house::{House, run};

#[test]
fn what_cannot_be_sent_is_said_above_the_letter_which_stays() {
    run(async {
        let house = House::new().await;
        let (helen, draft, form) = answering(&house, ANSWER).await;
        let wrong = [("to", "nobody in particular"), ("to", ""), ("words", "  ")];
        for (name, value) in wrong {
            let mut fields = borrowed(&form, &[]);
            fields.iter_mut().filter(|(known, _)| *known == name).for_each(|field| field.1 = value);
            let refused = helen.post(&format!("{draft}/sending"), &fields).await;
            assert!(refused.location().starts_with(&draft), "{name}: {}", refused.text);
            assert!(helen.get(refused.location()).await.ok().contains("Not sent: "), "{name}");
        }
        let past = [("when", "later"), ("at", "2001-01-01T09:00")];
        let refused = helen.post(&format!("{draft}/sending"), &borrowed(&form, &past)).await;
        assert!(helen.get(refused.location()).await.ok().contains("is past"), "{}", refused.location());
        assert_eq!(words(&helen.get(&draft).await), ANSWER);
        assert!(house.outgoing().await.is_empty());
    });
}

#[test]
fn a_letter_that_is_refused_says_why_beside_the_button() {
    run(async {
        let house = House::new().await;
        let (helen, draft, form) = answering(&house, ANSWER).await;
        for (to, why) in [("", "To is empty"), ("Ada", "To has “Ada”")] {
            let fields: Vec<_> = borrowed(&form, &[]).into_iter().filter(|(name, _)| *name != "to").collect();
            let fields = [fields, vec![("to", to), ("way", "smtp")]].concat();
            let refused = helen.post(&format!("{draft}/sending"), &fields).await;
            let (address, place) = refused.location().split_once('#').expect("a place of the page");
            assert_eq!(place, "refused", "without a script the browser goes there");
            let page = helen.get(address).await;
            let said = page.between("id=\"refused\" role=\"alert\"", "<button class=\"first\"").to_owned();
            assert!(said.contains(&format!("Not sent: {why}")), "{said}");
            assert!(!page.text.contains("class=\"notice\""), "it is not said somewhere else: {}", page.text);
            let field = page.between("<input name=\"to\"", ">");
            assert!(field.contains("aria-invalid=\"true\" aria-describedby=\"refused\""), "{field}");
            assert!(!page.between("<input name=\"cc\"", ">").contains("aria-invalid"));
            assert!(!page.text.contains(" autofocus"), "the refusal is looked at first");
        }
        assert!(house.outgoing().await.is_empty());
        assert!(!helen.get(&draft).await.ok().contains("id=\"refused\""), "it is not said again");
    });
}
