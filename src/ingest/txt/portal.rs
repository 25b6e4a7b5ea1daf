//! Agendas and minutes as portals of councils print them: the portal's own words out of the way, what it says of the meeting on lines.
//!
//! Two are known. insynsverige.se begins with where one is (`Din position: Hem > Tallmo kommun > Kommunstyrelsen > Sammanträde
//! 2018-10-02`), says the date again, has labels over their values and cuts long remarks with `Läs mer...`. Portals of the kind of
//! edokmeetings.stockholm.se begin with `Hoppa över navigering` and set the number of an item above its title.

/// What insynsverige.se begins with.
const POSITION: &str = "Din position: Hem > ";
/// What portals begin with that list items as bullets.
const SKIP: &str = "Hoppa över navigering";
/// Where insynsverige.se cut a remark.
const CUT: &str = " Läs mer...";

/// The text of a portal's page as the council wrote it; none for other texts.
pub(super) fn plain(text: &str) -> Option<String> {
    let start = text.trim_start();
    if start.starts_with(POSITION) {
        Some(of_positions(start))
    } else if start.starts_with(SKIP) {
        Some(of_bullets(start))
    } else {
        None
    }
}

fn of_positions(text: &str) -> String {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let places: Vec<&str> = first.strip_prefix(POSITION).unwrap_or(first).split(" > ").map(str::trim).collect();
    let mut out = String::with_capacity(text.len());
    for (i, place) in places.iter().enumerate() {
        // The meeting's line is the title below; it stands there once more.
        let meeting = i + 1 == places.len();
        if meeting && rest.trim_start().starts_with(place) {
            break;
        }
        out.push_str(if meeting { "\n" } else { "" });
        out.push_str(place);
        out.push('\n');
    }
    let mut label: Option<&str> = None;
    // The date, time and place stand together; empty lines part them from the rest.
    let (mut in_head, mut dated) = (true, false);
    for line in rest.split('\n') {
        let line = line.trim_end();
        if in_head && line.is_empty() {
            in_head = !dated;
            if in_head {
                continue;
            }
        }
        // A link below an item is none of its words.
        if matches!(line, "Ärendedokument" | "Läs dokument (PDF)") {
            out.push('\n');
            continue;
        }
        if matches!(line, "Datum" | "Klockan" | "Plats") {
            // The date itself stands in the line above; one of the labels may be alone.
            (label, dated) = ((line != "Datum").then_some(line), true);
            continue;
        }
        if let Some(label) = label.take().filter(|_| !line.is_empty() && !line.starts_with("Bilagor")) {
            out.push_str(label);
            out.push(' ');
        }
        push_mended(&mut out, line);
        out.push('\n');
    }
    out
}

/// Adds a line with its line breaks as such and without the link that cuts it.
fn push_mended(out: &mut String, line: &str) {
    for (i, part) in line.split("<br>").enumerate() {
        if i > 0 {
            out.push('\n');
        }
        out.push_str(&part.trim().replace(CUT, ""));
    }
}

fn of_bullets(text: &str) -> String {
    let rest = text.strip_prefix(SKIP).unwrap_or(text);
    let mut out = String::with_capacity(rest.len());
    let mut number: Option<String> = None;
    for line in rest.split('\n') {
        let line = line.trim();
        let bare = line.trim_start_matches('•').trim_start();
        if bare.len() < line.len() && is_item_number(bare) {
            number = Some(bare.to_string());
            continue;
        }
        if line.is_empty() {
            if number.is_none() {
                out.push('\n');
            }
            continue;
        }
        if let Some(number) = number.take() {
            out.push_str(&number);
            out.push(' ');
        }
        out.push_str(bare);
        out.push('\n');
    }
    out
}

/// `§ 12`, `§12`, `7`, `4 a`.
fn is_item_number(text: &str) -> bool {
    let number = text.trim_start_matches(['§', ' ', '\u{a0}']);
    let rest = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = number.len() - rest.len();
    let letter = rest.trim();
    (1..=4).contains(&digits) && letter.len() <= 1 && letter.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn where_one_is_becomes_lines_and_links_go() {
        let page = "Din position: Hem > Tallmo kommun > Byggnadsnämnden > Sammanträde 2018-10-02\n\nSammanträde 2018-10-02\n\nDatum\nKlockan\n18:30\nPlats\n\
            Folkets hus\n\nDet öppna mötet börjar kl. 18 Läs mer....30 i stora salen.\n\n1 Val av justerare <br>Tid för justering\n\nÄrendedokument\n\
            Läs dokument (PDF)\n\n2 Bygglov\n";
        let lines: Vec<String> = plain(page).unwrap().lines().filter(|l| !l.is_empty()).map(String::from).collect();
        assert_eq!(
            lines,
            [
                "Tallmo kommun",
                "Byggnadsnämnden",
                "Sammanträde 2018-10-02",
                "Klockan 18:30",
                "Plats Folkets hus",
                "Det öppna mötet börjar kl. 18.30 i stora salen.",
                "1 Val av justerare",
                "Tid för justering",
                "2 Bygglov",
            ]
        );
        let empty = "Din position: Hem > Tallmo kommun > Byggnadsnämnden > Sammanträde 2018-10-02\n\nSammanträde 2018-10-02\n\nDatum\nKlockan\nPlats\n\n§61 Tider\n";
        assert!(plain(empty).unwrap().ends_with("Sammanträde 2018-10-02\n\n§61 Tider\n\n"), "{:?}", plain(empty));
    }

    #[test]
    fn numbers_above_titles_stand_before_them() {
        let page = "Hoppa över navigering\n • § 1\n\n  Val av justerare\n\n •   2\n\n  Bokslut\n\n • Kontoret redovisar 4 ärenden.\n";
        assert_eq!(plain(page).unwrap(), "\n§ 1 Val av justerare\n\n2 Bokslut\n\nKontoret redovisar 4 ärenden.\n\n");
        assert_eq!(plain("Protokoll\n\nDin position: Hem > x"), None);
    }
}
