//! Reads tables whose columns ran together into lines of text, where only the words tell where a column ends: a head of known
//! column headings, below it rows of a partner, its target group, a period, a sum.

use std::collections::BTreeMap;

use crate::parse::pattern::Regex;

use crate::base::{Span, fold};
use crate::lexicon::Lexicon;
use crate::parse::context::Context;
use crate::parse::segment::lines;
use crate::parse::text::fixed;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The name of a partner.
    Partner,
    /// For whom: begins with a word such as `Unga`.
    Group,
    /// When: begins with a year or date.
    Period,
    /// A sum of money.
    Money,
}

/// A table read from running lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FlatTable {
    /// The line above the head.
    pub caption: Option<Span>,
    /// The columns, with the heading of each.
    pub columns: Vec<(Column, Span)>,
    /// As many cells as columns in each.
    pub rows: Vec<Vec<Span>>,
}

impl FlatTable {
    /// From head to last row.
    pub fn span(&self) -> Span {
        let first = self.columns.first().map(|c| c.1);
        let last = self.rows.last().and_then(|r| r.last()).copied();
        first.zip(last).map_or(Span::default(), |(a, b)| a.join(b))
    }

    /// The place of the first column of this kind.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|c| c.0 == column)
    }
}

/// Patterns compiled once from the vocabulary.
#[derive(Debug)]
pub(crate) struct Rules {
    headings: BTreeMap<String, Column>,
    group: Regex,
    period: Regex,
    money: Regex,
}

/// Longest line of such a table, in bytes.
const LONGEST: usize = 400;

impl Rules {
    /// Compiles them.
    pub fn new(lex: &Lexicon) -> Self {
        let words = &lex.agreements;
        let mut headings = BTreeMap::new();
        for (list, column) in [
            (&words.partner_headings, Column::Partner),
            (&words.group_headings, Column::Group),
            (&words.period_headings, Column::Period),
            (&words.money_headings, Column::Money),
        ] {
            headings.extend(list.iter().map(|h| (fold::name_key(h), column)));
        }
        let groups: Vec<String> = words.target_words.iter().map(|w| capitalised(w)).collect();
        Rules {
            headings,
            group: Regex::new(&format!(r"\s(?P<at>(?:{})\b)", groups.join("|"))).unwrap_or_else(|_| fixed("$^")),
            period: Regex::new(&format!(
                r"(?i)\s(?P<at>(?:\d{{1,2}}\s+)?(?:(?:{}|våren|hösten|sommaren|läsåret)\s+)?(?:19|20)\d\d\b|[vh]t[ -]\d\d)",
                lex.dates.months.keys().map(|m| regex::escape(m)).collect::<Vec<_>>().join("|")
            ))
            .unwrap_or_else(|_| fixed("$^")),
            money: fixed(r"\s(?P<at>\d[\d .\u{a0}]*(?:,\d+)?(?:\s?(?:kr|kronor|tkr|mnkr|mkr|SEK)\b|:-)?\.?)$"),
        }
    }

    /// The columns of a line that is nothing but known headings, a partner's first, two at least.
    fn head(&self, cx: &Context, line: Span) -> Option<Vec<(Column, Span)>> {
        let text = cx.quote(line);
        if text.len() > 120 || text.contains('\t') {
            return None;
        }
        let mut columns = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let ends = rest.match_indices(' ').map(|(i, _)| i).chain([rest.len()]).take(5);
            let of = |end: &usize| {
                let key = fold::name_key(rest[..*end].trim());
                let known = self.headings.get(&key).copied();
                // `Vår idéburna part`: the last word tells, where the first column has its adjectives before it.
                known.or_else(|| {
                    let partner = columns.is_empty() && cx.rules.agreement.heads_partners(&key);
                    partner.then_some(Column::Partner)
                })
            };
            let (column, end) = ends.filter_map(|end| Some((of(&end)?, end))).last()?;
            columns.push((column, Span::new(at, at + end).shift(line.start as usize)));
            at += end;
            at += text[at..].len() - text[at..].trim_start().len();
        }
        (columns.len() > 1 && columns[0].0 == Column::Partner).then_some(columns)
    }

    /// The cells of a row under these columns.
    fn row(&self, cx: &Context, line: Span, columns: &[(Column, Span)]) -> Option<Vec<Span>> {
        let text = cx.quote(line);
        if text.len() > LONGEST || !text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) {
            return None;
        }
        let mut starts = vec![0];
        for (column, _) in columns.iter().skip(1) {
            let from = *starts.last()?;
            let pattern = match column {
                Column::Group => &self.group,
                Column::Period => &self.period,
                Column::Money => &self.money,
                Column::Partner => return None,
            };
            let found = pattern.captures(text.get(from..)?)?.name("at")?.start();
            starts.push(from + found);
        }
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let cells: Vec<Span> = starts
            .iter()
            .zip(ends)
            .map(|(a, b)| Span::new(*a, b).shift(line.start as usize).trim(&cx.doc.text))
            .collect();
        let named = cells.first().is_some_and(|c| c.len() <= 70 && cx.quote(*c).chars().any(char::is_alphabetic));
        (named && cells.iter().all(|c| !c.is_empty())).then_some(cells)
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    regex::escape(&format!("{first}{}", chars.as_str()))
}

/// The flat tables of a document. A row may go on in small letters on the next line; a line that is neither ends the table.
pub(crate) fn find(cx: &Context) -> Vec<FlatTable> {
    let rules = &cx.rules.flat;
    let mut found: Vec<FlatTable> = Vec::new();
    let mut open: Option<FlatTable> = None;
    let mut before: Option<Span> = None;
    for line in lines(cx.doc, Span::new(0, cx.doc.body_end as usize)) {
        if let Some(table) = &mut open {
            let text = cx.quote(line);
            if let Some(cells) = rules.row(cx, line, &table.columns) {
                table.rows.push(cells);
                continue;
            }
            let last = table.rows.last_mut().and_then(|r| r.last_mut());
            match last.filter(|_| text.starts_with(char::is_lowercase) && text.len() <= LONGEST) {
                Some(cell) => *cell = cell.join(line),
                None => found.extend(open.take()),
            }
        } else if let Some(columns) = rules.head(cx, line) {
            open = Some(FlatTable { caption: before, columns, rows: Vec::new() });
        }
        before = Some(line);
    }
    found.extend(open);
    found.retain(|t| t.rows.len() >= 2);
    found
}

#[cfg(test)]
mod tests {
    use crate::parse::testing;

    #[test]
    fn only_the_words_tell_the_columns() {
        let r = testing::parse(
            "# Partnerskap\n\nBakgrund\n\nText.\n\nIOP under 2024\n\nIdéburen part Målgrupp Avtalstid Bidrag\n\nEkby IF Unga 13-16 år 2023-2025 200 000 kr\n\nKvinnocenter i Ekby Kvinnor långt från arbete 2024 1 200 000 kr\n\nSolens Mötesplats Äldre i Ekby 2022-01-01 – 2024-12-31 50 000 kr\n\nText efter tabellen som är löpande.",
        );
        assert_eq!(r.tables.len(), 1, "{:?}", r.tables);
        let t = &r.tables[0];
        assert_eq!(t.caption.as_deref(), Some("IOP under 2024"));
        assert_eq!(t.header, ["Idéburen part", "Målgrupp", "Avtalstid", "Bidrag"]);
        assert_eq!(t.rows[1], ["Kvinnocenter i Ekby", "Kvinnor långt från arbete", "2024", "1 200 000 kr"]);
        assert_eq!(t.rows.len(), 3);
    }
}
