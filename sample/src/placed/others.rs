//! Calls, quiet clients, cover, single ties, colleagues' questions, complaints, thanks and goodbyes.

use jiff::ToSpan;

use super::{Opener, Scene};
use crate::people::{DEE, HELEN, MARCUS, OWEN, PRIYA, RUTH};
use crate::world::{Absence, Letter, World};

pub(super) fn place(world: &mut World) {
    calls(world);
    quiet(world);
    cover(world);
    questions(world);
    complaints(world);
    kind_words(world);
    goodbyes(world);
    prospects(world);
}

fn calls(world: &mut World) {
    let mut s = Scene::with(world, "c014", "");
    let desk = s.handler;
    let call = s.rings((2, 10, 22), false, desk, 0);
    s.rings((1, 11, 40), false, DEE, 0);
    s.expect_from(
        "callback",
        "open",
        Opener::Call(call),
        "an old gentleman rang twice at two desks; nobody rang back",
    )
    .overdue();

    let mut s = Scene::with(world, "c016", "");
    let call = s.rings((1, 16, 35), false, OWEN, 0);
    s.expect_from("callback", "open", Opener::Call(call), "rang late yesterday, in time until today");

    let mut s = Scene::with(world, "c050", "Your call");
    let call = s.rings((3, 9, 50), false, OWEN, 0);
    s.ours(
        (3, 11, 15),
        "I missed you this morning, I was in court with my telephone off. The answer to \
        your voicemail is yes: the driver may keep his card while they decide.",
    );
    s.expect_from("callback", "kept", Opener::Call(call), "a missed call, returned by a message");

    let mut s = Scene::with(world, "c009", "");
    let call = s.rings((4, 14, 12), false, MARCUS, 0);
    s.rings((4, 14, 55), true, MARCUS, 380);
    s.expect_from("callback", "kept", Opener::Call(call), "a missed call, returned within the hour");

    let mut s = Scene::with(world, "c030", "");
    let call = s.rings((5, 9, 10), false, OWEN, 0);
    s.rings((3, 16, 5), true, OWEN, 145);
    s.expect_from("callback", "kept_late", Opener::Call(call), "returned, two days later");
}

fn quiet(world: &mut World) {
    let mut s = Scene::with(world, "c018", "");
    s.expect_from(
        "check_in",
        "open",
        Opener::None,
        "a valued client of ten years, quiet past the worst rhythm",
    )
    .overdue();
    s.expect_from("second_tie", "absent", Opener::None, "two contacts, though both are quiet");
    let mut s = Scene::with(world, "c020", "");
    s.expect_from("check_in", "open", Opener::None, "quiet past the wanted rhythm, not yet past the worst");
    let mut s = Scene::with(world, "c001", "");
    s.expect_from("check_in", "absent", Opener::None, "writes every week");
}

fn cover(world: &mut World) {
    let (today, days) = (world.days.today, world.days.clone());
    let away = |who, from: i64, to: i64, cover| Absence {
        who,
        from: days.working(today, from),
        to: days.working(today, to),
        cover,
    };
    world.absences.extend([
        away(HELEN, -150, -141, Some(RUTH)),
        away(RUTH, -120, -111, Some(HELEN)),
        away(OWEN, -96, -92, Some(MARCUS)),
        away(MARCUS, -70, -61, Some(OWEN)),
        away(DEE, -45, -41, Some(RUTH)),
        away(HELEN, -24, -22, Some(RUTH)),
        away(RUTH, 12, 16, Some(HELEN)),
        // Nobody has been named for Priya's fortnight, which begins within the week.
        away(PRIYA, 4, 13, None),
    ]);
    for (id, note) in
        [("c023", "point person away soon, no cover named"), ("c053", "the same, another client")]
    {
        Scene::with(world, id, "").expect_from("cover", "open", Opener::None, note);
    }
    let mut s = Scene::with(world, "c024", "");
    s.expect_from("cover", "open", Opener::None, "a client of three months without a point person").overdue();
    let mut s = Scene::with(world, "c026", "");
    s.expect_from(
        "second_tie",
        "open",
        Opener::None,
        "the largest client but one hangs on one contact and one of us",
    )
    .overdue = true;
    let day = world.days.working(today - 8.days(), 0);
    let mut s = Scene::with(world, "c024", "Controlled drugs cupboard - landlord's consent");
    s.handler = DEE;
    s.theirs(
        (6, 9, 15),
        "We need to move the controlled drugs cupboard, which means a hole in the \
        landlord's wall. Do we need his consent in writing?",
    );
    s.ours(
        (6, 12, 50),
        &format!(
            "Helen says yes, in writing, and that a letter is enough. She looked at \
        the lease on {}: clause 3.9.",
            crate::calendar::plain(day)
        ),
    );
}

fn questions(world: &mut World) {
    let ask = |world: &mut World, when: (i64, i8, i8), from, to, id: &str, subject: &str, body: &str| {
        let mut s = Scene::with(world, id, subject);
        let letter = s.letter(when, body);
        s.world.post(Letter { from, to: vec![to], ..letter })
    };
    let open = ask(
        world,
        (3, 10, 50),
        RUTH,
        MARCUS,
        "c028",
        "Larch & Loom - who signs?",
        "Larch & Loom want to sign the lease of the upstairs studio this month. Can Saskia sign alone for \
            Larch & Loom Textiles Ltd, or do we need a second director? I can't find the articles on the \
            file.",
    );
    let mut s = Scene::with(world, "c028", "");
    s.expect("question", "open", open, "Ruth asked Marcus about a client three days ago")
        .overdue()
        .contact
        .clear();

    let asked = ask(
        world,
        (5, 14, 10),
        PRIYA,
        HELEN,
        "c056",
        "Mrs Ridley's cottage",
        "Mrs Ridley asks whether the cottage can be left to the trust without a new valuation. Constance \
            Ridley is the client, file PN/3310. Do you know what the lender says?",
    );
    let mut s = Scene::with(world, "c056", "");
    s.last = Some(asked);
    let letter = s.letter(
        (5, 16, 45),
        "No loan on the cottage since 2011, so nobody to ask. She can leave it as it stands.",
    );
    s.world.post(Letter { from: HELEN, to: vec![PRIYA], ..letter });
    s.expect("question", "kept", asked, "a colleague's question, answered the same day").contact.clear();
}

fn complaints(world: &mut World) {
    let mut s = Scene::with(world, "c030", "Your invoice 4471");
    let complaint = s.theirs(
        (2, 8, 15),
        "Not happy. You said £900 plus VAT for the Hartley claim and the bill is £1,640. Nobody rang to \
            say it would be \
         more, and I had to hear from the court, not from you, that the hearing had been moved. I've been \
         with you since \
         my dad's day and I expected better.",
    );
    s.expect("complaint", "read", complaint, "a complaint about the bill and about not being told");
    s.expect("answer", "open", complaint, "a complaint always needs a reply").overdue();

    let mut s = Scene::with(world, "c024", "Lease of the flat above");
    s.handler = DEE;
    s.second();
    let complaint = s.theirs(
        (1, 18, 5),
        "I do not like to write this. Since we came to you I have spoken to four different people about \
            the flat, and \
         each time I begin the story again from the beginning. It would be nice to know whose desk we are \
         on.",
    );
    s.expect("complaint", "read", complaint, "a polite complaint, from the client without a point person");
}

fn kind_words(world: &mut World) {
    let mut s = Scene::with(world, "c031", "With thanks, from Ivy Trelawney");
    let thanks = s.theirs(
        (4, 10, 30),
        "I wanted to write rather than to telephone. You were so very patient with me when Harold died, \
            and you never \
         once made me feel that I was slow. I shall not forget it, and I have told my sister in Port Lowen \
         to come to you.",
    );
    s.expect("thanks", "read", thanks, "thanks that mean something, and a referral");
    s.expect("answer", "absent", thanks, "thanks open no answer");

    let mut s = Scene::with(world, "c033", "Well done on the Cobb Street eviction");
    s.second();
    let thanks = s.theirs(
        (11, 16, 50),
        "Just to say what a brilliant job Ruth did with the Cobb Street \
        papers. Toby never says these things, so I will: it saved us two months' rent.",
    );
    s.expect("thanks", "read", thanks, "praise for a colleague, a week before the same client leaves");
}

fn goodbyes(world: &mut World) {
    let mut s = Scene::with(world, "c033", "Our files");
    let leaves = s.theirs(
        (3, 9, 5),
        "We have decided to move our work to Halloway Law from the end of the month. Please let me have \
            our files and \
         a final bill. No hard feelings, but we chased three times for the Bridge Row lease and they \
         answered in an hour.",
    );
    s.expect("departure", "read", leaves, "a client announces that they leave, and why");
    s.expect("answer", "open", leaves, "a departure always needs a reply").overdue();

    let mut s = Scene::with(world, "c034", "Moving on");
    let moves = s.theirs(
        (5, 15, 35),
        "A personal note: I'm leaving Northgate at the end of the month for a post nearer home. Ben Sollis \
            will look \
         after all employment matters from then on, and I have told him how good you have been to us.",
    );
    s.ours(
        (5, 17, 5),
        "We shall miss you, Rachel. Thank you for telling us yourself, and the very best of \
        luck with the new post; Ben has a hard act to follow.",
    );
    s.expect("departure", "absent", moves, "a contact leaves their job; the client stays");

    // A former client's old colleague writes from elsewhere: nobody at the firm need do anything.
    let mut s = Scene::with(world, "c060", "A recommendation from Ivy Trelawney");
    let asks = s.theirs(
        (1, 11, 55),
        "Ivy Trelawney says you are the only solicitors in Wexcombe who \
        explain things. My mother's house needs selling in the spring. What do you charge, and could I \
        come in next week?",
    );
    s.expect("answer", "open", asks, "a prospect, sent by a thankful client");
}

fn prospects(world: &mut World) {
    let mut s = Scene::with(world, "c028", "Studio lease - the plan");
    s.second();
    s.file = Some("studio-plan.pdf");
    let sent = s.theirs(
        (3, 16, 55),
        "plan of the upstairs studio attached for the lease, fyi. nothing needed from you on this one",
    );
    s.expect("answer", "absent", sent, "for information, says so");

    let mut s = Scene::with(world, "c046", "Fee proposal for the chapel");
    s.second();
    let asked = s.theirs((2, 17, 10), "Church wants our fee capped at 8%. Worth arguing or take it?");
    let reply = s.ours(
        (1, 9, 20),
        "Take it, but cap the number of site visits too. I've put a sentence for that in the attached.",
    );
    s.expect("answer", "kept", asked, "a short question, answered the next morning");
    let happy = s.theirs((1, 9, 41), "Perfect, ta");
    s.expect("answer", "absent", happy, "two words of thanks from a telephone");
    debug_assert!(reply < happy);
}
