use super::*;

fn parted(text: &str, sender: &str) -> (String, String) {
    let sender = Mailbox::from_words(sender);
    let closing = find(text, &[0], sender.as_ref());
    (closing.body, closing.signature.unwrap_or_default())
}

#[test]
fn cuts_what_closes() {
    let table = [
        ("The lease is ready.\n\nThanks,\n\nAda", "Thanks,\n\nAda"),
        ("The lease is ready.\n\nAda\nx-3705", "Ada\nx-3705"),
        (
            "The lease is ready.\nKind regards\nAda Moss\nPartner\nMoss & Hill\n+44 20 7946 0000",
            "Kind regards\nAda Moss\nPartner\nMoss & Hill\n+44 20 7946 0000",
        ),
        ("The lease is ready. Thanks", ""),
        ("The lease is ready.\n\nThanks", ""),
        ("The lease is ready.\n\n-- \nAda Moss\nMoss & Hill", "-- \nAda Moss\nMoss & Hill"),
        ("The lease is ready.\n\nSent from my iPhone", "Sent from my iPhone"),
        (
            "Der Vertrag ist fertig.\n\nViele Grüße\nAda\n\nVon meinem iPhone gesendet",
            "Viele Grüße\nAda\n\nVon meinem iPhone gesendet",
        ),
        ("Two things are missing:\n\nMilk\nSugar", ""),
        ("Who comes?\n\nTomorrow", ""),
        ("Ada\n020 7946 0000", ""),
    ];
    for (text, signature) in table {
        let (body, found) = parted(text, "Ada Moss <ada@moss.example>");
        assert_eq!(found, signature, "{text}");
        assert_eq!(body, text[..text.len() - signature.len()].trim_end(), "{text}");
    }
}

#[test]
fn cuts_disclaimers_and_footers() {
    let legal = "This e-mail is confidential and may be privileged. If you are not the intended recipient, please delete it.";
    let (body, signature) = parted(&format!("The lease is ready.\n\nAda\n\n{legal}"), "Ada Moss");
    assert_eq!(body, "The lease is ready.");
    assert_eq!(signature, format!("Ada\n\n{legal}"));
    let list = "The lease is ready.\n\n-Ada\n\n_____________________\ntenants mailing list\nhttp://lists.example/mailman/listinfo/tenants";
    assert_eq!(parted(list, "").0, "The lease is ready.");
    let kept = "The court says this message is confidential.\n\nWhat do we do?";
    assert_eq!(parted(kept, "").0, kept);
}
