//! Every list is downloaded whole, from a link on its page, and the log says who took it.

use axum::http::StatusCode;

use crate::house::{House, run};

/// The page, what its file is called, and how the file begins.
const LISTS: [(&str, &str, &str); 6] = [
    ("/today?whose=firm", "/today.csv?whose=firm", "id,kind,client,"),
    ("/clients?risk=high", "/clients.csv?risk=high", "client_id,name,kind,"),
    ("/correspondents", "/correspondents.csv", "correspondent,people,wrote,"),
    ("/search?q=lease", "/search.csv?q=lease", "at,people,subject,words"),
    ("/settings/people", "/settings/people.csv", "name,email,role,access,account,last_day"),
    ("/settings/log", "/settings/log.csv?person=&amp;act=", "at,who,act,detail"),
];

#[test]
fn every_list_is_downloaded_whole_from_its_page_and_noted() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        for (page, file, head) in LISTS {
            let shown = helen.get(page).await;
            assert!(shown.text.contains(&format!("href=\"{file}\"")), "{page}: {}", shown.text);
            let list = helen.get(&file.replace("&amp;", "&")).await;
            assert_eq!(list.status, StatusCode::OK, "{file}");
            assert!(list.text.starts_with(head), "{file}: {}", list.text);
            assert!(2 < list.text.lines().count(), "{file}: {}", list.text);
        }
        let log = helen.get("/settings/log?act=exported").await;
        for name in ["today.csv", "clients.csv", "correspondents.csv", "letters.csv", "people.csv", "log.csv"]
        {
            assert!(log.text.contains(name), "{name}: {}", log.text);
        }
    });
}

#[test]
fn a_record_is_downloaded_beyond_its_first_page() {
    run(async {
        let house = House::new().await;
        let helen = house.person("Helen").await;
        let clients = helen.get("/clients?by=open").await;
        let id = clients.between("<li class=\"line\" id=\"c-", "\"");
        let page = helen.get(&format!("/clients/{id}")).await;
        let shown = page.text.matches("id=\"e-").count();
        assert!(page.text.contains(&format!("/clients/{id}/record.csv")));
        let record = helen.get(&format!("/clients/{id}/record.csv")).await;
        assert!(record.text.starts_with("at,kind,sentence,subject,"));
        assert!(shown < record.text.lines().count() - 1, "{shown} on the first page: {}", record.text);
        assert_eq!(helen.get("/clients/12345/record.csv").await.status, StatusCode::NOT_FOUND);
    });
}
