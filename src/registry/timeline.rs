//! Draws agreements over time as SVG: a chart that can be printed as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::Date;

use super::{AgreedPeriod, Agreement, Standing};
use crate::base::PartialDate;
use crate::lexicon::Lexicon;

/// Width of the picture, in pixels.
const WIDTH: f64 = 960.0;
/// Where the time begins, right of the names.
const LEFT: f64 = 300.0;
/// Where it ends.
const RIGHT: f64 = 936.0;
/// Height of a row, of one lane of bars in it, and of a bar.
const ROW: f64 = 24.0;
const LANE: f64 = 15.0;
const BAR: f64 = 12.0;
/// How much a bar is lower that shows an extension, above and below.
const INSET: f64 = 2.5;
/// Height of the line with a district's name.
const GROUP: f64 = 30.0;
/// Room for title and years, without the rows of the legend.
const TOP: f64 = 94.0;
/// What the marks mean: how many stand beside each other, and the height of such a row.
const LEGEND_COLUMNS: usize = 4;
const LEGEND_ROW: f64 = 18.0;
/// Letters of a name that fit.
const LETTERS: usize = 40;

/// The language of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Swedish, as the documents.
    #[default]
    Swedish,
    /// English.
    English,
}

/// What a chart says.
struct Words {
    code: &'static str,
    title: &'static str,
    and: &'static str,
    /// Of the styles, in the order of [`Mark::ALL`].
    marks: [&'static str; 8],
    /// What it is made from: before and after the number of documents, one or more of them.
    source: [&'static str; 3],
    rest: &'static str,
}

impl Language {
    fn words(self) -> Words {
        match self {
            Language::Swedish => Words {
                code: "sv",
                title: "Överenskommelser",
                and: "och",
                marks: [
                    "avtalat eller beslutat",
                    "uppgift i rapport",
                    "använd förlängning",
                    "möjlig förlängning",
                    "förlängning som inte används",
                    "föreslagen förlängning",
                    "föreslaget",
                    "avslaget",
                ],
                source: ["Källa:", "handling.", "handlingar."],
                rest: "Bara det som handlingarna säger; det kan finnas överenskommelser som ingen av dem nämner.",
            },
            Language::English => Words {
                code: "en",
                title: "Agreements",
                and: "and",
                marks: [
                    "agreed or decided",
                    "told in a report",
                    "extension used",
                    "possible extension",
                    "extension not used",
                    "proposed extension",
                    "proposed",
                    "refused",
                ],
                source: ["Source:", "document.", "documents."],
                rest: "Only what the documents say; there may be agreements that none of them names.",
            },
        }
    }
}

/// How a piece of a bar looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Agreed,
    Reported,
    Used,
    Possible,
    Unused,
    ProposedExtension,
    Proposed,
    Refused,
}

impl Mark {
    const ALL: [Mark; 8] = [
        Mark::Agreed,
        Mark::Reported,
        Mark::Used,
        Mark::Possible,
        Mark::Unused,
        Mark::ProposedExtension,
        Mark::Proposed,
        Mark::Refused,
    ];

    fn of(standing: Standing) -> Mark {
        match standing {
            Standing::Refused => Mark::Refused,
            Standing::Proposed | Standing::SentBack => Mark::Proposed,
            Standing::Reported => Mark::Reported,
            Standing::Decided | Standing::Agreed => Mark::Agreed,
        }
    }

    fn style(self) -> &'static str {
        match self {
            Mark::Agreed | Mark::Used => "fill=\"#1f5a96\"",
            Mark::Reported => "fill=\"#6f9fcf\"",
            Mark::Possible => "fill=\"url(#may)\" stroke=\"#1f5a96\" stroke-width=\"0.6\"",
            Mark::Unused => "fill=\"url(#not)\" stroke=\"#999999\" stroke-width=\"0.6\"",
            Mark::ProposedExtension | Mark::Proposed => "fill=\"#ffffff\" stroke=\"#1f5a96\" stroke-dasharray=\"4 3\"",
            Mark::Refused => "fill=\"#ffffff\" stroke=\"#999999\" stroke-dasharray=\"2 3\"",
        }
    }

    fn inset(self) -> f64 {
        match self {
            Mark::Used | Mark::Possible | Mark::Unused | Mark::ProposedExtension => INSET,
            _ => 0.0,
        }
    }
}

/// A piece of a bar, from where to where.
struct Piece {
    mark: Mark,
    from: f64,
    to: f64,
}

/// An agreement with its bars, by lane.
type Row<'a> = (&'a Agreement, Vec<Vec<Bar>>);

/// The agreements as one picture, by district as it is now. The same agreements give the same bytes.
pub fn timeline(agreements: &[&Agreement], lex: &Lexicon, language: Language) -> String {
    let words = language.words();
    let mut groups: BTreeMap<String, Vec<&Agreement>> = BTreeMap::new();
    for a in agreements.iter().filter(|a| a.periods.iter().any(|p| p.start.is_some() || p.end.is_some())) {
        let boards = a.id.rsplit_once('/').map_or("", |(_, b)| b);
        let names: Vec<&str> = boards.split('+').map(|b| lex.district(b).map_or(b, |d| d.name.as_str())).collect();
        groups.entry(names.join(&format!(" {} ", words.and))).or_default().push(a);
    }
    let days = || groups.values().flatten().flat_map(|a| &a.periods).flat_map(ends);
    let first = days().min().map_or(2020, |d| d.year());
    let last = days().max().map_or(2020, |d| d.year()).max(first).min(first.saturating_add(80));
    let scale = Scale { first, years: f64::from(last - first + 1) };
    let rows: Vec<(String, Vec<Row>)> = groups
        .into_iter()
        .map(|(name, mut group)| {
            group.sort_by_key(|a| (a.periods.iter().filter_map(|p| p.start).min(), &a.name));
            (name, group.into_iter().map(|a| (a, lanes(a, &scale))).collect())
        })
        .collect();
    let bars = rows.iter().flat_map(|(_, group)| group).flat_map(|(_, lanes)| lanes.iter().flatten());
    let used: Vec<Mark> = bars.flat_map(|b| b.pieces.iter().map(|p| p.mark)).collect();
    let shown = || Mark::ALL.into_iter().zip(words.marks).filter(|(m, _)| used.contains(m));
    let top = TOP + shown().count().div_ceil(LEGEND_COLUMNS) as f64 * LEGEND_ROW;
    let mut body = String::new();
    let mut y = top;
    for (name, group) in rows {
        let _ = writeln!(
            body,
            "<text x=\"24\" y=\"{:.1}\" font-size=\"13\" font-weight=\"bold\">{}</text>",
            y + 20.0,
            escaped(&name)
        );
        y += GROUP;
        for (a, lanes) in group {
            let name = escaped(&short(&a.name));
            let _ = writeln!(body, "<text x=\"24\" y=\"{:.1}\">{name}</text>", y + ROW / 2.0 + 4.0);
            for (lane, bars) in (0_u32..).zip(&lanes) {
                let at = y + (ROW - BAR) / 2.0 + f64::from(lane) * LANE;
                bars.iter().for_each(|bar| draw(&mut body, bar, at));
            }
            y += ROW + lanes.len().saturating_sub(1) as f64 * LANE;
        }
    }
    let height = y + 48.0;
    let (code, title) = (words.code, words.title);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         lang=\"{code}\" role=\"img\" font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\">\n\
         <title>{title} {first}–{last}</title>\n<defs>"
    );
    for (id, colour) in [("may", "#1f5a96"), ("not", "#999999")] {
        let _ = write!(
            svg,
            "<pattern id=\"{id}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
             <rect width=\"5\" height=\"5\" fill=\"#ffffff\"/><rect width=\"1.6\" height=\"5\" fill=\"{colour}\"/></pattern>"
        );
    }
    let _ = write!(
        svg,
        "</defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"24\" y=\"34\" font-size=\"20\" font-weight=\"bold\">{title} {first}–{last}</text>\n"
    );
    legend(&mut svg, shown());
    years(&mut svg, &scale, (first, last), top, height);
    svg.push_str(&body);
    let documents: BTreeSet<_> = agreements.iter().flat_map(|a| &a.mentions).map(|m| &m.source.id).collect();
    let [before, one, more] = words.source;
    let _ = writeln!(
        svg,
        "<text x=\"24\" y=\"{:.1}\" font-size=\"11\" fill=\"#555555\">{before} {} {} {}</text>\n</svg>",
        height - 20.0,
        documents.len(),
        if documents.len() == 1 { one } else { more },
        words.rest
    );
    svg
}

fn years(svg: &mut String, scale: &Scale, (first, last): (i16, i16), top: f64, height: f64) {
    let step = if scale.years > 24.0 { 5 } else { 1 };
    for year in first..=last {
        let x = scale.x(Date::new(year, 1, 1).unwrap_or(Date::MIN));
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#dddddd\"/>",
            top - 8.0,
            height - 44.0
        );
        if (year - first) % step == 0 {
            let middle = x + (RIGHT - LEFT) / scale.years * f64::from(step) / 2.0;
            let _ = writeln!(
                svg,
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555555\">{year}</text>",
                top - 14.0
            );
        }
    }
}

/// All days that a period's picture reaches to.
fn ends(p: &AgreedPeriod) -> impl Iterator<Item = Date> {
    let may = p.may_last_until.iter().map(|s| s.value.last());
    let more = p.extensions.iter().map(|x| x.new_end.last());
    [p.start.map(PartialDate::first), p.end.map(PartialDate::last), p.lasted_until.map(PartialDate::last)]
        .into_iter()
        .flatten()
        .chain(may)
        .chain(more)
        .collect::<Vec<_>>()
        .into_iter()
}

struct Scale {
    first: i16,
    years: f64,
}

impl Scale {
    /// Where a day begins.
    fn x(&self, day: Date) -> f64 {
        let at = f64::from(day.year() - self.first) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year());
        LEFT + (RIGHT - LEFT) * (at / self.years).clamp(0.0, 1.0)
    }

    /// Where a last day ends.
    fn end(&self, day: Date) -> f64 {
        self.x(day.tomorrow().unwrap_or(day))
    }
}

/// The picture of one period.
struct Bar {
    pieces: Vec<Piece>,
    /// True if it lasts until further notice.
    lasts: bool,
}

impl Bar {
    fn of(p: &AgreedPeriod, scale: &Scale) -> Bar {
        let from = scale.x(p.start.or(p.end).map_or(Date::MIN, PartialDate::first));
        let to = if p.open_ended { RIGHT } else { p.end.map_or(from + 6.0, |d| scale.end(d.last())) };
        let mut pieces = vec![Piece { mark: Mark::of(p.standing), from, to }];
        let mut reached = to;
        let mut further = |mark: Mark, day: Option<PartialDate>| {
            if let Some(x) = day.map(|d| scale.end(d.last())).filter(|x| *x > reached + 1.0) {
                pieces.push(Piece { mark, from: reached, to: x });
                reached = x;
            }
        };
        further(Mark::Used, p.lasted_until);
        further(Mark::ProposedExtension, p.extensions.iter().filter(|x| x.proposed).map(|x| x.new_end).max());
        let may = p.may_last_until.iter().map(|s| s.value).max().filter(|_| p.standing.holds());
        further(if p.not_extended.is_empty() { Mark::Possible } else { Mark::Unused }, may);
        Bar { pieces, lasts: p.open_ended }
    }

    fn from(&self) -> f64 {
        self.pieces.first().map_or(LEFT, |p| p.from)
    }

    fn to(&self) -> f64 {
        self.pieces.last().map_or(LEFT, |p| p.to)
    }
}

/// The periods of an agreement as bars, in lanes so that none hides another: what documents say against each other stands one over
/// the other, what was agreed above what was only proposed.
fn lanes(a: &Agreement, scale: &Scale) -> Vec<Vec<Bar>> {
    let mut periods: Vec<&AgreedPeriod> = a.periods.iter().collect();
    periods.sort_by_key(|p| (!p.standing.holds(), p.start));
    let mut lanes: Vec<Vec<Bar>> = Vec::new();
    for p in periods {
        let bar = Bar::of(p, scale);
        // What is possible beyond a period gives way to what came: the next bar covers it.
        let is_sure = |p: &&Piece| !matches!(p.mark, Mark::Possible | Mark::Unused);
        let body = |b: &Bar| b.pieces.iter().filter(is_sure).map(|p| p.to).fold(LEFT, f64::max);
        let free = |lane: &Vec<Bar>| lane.iter().all(|b| body(b) <= bar.from() + 1.0 || bar.to() <= b.from() + 1.0);
        match lanes.iter_mut().find(|lane| free(lane)) {
            Some(lane) => lane.push(bar),
            None => lanes.push(vec![bar]),
        }
    }
    lanes
}

fn draw(svg: &mut String, bar: &Bar, y: f64) {
    bar.pieces.iter().for_each(|p| piece(svg, p, y));
    if let (true, Some(p)) = (bar.lasts, bar.pieces.first()) {
        let top = y + BAR / 2.0 - 8.0;
        let _ = writeln!(svg, "<path d=\"M{RIGHT:.1} {top:.1} l8 8.0 l-8 8.0 z\" {}/>", p.mark.style());
    }
}

fn piece(svg: &mut String, p: &Piece, y: f64) {
    let inset = p.mark.inset();
    let (top, width) = (y + inset, (p.to - p.from - 1.0).max(2.0));
    let _ = writeln!(
        svg,
        "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" {}/>",
        p.from + 0.5,
        BAR - 2.0 * inset,
        p.mark.style()
    );
}

/// What the marks mean.
fn legend(svg: &mut String, shown: impl Iterator<Item = (Mark, &'static str)>) {
    for (i, (mark, text)) in shown.enumerate() {
        let (column, row) = (i % LEGEND_COLUMNS, i / LEGEND_COLUMNS);
        let x = 24.0 + column as f64 * (RIGHT - 24.0) / LEGEND_COLUMNS as f64;
        let y = 54.0 + row as f64 * LEGEND_ROW;
        piece(svg, &Piece { mark, from: x, to: x + 25.0 }, y);
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{text}</text>", x + 32.0, y + 10.0);
    }
}

fn short(name: &str) -> String {
    match name.char_indices().nth(LETTERS) {
        Some((at, _)) => format!("{}…", name.get(..at).unwrap_or(name).trim_end()),
        None => name.to_string(),
    }
}

fn escaped(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    clean.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
