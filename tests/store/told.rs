//! What clients' records tell beside what happened, on both databases: taken from lists and from columns of before, written
//! by people, taken back.

use care::obligation::{Kind, Obligation};
use care::particular::{Particular, Particulars, Told};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use regard::clients::changed::{self, Change, Undone};
use regard::clients::details;
use regard::clients::particulars::{self, Words};
use regard::clients::{self, Client};
use regard::db::{Db, Durability, Location};
use regard::ids::{ClientId, FirmId, StaffId};
use regard::intake::enlist::{List, Rules, enlist};
use regard::intake::settle::settle;
use regard::record::{book, changes, owed};
use regard::{firm as firms, staff};
use sqlx::{Connection, Executor};

use crate::people::{client, person};
use crate::support::made::{firm, now};
use crate::support::{Place, on_both};

const ACME: ClientId = ClientId(7);
const AMY: StaffId = StaffId(1);

struct Office {
    db: Db,
    firm: FirmId,
}

impl Office {
    /// A firm whose records must say why clients came and how they are reached.
    async fn open(place: &Place) -> Office {
        let db = place.open().await;
        let (firm, _) = firm(&db).await;
        let mut tx = db.write(Durability::Act).await.unwrap();
        staff::store::save(&mut tx, firm, &person(1, "Amy", vec![]), now()).await.unwrap();
        clients::store::save(&mut tx, firm, &client(7, "c017"), now()).await.unwrap();
        let mut settings = firms::store::load(&mut tx, firm).await.unwrap();
        let mut standards = settings.standards.take().unwrap_or_default();
        let wanted: Particulars = [Particular::WhyCame, Particular::Channel].into_iter().collect();
        standards.tiers.values_mut().for_each(|standard| standard.record = wanted);
        settings.standards = Some(standards);
        firms::store::save(&mut tx, &settings, now()).await.unwrap();
        changes::note_everything(&mut tx, firm).await.unwrap();
        tx.commit().await.unwrap();
        settle(&db, firm, now()).await.unwrap();
        Office { db, firm }
    }

    async fn import(&self, place: &Place, list: &str) {
        let path = place.folder().join("clients.csv");
        std::fs::write(&path, list).unwrap();
        let zone = TimeZone::UTC;
        let rules = Rules { zone: &zone, skip_bad: false, columns: None, by: AMY, called: "clients.csv" };
        enlist(&self.db, self.firm, List::Clients, &[path], rules, now()).await.unwrap();
        settle(&self.db, self.firm, now()).await.unwrap();
    }

    async fn told(&self) -> Words {
        particulars::standing(&mut self.db.read().await.unwrap(), self.firm, ACME).await.unwrap()
    }

    /// The same, as the fold knows it.
    async fn known(&self) -> Vec<Told> {
        let book = book::load(&mut self.db.read().await.unwrap(), self.firm).await.unwrap();
        book.client(ACME).unwrap().told.clone()
    }

    async fn gaps(&self) -> Vec<Obligation> {
        let mut all = owed::of_client(&mut self.db.read().await.unwrap(), self.firm, ACME).await.unwrap();
        all.retain(|owed| owed.kind == Kind::RecordGap);
        all.sort_by_key(|owed| owed.opened_at);
        all
    }

    async fn tell(&self, what: Particular, words: &str, at: Timestamp) -> Change {
        let mut tx = changes::begin(&self.db, self.firm, Durability::Act).await.unwrap();
        let mut new = details::now_are(&mut tx, self.firm, ACME).await.unwrap();
        new.told.insert(what, words.to_owned());
        let change = details::change(&mut tx, self.firm, ACME, new, AMY, at).await.unwrap();
        tx.commit().await.unwrap();
        change.expect("a change")
    }

    /// Changes their name, their tier, or both.
    async fn call_them(&self, name: Option<&str>, tier: Option<&str>, at: Timestamp) -> Change {
        let mut tx = changes::begin(&self.db, self.firm, Durability::Act).await.unwrap();
        let mut new = details::now_are(&mut tx, self.firm, ACME).await.unwrap();
        new.name = name.map_or(new.name, str::to_owned);
        new.tier = tier.map(str::to_owned).or(new.tier);
        let change = details::change(&mut tx, self.firm, ACME, new, AMY, at).await.unwrap();
        tx.commit().await.unwrap();
        change.expect("a change")
    }

    /// What they are called, of which tier.
    async fn called(&self) -> (String, Option<String>) {
        let mut tx = self.db.read().await.unwrap();
        let client = clients::store::one(&mut tx, self.firm, ACME).await.unwrap();
        (client.name, client.tier)
    }

    async fn undo(&self, change: &Change, at: Timestamp) -> Undone {
        let mut tx = changes::begin(&self.db, self.firm, Durability::Act).await.unwrap();
        let change = changed::one(&mut tx, self.firm, change.id).await.unwrap();
        let undone = changed::undo(&mut tx, self.firm, &change, at).await.unwrap();
        tx.commit().await.unwrap();
        undone
    }
}

fn words(some: &[(Particular, &str)]) -> Words {
    some.iter().map(|(what, words)| (*what, (*words).to_owned())).collect()
}

fn later(days: i64) -> Timestamp {
    now() + SignedDuration::from_hours(24 * days)
}

#[test]
fn a_list_fills_what_nobody_wrote_and_takes_no_word_from_anybody() {
    use Particular::{Channel, Circumstances, WhyCame};
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        assert_eq!(office.gaps().await.len(), 1);
        office
            .import(
                &place,
                "client_id,name,since,tier,Why came,channel,birthday\nc017,Acme,2019-04-01,a,\"A lease,\nin 2019\",,4 May\n",
            )
            .await;
        assert_eq!(office.told().await, words(&[(WhyCame, "A lease,\nin 2019")]));
        assert_eq!(office.known().await, [Told::listed(WhyCame)]);
        let mut tx = office.db.read().await.unwrap();
        let acme = clients::store::one(&mut tx, office.firm, ACME).await.unwrap();
        assert_eq!(acme.custom, [("birthday".to_owned(), "4 May".to_owned())].into(), "no column of its own");
        drop(tx);
        let open = office.gaps().await;
        assert!(open.len() == 1 && open[0].ended.is_none(), "the channel lacks: {open:?}");
        office
            .import(&place, "client_id,name,since,tier,why_came,channel\nc017,Acme,2019-04-01,a,A dispute,\n")
            .await;
        assert_eq!(office.told().await, words(&[(WhyCame, "A dispute")]), "a list mends what a list told");

        // A person's words, and that a person took some away, stand.
        office.tell(WhyCame, "Both", now()).await;
        let list = "client_id,name,since,tier,why_came,channel,circumstances\nc017,Acme,2019-04-01,a,A lease,By letter,Two shops\n";
        office.import(&place, list).await;
        let all = words(&[(WhyCame, "Both"), (Channel, "By letter"), (Circumstances, "Two shops")]);
        assert_eq!(office.told().await, all);
        assert!(office.gaps().await.is_empty(), "what a list tells holds since they are a client");
        let away = office.tell(Channel, "", later(1)).await;
        office.import(&place, list).await;
        assert_eq!(office.told().await, words(&[(WhyCame, "Both"), (Circumstances, "Two shops")]));
        let gaps = office.gaps().await;
        assert_eq!(gaps.iter().map(|gap| gap.opened_at).collect::<Vec<_>>(), [later(1)]);
        assert_eq!(office.undo(&away, later(2)).await, Undone::Yes);
        assert_eq!((office.told().await, office.gaps().await), (all, Vec::new()));
    });
}

#[test]
fn what_is_told_is_taken_back_as_if_it_had_never_been() {
    use Particular::{Channel, WhyCame};
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let before = office.gaps().await;
        let first = office.tell(WhyCame, "A lease", later(1)).await;
        let second = office.tell(Channel, "By letter", later(2)).await;
        let gaps = office.gaps().await;
        assert_eq!(gaps.len(), 1);
        let ended = gaps[0].ended.expect("kept");
        assert_eq!((ended.at, ended.by), (later(2), Some(AMY)));
        let anew = office.tell(Channel, "By telephone", later(3)).await;
        assert_eq!(office.gaps().await, gaps, "written anew, it did not lack meanwhile");
        assert_eq!(office.undo(&second, later(4)).await, Undone::ChangedSince);
        assert_eq!(office.undo(&anew, later(4)).await, Undone::Yes);
        assert_eq!(office.told().await, words(&[(WhyCame, "A lease"), (Channel, "By letter")]));
        assert_eq!(office.undo(&first, later(4)).await, Undone::Yes, "what else was changed since stands");
        assert_eq!(office.undo(&second, later(4)).await, Undone::Yes);
        assert_eq!(office.undo(&second, later(4)).await, Undone::Already);
        assert_eq!((office.gaps().await, office.known().await), (before, Vec::new()));

        // Taken away and told again since, so it was known from the second time on.
        let told = office.tell(Channel, "By letter", later(5)).await;
        office.tell(Channel, "", later(6)).await;
        office.tell(Channel, "By letter", later(7)).await;
        assert_eq!(office.undo(&told, later(8)).await, Undone::Yes);
        assert!(office.told().await.is_empty());
        let known = office.known().await;
        let spans: Vec<_> = known.iter().map(|told| (told.from, told.until)).collect();
        assert_eq!(spans, [(Some(later(5)), Some(later(6))), (Some(later(7)), Some(later(8)))]);
    });
}

#[test]
fn an_undo_leaves_alone_what_its_change_did_not_touch() {
    use Particular::WhyCame;
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let was = office.called().await;
        let renamed = office.call_them(Some("Acme plc"), None, later(1)).await;
        let told = office.tell(WhyCame, "A lease", later(2)).await;
        office.call_them(None, Some("c"), later(3)).await;
        assert_eq!(office.undo(&renamed, later(4)).await, Undone::Yes);
        assert_eq!(office.called().await, (was.0.clone(), Some("c".to_owned())), "the tier stays");
        assert_eq!(office.told().await, words(&[(WhyCame, "A lease")]), "and what was told");
        let again = office.call_them(Some("Acme SE"), Some("a"), later(5)).await;
        assert_eq!(office.undo(&told, later(6)).await, Undone::Yes);
        assert_eq!(office.called().await, ("Acme SE".to_owned(), Some("a".to_owned())));
        office.call_them(Some("Acme Ltd"), None, later(7)).await;
        assert_eq!(office.undo(&again, later(8)).await, Undone::ChangedSince, "half of it would be undone");
        assert_eq!(office.called().await, ("Acme Ltd".to_owned(), Some("a".to_owned())));
    });
}

#[test]
fn columns_of_before_are_taken_over() {
    on_both(|place: Place| async move {
        let office = Office::open(&place).await;
        let custom =
            |some: &[(&str, &str)]| some.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let mut tx = office.db.write(Durability::Act).await.unwrap();
        let some = [
            ("Heard of us", "A friend’s"),
            ("Why came", "A \"lease\";\nin 2019"),
            ("why_came", "Else"),
            ("birthday", "4 May"),
        ];
        let acme = Client { custom: custom(&some), ..client(7, "c017") };
        clients::store::save(&mut tx, office.firm, &acme, now()).await.unwrap();
        let odd =
            Client { custom: custom(&[("channel", " "), ("fax", "a NUL \0 in it")]), ..client(8, "c018") };
        clients::store::save(&mut tx, office.firm, &odd, now()).await.unwrap();
        tx.commit().await.unwrap();
        office.db.close().await;
        // As it was before version 26.
        let before = [
            "DROP TABLE client_particular",
            "ALTER TABLE client_change DROP COLUMN old_told",
            "ALTER TABLE client_change DROP COLUMN new_told",
            "DELETE FROM schema_version WHERE version = 26",
        ];
        match &place.location {
            Location::Folder(data) => {
                let url = format!("sqlite://{}", data.join("regard.sqlite").display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                for sql in before {
                    connection.execute(sql).await.unwrap();
                }
                connection.close().await.unwrap();
            }
            Location::Url(url) => {
                let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
                for sql in before {
                    connection.execute(sql).await.unwrap();
                }
                connection.close().await.unwrap();
            }
        }
        let office = Office { db: place.open().await, firm: office.firm };
        let told =
            words(&[(Particular::WhyCame, "A \"lease\";\nin 2019"), (Particular::HeardOfUs, "A friend’s")]);
        assert_eq!(office.told().await, told);
        let mut tx = office.db.read().await.unwrap();
        let acme = clients::store::one(&mut tx, office.firm, ACME).await.unwrap();
        assert_eq!(
            acme.custom,
            custom(&[("why_came", "Else"), ("birthday", "4 May")]),
            "and nothing is lost"
        );
        let odd_now = clients::store::one(&mut tx, office.firm, ClientId(8)).await.unwrap();
        assert_eq!(odd_now.custom, odd.custom);
        drop(tx);
        assert_eq!(office.known().await.len(), 2);
    });
}
