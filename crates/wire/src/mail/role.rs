//! What a mail folder is for, told by its name in any of the usual languages.

/// What a mail folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// What the owner sent.
    Sent,
    /// What came in.
    Inbox,
    /// Never sent.
    Drafts,
    /// Thrown away.
    Trash,
    /// Unwanted.
    Spam,
    /// Put away, or everything at once.
    Archive,
    /// Named by the owner.
    #[default]
    Other,
}

impl Role {
    /// What a folder of this name is for; one part of a path, in any of the usual languages.
    pub fn of_name(name: &str) -> Role {
        let letters: String =
            name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        let found = NAMES.iter().find(|(_, names)| names.contains(&letters.as_str()));
        if let Some((role, _)) = found {
            return *role;
        }
        // "sent-mail-jan-2004", "Sent Items (old)", "notes_inbox", "All mail Including Spam and Trash"
        let begins = |start: &[&str]| start.iter().any(|s| letters.starts_with(s));
        match () {
            () if begins(&["sentmail", "sentitems", "sentmessages"]) => Role::Sent,
            () if begins(&["allmail"]) => Role::Archive,
            () if letters.ends_with("inbox") => Role::Inbox,
            () if begins(&["deleteditems", "deletedmessages"]) => Role::Trash,
            () => Role::Other,
        }
    }
}

/// Names of folders as mail programs give them, letters only, in lower case.
const NAMES: [(Role, &[&str]); 6] = [
    (
        Role::Sent,
        &[
            "sent",
            "sentmail",
            "sentitems",
            "sentmessages",
            "sentemail",
            "gesendet",
            "gesendete",
            "gesendeteobjekte",
            "gesendeteelemente",
            "gesendetenachrichten",
            "envoyés",
            "envoyes",
            "messagesenvoyés",
            "élémentsenvoyés",
            "elementsenvoyes",
            "courrierenvoyé",
            "inviati",
            "inviata",
            "postainviata",
            "elementiinviati",
            "enviados",
            "elementosenviados",
            "mensajesenviados",
            "correoenviado",
            "itensenviados",
            "emailsenviados",
            "verzonden",
            "verzondenitems",
            "verzondenberichten",
            "skickat",
            "skickade",
            "skickatobjekt",
            "sendt",
            "sendte",
            "sendteelementer",
            "lähetetyt",
            "wysłane",
            "elementywysłane",
            "odeslané",
            "odeslanápošta",
            "odoslané",
            "elküldött",
            "trimise",
            "gönderilmiş",
            "gönderilenöğeler",
            "gönderilenler",
            "отправленные",
            "надіслані",
            "送信済み",
            "送信済みメール",
            "送信済みアイテム",
            "已发送",
            "已发送邮件",
            "寄件備份",
            "보낸편지함",
            "보낸메일함",
        ],
    ),
    (
        Role::Inbox,
        &[
            "inbox",
            "received",
            "posteingang",
            "boîtederéception",
            "boitedereception",
            "réception",
            "postainarrivo",
            "inarrivo",
            "bandejadeentrada",
            "recibidos",
            "caixadeentrada",
            "entrada",
            "postvakin",
            "inkorg",
            "inkorgen",
            "innboks",
            "indbakke",
            "saapuneet",
            "odebrane",
            "doručenápošta",
            "gelenkutusu",
            "входящие",
            "вхідні",
            "受信トレイ",
            "收件箱",
            "收件匣",
            "받은편지함",
        ],
    ),
    (
        Role::Drafts,
        &[
            "drafts",
            "draft",
            "entwürfe",
            "entwurf",
            "brouillons",
            "brouillon",
            "bozze",
            "borradores",
            "rascunhos",
            "concepten",
            "utkast",
            "kladder",
            "luonnokset",
            "wersjerobocze",
            "koncepty",
            "rozepsané",
            "taslaklar",
            "черновики",
            "чернетки",
            "下書き",
            "草稿",
            "草稿箱",
            "임시보관함",
            "outbox",
        ],
    ),
    (
        Role::Trash,
        &[
            "trash",
            "bin",
            "deleted",
            "deleteditems",
            "deletedmessages",
            "trashcan",
            "wastebasket",
            "papierkorb",
            "gelöscht",
            "gelöschteobjekte",
            "gelöschteelemente",
            "corbeille",
            "élémentssupprimés",
            "elementssupprimes",
            "supprimés",
            "cestino",
            "postaeliminata",
            "elementieliminati",
            "papelera",
            "elementoseliminados",
            "eliminados",
            "lixo",
            "lixeira",
            "itensexcluídos",
            "prullenbak",
            "prullenmand",
            "verwijderdeitems",
            "papperskorgen",
            "papirkurv",
            "søppel",
            "roskakori",
            "kosz",
            "koš",
            "çöpkutusu",
            "корзина",
            "удаленные",
            "кошик",
            "ゴミ箱",
            "已删除",
            "已删除邮件",
            "휴지통",
        ],
    ),
    (
        Role::Spam,
        &[
            "spam",
            "junk",
            "junkemail",
            "junkmail",
            "bulkmail",
            "bulk",
            "spamverdacht",
            "unerwünscht",
            "pourriel",
            "courrierindésirable",
            "indésirables",
            "postaindesiderata",
            "indesiderata",
            "correonodeseado",
            "correonodeseados",
            "lixoeletrônico",
            "lixoeletrónico",
            "ongewenst",
            "ongewensteemail",
            "skräppost",
            "søppelpost",
            "roskaposti",
            "nevyžádaná",
            "спам",
            "迷惑メール",
            "垃圾邮件",
            "스팸메일함",
        ],
    ),
    (
        Role::Archive,
        &[
            "archive",
            "archives",
            "archived",
            "allmail",
            "alldocuments",
            "archiv",
            "archivio",
            "archivo",
            "archivados",
            "arquivo",
            "archief",
            "arkiv",
            "arkisto",
            "archiwum",
            "alle",
            "allenachrichten",
            "tousmessages",
            "touslesmessages",
            "архив",
            "архів",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_by_name() {
        let cases = [
            ("Sent Items", Role::Sent),
            ("sent_items", Role::Sent),
            ("_sent_mail", Role::Sent),
            ("sent-mail-jan-2004", Role::Sent),
            ("Sent Mail", Role::Sent),
            ("Gesendet", Role::Sent),
            ("Envoyés", Role::Sent),
            ("Éléments envoyés", Role::Sent),
            ("INBOX", Role::Inbox),
            ("notes_inbox", Role::Inbox),
            ("Drafts", Role::Drafts),
            ("Deleted Items", Role::Trash),
            ("deleted_items", Role::Trash),
            ("Junk E-mail", Role::Spam),
            ("All Mail", Role::Archive),
            ("All mail Including Spam and Trash", Role::Archive),
            ("Sentinel Insurance", Role::Other),
            ("Binding offers", Role::Other),
            ("", Role::Other),
        ];
        for (name, role) in cases {
            assert_eq!(Role::of_name(name), role, "{name}");
        }
    }
}
