//! Secret addresses: made by whom they belong to, shown once, taken back.

use axum::http::StatusCode;
use regard::db::Durability;
use regard::forwarding::{Local, store};

use crate::house::{FIRM, House, run};

#[test]
fn an_address_is_shown_once_and_taken_back_by_whose_it_is() {
    run(async {
        let house = House::new().await;
        let (helen, owen, priya) =
            (house.person("Helen").await, house.person("Owen").await, house.person("Priya").await);
        assert!(owen.get("/settings/forwarding").await.ok().contains("Nothing takes such mail yet"));
        house.app.outside.take_forwarded(Some("regard.example".to_owned()));
        let made = owen.post("/settings/forwarding", &[("name", "Owen's mail")]).await;
        let address = made.between("class=\"copy path\">", "<").to_owned();
        let local = Local::of(&address).unwrap_or_else(|| panic!("{address}"));
        assert!(address.ends_with("@regard.example"));
        let page = owen.get("/settings/forwarding").await.ok();
        assert!(!page.contains(&address) && page.contains("nothing came to it yet"), "{page}");
        // A colleague neither sees nor ends it, and shares no address with the firm; an owner does.
        assert!(!priya.get("/settings/forwarding").await.ok().contains("Owen&#39;s mail"));
        let shared = [("name", "clients"), ("whose", "firm")];
        assert!(!owen.post("/settings/forwarding", &shared).await.status.is_success());
        let made = helen.post("/settings/forwarding", &shared).await;
        assert!(made.text.contains("shown once"), "{}", made.text);
        let twice = helen.post("/settings/forwarding", &shared).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);

        let find = async || store::find(&mut house.app.db.read().await.unwrap(), &local).await.unwrap();
        let known = find().await.expect("it is taken");
        let path = format!("/settings/forwarding/{}/revoking", known.id);
        assert_eq!(priya.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
        owen.post(&path, &[]).await;
        assert!(find().await.is_none());

        // What was refused is for owners.
        let mut tx = house.app.db.write(Durability::Act).await.unwrap();
        for _ in 0..2 {
            store::refuse(&mut tx, FIRM, "in-1-x@regard.example", house.app.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let page = helen.get("/settings/forwarding").await.ok();
        assert!(page.contains("in-1-x@regard.example") && page.contains("2 times"), "{page}");
        assert!(!owen.get("/settings/forwarding").await.ok().contains("in-1-x@"));
    });
}
