//! Secret addresses for forwarded mail, made and taken back by keyboard on a phone.

use crate::careful::sideways;
use crate::house::{Door, HELEN};
use crate::keyboard::{DOWN, ENTER, fill, press, step_to};
use crate::page::Look;
use crate::story;

const HERE: &str = "/settings/forwarding";
const OWEN: &str = "owen@tiddfarrow.example";

#[test]
fn an_address_is_made_shown_once_and_taken_back_by_keyboard() {
    story(Door::Locked, async |house| {
        let owen = house.browser_of(OWEN, Look::PHONE).await;
        owen.go(HERE).await;
        owen.read(".trouble", "Nothing takes such mail yet").await;
        assert!(!owen.has("[name=whose]").await, "who is no owner makes one for their own mail alone");
        fill(&owen, "main [name=name]", "Owen’s mail").await;
        owen.type_keys(ENTER).await;
        let address = owen.see("section.notice pre.copy").await.text().await.expect("what is shown once");
        assert!(20 < address.len(), "{address}");
        assert_eq!(sideways(&owen).await, 0, "the address is not wider than the phone");
        owen.go(HERE).await;
        owen.read("main", "nothing came to it yet").await;
        assert!(!owen.client.source().await.expect("the page").contains(&address), "it is shown once");

        // One that the firm shares is chosen by an arrow key; a second of that name is refused in words.
        let helen = house.browser_of(HELEN, Look::PHONE.dark()).await;
        for is_first in [true, false] {
            helen.go(HERE).await;
            fill(&helen, "main [name=name]", "Clients").await;
            step_to(&helen, "[name=whose]").await;
            helen.type_keys(DOWN).await;
            assert!(helen.has("[name=whose][value=firm]:checked").await);
            press(&helen, "[action='/settings/forwarding'] button").await;
            match is_first {
                true => helen.read("section.notice", "shown once").await,
                false => {
                    helen.read("[data-refused]", "The name is one that another address has or had").await
                }
            }
        }
        helen.go(HERE).await;
        helen.read("main", "of the firm").await;
        helen.read("main", "Owen Bellamy").await;
        owen.go(HERE).await;
        assert!(!owen.text("main").await.contains("Clients"), "it is no business of his");

        press(&owen, "form[action$='/revoking'] button").await;
        owen.read(".notice", "Nothing is taken for it any more. What came stays").await;
        owen.read("main .person", "takes nothing since").await;
        owen.miss("form[action$='/revoking']").await;
        assert_eq!(sideways(&owen).await, 0);
    });
}
