//! Defines the words that mean something for periods: all others are passed over without being looked up one by one.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::{PeriodReader, token::Token};

/// Every word that `sentence.rs` and `point.rs` name; a test holds them together.
const WORDS: &str = "\
    a andra att automatiskt av avseende avser avslutades avslutas avslutats avsåg avtalsperiod avtalsperioden avtalstid avtalstiden \
    bedrivit budgetåren budgetåret bägge båda börja började början börjar dag dagar dagars dagen datum datumet day den dess dnr dock \
    driften dygn därest e ej ett fjärde fr fram fredag fredagen from från får för före föregående förlänga förlängas förlängde \
    förlängdes förlänger förlänges förlängning förlängningar förlängningarna förlängningen förlängningsoption förlängs förlängt \
    förlängts första gick giltig giltighet giltighetstid giltighetstiden giltigt gälla gällde gäller gällt gå gången gånger går gått \
    halvt halvår halvåret helåret ht högst höst hösten höstterminen i icke ifall ingick ingicks ingås ingått ingåtts inleddes inleds \
    innan innevarande inte kalenderåren kalenderåret kan kommande kraft kvartal kvartalet läsår läsåret löpa löper löpt löpte löptid \
    lördag lördagen m mandatperioden max maximalt med mellan mitten month mån månad månader månaders månads månadsskiftet måndag \
    måndagen möjlighet möjligheten nyttja nyttjades nyttjar nyttjas nyttjat nyår nyåret nästa nästkommande o och om omfattar onsdag \
    onsdagen option optionen optioner optionerna parternas parters per period perioden plus på påbörjades påbörjas q räkenskapsåret \
    rätt sa sade sades sagts samarbetar samarbetat samarbete samma samt samverkar samverkat sedan senast signering signeringen sista \
    skolåret skötseln slutet sommar sommaren start startade startar stöten sägs sänder såvida söndag söndagen t taget tal talet talets \
    tecknade tecknades tecknandet tecknat tecknats tertial tertialet tiden tidigast tidsperiod tidsperioden till tillfälle tillfällen \
    tills tillsvidare tisdag tisdagen tog tom torsdag torsdagen tredje träda trädde träder under underskrift underskriften \
    undertecknande undertecknandet upp uppdraget upphör upphöra upphörande upphörde upphört uppsägning uppsägningstid uppsägningstiden \
    ut utgången utlösa utlöser utnyttja utnyttjades utnyttjar utnyttjas varsel veckors verksamheten verksamhetsåren verksamhetsåret \
    vid vidare vintern vt vår våren vårterminen year år åren året årig åriga årigt års årsskifte årsskiftet åt över";

/// How words end that mean something: `ettåriga`.
const ENDINGS: [&str; 3] = ["årig", "åriga", "årigt"];

/// The words that mean something, and how such words end.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    whole: HashSet<String, FixedState>,
    endings: Vec<String>,
}

impl Words {
    /// Those of the program and those of the vocabulary that a reader has.
    pub(super) fn of(reader: &PeriodReader) -> Words {
        let lists = reader.months.keys().chain(reader.numbers.keys()).chain(&reader.units);
        let lists = lists.chain(&reader.agreement_words).chain(&reader.plural_words);
        Words {
            whole: WORDS.split_whitespace().map(str::to_string).chain(lists.cloned()).collect(),
            endings: ENDINGS.into_iter().map(str::to_string).chain(reader.programme_words.iter().cloned()).collect(),
        }
    }

    /// Whether a token is a word that means nothing for periods.
    pub(super) fn pass_over(&self, token: &Token<'_>) -> bool {
        let word = token.word();
        !word.is_empty() && !self.whole.contains(word) && !self.endings.iter().any(|e| word.ends_with(e.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The string literals of a source file, outside its tests.
    fn literals(source: &str) -> Vec<&str> {
        let code = source.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().map(|l| l.split("//").next().unwrap());
        lines.flat_map(|l| l.split('"').skip(1).step_by(2)).collect()
    }

    #[test]
    fn every_word_that_is_named_is_known() {
        let known: HashSet<&str> = WORDS.split_whitespace().collect();
        let named: Vec<&str> =
            [include_str!("sentence.rs"), include_str!("point.rs")].into_iter().flat_map(literals).collect();
        assert!(named.len() > 200);
        let is_word = |w: &&str| !w.is_empty() && w.chars().all(char::is_lowercase);
        for word in named.into_iter().filter(is_word) {
            assert!(known.contains(word), "add {word:?} to WORDS");
        }
    }
}
