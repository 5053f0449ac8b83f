//! Clients who wait for an answer, who had one, and who need none.

use super::Scene;
use crate::world::World;

pub(super) fn place(world: &mut World) {
    late(world);
    forgotten(world);
    fresh(world);
    chased(world);
    ended_in_other_ways(world);
    half_the_time(world);
    needing_none(world);
}

fn late(world: &mut World) {
    let mut s = Scene::with(world, "c002", "Unit 7 Tannery Yard - break notice");
    let asked = s.theirs(
        (3, 10, 12),
        "The tenant of Unit 7 has asked whether it may leave in the spring, and points to clause 8.4. Our \
            copy of the \
         lease has only the first two pages of that clause.\n\nCould you please tell me by when a break \
         notice must \
         reach us, and whether the six months run from the rent day? I've a meeting with the tenant next \
         week and \
         would rather not guess.",
    );
    s.expect("answer", "open", asked, "late by two days, a client of the first tier").overdue();

    let mut s = Scene::with(world, "c047", "The boundary at the back");
    let asked = s.theirs(
        (4, 9, 35),
        "My neighbour has begun to put posts in, and by my reckoning they stand about eighteen inches on \
            my side. He \
         says the deeds are with him on this.\n\nWould you please look at the plan you hold and tell me \
         who is right? He \
         is a decent man and I should like to be sure before I say something I cannot take back.",
    );
    s.expect("answer", "open", asked, "late, written in HTML alone").overdue();
}

fn forgotten(world: &mut World) {
    let mut s = Scene::with(world, "c003", "My will, and Rosamund");
    let asked = s.theirs(
        (27, 11, 5),
        "I hope that you had a pleasant summer. You were kind enough to say that small changes to a will \
            are no great \
         matter.\n\nI should like to leave the piano to my god-daughter Rosamund instead of to the church, \
         which has two \
         pianos and nobody to play them. What do I need to sign, and may I do it at home? I do not manage \
         your stairs \
         as I did.",
    );
    s.expect("answer", "open", asked, "forgotten for more than five weeks, no chase").overdue();
}

fn fresh(world: &mut World) {
    let mut s = Scene::with(world, "c040", "Marlpit Court: consent to sublet");
    let asked = s.theirs(
        (1, 16, 41),
        "We have a request from the leaseholder of flat 12 to sublet for a year while she works abroad. \
            The lease asks \
         for our consent, not to be unreasonably withheld.\n\nMay we ask for references and a deed of \
         covenant as a \
         condition, or would that be unreasonable?",
    );
    s.expect("answer", "open", asked, "fresh, in time until today");

    let mut s = Scene::with(world, "c048", "Clause de non-concurrence");
    s.theirs(
        (6, 10, 20),
        "Please find the contract of our new shop manager, in English this time. Is the \
        restriction of twelve months too long for your courts?",
    );
    s.ours(
        (6, 15, 10),
        "Twelve months is at the long end for a shop manager. Six would stand up much \
        better, and I'd limit it to the county. I've marked the clause.",
    );
    let again = s.theirs(
        (1, 16, 30),
        "This is very clear, thank you. Does she need to sign again if we \
        make it six months, or is it enough that we write to her?",
    );
    s.expect("answer", "open", again, "fresh, above a French “a écrit” line");

    let mut s = Scene::with(world, "c051", "Searches - drains??");
    let asked = s.theirs(
        (1, 19, 22),
        "We read the search results over supper. There's a public sewer \
        running right under where we hoped to put the kitchen.\n\nDoes that mean we can't build the \
        extension at all, or only that we have to ask somebody first?",
    );
    s.expect("answer", "open", asked, "fresh, sent in the evening");
}

fn chased(world: &mut World) {
    let mut s = Scene::with(world, "c005", "Polytunnel supplier - can we get out of it?");
    let asked = s.theirs(
        (8, 9, 50),
        "The polytunnels came six weeks late, and two of the five are the wrong length. The supplier says \
            his terms \
         allow “reasonable variation”.\n\nCan we send all five back and have our deposit of £6,800 \
         returned, or only \
         the two?",
    );
    s.theirs(
        (5, 8, 40),
        "Just wondering whether you had a chance to look at this? The lorry could come \
        for them next week if you say so.",
    );
    s.theirs(
        (2, 13, 15),
        "Sorry to be a nuisance, but I've heard nothing since my first mail and the \
        supplier is now charging us for storage. Where do we stand?",
    );
    s.expect("answer", "open", asked, "asked three times, never answered").overdue().chased(2);

    let mut s = Scene::with(world, "c036", "Letter from Halloway Law");
    let asked = s.theirs(
        (4, 18, 50),
        "I've now had their long letter. It says I owe for the whole wall. \
        Do I have to reply to them by the date they give, or do you do that?",
    );
    s.theirs((2, 20, 5), "Owen, did you get this? I'm a bit anxious about their deadline.");
    s.expect("answer", "open", asked, "chased once by somebody anxious").overdue().chased(1);
    needs_nothing_third(&mut s);
}

/// The other side writes on the same matter: it is in the record, but nobody at the client waits for it.
fn needs_nothing_third(s: &mut Scene) {
    let Some(lister) = s.world.people.other("jlister") else { return };
    let mut letter = s.letter(
        (3, 11, 20),
        "We refer to our letter of {ago:6} and note that we have had no substantive response. Please \
            confirm by return \
         whether you are instructed to accept service on behalf of Ms Blunt.",
    );
    letter.from = lister;
    letter.to = vec![s.handler];
    letter.subject = "Our client: Mr D Varley. Your client: Ms A Blunt".to_owned();
    letter.answers = None;
    let third = s.world.post(letter);
    s.expect("answer", "absent", third, "the other side's solicitor asks: not a client");
}

fn ended_in_other_ways(world: &mut World) {
    let mut s = Scene::with(world, "c046", "Novation of the Aldbury appointment");
    let asked = s.theirs(
        (7, 10, 10),
        "The contractor wants us novated to them with a fresh duty of care to the bank on top. Our insurer \
            grumbles. Is \
         that usual, and can we cap it?",
    );
    let last = s.world.mails.len() - 1;
    s.world.mails[last].from.email = "adaeze_okonkwo@gmail.com".to_owned();
    s.ours(
        (7, 15, 25),
        "Usual, yes, and you can cap it. I'd ask for £2m in the aggregate, and net \
        contribution. I've set the wording out in the attached mark-up.",
    );
    let note = "asked from a private address, answered to the address at work";
    s.expect("answer", "kept", asked, note).contact = "adaeze_okonkwo@gmail.com".to_owned();

    let mut s = Scene::with(world, "c044", "Night watchman");
    let asked = s.theirs(
        (6, 11, 0),
        "The insurers ask whether our night watchman is an employee or a \
        contractor. He has his own torch, if that helps. What may I tell them?",
    );
    s.last = None;
    s.subject = "RE: Night watchman".to_owned();
    s.ours(
        (6, 16, 5),
        "A torch of his own isn't quite enough, I'm afraid. With set hours and your uniform \
        he is an employee, and you should tell the insurers so.",
    );
    s.expect("answer", "kept", asked, "answered under the same subject without threading headers");

    let mut s = Scene::with(world, "c049", "Power of attorney - the form");
    let asked = s.theirs(
        (5, 10, 45),
        "I have the form before me and am stuck at page 11. Does my \
        certificate provider have to be somebody who has known me for two years, or would the new vicar do?",
    );
    let desk = s.handler;
    s.rings((5, 14, 30), true, desk, 412);
    s.expect("answer", "kept", asked, "answered by telephone, proposed");

    let mut s = Scene::with(world, "c042", "Apprentice's contract");
    let asked = s.theirs(
        (9, 9, 20),
        "We've taken on an apprentice, to general astonishment. Can we use \
        the ordinary contract with the wage changed, or is there a special form?",
    );
    s.ours(
        (5, 16, 0),
        "There is a special form: an apprenticeship agreement, and without it he has more \
        rights than you'd like. I've attached ours with the blanks marked in yellow.",
    );
    s.expect("answer", "kept_late", asked, "answered, but days late");
}

/// After a late answer, the next one is owed in half the time.
fn half_the_time(world: &mut World) {
    let mut s = Scene::with(world, "c038", "Photographs of the Henley job");
    let first = s.theirs(
        (9, 10, 5),
        "A magazine wants to print our photos of the Henley house and the \
        owner has gone all shy. Who owns the pictures, us or him? x",
    );
    s.ours(
        (5, 17, 5),
        "You own the pictures. He can object to his name and address being printed, so leave both out.",
    );
    s.expect("answer", "kept_late", first, "a late answer, which halves the time for the next one");
    s.about("Henley again - now he wants a fee!!");
    let next = s.theirs(
        (1, 10, 30),
        "You will not believe it. He now says we can print them if we pay him \
        £500. Do I have to pay anything at all?",
    );
    s.expect("answer", "open", next, "overdue already, since the answer before it came late").overdue();
}

fn needing_none(world: &mut World) {
    let mut s = Scene::with(world, "c043", "Keys!");
    s.ours(
        (3, 12, 10),
        "The money has arrived and the house is yours. The keys are at Loke & Son, who \
        close at half past five. Congratulations to you both!",
    );
    let thanks = s.theirs(
        (3, 13, 2),
        "We have them, and the kettle is on. Thank you so much, you were patient with us to the very end.",
    );
    s.expect("answer", "absent", thanks, "thanks at the end open nothing");

    let mut s = Scene::with(world, "c056", "The insurance certificate");
    s.file = Some("insurance-certificate.pdf");
    let told = s.theirs(
        (4, 15, 20),
        "I enclose the certificate for the cottage as you asked. There is no \
        need to reply, I only wished you to have it on file.",
    );
    s.expect("answer", "absent", told, "says itself that it needs no reply");
}
