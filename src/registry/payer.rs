//! Reads which side of an agreement a sum is paid by, from the words of its sentence.

use std::collections::BTreeSet;

use crate::lexicon::Lexicon;

/// A side of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The public body.
    Public,
    /// Its partner.
    Partner,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Public => Side::Partner,
            Side::Partner => Side::Public,
        }
    }

    /// As registers write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Public => "public",
            Side::Partner => "partner",
        }
    }
}

/// Endings shorter than this are words of their own: `stad` is, `bostad` is not.
const ENDING: usize = 5;

/// The words that tell the sides apart.
#[derive(Debug)]
pub struct Sides<'l> {
    public: Vec<&'l str>,
    partner: Vec<&'l str>,
    receives: BTreeSet<&'l str>,
    to: BTreeSet<&'l str>,
    from: BTreeSet<&'l str>,
    support: Vec<&'l str>,
    own_means: Vec<&'l str>,
}

impl<'l> Sides<'l> {
    /// Those of a vocabulary.
    pub fn of(lex: &'l Lexicon) -> Self {
        let a = &lex.agreements;
        let all = |words: &'l [String]| words.iter().map(String::as_str);
        Sides {
            public: all(&a.public_endings).collect(),
            partner: all(&a.organisation_forms).chain(all(&a.company_endings)).collect(),
            receives: all(&a.receiving_words).collect(),
            to: all(&a.receiver_links).collect(),
            from: all(&a.payer_links).collect(),
            support: all(&a.support_endings).collect(),
            own_means: all(&a.own_means_endings).collect(),
        }
    }

    /// The side that pays what the words before a sum speak of. A side that is its subject pays, unless it receives; a side
    /// that it goes to does not. `partners` are names of the partner.
    pub fn payer<'n>(&self, before: &str, partners: impl Iterator<Item = &'n str>) -> Option<Side> {
        let mut text = before.to_lowercase();
        for name in partners.filter(|n| n.chars().count() > 3) {
            // Any of the words for a partner will do.
            text = text.replace(&name.to_lowercase(), self.partner.first().copied().unwrap_or_default());
        }
        let words: Vec<&str> =
            text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
        let mut subject = None;
        for (i, word) in words.iter().enumerate() {
            let Some(side) = self.side(word) else { continue };
            let link = i.checked_sub(1).and_then(|p| words.get(p)).copied().unwrap_or_default();
            if self.from.contains(link) {
                return Some(side);
            }
            let receives = || words.iter().skip(i + 1).take(3).any(|w| self.receives.contains(w));
            let pays = if self.to.contains(link) || receives() { side.other() } else { side };
            subject = subject.or(Some(pays));
        }
        subject
    }

    /// The side that by its nature pays what the words before a sum call it, where they name none: support is given by the public
    /// side (`Stödet är`), an effort of one's own by its partner. The last such word counts: the sum stands nearest to it.
    pub fn by_nature(&self, before: &str) -> Option<Side> {
        let text = before.to_lowercase();
        text.split_whitespace().rev().find_map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let is = |endings: &[&str]| endings.iter().any(|e| word.ends_with(e));
            match () {
                () if is(&self.own_means) => Some(Side::Partner),
                () if is(&self.support) => Some(Side::Public),
                () => None,
            }
        })
    }

    fn side(&self, word: &str) -> Option<Side> {
        let is = |w: &str, endings: &[&str]| {
            endings.iter().any(|e| w == *e || (e.chars().count() >= ENDING && w.ends_with(e)))
        };
        [word, word.strip_suffix('s').unwrap_or(word)].into_iter().find_map(|w| match () {
            () if is(w, &self.public) => Some(Side::Public),
            () if is(w, &self.partner) => Some(Side::Partner),
            () => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_side_that_pays_is_told() {
        let lex = Lexicon::built_in();
        let sides = Sides::of(&lex);
        for (before, pays) in [
            ("Nämndens stöd uppgår till", Some(Side::Public)),
            ("Föreningen tillskjuter", Some(Side::Partner)),
            ("Lokalens värde är", None),
            ("Stadsdelsnämnden beviljar föreningen", Some(Side::Public)),
            ("Föreningen beviljas", Some(Side::Public)),
            ("Ersättningen till föreningen är", Some(Side::Public)),
            ("Föreningen får från nämnden", Some(Side::Public)),
            ("Av detta står Granens Mötesplats för", Some(Side::Partner)),
            ("Kostnaden för en bostad är", None),
        ] {
            assert_eq!(sides.payer(before, ["Granens Mötesplats"].into_iter()), pays, "{before}");
        }
    }

    #[test]
    fn where_no_side_is_named_the_kind_of_money_tells() {
        let lex = Lexicon::built_in();
        let sides = Sides::of(&lex);
        for (before, pays) in [
            ("Stödet är", Some(Side::Public)),
            ("Partnerskapsbidraget uppgår till", Some(Side::Public)),
            ("Ersättningen är 340 000 kronor för 2024 och", Some(Side::Public)),
            ("Egeninsatsen beräknas till", Some(Side::Partner)),
            ("Lokalens värde är", None),
            ("Den totala kostnaden beräknas till", None),
        ] {
            assert_eq!((sides.payer(before, std::iter::empty()), sides.by_nature(before)), (None, pays), "{before}");
        }
    }
}
