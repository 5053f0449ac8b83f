//! The invented firm: who works there, and whom it serves.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::chance::Chance;
use crate::text::syllable_name;

pub(crate) const STAFF: [&str; 8] = [
    "Amelia Thorne",
    "Basil Okoro",
    "Clara Whitlock",
    "Dominic Vale",
    "Esther Quill",
    "Felix Marsh",
    "Greta Lindqvist",
    "Hugo Penhallow",
];
const CLIENTS: usize = 240;
const FIRST_NAMES: [&str; 40] = [
    "Alice", "Adam", "Bridget", "Ben", "Carol", "Colin", "Dora", "Daniel", "Edith", "Edgar", "Fiona",
    "Frank", "Gillian", "George", "Hannah", "Harold", "Iris", "Ian", "Joan", "James", "Karen", "Keith",
    "Laura", "Leonard", "Maya", "Martin", "Nora", "Neil", "Olive", "Oscar", "Paula", "Peter", "Rosa",
    "Ralph", "Sylvia", "Simon", "Tessa", "Thomas", "Zoë", "René",
];
const TRADES: [&str; 12] = [
    "Joinery",
    "Logistics",
    "Holdings",
    "Foods",
    "Partners",
    "Builders",
    "Textiles",
    "Instruments",
    "Estates",
    "Media",
    "Engineering",
    "Care Homes",
];

/// Somebody who writes.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) address: String,
    /// Below the name in a signature.
    pub(crate) title: String,
    pub(crate) phone: String,
}

pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) contacts: Vec<Person>,
    /// Who mostly deals with them: a place in `STAFF`.
    pub(crate) point_person: usize,
}

pub(crate) struct Firm {
    pub(crate) staff: Vec<Person>,
    pub(crate) clients: Vec<Client>,
}

impl Firm {
    pub(crate) fn new(seed: u64) -> Firm {
        let mut chance = Chance::new(seed, 1);
        let staff = STAFF.iter().enumerate().map(|(i, name)| {
            let address = format!("{}@thornevale.example", plain(name).replace(' ', "."));
            let title = if i < 3 { "Partner" } else { "Associate" };
            let title = format!("{title}\nThorne Vale LLP\n12 Orchard Row, Bath");
            Person {
                name: (*name).to_string(),
                address,
                title,
                phone: format!("+44 1225 496 0{:02}", i + 10),
            }
        });
        Firm { staff: staff.collect(), clients: (0..CLIENTS).map(|i| client(i, &mut chance)).collect() }
    }

    /// Writes the lists that an import can take beside the mail.
    pub(crate) fn write_lists(&self, out: &Path) -> Result<()> {
        let mut staff = String::from("name,email,role,phone\n");
        for person in &self.staff {
            let role = person.title.lines().next().unwrap_or_default();
            staff += &format!("{},{},{role},{}\n", person.name, person.address, person.phone);
        }
        let mut clients = String::from("client_id,name,kind,since,tier,point_person,annual_revenue\n");
        let mut contacts = String::from("client_id,name,email,phone\n");
        for (i, client) in self.clients.iter().enumerate() {
            let point_person = &self.staff[client.point_person].address;
            clients += &format!("c{i:03},{},organisation,2015-06-01,standard,{point_person},\n", client.name);
            for person in &client.contacts {
                contacts += &format!("c{i:03},{},{},{}\n", person.name, person.address, person.phone);
            }
        }
        for (name, text) in [("staff.csv", staff), ("clients.csv", clients), ("contacts.csv", contacts)] {
            fs::write(out.join(name), text).with_context(|| format!("writing {name}"))?;
        }
        Ok(())
    }
}

fn client(i: usize, chance: &mut Chance) -> Client {
    let family = syllable_name(chance);
    let trade = chance.pick(&TRADES);
    let domain = format!("{}{i}.example", plain(&family));
    let contacts = (0..chance.between(1, 6)).map(|k| {
        let name = format!("{} {}", chance.pick(&FIRST_NAMES), syllable_name(chance));
        let address = format!("{}{k}@{domain}", plain(&name).replace(' ', "."));
        let title = format!(
            "{}\n{family} {trade}",
            chance.pick(&["Director", "Office Manager", "Finance", "Operations"])
        );
        Person { name, address, title, phone: format!("020 7946 {:04}", chance.below(10_000)) }
    });
    let contacts: Vec<Person> = contacts.collect();
    Client { name: format!("{family} {trade}"), contacts, point_person: chance.below(STAFF.len()) }
}

/// Lower case, without accents.
fn plain(name: &str) -> String {
    name.to_lowercase().chars().map(|c| if c.is_ascii() { c } else { 'e' }).collect()
}
