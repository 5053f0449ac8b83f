//! A letter as simple HTML: the same words as its plain text, for programs that show nothing else well.

use std::fmt::Write;

/// Paragraphs, line breaks, links and, behind `>`, what is quoted. Nothing is fetched by whoever opens it.
pub fn of_text(text: &str) -> String {
    let mut html = String::from("<!doctype html><html><body>");
    let mut depth = 0;
    let mut paragraph: Vec<String> = Vec::new();
    for line in text.lines() {
        let (now, words) = unquoted(line);
        if now != depth || words.trim().is_empty() {
            close(&mut html, &mut paragraph);
        }
        while depth < now {
            html.push_str("<blockquote type=\"cite\">");
            depth += 1;
        }
        while now < depth {
            html.push_str("</blockquote>");
            depth -= 1;
        }
        if !words.trim().is_empty() {
            paragraph.push(linked(words));
        }
    }
    close(&mut html, &mut paragraph);
    (0..depth).for_each(|_| html.push_str("</blockquote>"));
    html.push_str("</body></html>");
    html
}

/// How deep a line is quoted, and the line without its marks. Beyond some depth nobody counts.
fn unquoted(line: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(inner) = rest.strip_prefix('>').filter(|_| depth < 8) {
        (depth, rest) = (depth + 1, inner.strip_prefix(' ').unwrap_or(inner));
    }
    (depth, rest)
}

fn close(html: &mut String, paragraph: &mut Vec<String>) {
    if !paragraph.is_empty() {
        // Writing into a string cannot fail.
        let _ = write!(html, "<p>{}</p>", paragraph.join("<br>"));
        paragraph.clear();
    }
}

/// A line, escaped, in which addresses of the web can be followed.
fn linked(line: &str) -> String {
    let word = |word: &str| {
        let shown = escaped(word);
        let address = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '>']);
        let is_address = ["https://", "http://"].iter().any(|start| {
            address.strip_prefix(start).is_some_and(|rest| {
                !rest.is_empty() && address.chars().all(|c| c.is_ascii_graphic() && !"\"'<>".contains(c))
            })
        });
        match is_address {
            true => {
                let rest = escaped(&word[address.len()..]);
                format!("<a href=\"{0}\">{0}</a>{rest}", escaped(address))
            }
            false => shown,
        }
    };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_links_and_quotes_stay_what_they_are() {
        let html =
            of_text("Dear Jo,\n\nSee https://firm.example/a?b=1&c=2.\nRegards\n\n> Asked\n>> Older\n> again");
        assert!(
            html.contains("<p>Dear Jo,</p><p>See <a href=\"https://firm.example/a?b=1&amp;c=2\">"),
            "{html}"
        );
        assert!(html.contains("</a>.<br>Regards</p>"), "{html}");
        let quoted = "<blockquote type=\"cite\"><p>Asked</p><blockquote type=\"cite\"><p>Older</p></blockquote><p>again</p></blockquote>";
        assert!(html.contains(quoted), "{html}");
    }

    #[test]
    fn nothing_that_somebody_typed_becomes_a_tag() {
        let html = of_text("<script>x</script> http://a\"onclick=b https:// & javascript:x");
        assert!(!html.contains("<script") && !html.contains("<a "), "{html}");
        assert!(html.contains("&lt;script&gt;") && html.contains("&amp;"), "{html}");
        // What is sent loads nothing from anywhere: it tells nobody that it was opened.
        let html = of_text("<img src=https://spy.example/1.gif>\nhttps://spy.example/1.gif");
        let tags: Vec<&str> =
            html.split('<').skip(1).filter_map(|tag| tag.split([' ', '>']).next()).collect();
        let known = ["!doctype", "html", "/html", "body", "/body", "p", "/p", "br", "a", "/a"];
        assert!(tags.iter().all(|tag| known.contains(tag)), "{html}");
    }
}
