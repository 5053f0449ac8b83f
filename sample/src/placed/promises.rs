//! Words that the firm gave: running, kept, kept late, moved and broken.

use super::Scene;
use crate::world::World;

pub(super) fn place(world: &mut World) {
    broken(world);
    running(world);
    kept(world);
    moved(world);
}

fn broken(world: &mut World) {
    let mut s = Scene::with(world, "c007", "Slipway contract - draft");
    s.theirs(
        (8, 9, 10),
        "Council want the slipway contract signed before the season. Can you draft it \
        from the heads of terms? Bill has the drawings.",
    );
    let said = s.ours(
        (8, 11, 30),
        "Yes. I have the heads and Bill's drawings, and the indemnity is the \
        only hard part. I'll send you the draft by {by:4}.",
    );
    s.expect("promise", "broken", said, "a draft promised, its day gone by");

    let mut s = Scene::with(world, "c012", "Deposit scheme claim");
    s.theirs(
        (9, 17, 20),
        "Did the landlord ever protect my deposit? He has gone very quiet since I asked \
        him for the certificate.",
    );
    let held = s.ours(
        (8, 10, 5),
        "A fair question, and silence is often the answer. I am looking into this and will come back to you.",
    );
    s.expect("promise", "broken", held, "a hold without a date, due after one standard answer time");

    let mut s = Scene::with(world, "c016", "Velvet supplier, small claim");
    s.theirs((10, 8, 25), "The velvet man has offered half. Do I take it or do we go on??");
    let said = s.ours(
        (10, 12, 40),
        "Don't take it yet. Half is his opening offer, and his own e-mail \
        admits the dye ran. I shall write to him and let you have a copy by {by:3}.",
    );
    s.expect("promise", "broken", said, "a letter to the other side promised, never seen");
}

fn running(world: &mut World) {
    let mut s = Scene::with(world, "c009", "Night shift rota - consultation");
    s.theirs(
        (2, 9, 45),
        "We must change the night rota from January and the staff are worried. What do we \
        have to put in writing, and to whom?",
    );
    let said = s.ours(
        (2, 14, 15),
        "You need a letter to every night worker that sets out the change, the \
        reason and how they may object, and at least one meeting. I'll draft the letter and send it to you \
        by {by:4}.",
    );
    s.expect("promise", "open", said, "running, due in two working days");

    let mut s = Scene::with(world, "c052", "Release forms for the documentary");
    s.theirs(
        (2, 11, 10),
        "filming starts soon and i've no release forms that anyone understands. can you \
        do a one page version, plain words",
    );
    let said =
        s.ours((1, 10, 10), "One page and plain words it is. You will have it {by:1} by close of play.");
    s.expect("promise", "open", said, "running, due on the next working day");

    let mut s = Scene::with(world, "c026", "Minutes of the general meeting");
    s.theirs(
        (3, 10, 0),
        "I attach my notes of the meeting, which was livelier than the minutes ought to \
        be. Could you turn them into something a registrar may read?",
    );
    let said = s.ours(
        (3, 12, 15),
        "With pleasure; the exchange about the sandwiches can go. We'll have the minutes with you by {by:6}.",
    );
    s.expect("promise", "open", said, "running, due in some days");
}

fn kept(world: &mut World) {
    let mut s = Scene::with(world, "c042", "Terms of sale, new version");
    s.theirs((11, 9, 30), "Our terms of sale still speak of fax. Could you bring them into this century?");
    let said = s.ours((11, 11, 0), "I'll send you revised terms of sale by {by:4}.");
    s.file = Some("terms-of-sale-revised.docx");
    s.ours(
        (8, 15, 30),
        "Here are the revised terms of sale, without the fax. The changes are marked, and \
        clause 6 on late payment is new.",
    );
    s.expect("promise", "kept", said, "kept a day early, with the document");

    let mut s = Scene::with(world, "c043", "Removal day and completion statement");
    s.theirs(
        (12, 18, 30),
        "When will we know the exact sum to send? The bank wants two days' notice for a \
        transfer of that size.",
    );
    let said =
        s.ours((11, 9, 40), "I'm doing the completion statement now and will send it to you by {by:2}.");
    s.file = Some("completion-statement.pdf");
    s.ours(
        (7, 10, 20),
        "Here is the completion statement, later than I said and I'm sorry for that. The \
        sum to send is on the last line.",
    );
    s.expect("promise", "kept_late", said, "kept, but two days after its day");

    let mut s = Scene::with(world, "c050", "Operator's licence - change of address");
    let said = s.ours(
        (6, 10, 30),
        "The change of address has to be told to the Traffic Commissioner \
        within 28 days. I will file the form and send you the receipt by {by:2}.",
    );
    s.file = Some("licence-receipt.pdf");
    s.ours(
        (5, 16, 10),
        "Filed this afternoon. The receipt for the change of address is attached, so the clock has stopped.",
    );
    s.expect("promise", "kept", said, "kept with the receipt promised");
}

fn moved(world: &mut World) {
    let mut s = Scene::with(world, "c011", "Partnership deed - Dr Iqbal joining");
    let asked = s.theirs(
        (2, 9, 30),
        "Dr Iqbal joins us in the new year with a share of 20 per cent. Does \
        our partnership deed allow for a third partner, and what would have to change?",
    );
    let held =
        s.ours((2, 15, 0), "Thank you, I have your question. I'll come back to you on this by {by:4}.");
    s.expect("answer", "moved", asked, "answered with nothing but a hold");
    s.expect("promise", "open", held, "the hold, which continues the answer");

    let mut s = Scene::with(world, "c044", "Grant agreement, second look");
    s.theirs(
        (9, 10, 40),
        "The lottery people have sent their grant agreement. It is forty pages and I \
        would be glad of your eyes on it.",
    );
    let said = s.ours(
        (9, 14, 20),
        "Forty pages is modest for them. I'll send you my notes on the grant agreement by {by:6}.",
    );
    let told = s.ours(
        (5, 11, 10),
        "A word before the day comes: the funder has just sent me a new \
        schedule, so I'll send you my notes on the grant agreement by {by:8} instead of {by:2}.",
    );
    s.expect("promise", "moved", said, "a new date told before the old one passed");
    s.expect("promise", "open", told, "the new date");

    let mut s = Scene::with(world, "c045", "Witness statement");
    s.theirs(
        (12, 16, 30),
        "I've written down all I remember of that evening. It comes to eleven pages. \
        When may I see it in its proper form?",
    );
    let said = s
        .ours((11, 10, 15), "Eleven pages is a fine beginning. I'll send you the draft statement by {by:4}.");
    let told = s.ours(
        (3, 17, 0),
        "I'm sorry, the draft statement was due to you last week and it isn't \
        finished. I've been in court all week and it got away from me. You will have the draft statement \
        by {by:5}.",
    );
    s.expect("promise", "moved_late", said, "a new date told only after the old one had passed");
    s.expect("promise", "open", told, "the new date, given late");
    s.expect("excuse", "read", told, "explains the delay by our own load");
}
