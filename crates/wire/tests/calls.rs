//! Lists of calls in each of their forms.

use std::fs::File;
use std::path::Path;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::ProptestConfig;
use wire::calls::{CallDirection, CallRow, Columns, read_all};
use wire::csv::RowError;

fn read(text: &str) -> (Vec<CallRow>, Vec<RowError>) {
    read_all(text.as_bytes(), &TimeZone::get("Europe/London").unwrap(), &Columns::default())
}

#[test]
fn a_list_with_a_header_row() {
    let (calls, errors) = read(
        "Time,From,To,Direction,Answered,Seconds,note\n\
         2025-07-03 10:00:00,02079460001,201,in,yes,75,x\n\
         2025-07-03T10:05:00+01:00,201,+442079460001,,no,,\n\
         2025-07-03 10:06:00,02079460001,202,,voicemail,30,\n\
         2025-07-03 10:07:00,02079460001,202,,,4:05,\n",
    );
    assert_eq!(errors, []);
    let told: Vec<_> =
        calls.iter().map(|c| (c.direction, c.answered, c.talked.as_secs(), c.voicemail, c.line)).collect();
    let (into, out) = (Some(CallDirection::In), Some(CallDirection::Out));
    assert_eq!(
        told,
        [
            (into, true, 75, false, 2),
            (out, false, 0, false, 3),
            (into, false, 0, true, 4),
            (into, true, 245, false, 5)
        ]
    );
    assert_eq!(calls[0].at, "2025-07-03T09:00:00Z".parse().unwrap());
    assert_eq!(calls[1].at, "2025-07-03T09:05:00Z".parse().unwrap());
}

#[test]
fn what_happened_in_a_queue_is_put_together_by_call() {
    let (calls, errors) = read(
        "1751533200|NONE|NONE|NONE|QUEUESTART|\n\
         1751533200|1751533200.1|support|NONE|ENTERQUEUE||02079460001|1\n\
         1751533205|1751533200.1|support|SIP/201-0000001a|CONNECT|5|1751533201.2|3\n\
         1751533300|1751533200.1|support|SIP/201-0000001a|COMPLETECALLER|5|95|1\n\
         1751533400|1751533400.3|support|NONE|ENTERQUEUE|sip:a,b|02079460002|1\n\
         1751533401|1751533400.3|support|Local/202@agents/n|RINGNOANSWER|1000\n\
         1751533440|1751533400.3|support|NONE|ABANDON|1|1|40\n\
         1751533450|1751533400.3|sales|NONE|ENTERQUEUE||02079460002|1\n\
         1751533500|1751500000.9|support|SIP/201|COMPLETEAGENT|1|x|1\n",
    );
    assert_eq!(errors, []);
    let told: Vec<_> = calls
        .iter()
        .map(|c| (c.from.as_str(), c.to.as_str(), c.answered, c.talked.as_secs(), c.direction, c.line))
        .collect();
    let into = Some(CallDirection::In);
    assert_eq!(
        told,
        [("02079460001", "201", true, 95, into, 2), ("02079460002", "support", false, 0, into, 5)]
    );
    assert_eq!(calls[0].at, "2025-07-03T09:00:00Z".parse().unwrap());
    let (calls, errors) =
        read("1751533200|1.1|q|NONE|ENTERQUEUE||1|1\n1751533300|1.1|q|A|COMPLETEAGENT|5|long|1\nnonsense\n");
    assert_eq!((calls.len(), errors.len()), (1, 2), "{errors:?}");
    assert!(errors[0].what.contains("long") && errors[0].line == 2, "{}", errors[0]);
}

#[test]
fn wrong_lines_are_named() {
    let cases = [
        ("3 July,1234567,201,in,yes,5", Some("time"), "no time"),
        ("2025-07-03 10:00,1234567,201,sideways,yes,5", Some("direction"), "write in or out"),
        ("2025-07-03 10:00,1234567,201,in,maybe,5", Some("answered"), "neither yes nor no"),
        ("2025-07-03 10:00,1234567,201,in,yes,-5", Some("seconds"), "no number"),
        ("2025-07-03 10:00,1234567,201", None, "3 fields"),
    ];
    for (line, column, what) in cases {
        let (calls, errors) = read(&format!(
            "time,from,to,direction,answered,seconds\n{line}\n2025-07-03 10:00,1234567,201,in,yes,5\n"
        ));
        assert_eq!((calls.len(), errors.len()), (1, 1), "{line}");
        assert_eq!((errors[0].line, errors[0].column.as_deref()), (2, column), "{line}");
        assert!(errors[0].what.contains(what), "{line}: {}", errors[0]);
    }
}

/// A line of an Asterisk list with 21 fields.
fn asterisk(
    to: &str,
    channel: &str,
    application: &str,
    start: &str,
    spoken: u32,
    ending: &str,
    number: &str,
) -> String {
    format!(
        "\"\",\"02079460001\",\"{to}\",\"in\",\"\"\"Jo\"\" <02079460001>\",\"SIP/trunk-1\",\"{channel}\",\"{application}\",\"x,60\",\
         \"{start}\",\"\",\"2025-07-03 11:00:00\",60,{spoken},\"{ending}\",\"DOCUMENTATION\",\"{number}\",\"\",\"\",\"{number}\",1\n"
    )
}

#[test]
fn parts_of_one_asterisk_call_are_one_call() {
    let at = "2025-07-03 10:00:00";
    let text = asterisk("201", "SIP/201-1", "Dial", at, 0, "NO ANSWER", "1751533200.1")
        + &asterisk("202", "SIP/202-2", "Dial", "2025-07-03 10:00:20", 90, "ANSWERED", "1751533200.1")
        + &asterisk("200", "", "Hangup", at, 30, "ANSWERED", "1751533300.7")
        + &asterisk("201", "SIP/201-3", "Dial", at, 0, "NO ANSWER", "1751533400.9")
        + &asterisk("201", "", "VoiceMail", at, 12, "ANSWERED", "1751533400.9");
    let (calls, errors) = read(&text);
    assert_eq!(errors, []);
    let told: Vec<_> =
        calls.iter().map(|c| (c.to.as_str(), c.answered, c.talked.as_secs(), c.voicemail, c.line)).collect();
    assert_eq!(told, [("202", true, 90, false, 1), ("200", false, 0, false, 3), ("201", false, 0, true, 4)]);
    assert!(calls.iter().all(|call| call.from == "02079460001" && call.direction == Some(CallDirection::In)));
    assert_eq!(calls[0].at, "2025-07-03T09:00:00Z".parse().unwrap());
}

fn read_as(text: &str, columns: &str) -> (Vec<CallRow>, Vec<RowError>) {
    let columns: Columns = columns.parse().unwrap();
    read_all(text.as_bytes(), &TimeZone::get("Europe/London").unwrap(), &columns)
}

#[test]
fn a_list_of_another_system_is_read_by_what_it_calls_its_columns() {
    let (calls, errors) = read_as(
        "Date;Time;Caller;Called;State;Talk time\n\
         03/07/2025;10:00;020 7946 0001;201;Answered;1:15\n\
         03/07/2025;10:05;020 7946 0001;201;Abandoned;\n\
         13/13/2025;10:05;1;2;;\n",
        "time=Date+Time, from=Caller, to=called, answered=State, seconds=Talk time, dates=dmy",
    );
    let told: Vec<_> = calls.iter().map(|c| (c.answered, c.talked.as_secs(), c.line)).collect();
    assert_eq!(told, [(true, 75, 2), (false, 0, 3)]);
    assert_eq!(calls[0].at, "2025-07-03T09:00:00Z".parse().unwrap());
    assert_eq!((errors.len(), errors[0].line, errors[0].column.as_deref()), (1, 4, Some("time")));
    // By numbers, where no row names them.
    let list = "x,2025-07-03 10:00:00,02079460001,201,full\n";
    let (calls, errors) = read_as(list, "time=2,from=3,to=4");
    assert_eq!((calls.len(), errors.len(), calls[0].from.as_str()), (1, 0, "02079460001"));
    // What a switch writes is known without them, and stays so.
    let (calls, errors) =
        read_as("1751533200|7.1|help|NONE|ENTERQUEUE||02079460001|1\n", "time=Start,from=Caller,to=Called");
    assert_eq!((calls.len(), errors.len()), (1, 0));
    let (calls, errors) = read_as("Start,Ringer,Called\n1,2,3\n", "time=Start,from=Caller,to=Called");
    assert!(calls.is_empty() && errors[0].what.contains("from=Caller"), "{errors:?}");
}

#[test]
fn columns_are_said_in_words_that_can_be_read_again() {
    for text in ["time=Date+Time,from=Caller,to=Called,dates=dmy", "time=1,from=2,to=3", "", "dates=mdy"] {
        let columns: Columns = text.parse().unwrap();
        assert_eq!(columns.to_string(), text);
    }
    let with_comma: Columns = "time=Start, local\nfrom=A\nto=B".parse().unwrap();
    assert_eq!(with_comma.to_string().parse::<Columns>(), Ok(with_comma));
    for (text, named) in [
        ("Start", "Start"),
        ("when=Start", "when"),
        ("time=Start", "from and to"),
        ("time=", "time"),
        ("dates=american", "american"),
    ] {
        let error = text.parse::<Columns>().unwrap_err();
        assert!(error.contains(named), "{error}");
    }
}

#[test]
fn a_voicemail_that_takes_no_more_is_told() {
    let (calls, _) = read(
        "time,from,to,voicemail,mailbox_full\n\
         2025-07-03 10:00:00,02079460001,201,,yes\n\
         2025-07-03 10:01:00,02079460001,201,yes,no\n",
    );
    let told: Vec<_> = calls.iter().map(|c| (c.answered, c.voicemail, c.mailbox_full)).collect();
    assert_eq!(told, [(false, false, true), (false, true, false)]);
    let line = "\"\",\"02079460001\",\"201\",\"in\",\"\",\"SIP/1\",\"\",\"VoiceMail\",\"201@default\",\"2025-07-03 10:00:00\",\"2025-07-03 10:00:05\",\"2025-07-03 10:00:45\",45,40,\"ANSWERED\",\"DOCUMENTATION\",\"1751533200.1\",\"mailbox full\"\n";
    let (calls, errors) = read(line);
    assert_eq!(errors, []);
    assert_eq!((calls[0].answered, calls[0].voicemail, calls[0].mailbox_full), (false, false, true));
    let (calls, _) = read(&line.replace("mailbox full", "x"));
    assert_eq!((calls[0].voicemail, calls[0].mailbox_full), (true, false));
}

/// The switch's own number of a call tells which of the two hours from one o'clock is meant.
#[test]
fn the_hour_that_comes_twice() {
    let earlier = asterisk("201", "SIP/1", "Dial", "2025-10-26 01:30:00", 5, "ANSWERED", "1761438600.1");
    let later = asterisk("201", "SIP/1", "Dial", "2025-10-26 01:30:00", 5, "ANSWERED", "1761442200.2");
    let (calls, _) = read(&(earlier + &later));
    assert_eq!(calls[0].at, "2025-10-26T00:30:00Z".parse().unwrap());
    assert_eq!(calls[1].at, "2025-10-26T01:30:00Z".parse().unwrap());
}

#[test]
fn short_and_odd_asterisk_lines() {
    // 17 fields, the last of them the call's number; then 16, then one of no known form.
    let full = asterisk("201", "SIP/1", "Dial", "2025-07-03 10:00:00", 5, "ANSWERED", "1751533200.1");
    let cut = |fields: usize| {
        let commas: Vec<usize> = full.match_indices(',').map(|(at, _)| at).collect();
        // The quoted "x,60" holds a comma of its own.
        full[..commas[fields]].to_string()
    };
    let (calls, errors) = read(&format!("{}\n{}\nwhat,is,this\n", cut(17), cut(16)));
    assert_eq!((calls.len(), errors.len()), (2, 1), "{errors:?}");
    assert_eq!(calls[0].talked, SignedDuration::from_secs(5));
    assert_eq!(errors[0].line, 3);
    assert!(errors[0].what.contains("header row"));
}

#[test]
fn freeswitch() {
    let (calls, errors) = read(
        "\"Jo\",\"02079460001\",\"1002\",\"default\",\"2025-07-03 10:00:00\",\"2025-07-03 10:00:05\",\"2025-07-03 10:01:00\",\"60\",\"55\",\"NORMAL_CLEARING\",\"a-b\",\"\",\"1002\",\"PCMU\",\"PCMU\"\n\
         ,0,1002,default,2025/7/3 10:41,,2025/7/3 10:41,2,0,NO_USER_RESPONSE,a-c,,,,\n",
    );
    assert_eq!(errors, []);
    assert_eq!((calls[0].answered, calls[0].talked.as_secs(), calls[1].answered), (true, 55, false));
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read(bytes: Vec<u8>, text in "[0-9,\":/ \\-\n]{0,200}") {
        let _ = read_all(&bytes[..], &TimeZone::UTC, &Columns::default());
        let _ = read(&text);
        let _ = read(&format!("time,from,to\n{text}"));
    }
}

#[test]
fn real_switches_files() {
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/call-log/formats"));
    if !directory.exists() {
        eprintln!("SKIPPED: no call-log/formats beside the repository, so nothing was tested here");
        return;
    }
    for (name, answered_some) in [
        ("asterisk-master-19-fields.csv", true),
        ("asterisk-master-21-fields.csv", true),
        ("freeswitch-cdr.csv", true),
    ] {
        let text = std::fs::read(directory.join(name)).unwrap();
        let lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty()).count();
        let (calls, errors) =
            read_all(File::open(directory.join(name)).unwrap(), &TimeZone::UTC, &Columns::default());
        assert_eq!(errors, [], "{name}");
        assert!(!calls.is_empty() && calls.len() <= lines, "{name}");
        assert_eq!(calls.iter().any(|call| call.answered), answered_some, "{name}");
        assert!(calls.iter().any(|call| !call.answered), "{name}");
        assert!(calls.iter().all(|call| call.answered || call.talked.is_zero()), "{name}");
        eprintln!(
            "{name}: {} lines, {} calls, {} answered",
            lines,
            calls.len(),
            calls.iter().filter(|call| call.answered).count()
        );
    }
}
