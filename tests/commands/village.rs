//! A small invented practice: who writes what to whom, in mbox files of two people.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

const CLIENTS: [(&str, &str); 5] = [
    ("Jo Fenn", "jo@fennmill.example"),
    ("Ida Marl", "ida@marlpits.example"),
    ("Kit Rowan", "kit@rowanboats.example"),
    ("Lal Osei", "lal@oseibakes.example"),
    ("Una Thorp", "una.thorp@gmail.com"),
];
const STAFF: [(&str, &str); 2] =
    [("Amy Quill", "amy@quillward.example"), ("Bo Ward", "bo@quillward.example")];

const ASKS: [&str; 4] = [
    "Could you send me the lease by Friday?",
    "When can we meet about the boundary?",
    "Have you heard from the council? I wrote a week ago and have had no answer.",
    "Please tell me what I still owe you.",
];
const REPLIES: [&str; 4] = [
    "The lease is attached. It needs your signature on the last page.",
    "Thank you. I will come back to you by Thursday.",
    "Tuesday at ten suits me well, at our office.",
    "I'll send you the figures tomorrow.",
];

/// Writes the mailboxes of `count` waits into `folder/mail`: what clients asked, and most of the answers.
pub(crate) fn mail(folder: &Path, count: usize) -> PathBuf {
    let mail = folder.join("mail");
    let mut boxes: [String; 4] = Default::default();
    for n in 0..count {
        let (client, staff) = (CLIENTS[n % CLIENTS.len()], STAFF[n % STAFF.len()]);
        let minutes = (n * 733 % 200_000) as i64;
        let subject = format!("Matter {}", n / 3);
        let ask = letter(&format!("a{n}@x.example"), None, client, staff, &subject, minutes, ASKS[n % 4]);
        put(&mut boxes[n % 2 * 2], &ask);
        // A copy in the other's inbox, now and then.
        if n % 9 == 4 {
            put(&mut boxes[2 - n % 2 * 2], &ask);
        }
        if n % 5 == 3 {
            // Nobody answers, and the client asks again.
            let (parent, again) =
                (format!("a{n}@x.example"), "Did you get my letter? I am still waiting to hear.");
            let chase = letter(
                &format!("c{n}@x.example"),
                Some(&parent),
                client,
                staff,
                &subject,
                minutes + 6000,
                again,
            );
            put(&mut boxes[n % 2 * 2], &chase);
        }
        if n % 5 != 3 {
            let parent = format!("a{n}@x.example");
            let id = format!("r{n}@x.example");
            let later = minutes + 90 + (n as i64 * 61 % 4000);
            let re = format!("Re: {subject}");
            put(
                &mut boxes[n % 2 * 2 + 1],
                &letter(&id, Some(&parent), staff, client, &re, later, REPLIES[n % 4]),
            );
        }
    }
    for (name, content) in ["amy/inbox", "amy/sent", "bo/inbox", "bo/sent"].iter().zip(&boxes) {
        let file = mail.join(format!("{name}.mbox"));
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for mail");
        fs::write(file, content).expect("a mailbox");
    }
    mail
}

/// One letter, so many minutes after a moment in March.
pub(crate) fn letter(
    id: &str,
    answers: Option<&str>,
    from: (&str, &str),
    to: (&str, &str),
    subject: &str,
    minutes: i64,
    words: &str,
) -> String {
    let sent = Timestamp::from_second(1_741_000_000 + minutes * 60).expect("a moment");
    let date = sent.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000");
    let parent = answers.map(|id| format!("In-Reply-To: <{id}>\n")).unwrap_or_default();
    format!(
        "Message-ID: <{id}>\n{parent}Date: {date}\nFrom: {} <{}>\nTo: {} <{}>\nSubject: {subject}\n\nHello {},\n\n{words}\n\nKind regards\n{}\n",
        from.0, from.1, to.0, to.1, to.0, from.0
    )
}

/// Adds a letter to a mailbox.
pub(crate) fn put(mailbox: &mut String, letter: &str) {
    let _ = write!(mailbox, "From x@x.example Mon Mar  3 10:00:00 2025\n{letter}\n");
}

/// The firm's lists beside its mail.
pub(crate) fn lists(folder: &Path) {
    let list = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a list");
    list(
        "staff.csv",
        "name,email,role,phone\nAmy Quill,amy@quillward.example,partner,201\nBo Ward,bo@quillward.example,solicitor,202\n",
    );
    list(
        "clients.csv",
        "client_id,name,kind,since,tier,point_person,annual_revenue\n\
         c1,Fenn Mill,organisation,2019-04-01,A,amy@quillward.example,\"12,000.00\"\n\
         c2,Marl Pits Ltd,organisation,2020-01-01,B,Bo Ward,8000\n\
         c3,Rowan Boats,organisation,,,,\nc5,Una Thorp,person,2023-01-01,,amy@quillward.example,900\n",
    );
    list(
        "contacts.csv",
        "client_id,name,email,phone\nc1,Jo Fenn,jo@fennmill.example,01632 960001\n\
         c2,Ida Marl,ida@marlpits.example,\nc3,Kit Rowan,kit@rowanboats.example,\nc5,Una Thorp,una.thorp@gmail.com,\n",
    );
    list(
        "calls.csv",
        "time,from,to,direction,answered,seconds\n2025-07-14T10:00:00,01632 960001,201,in,no,0\n\
         2025-07-14T10:20:00,01632 960001,201,in,no,0\n2025-08-18T11:00:00,202,01632 960001,out,yes,240\n",
    );
    list("absences.csv", "email,from,to,cover\namy@quillward.example,2025-09-08,2025-09-12,\n");
}
