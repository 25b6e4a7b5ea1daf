//! Draws agreements over time as SVG: a chart that can be printed as it is, in Swedish like its readers.

use std::collections::BTreeMap;
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
/// Height of a row.
const ROW: f64 = 24.0;
/// Height of a bar.
const BAR: f64 = 12.0;
/// Height of the line with a district's name.
const GROUP: f64 = 30.0;
/// Room for title, legend and years.
const TOP: f64 = 112.0;
/// Letters of a name that fit.
const LETTERS: usize = 40;

/// The agreements as one picture, by district as it is now. The same agreements give the same bytes.
pub fn timeline(agreements: &[&Agreement], lex: &Lexicon) -> String {
    let mut groups: BTreeMap<String, Vec<&Agreement>> = BTreeMap::new();
    for a in agreements.iter().filter(|a| a.periods.iter().any(|p| p.start.is_some() || p.end.is_some())) {
        let boards = a.id.rsplit_once('/').map_or("", |(_, b)| b);
        let names: Vec<&str> = boards.split('+').map(|b| lex.district(b).map_or(b, |d| d.name.as_str())).collect();
        groups.entry(names.join(" och ")).or_default().push(a);
    }
    let days = || groups.values().flatten().flat_map(|a| &a.periods).flat_map(ends);
    let first = days().min().map_or(2020, |d| d.year());
    let last = days().max().map_or(2020, |d| d.year()).max(first).min(first.saturating_add(80));
    let scale = Scale { first, years: f64::from(last - first + 1) };
    let rows: usize = groups.values().map(Vec::len).sum();
    let height = TOP + groups.len() as f64 * GROUP + rows as f64 * ROW + 48.0;

    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         lang=\"sv\" role=\"img\" font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\" font-size=\"12\" fill=\"#1a1a1a\">\n\
         <title>Överenskommelser {first}–{last}</title>\n\
         <defs><pattern id=\"may\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"5\" height=\"5\" fill=\"#ffffff\"/><rect width=\"1.6\" height=\"5\" fill=\"#1f5a96\"/></pattern></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"24\" y=\"34\" font-size=\"20\" font-weight=\"bold\">Överenskommelser {first}–{last}</text>\n"
    );
    legend(&mut svg);
    let step = if scale.years > 24.0 { 5 } else { 1 };
    for year in first..=last {
        let x = scale.x(Date::new(year, 1, 1).unwrap_or(Date::MIN));
        let _ = writeln!(
            svg,
            "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\" stroke=\"#dddddd\"/>",
            TOP - 8.0,
            height - 44.0
        );
        if (year - first) % step == 0 {
            let middle = x + (RIGHT - LEFT) / scale.years * f64::from(step) / 2.0;
            let _ = writeln!(
                svg,
                "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#555555\">{year}</text>",
                TOP - 14.0
            );
        }
    }
    let mut y = TOP;
    for (name, mut group) in groups {
        group.sort_by_key(|a| (a.periods.iter().filter_map(|p| p.start).min(), &a.name));
        let _ = writeln!(
            svg,
            "<text x=\"24\" y=\"{:.1}\" font-size=\"13\" font-weight=\"bold\">{}</text>",
            y + 20.0,
            escaped(&name)
        );
        y += GROUP;
        for a in group {
            let _ =
                writeln!(svg, "<text x=\"24\" y=\"{:.1}\">{}</text>", y + ROW / 2.0 + 4.0, escaped(&short(&a.name)));
            // What was only proposed lies beneath what was agreed.
            let mut periods: Vec<&AgreedPeriod> = a.periods.iter().collect();
            periods.sort_by_key(|p| p.standing);
            for p in periods {
                bar(&mut svg, &scale, p, y + (ROW - BAR) / 2.0);
            }
            y += ROW;
        }
    }
    let documents: std::collections::BTreeSet<_> =
        agreements.iter().flat_map(|a| &a.mentions).map(|m| &m.source.id).collect();
    let _ = writeln!(
        svg,
        "<text x=\"24\" y=\"{:.1}\" font-size=\"11\" fill=\"#555555\">Källa: {} handlingar. Bara det som handlingarna säger; det kan finnas överenskommelser som ingen av dem nämner.</text>\n</svg>",
        height - 20.0,
        documents.len()
    );
    svg
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

fn bar(svg: &mut String, scale: &Scale, p: &AgreedPeriod, y: f64) {
    let from = scale.x(p.start.or(p.end).map_or(Date::MIN, PartialDate::first));
    let to = if p.open_ended { RIGHT } else { p.end.map_or(from + 6.0, |d| scale.end(d.last())) };
    let style = match p.standing {
        Standing::Refused => "fill=\"#ffffff\" stroke=\"#999999\" stroke-dasharray=\"2 3\"",
        Standing::Proposed | Standing::SentBack => "fill=\"#ffffff\" stroke=\"#1f5a96\" stroke-dasharray=\"4 3\"",
        Standing::Reported => "fill=\"#6f9fcf\"",
        Standing::Decided | Standing::Agreed => "fill=\"#1f5a96\"",
    };
    let mut piece = |from: f64, to: f64, style: &str, inset: f64| {
        let (top, width) = (y + inset, (to - from - 1.0).max(2.0));
        let _ = writeln!(
            svg,
            "<rect x=\"{:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" {style}/>",
            from + 0.5,
            BAR - 2.0 * inset
        );
    };
    piece(from, to, style, 0.0);
    let mut reached = to;
    if let Some(used) = p.lasted_until.map(|d| scale.end(d.last())).filter(|x| *x > to + 1.0) {
        piece(to, used, style, 2.5);
        reached = used;
    }
    let may = p.may_last_until.iter().map(|s| s.value).max().map(|d| scale.end(d.last()));
    if let Some(may) = may.filter(|x| *x > reached + 1.0 && p.standing.holds() && p.not_extended.is_empty()) {
        piece(reached, may, "fill=\"url(#may)\" stroke=\"#1f5a96\" stroke-width=\"0.6\"", 2.5);
    }
    if p.open_ended {
        let (x, middle) = (RIGHT, y + BAR / 2.0);
        let _ =
            writeln!(svg, "<path d=\"M{x:.1} {:.1} l8 {:.1} l-8 {:.1} z\" fill=\"#1f5a96\"/>", middle - 8.0, 8.0, 8.0);
    }
}

fn legend(svg: &mut String) {
    let marks = [
        ("fill=\"#1f5a96\"", "avtalat eller beslutat", 0.0),
        ("fill=\"#6f9fcf\"", "uppgift i rapport", 0.0),
        ("fill=\"#1f5a96\"", "förlängning som använts", 2.5),
        ("fill=\"url(#may)\" stroke=\"#1f5a96\" stroke-width=\"0.6\"", "möjlig förlängning", 2.5),
        ("fill=\"#ffffff\" stroke=\"#1f5a96\" stroke-dasharray=\"4 3\"", "föreslaget", 0.0),
        ("fill=\"#ffffff\" stroke=\"#999999\" stroke-dasharray=\"2 3\"", "avslaget", 0.0),
    ];
    let mut x = 24.0;
    for (style, text, inset) in marks {
        let (top, height) = (54.0 + inset, BAR - 2.0 * inset);
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{top:.1}\" width=\"24\" height=\"{height:.1}\" {style}/><text x=\"{:.1}\" y=\"64\">{text}</text>",
            x + 30.0
        );
        x += 48.0 + text.chars().count() as f64 * 6.2;
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
