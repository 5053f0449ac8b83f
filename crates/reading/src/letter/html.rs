pub(super) fn push_text(out: &mut String, html: &str) {
    out.push_str(html);
}
