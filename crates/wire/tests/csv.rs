//! The lists a firm brings along, read by the contract.

use jiff::civil::date;
use proptest::prelude::ProptestConfig;
use wire::csv::{
    AbsenceRow, ClientKind, ClientRow, ContactRow, DepartureRow, Evidence, MatterRow, Money, Reason, Row,
    RowError, Settings, StaffRow, read_all,
};

fn read<R: Row>(text: impl AsRef<[u8]>) -> (Vec<R>, Vec<RowError>) {
    read_all(text.as_ref(), &Settings { currency: "GBP".into() })
}

#[test]
fn clients_with_free_order_odd_headers_and_fields_of_their_own() {
    let text = "\u{feff}Name,Client ID,KIND,Since,tier,Point-Person,annual_revenue,Industry,Why came\r\n\
        \"Alder, Ash & Co\",c1,Organisation,2019-04-01,gold,amy@firm.example,\"12,500.00\",Joinery,A lease\r\n\
        \r\n\
        \"Beatrix \"\"Bea\"\" Birch\",c2,person,,,,€300,,\r\n\
        Cedar,c3,,,,,,,\r\n";
    let (rows, errors) = read::<ClientRow>(text);
    assert_eq!(errors, []);
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[0],
        ClientRow {
            line: 2,
            client_id: "c1".into(),
            name: "Alder, Ash & Co".into(),
            kind: ClientKind::Organisation,
            since: Some(date(2019, 4, 1)),
            tier: Some("gold".into()),
            point_person: Some("amy@firm.example".into()),
            annual_revenue: Some(Money { minor: 1_250_000, currency: "GBP".into() }),
            told: vec![("why_came", "A lease".into())],
            custom: vec![("Industry".into(), "Joinery".into())],
        }
    );
    assert_eq!(
        (rows[1].line, rows[1].name.as_str(), rows[1].kind),
        (4, "Beatrix \"Bea\" Birch", ClientKind::Person)
    );
    assert_eq!(rows[1].annual_revenue, Some(Money { minor: 30_000, currency: "EUR".into() }));
    assert_eq!((rows[2].kind, rows[2].custom.len()), (ClientKind::Organisation, 0));
}

#[test]
fn the_other_files() {
    let (contacts, errors) = read::<ContactRow>(
        "client_id,name,email,phone\nc1,Jo Ash,jo@ash.example;jo.ash@mail.example,+44 20 7946 0001 / 089/496 0002\nc1,,office@ash.example,\n",
    );
    assert_eq!(errors, []);
    assert_eq!(contacts[0].phones, ["+44 20 7946 0001", "089/496 0002"]);
    assert_eq!((contacts[0].emails.len(), contacts[0].phones.len(), &contacts[1].name), (2, 2, &None));

    let (staff, errors) = read::<StaffRow>(
        "name;email;role;phone\nAmy Pond;amy@firm.example;Partner;201\nAmy Pond;a.pond@firm.example;;\n",
    );
    assert_eq!(errors, []);
    assert_eq!((staff.len(), staff[0].phones[0].as_str(), staff[1].role.as_deref()), (2, "201", None));

    let (matters, errors) = read::<MatterRow>(
        "matter_id,client_id,name,kind,handler,opened,closed\nm1,c1,Lease,property,amy@firm.example,2025-01-02,\nm2,c1,,,,,\n",
    );
    assert_eq!(errors, []);
    assert_eq!(
        (matters[0].opened, matters[0].closed, matters[1].name.as_str()),
        (Some(date(2025, 1, 2)), None, "m2")
    );

    let (absences, errors) =
        read::<AbsenceRow>("email,from,to,cover\namy@firm.example,2025-08-04,2025-08-15,ben@firm.example\n");
    assert_eq!(errors, []);
    assert_eq!((absences[0].from, absences[0].to), (date(2025, 8, 4), date(2025, 8, 15)));
}

/// Each wrong row is named by line and column, and the right ones beside it are read.
#[test]
fn wrong_rows() {
    let cases: [(&str, u64, Option<&str>, &str); 14] = [
        ("c2,Birch,tree,,,,", 3, Some("kind"), "organisation, person, partner, prospect or former"),
        ("c2,Birch,,31/12/2024,,,", 3, Some("since"), "2025-09-03"),
        ("c2,Birch,,2024-02-30,,,", 3, Some("since"), "is no date"),
        ("c2,Birch,,0024-02-03,,,", 3, Some("since"), "cannot be meant"),
        ("c2,Birch,,,,,lots", 3, Some("annual_revenue"), "no amount"),
        ("c2,,,,,,", 3, Some("name"), "fill it in"),
        (",Birch,,,,,", 3, Some("client_id"), "fill it in"),
        ("c1,Birch,,,,,", 3, Some("client_id"), "line 2 already"),
        ("c2,Birch,,", 3, None, "4 fields where the header names 7"),
        ("c2,Birch,,,,,12,500", 3, None, "quotes"),
        ("\"c2,Birch,,,,,\nc4,Elm,,,,,\n", 3, None, "not closed"),
        ("\n\nc2,Birch,tree,,,,", 5, Some("kind"), "tree"),
        ("\"c2\nb\",Birch,tree,,,,", 3, Some("kind"), "tree"),
        ("c2,Bi\0rch,,,,,", 3, None, "field 2: holds a NUL"),
    ];
    for (row, line, column, what) in cases {
        let text = format!(
            "client_id,name,kind,since,tier,point_person,annual_revenue\nc1,Alder,,,,,\n{row}\nc9,Yew,,,,,\n"
        );
        let (rows, errors) = read::<ClientRow>(&text);
        assert_eq!(errors.len(), 1, "{row}: {errors:?}");
        assert_eq!((errors[0].line, errors[0].column.as_deref()), (line, column), "{row}: {errors:?}");
        assert!(errors[0].what.contains(what), "{row}: {}", errors[0]);
        assert_eq!(rows.first().map(|row| row.name.as_str()), Some("Alder"), "{row}: the row before is read");
        assert_eq!(rows.last().map(|row| row.name.as_str()), Some("Yew"), "{row}: the row after is read");
    }
}

#[test]
fn rows_after_a_wrong_one_are_read_and_not_utf8_is_named() {
    let (rows, errors) = read::<StaffRow>(
        b"name,email\nAmy,amy@firm.example\nRen\xe9,rene@firm.example\nBen,ben@firm.example\n",
    );
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Amy", "Ben"]);
    assert_eq!(errors[0].to_string(), "line 3: field 1: not UTF-8; save the file as \"CSV UTF-8\"");
}

#[test]
fn wrong_headers() {
    let named =
        |text: &str| read::<ClientRow>(text).1.iter().map(RowError::to_string).collect::<Vec<_>>().join("\n");
    assert!(named("").contains("the file is empty"));
    assert!(named("id,title\nc1,Alder\n").contains("column client_id: this column is missing"));
    assert!(named("client_id,name,Name\nc1,Alder,B\n").contains("column name: stands twice"));
    assert!(named("c1,Alder,,,,,\n").contains("column client_id: this column is missing"));
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("client_id,name".bytes().flat_map(|b| [b, 0])).collect();
    assert!(read::<ClientRow>(utf16).1[0].what.contains("UTF-16"));
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes give rows and errors, never a panic; and what was written is read again.
    #[test]
    fn any_bytes_are_read(bytes: Vec<u8>) {
        let _ = read::<ClientRow>(&bytes);
        let mut text = b"client_id,name,since,annual_revenue\n".to_vec();
        text.extend(bytes);
        let _ = read::<ClientRow>(&text);
    }

    #[test]
    fn what_was_written_is_read(names in proptest::collection::vec("[^\\pC\\s]{1,3}[^\\pC]{0,20}[^\\pC\\s]", 1..20)) {
        let mut text = String::from("name,client_id\r\n");
        for (i, name) in names.iter().enumerate() {
            text += &format!("\"{}\",c{i}\r\n", name.replace('"', "\"\""));
        }
        let (rows, errors) = read::<ClientRow>(&text);
        proptest::prop_assert_eq!(errors, vec![]);
        proptest::prop_assert_eq!(rows.into_iter().map(|row| row.name).collect::<Vec<_>>(), names);
    }
}

#[test]
fn departures_with_coded_reasons() {
    let (rows, errors) = read::<DepartureRow>(
        "client_id,noticed,left,reason,evidence,words,Partner\n\
         c1,2025-03-01,2025-01-15,Felt forgotten,said,\"Nobody rang, for months\",Amy\nc2,2025-04-01,,,,,\n",
    );
    assert_eq!(errors, []);
    assert_eq!((rows[0].reason, rows[0].evidence), (Some(Reason::FeltForgotten), Some(Evidence::Said)));
    assert_eq!((rows[0].left, rows[0].custom.len()), (Some(date(2025, 1, 15)), 1));
    assert_eq!((rows[1].reason, rows[1].evidence, rows[1].left), (None, None, None));
    let (rows, errors) = read::<DepartureRow>(
        "client_id,noticed,left,reason,evidence,words\nc1,,,,,\nc2,2025-04-01,,bored,think,\n\
         c3,2025-04-01,soon,friend,,\nc4,2025-04-01,,,said,\nc5,2025-04-01,,moved,heard,\n",
    );
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let begins = [
        "line 2, column noticed: empty",
        "line 3, column reason: \"bored\" is not known; write one of died, moved, friend, competitor, dissatisfied, felt_forgotten",
        "line 4, column evidence: a reason needs it",
        "line 4, column left: \"soon\" is no date",
        "line 5, column reason: evidence is given, but not for what",
        "line 6, column evidence: \"heard\" is not known; write said",
    ];
    assert_eq!((rows.len(), told.len()), (0, begins.len()), "{told:#?}");
    for (told, begin) in told.iter().zip(begins) {
        assert!(told.starts_with(begin), "{told}");
    }
}
