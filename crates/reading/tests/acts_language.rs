//! What is not English is told to be so, and opens an answer by its form alone.

mod support;

use reading::acts::Language;
use support::read;

const OTHERS: &[&str] = &[
    "Guten Morgen Frau Archer,\n\nkönnen Sie mir bitte bis Mittwoch sagen, ob wir den Vertrag unterschreiben dürfen?\n\nMit \
     freundlichen Grüßen\nJens Höfer",
    "Anbei die Unterlagen zum Kauf. Der Notartermin ist am Freitag.",
    "Termin morgen möglich?",
    "Bonjour Maître,\n\nPouvez-vous m'envoyer le contrat avant vendredi ?\n\nCordialement,\nLuc",
    "Nous attendons toujours votre réponse concernant la facture du mois dernier.",
    "Estimada señora Archer: ¿podría enviarme el contrato antes del viernes? Gracias, Lucía",
    "Necesito una copia de la escritura para el banco.",
    "Buongiorno, può inviarmi il contratto firmato? Grazie",
    "Kunt u mij laten weten of het contract klaar is? Met vriendelijke groet, Joris de Vries",
    "Hej, jag har inte fått fakturan. Kan ni skicka den?",
    "Dzień dobry, czy mogą Państwo przesłać umowę do piątku?",
    "السلام عليكم، متى سيكون العقد جاهزا؟ نحتاج إليه قبل يوم الخميس.",
    "שלום, מתי החוזה יהיה מוכן?",
    "Здравствуйте! Пришлите, пожалуйста, договор до пятницы.",
    "契約書はいつ届きますか。よろしくお願いします。",
    "您好,请问合同什么时候可以寄给我们?",
    "Bu sözleşme için ne zaman cevap verirsiniz?",
];

const ENGLISH: &[&str] = &[
    "Could you please tell us by Wednesday whether we may sign?",
    "Any news?",
    "Yes.",
    "",
    "Resume attached.",
    "Call Mr van der Berg.",
    "Café at ten?",
    "I spoke to Señor de la Cruz at La Rochelle about the naïve façade of the hôtel.",
    "Turned to the left, beside Hebrew: \u{5e9}\u{5dc}\u{5d5}\u{5dd}. Could you send me the signed lease?",
    "Merci for the quick answer, the draft is fine with us. Please file it.",
    "> Können Sie mir bitte den Vertrag senden und das Protokoll?\nThat is done.",
    "Per our call, EST is fine; pro rata, plus VAT.",
    "Das Auto GmbH has paid. Please close the file for them.",
    "https://example.com/de/und/das",
];

#[test]
fn the_language_is_told() {
    let wrong = |texts: &[&str], language| -> Vec<String> {
        texts.iter().filter(|text| read(text).language != language).map(ToString::to_string).collect()
    };
    assert_eq!(wrong(OTHERS, Language::Other), Vec::<String>::new(), "taken for English");
    assert_eq!(wrong(ENGLISH, Language::English), Vec::<String>::new(), "taken for another");
}

#[test]
fn what_is_not_read_opens_an_answer_that_is_proposed() {
    for text in OTHERS {
        let needs_reply = read(text).needs_reply;
        assert!((0.5..0.9).contains(&needs_reply), "{text}: {needs_reply}");
    }
}

#[test]
fn bare_thanks_open_nothing_in_any_language() {
    for text in [
        "Vielen Dank!",
        "Danke schön für die schnelle Hilfe!",
        "Merci beaucoup !",
        "Muchas gracias por todo.",
        "Grazie mille",
        "شكرا جزيلا",
        "Спасибо большое!",
        "ありがとうございます",
        "Hartelijk bedankt.",
        "Tack så mycket!",
    ] {
        let reading = read(text);
        assert!(reading.needs_reply < 0.5, "{text}: {}", reading.needs_reply);
    }
    let asks = read("Danke! Und wann kommt der Vertrag?").needs_reply;
    assert!(0.5 <= asks, "{asks}");
}

#[test]
fn a_long_letter_in_another_language_with_an_english_line_is_another() {
    let text = "Sehr geehrte Frau Archer,\n\nwir haben die Unterlagen gestern erhalten und noch nicht alle gelesen. Der Käufer ist \
        mit dem Preis einverstanden, aber der Termin ist für ihn zu früh.\n\nSent from my phone\n\nMit freundlichen Grüßen";
    assert_eq!(read(text).language, Language::Other);
}
