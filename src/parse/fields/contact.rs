//! Reads the sender's contact details from letterhead, margin block and feet.

use crate::parse::pattern::Regex;

use crate::base::Span;
use crate::parse::context::Context;
use crate::parse::record::{Contact, Record};
use crate::parse::segment::Family;
use crate::parse::text::{EMAIL, fixed, phones, span_of};

/// Patterns compiled once.
#[derive(Debug)]
pub(crate) struct Rules {
    postal: Regex,
    street: Regex,
    web: Regex,
    /// `Postadress: 103 37 Stockholm`, anywhere in a line.
    postal_inside: Regex,
    /// `Besöksadress: Storgatan 1`, `(Storgatan 1)` beside a postal code.
    street_inside: Regex,
    web_inside: Regex,
    /// What stands before a number that is not the telephone's.
    other_number: Regex,
}

impl Rules {
    /// Compiles them.
    pub fn new() -> Self {
        Rules {
            postal: fixed(
                r"(?:^|[\s,])(?:SE-)?(?P<code>\d{3}\s\d{2})\s+(?P<city>[A-ZÅÄÖ][\p{L}\-]+(?: [A-ZÅÄÖ]?[\p{L}]+)?)\s*$",
            ),
            street: fixed(r"^(?:Box \d+|[A-ZÅÄÖ][\p{L}.'\- ]{2,40}? \d{1,4}\s?[A-Za-z]?(?:[-–]\d{1,4})?)$"),
            postal_inside: fixed(
                r"(?:^|[\s,:·|])(?:SE-)?(?P<code>\d{3}\s\d{2})\s+(?P<city>[A-ZÅÄÖ](?:[\p{Ll}]+(?:[ -][A-ZÅÄÖ][\p{Ll}]+)?|[A-ZÅÄÖ]+))",
            ),
            street_inside: fixed(
                r"(?:[Bb]esöksadress:?\s*|[Aa]dress:\s*|\()(?P<street>[A-ZÅÄÖ][\p{L}.\- ]{2,40}?\s\d{1,4}\s?[A-Za-z]?)(?:\)|,|\s|$)",
            ),
            web_inside: fixed(
                r"(?:^|[\s:|·])(?P<web>(?i:(?:https?://|www\.)[a-zåäö0-9\-]+(?:\.[a-zåäö0-9\-]+)*\.(?:se|nu|org|com|net|eu))|[a-zåäö0-9\-]+\.se)(?:[\s,;]|$)",
            ),
            other_number: fixed(r"(?i)(?:fax|sms)[^\d\n\t]{0,12}$"),
            web: fixed(
                r"(?i)(?:^|\s)(?P<web>(?:https?://)?(?:www\.)?[a-zåäö0-9\-]+(?:\.[a-zåäö0-9\-]+)*\.(?:se|stockholm|nu|org|com|net|eu)(?:/[^\s,]*)?)\s*$",
            ),
        }
    }
}

impl Rules {
    /// Whether a line holds a postal code with its town.
    pub fn is_address(&self, line: &str) -> bool {
        self.postal.is_match(line) || self.postal_inside.is_match(line)
    }
}

/// Fills the contact details. The officer's telephone and address are theirs, not the sender's.
pub(crate) fn read(cx: &Context, record: &mut Record) {
    let rules = &cx.rules.contact;
    let mut contact = Contact::default();
    let lines: Vec<(Span, Option<&str>)> = cx
        .head
        .iter()
        .filter(|g| g.zone != crate::ingest::document::Zone::Body)
        .flat_map(|g| g.lines.iter().map(|l| (*l, g.label.as_deref())))
        .collect();
    for (i, (line, label)) in lines.iter().enumerate() {
        let text = cx.quote(*line);
        if contact.postal_code.is_none()
            && let Some(c) = rules.postal.captures(text)
            && let (Some(code), Some(city)) = (c.name("code"), c.name("city"))
        {
            let before = text[..code.start()].trim().trim_end_matches([',', '·', '|']).trim();
            let same_line = rules
                .street
                .is_match(before)
                .then(|| (before.to_string(), Span::new(0, before.len()).shift(line.start as usize)));
            let line_before = i.checked_sub(1).and_then(|j| lines.get(j)).map(|l| l.0);
            let street = same_line.or_else(|| {
                let above = line_before?;
                rules.street.is_match(cx.quote(above)).then(|| (cx.quote(above).to_string(), above))
            });
            if let Some((street, span)) = street {
                contact.street = Some(street);
                contact.evidence.push(cx.evidence("street", span, "margin.street", 0.9));
            }
            contact.postal_code = Some(code.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
            contact.city = Some(city.as_str().to_string());
            contact.evidence.push(cx.evidence("postal_code", span_of(code, line.start), "margin.postal_code", 0.95));
            contact.evidence.push(cx.evidence("city", span_of(city, line.start), "margin.city", 0.95));
        }
        let mail = EMAIL.find(text);
        if let Some(m) = mail.filter(|m| contact.email.is_none() && !is_officers(record, m.as_str())) {
            contact.email = Some(m.as_str().to_string());
            contact.evidence.push(cx.evidence("email", span_of(m, line.start), "margin.email", 0.95));
        }
        if mail.is_none()
            && contact.web.is_none()
            && let Some(m) = rules.web.captures(text).and_then(|c| c.name("web"))
        {
            contact.web = Some(m.as_str().to_string());
            contact.evidence.push(cx.evidence("web", span_of(m, line.start), "margin.web", 0.9));
        }
        if *label != Some("officer")
            && contact.phone.is_none()
            && let Some(m) = phones(text).next()
            && !record.handlaggare.iter().any(|h| h.phone.as_deref() == Some(m.as_str().trim()))
        {
            contact.phone = Some(m.as_str().trim().to_string());
            contact.evidence.push(cx.evidence("phone", span_of(m, line.start), "margin.phone", 0.85));
        }
    }
    if contact.postal_code.is_none() {
        elsewhere(cx, record, &mut contact);
    }
    record.contact = (!contact.evidence.is_empty()).then_some(contact);
}

/// The first pages and the last ones are looked at for an address that no margin block has.
const PAGES: usize = 2;

/// The sender's address in a letterhead inside the text or at its foot: a short block with a postal code and a label of an address,
/// the street in brackets, or the sender's own telephone, mail or page beside it; what stands in the next short blocks belongs to
/// it. Parties of an agreement have their addresses with them too: there only a labelled block is the sender's.
fn elsewhere(cx: &Context, record: &Record, contact: &mut Contact) {
    let rules = &cx.rules.contact;
    let numbers: Vec<u32> = cx.doc.pages.iter().map(|p| p.number).collect();
    let (first, last) = (numbers.get(..PAGES).unwrap_or(&numbers), numbers.get(numbers.len().saturating_sub(PAGES)..));
    let near = |page: u32| first.contains(&page) || last.is_some_and(|l| l.contains(&page));
    let short: Vec<Span> =
        cx.doc.blocks.iter().filter(|b| near(b.page) && b.span.len() <= 400).take(600).map(|b| b.span).collect();
    let labelled = |text: &str| {
        ["ostadress", "esöksadress", "OSTADRESS", "ESÖKSADRESS"].iter().any(|w| text.contains(w))
            || (text.contains(" (") || text.contains("\n(")) && rules.street_inside.is_match(text)
    };
    let foot = |text: &str| {
        cx.segments.family != Family::Agreement
            && EMAIL.find(text).is_none_or(|m| !is_officers(record, m.as_str()))
            && (EMAIL.is_match(text) || rules.web_inside.is_match(text))
            && (phones(text).next().is_some() || rules.web_inside.is_match(text))
    };
    let found = short.iter().enumerate().find_map(|(i, span)| {
        let text = cx.quote(*span);
        let c = rules.postal_inside.captures(text).filter(|_| labelled(text) || foot(text))?;
        Some((i, c))
    });
    // In the head below the name of the municipality.
    let below_name = || {
        short.iter().enumerate().take(12).find_map(|(i, span)| {
            let c = rules.postal_inside.captures(cx.quote(*span))?;
            let before = cx.quote(*span).get(..c.name("code")?.start())?.trim_end();
            let above = before.rsplit('\n').next()?.split('\t').next()?.trim_end().to_lowercase();
            let town = [" kommun", " stad"].iter().any(|w| above.ends_with(w));
            town.then_some((i, c))
        })
    };
    let Some((i, c)) = found.or_else(below_name) else { return };
    let (Some(code), Some(city)) = (c.name("code"), c.name("city")) else { return };
    let at = short[i];
    contact.postal_code = Some(code.as_str().split_whitespace().collect::<Vec<_>>().join(" "));
    contact.city = Some(city.as_str().to_string());
    contact.evidence.push(cx.evidence("postal_code", span_of(code, at.start), "text.postal_code", 0.8));
    contact.evidence.push(cx.evidence("city", span_of(city, at.start), "text.city", 0.8));
    for span in short.iter().skip(i).take(4) {
        let text = cx.quote(*span);
        if contact.street.is_none()
            && let Some(street) = street(rules, text)
        {
            contact.street = Some(cx.quote(street.shift(span.start as usize)).to_string());
            contact.evidence.push(cx.evidence("street", street.shift(span.start as usize), "text.street", 0.8));
        }
        if contact.email.is_none()
            && let Some(m) = EMAIL.find(text).filter(|m| !is_officers(record, m.as_str()))
        {
            contact.email = Some(m.as_str().to_string());
            contact.evidence.push(cx.evidence("email", span_of(m, span.start), "text.email", 0.8));
        }
        if contact.web.is_none()
            && let Some(m) = rules.web_inside.captures(text).and_then(|c| c.name("web"))
        {
            contact.web = Some(m.as_str().to_string());
            contact.evidence.push(cx.evidence("web", span_of(m, span.start), "text.web", 0.8));
        }
        if contact.phone.is_none()
            && let Some(m) = phones(text).find(|m| !rules.other_number.is_match(&text[..m.start()]))
        {
            contact.phone = Some(m.as_str().trim().to_string());
            contact.evidence.push(cx.evidence("phone", span_of(m, span.start), "text.phone", 0.75));
        }
    }
}

/// The street or box in a block: behind its label, in brackets, or a cell of a row that is nothing else.
fn street(rules: &Rules, text: &str) -> Option<Span> {
    let labelled = rules.street_inside.captures(text).and_then(|c| c.name("street"));
    if let Some(m) = labelled {
        return Some(Span::new(m.start(), m.end()).trim(text));
    }
    let is_sign = |c: char| matches!(c, '\t' | '\n' | '·' | '|' | ',' | '•');
    let mut at = 0;
    for cell in text.split_inclusive(is_sign) {
        let span = Span::new(at, at + cell.trim_end_matches(is_sign).len()).trim(text);
        if rules.street.is_match(&text[span.start as usize..span.end as usize]) {
            return Some(span);
        }
        at += cell.len();
    }
    None
}

fn is_officers(record: &Record, email: &str) -> bool {
    record.handlaggare.iter().any(|h| h.email.as_deref() == Some(email))
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::parse;

    #[test]
    fn the_address_block() {
        let r = parse(
            "# X om y\n\n@margin\nHandläggare\nTuva Silverhake\nTelefon: 08-50899112\n\n@margin\n2024-10-02\nKlockgränd 6 B\n112 25 Stockholm\nVäxel 08-508 99 100\nfarsta@stockholm.se\nstart.stockholm",
        );
        let c = r.contact.unwrap();
        assert_eq!(c.street.as_deref(), Some("Klockgränd 6 B"));
        assert_eq!((c.postal_code.as_deref(), c.city.as_deref()), (Some("112 25"), Some("Stockholm")));
        assert_eq!((c.email.as_deref(), c.web.as_deref()), (Some("farsta@stockholm.se"), Some("start.stockholm")));
        assert_eq!(c.phone.as_deref(), Some("08-508 99 100"));
        let r = parse("# X om y\n\n@foot\nBox 1234, 163 21 Spånga");
        assert_eq!(r.contact.unwrap().street.as_deref(), Some("Box 1234"));
        assert_eq!(parse("# X om y\n\n@margin\n2024-10-02").contact, None);
        let last = "# X om y\n\nBakgrund\n\nText.\n\nBesöksadress: Ektorget 11 Postadress: 103 37 Ekstad\n\nwww.ekbank.se\n\nE-mail: diarium@ekbank.se";
        let c = parse(last).contact.unwrap();
        assert_eq!((c.street.as_deref(), c.postal_code.as_deref()), (Some("Ektorget 11"), Some("103 37")));
        assert_eq!((c.email.as_deref(), c.web.as_deref()), (Some("diarium@ekbank.se"), Some("www.ekbank.se")));
        // A foot that is read as text: in columns, or with signs between.
        for foot in [
            "Ekstads kommun\tFax\tTelefon\tE-post\n112 30 Ekstad\tFax 0999-11 22 33\t0999-10 20 00\tinfo@ekstad.se\twww.ekstad.se\nStora torget 6",
            "STORA TORGET 6 · 112 30 EKSTAD · FAX 0999-11 22 33 · TFN 0999-10 20 00 INFO@EKSTAD.SE · WWW.EKSTAD.SE",
        ] {
            let c = parse(&format!("# X om y\n\nBakgrund\n\nText.\n\n{foot}")).contact.unwrap();
            assert_eq!(c.street.unwrap().to_lowercase(), "stora torget 6", "{foot}");
            assert_eq!((c.postal_code.as_deref(), c.city.unwrap().to_lowercase().as_str()), (Some("112 30"), "ekstad"));
            assert_eq!(c.phone.as_deref(), Some("0999-10 20 00"));
            assert_eq!(
                (c.email.unwrap().to_lowercase().as_str(), c.web.unwrap().to_lowercase().as_str()),
                ("info@ekstad.se", "www.ekstad.se")
            );
        }
    }
}
