//! Files of contacts: every version of vCard as programs write it, and what is wrong with a file.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use wire::contacts::{Card, read, says_more, write};

fn card(name: &str, emails: &[&str], phones: &[&str]) -> Card {
    let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Card { name: name.to_owned(), emails: all(emails), phones: all(phones), ..Card::default() }
}

/// Without where it stands in its file.
fn bare(cards: Vec<Card>) -> Vec<Card> {
    cards.into_iter().map(|card| Card { line: 0, ..card }).collect()
}

#[test]
fn version_2_1_with_quoted_printable_and_bare_types_is_read() {
    let text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;Dr.;\r\n\
        TEL;CELL;PREF:+49 170 1234567\r\nTEL;WORK;VOICE:(030) 555-0100\r\n\
        EMAIL;PREF;INTERNET:juergen@muehle.example\r\nPHOTO;ENCODING=BASE64:/9j/4QFaRXhpZgAASUkqAAgAAAAAABABAgAB\r\n \
        AAAAAAAAABIBAwAB\r\n\r\nORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BChle =\r\nam Bach;Einkauf\r\nEND:VCARD\r\n";
    let (cards, errors) = read(text.as_bytes());
    assert_eq!(errors, []);
    let organisation = Some("Mühle am Bach".to_owned());
    let known =
        card("Dr. Jürgen Müller", &["juergen@muehle.example"], &["+49 170 1234567", "(030) 555-0100"]);
    assert_eq!(bare(cards), [Card { organisation, ..known }]);
    // The same in the letters of an old machine, which says nothing of them.
    let old = b"BEGIN:VCARD\nVERSION:2.1\nFN:J\xfcrgen M\xfcller\nEND:VCARD\n";
    assert_eq!(read(old).0[0].name, "Jürgen Müller");
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("BEGIN:VCARD\nFN:Jürgen\nEND:VCARD".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(read(&wide).0[0].name, "Jürgen");
}

#[test]
fn version_3_0_with_groups_of_lines_and_folds_is_read() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nUID:0e76-02cc\nFN:Mr. Joe\\, Fenn\nN:Fenn;Joe;;Mr.;\nORG:Fenn Mill;Sales\n\
        TITLE:Head of\n  Sales\nitem1.EMAIL;type=INTERNET;type=pref:joe@fennmill.example\nitem1.X-ABLabel:_$!<Work>!$_\n\
        EMAIL:joe@fennmill.example\nEMAIL;TYPE=X400:c=gb;a=x\nTEL;type=CELL:01632 960001\nADR:;;1\\, Mill Lane;;;;\n\
        BDAY;value=date:1980-05-21\nEND:VCARD\n";
    let (cards, errors) = read(text.as_bytes());
    assert_eq!(errors, []);
    let known = card("Mr. Joe, Fenn", &["joe@fennmill.example"], &["01632 960001"]);
    let more = Card {
        uid: Some("0e76-02cc".to_owned()),
        organisation: Some("Fenn Mill".to_owned()),
        role: Some("Head of Sales".to_owned()),
        ..known
    };
    assert_eq!(bare(cards), [more]);
}

#[test]
fn version_4_0_with_addresses_of_telephones_is_read_and_groups_are_no_people() {
    let text = "BEGIN:VCARD\nVERSION:4.0\nFN:Ida Marl\nTEL;VALUE=uri;TYPE=\"work,voice\";PREF=1:tel:+44-1632-960002;ext=102\n\
        TEL:tel:+44-1632-960003;phone-context=+44\nEMAIL;TYPE=work:mailto:ida@marlpits.example\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Everybody\nMEMBER:urn:uuid:1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nX-ADDRESSBOOKSERVER-KIND:group\nFN:All\nEND:VCARD\n";
    let (cards, errors) = read(text.as_bytes());
    assert_eq!(errors, []);
    let known = card("Ida Marl", &["ida@marlpits.example"], &["+44-1632-960002 ext 102", "+44-1632-960003"]);
    assert_eq!(bare(cards), [known]);
}

#[test]
fn what_cannot_be_read_is_told_by_its_line_and_the_others_are_read() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nNOTE:nobody\nEND:VCARD\n\nBEGIN:VCARD\nFN:Cut off\n\
        BEGIN:VCARD\nFN:Jo Fenn\nAGENT:\nBEGIN:VCARD\nFN:An assistant\nEMAIL:a@b.example\nEND:VCARD\n\
        EMAIL:jo@fennmill.example\nEND:VCARD\nBEGIN:VCARD\nFN:The last\n";
    let (cards, errors) = read(text.as_bytes());
    assert_eq!(cards, [Card { line: 8, ..card("Jo Fenn", &["jo@fennmill.example"], &[]) }]);
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("line 1: this card names nobody"), "{told:?}");
    assert!(told[1].starts_with("line 6: this card has no end"), "{told:?}");
    assert!(told[2].starts_with("line 17: this card has no end"), "{told:?}");
    let (cards, errors) = read(b"name,email\nJo,jo@x.example\n");
    assert!(cards.is_empty() && errors[0].to_string().contains("no file of contacts"), "{errors:?}");
}

#[test]
fn what_is_written_is_read_again() {
    let known = card("Zoë; Fenn, \"Mill\"", &["zoe@fennmill.example", "z@x.example"], &["+44 1632 960001"]);
    let organisation = Some("Fenn, Mill & Söhne".to_owned());
    let role = Some("Head; of sales ".to_owned() + &"long ".repeat(40));
    let role = role.map(|role| role.trim().to_owned());
    let all = [
        Card { uid: Some("regard-contact-7".to_owned()), organisation, role, ..known },
        card("", &["only@x.example"], &[]),
    ];
    let text = write(&all);
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n"), "{text}");
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    let (cards, errors) = read(text.as_bytes());
    assert_eq!(errors, []);
    let mut again = all.to_vec();
    again[1].name = "only@x.example".to_owned();
    assert_eq!(bare(cards), again);
}

/// Every card that real programs wrote: as many people, addresses and numbers as a plain count of lines finds.
#[test]
fn real_files_are_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/calendar-contact-files");
    let archive = folder.join("files.tar.zst");
    if !archive.exists() {
        eprintln!("SKIPPED: {} is not there, so no real files of contacts were read", archive.display());
        return;
    }
    let bytes = zstd::decode_all(fs::File::open(&archive).unwrap()).unwrap();
    let mut files = tar::Archive::new(bytes.as_slice());
    let (mut read_files, mut people, mut emails, mut phones) = (0, 0, 0, 0);
    for file in files.entries().unwrap() {
        let mut file = file.unwrap();
        let path = file.path().unwrap().into_owned();
        if path.extension().is_none_or(|extension| extension != "vcf") {
            continue;
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        let (cards, errors) = read(&bytes);
        let name = path.display();
        let text = String::from_utf8_lossy(&bytes).to_uppercase().replace("\r\n", "\n").replace("\n ", "");
        let begins = |line: &&str, property: &str| {
            let line =
                line.split_once('.').filter(|(group, _)| !group.contains([':', ';'])).map_or(*line, |l| l.1);
            line.strip_prefix(property).is_some_and(|rest| rest.starts_with([';', ':']))
        };
        let count = |property: &str| text.lines().filter(|line| begins(line, property)).count();
        // One of them holds two postal addresses and nobody.
        let is_nobody = ["FN", "N", "EMAIL", "TEL", "ORG"].iter().all(|property| count(property) == 0);
        assert_eq!(errors.len(), usize::from(is_nobody), "{name}: {errors:?}");
        assert_eq!(cards.len() + errors.len(), count("BEGIN"), "cards of {name}");
        let found = |of: fn(&Card) -> usize| cards.iter().map(of).sum::<usize>();
        // A telephone wrote one address that is none: a row of letters without an @.
        let addresses = text.lines().filter(|line| begins(line, "EMAIL") && line.contains('@')).count();
        assert_eq!(found(|card| card.emails.len()), addresses, "addresses of {name}");
        // Each number of a card once, though it stands there for home and for work.
        let numbers = |card: &str| {
            let lines = card.lines().filter(|line| begins(line, "TEL"));
            lines
                .filter_map(|line| line.split_once(':'))
                .map(|(_, number)| number.to_owned())
                .collect::<BTreeSet<_>>()
        };
        let once: usize = text.split("BEGIN:VCARD").map(|card| numbers(card).len()).sum();
        assert_eq!(found(|card| card.phones.len()), once, "numbers of {name}");
        assert!(cards.iter().all(|card| !card.name.contains(['\\', '='])), "names of {name}: {cards:?}");
        let again = read(write(&cards).as_bytes()).0;
        for (card, again) in cards.iter().zip(&again) {
            assert_eq!((&card.emails, &card.phones), (&again.emails, &again.phones), "{name}");
        }
        people += cards.len();
        emails += found(|card| card.emails.len());
        phones += found(|card| card.phones.len());
        read_files += 1;
    }
    println!("{read_files} files, {people} cards, {emails} addresses, {phones} numbers");
    assert!(15 <= read_files, "only {read_files} files of contacts");
}

#[test]
fn an_address_a_number_or_a_company_in_the_place_of_a_name_is_no_name() {
    let organisation = Some("Acme Mills".to_owned());
    for (name, called) in [
        ("Jo@acme.example", ""),
        ("+44 1632 960001", ""),
        ("Acme Mills", ""),
        ("Jo Fenn", "Jo Fenn"),
        ("", ""),
    ] {
        let card = card(name, &["jo@acme.example"], &["+44  1632 960001"]);
        assert_eq!(Card { organisation: organisation.clone(), ..card }.called(), called, "{name}");
    }
    let nameless = card("", &["jo@acme.example"], &[]);
    let back = read(write(&[nameless]).as_bytes()).0.remove(0);
    assert_eq!((back.name.as_str(), back.called()), ("jo@acme.example", ""));
}

#[test]
fn what_somebody_adds_to_a_card_that_was_written_here_is_seen() {
    let card = Card {
        uid: Some("regard-contact-7".to_owned()),
        organisation: Some("Acme Mills and everybody who works there on any day of the long year".to_owned()),
        role: Some("Director".to_owned()),
        written_for: Some("12".to_owned()),
        ..card("Jo Fenn", &["jo@acme.example"], &["+44 1632 960001"])
    };
    let words = write(std::slice::from_ref(&card));
    assert!(!says_more(&words), "{words}");
    assert_eq!(bare(read(words.as_bytes()).0), [card]);
    for added in ["BDAY:19800521", "item1.NOTE:likes tea", "PHOTO;VALUE=uri:data:image/png;base64,AA"] {
        assert!(says_more(&words.replace("END:VCARD", &format!("{added}\r\nEND:VCARD"))), "{added}");
    }
    assert!(says_more(&words.replace("TEL", "TEL;TYPE=cell")), "{words}");
}
