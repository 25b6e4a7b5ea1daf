//! Takes off what a library of papers on the web shows before one of them: its list of others.

/// The document's own text, behind the portal's heading for it; none if there is no such list.
///
/// docplayer's pages list other papers by their first lines, under `Relevanta dokument`, before the `Transkript`.
pub(super) fn without(text: &str) -> Option<&str> {
    const LISTS: [&str; 2] = ["Relevanta dokument", "Relaterade dokument"];
    const OWN: [&str; 2] = ["Transkript", "Transkription"];
    let mut at = 0;
    let mut listed = false;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let line = line.trim().trim_end_matches(':');
        listed |= LISTS.contains(&line);
        if listed && OWN.contains(&line) {
            return text.get(at..).filter(|own| own.trim().len() >= 40);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_that_a_portal_lists_are_taken_off() {
        let own = "1 Tallmo kommun SAMMANTRÄDESPROTOKOLL Kommunstyrelsen 1 (16)\n";
        let page =
            format!("Plats och tid Ekrummet\n\nRelevanta dokument\nKALLELSE Dnr KS 2011/9\n\nTranskript\n\n{own}");
        assert_eq!(without(&page).map(str::trim), Some(own.trim()));
        assert_eq!(without(own), None);
        assert_eq!(without("Relevanta dokument\nBudget 2011\n"), None);
        assert_eq!(without("Transkript\n\nEtt samtal som har skrivits ned från ett band.\n"), None);
    }
}
