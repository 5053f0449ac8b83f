use super::*;

#[test]
fn words_between_marked_lines_are_new() {
    let text = "On Tue, 3 Mar 2026, Ada Moss <ada@moss.example> wrote:\n> Is the lease ready?\n\nYes, it is.\n\n> And the plan?\n\nTomorrow.\n";
    let cut = cut(text);
    assert_eq!(cut.new_text, "Yes, it is.\n\n\nTomorrow.");
    assert_eq!(cut.quoted.len(), 1);
    assert_eq!(cut.quoted[0].text, "Is the lease ready?\n\nAnd the plan?");
    assert_eq!(cut.quoted[0].from.as_ref().unwrap().address, "ada@moss.example");
    assert_eq!(cut.quoted[0].from.as_ref().unwrap().name.as_deref(), Some("Ada Moss"));
    assert_eq!(cut.quoted[0].fingerprint, Fingerprint::of("Is the lease ready?"));
    assert_eq!(cut.blocks.len(), 4);
    assert_eq!((cut.blocks[0].start, cut.blocks[3].end), (0, text.len()));
}

#[test]
fn what_is_quoted_is_read_the_same_way_again() {
    let inner = "Dear Ada, please find the survey of the roof below.\n\nOn 1 March 2026 at 10:00, Bo Hill wrote:\n> Where is the survey of the roof, please?\n";
    let marked: String = inner.lines().map(|l| format!("> {l}\n")).collect();
    let cut = cut(&format!("Thanks!\n\nAm 03.03.26 um 10:00 schrieb Ada Moss:\n{marked}"));
    assert_eq!(cut.new_text, "Thanks!");
    let own = super::cut(inner);
    assert_eq!(own.new_text, "Dear Ada, please find the survey of the roof below.");
    assert_eq!(cut.quoted.len(), 2);
    assert_eq!(cut.quoted[0].fingerprint, own.fingerprint);
    assert_eq!((cut.quoted[1].depth, cut.quoted[1].fingerprint), (2, own.quoted[0].fingerprint));
}
