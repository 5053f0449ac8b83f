//! What lists say of work and time as rows: matters, absences, calls, departures.

use care::acts::Direction;
use care::entry::Call;
use care::ids::{AddressId, EntryId};
use care::people::ClientKind;
use wire::calls::{CallDirection, CallRow};
use wire::csv::{AbsenceRow, DepartureRow, MatterRow, RowError};

use super::enlister::Enlister;
use crate::clients::{self, Client};
use crate::db::Tx;
use crate::departures::{self, Departure};
use crate::error::Result;
use crate::firm::Custom;
use crate::ids::{AbsenceId, DepartureId, MatterId};
use crate::intake::lists;
use crate::matters::{self, Matter};
use crate::record::addresses::AddressKind;
use crate::record::others::{self, NewCall};
use crate::staff::{self, Absence};

/// Calls written at once.
const CALLS: usize = 4000;

impl Enlister {
    pub(super) async fn add_matters(&mut self, tx: &mut Tx, rows: Vec<MatterRow>) -> Result<Vec<RowError>> {
        let mut wrong = Vec::new();
        for row in rows {
            let Some(client) = self.clients.get(&row.client_id).copied() else {
                wrong.push(no_client(row.line, &row.client_id));
                continue;
            };
            let mut custom: Custom = row.custom.into_iter().collect();
            let handler = self.looks_after(row.line, "handler", row.handler, &mut custom);
            let matter = Matter {
                id: MatterId(tx.new_id()),
                external_key: row.matter_id,
                client,
                name: row.name,
                kind: row.kind.unwrap_or_default(),
                handler,
                opened: row.opened,
                closed: row.closed,
                custom,
            };
            matters::store::save(tx, self.firm, &matter, self.now).await?;
            self.rows += 1;
        }
        Ok(wrong)
    }

    pub(super) async fn add_absences(&mut self, tx: &mut Tx, rows: Vec<AbsenceRow>) -> Result<Vec<RowError>> {
        let mut wrong = Vec::new();
        let nobody = |line: u64, column: &str, text: &str| RowError {
            line,
            column: Some(column.to_owned()),
            what: format!("nobody of the firm is {text:?}; import the staff list or their mail first"),
        };
        for row in rows {
            let Some(staff) = self.named(&row.email) else {
                wrong.push(nobody(row.line, "email", &row.email));
                continue;
            };
            let cover = match row.cover.as_deref().map(|text| (text, self.named(text))) {
                Some((text, None)) => {
                    wrong.push(nobody(row.line, "cover", text));
                    continue;
                }
                named => named.and_then(|(_, cover)| cover),
            };
            let absence = Absence { id: AbsenceId(tx.new_id()), staff, from: row.from, to: row.to, cover };
            staff::store::save_absence(tx, self.firm, &absence).await?;
            self.rows += 1;
        }
        Ok(wrong)
    }

    pub(super) async fn add_calls(&mut self, tx: &mut Tx, rows: Vec<CallRow>) -> Result<()> {
        let calls: Vec<NewCall> = rows.into_iter().map(|row| self.call(row)).collect();
        self.book.save(tx, self.firm).await?;
        for some in calls.chunks(CALLS) {
            let added = others::add_calls(tx, self.firm, some).await?;
            self.rows += added.iter().filter(|added| added.new).count() as u64;
        }
        Ok(())
    }

    pub(super) fn call(&mut self, row: CallRow) -> NewCall {
        let (from, to) = (self.line(&row.from), self.line(&row.to));
        let ours = |line: AddressId| self.people.iter().any(|person| person.addresses.contains(&line));
        let direction = match row.direction {
            Some(CallDirection::Out) => Direction::Out,
            Some(CallDirection::In) => Direction::In,
            None if ours(from) => Direction::Out,
            None => Direction::In,
        };
        let key = lists::call_key(row.at, &row.from, &row.to);
        let talked = (row.answered && !row.voicemail).then_some(row.talked);
        let facts = Call { entry: EntryId(0), key, at: row.at, from, to, talked };
        NewCall { facts, direction, from: row.from, to: row.to }
    }

    /// The address of one end of a call, which may be withheld or a name; it keeps the spelling it came with first.
    pub(super) fn line(&mut self, text: &str) -> AddressId {
        let key = wire::calls::number_key(text);
        self.book.number(AddressKind::Phone, key.as_deref().unwrap_or(text), text)
    }

    /// Departures; whoever left is a former client from then on.
    pub(super) async fn add_departures(
        &mut self,
        tx: &mut Tx,
        rows: Vec<DepartureRow>,
    ) -> Result<Vec<RowError>> {
        let mut wrong = Vec::new();
        let known = clients::store::all(tx, self.firm).await?;
        for row in rows {
            let found = known.iter().find(|client| client.external_key == row.client_id);
            let client = match found {
                Some(client) if !client.is_proposed() => client,
                Some(_) => {
                    let what = format!(
                        "{:?} is a client only by its mail so far; say that it was one: regard place {} client",
                        row.client_id, row.client_id
                    );
                    wrong.push(RowError { line: row.line, column: Some("client_id".to_owned()), what });
                    continue;
                }
                None => {
                    wrong.push(no_client(row.line, &row.client_id));
                    continue;
                }
            };
            let departure = Departure {
                id: DepartureId(tx.new_id()),
                client: client.id,
                noticed: row.noticed,
                left: row.left,
                reason: row.reason.zip(row.evidence),
                words: row.words.unwrap_or_default(),
                custom: row.custom.into_iter().collect(),
            };
            departures::store::save(tx, self.firm, &departure, self.now).await?;
            if client.since.is_none_or(|since| since <= departure.gone()) {
                let former = Client { kind: ClientKind::Former, ..client.clone() };
                clients::store::save(tx, self.firm, &former, self.now).await?;
            }
            self.rows += 1;
        }
        Ok(wrong)
    }
}

fn no_client(line: u64, key: &str) -> RowError {
    let what = format!("there is no client {key:?}; import the client list first");
    RowError { line, column: Some("client_id".to_owned()), what }
}
