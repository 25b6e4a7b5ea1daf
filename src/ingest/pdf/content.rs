//! Reads content streams (ISO 32000-2, 7.8.2, 8 and 9): follows the graphics and text state and hands letters to
//! [`Words`], lines to the page. Every operator counts against the file's budget.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::annotations;
use super::budget::{Bound, MAX_FORM_DEPTH, MAX_FORMS, MAX_OPERANDS, MAX_SHAPES, MAX_STATES};
use super::fields;
use super::font::{self, Font, Letter, Mend, Text};
use super::lexer::{Lexer, Token, is_regular, is_space, unescape};
use super::matrix::Matrix;
use super::objects::{Dictionary, File, Object, ObjectId, Stream, as_dict};
use super::page::{RawPage, Tag};
use super::shapes::Path;
use super::structure::{self, PageRoles};
use super::unseen::Paper;
use super::words::{Mark, Run, Words, is_plain};
use crate::base::Rect;

/// A space narrower than this share of its own width, for the word spacing that it is given, is none.
const TAKEN_BACK: f32 = 0.2;
/// Most bytes of unpacked forms kept for drawing them again.
const MAX_KEPT_FORMS: usize = 16 << 20;
/// Operators between two looks at the clock.
const CLOCK_EVERY: usize = 4096;
/// Most letters that one ActualText may stand for.
const MAX_ACTUAL: usize = 4096;

/// What is read once and used on every page: fonts, forms, hidden layers.
pub(super) struct Shared<'a> {
    fonts: Vec<(Rc<Font>, &'a Dictionary)>,
    by_place: HashMap<usize, usize>,
    forms: HashMap<usize, Rc<Vec<u8>>>,
    /// Procedures of Type 3 fonts that show text, by the font's number and the code.
    procedures: HashMap<(u16, u32), Option<&'a Stream>>,
    kept: usize,
    /// What puts the letters of some fonts right.
    mends: &'a BTreeMap<u16, Mend>,
    /// Optional content that is not shown.
    hidden: BTreeSet<ObjectId>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(file: &File, mends: &'a BTreeMap<u16, Mend>) -> Self {
        Shared {
            mends,
            fonts: Vec::new(),
            by_place: HashMap::new(),
            forms: HashMap::new(),
            procedures: HashMap::new(),
            kept: 0,
            hidden: structure::hidden_layers(file),
        }
    }

    /// The number of a font; read once for the file.
    fn font(&mut self, file: &File, dict: &'a Dictionary) -> usize {
        let place = std::ptr::from_ref(dict) as usize;
        if let Some(&number) = self.by_place.get(&place) {
            return number;
        }
        let number = self.fonts.len();
        let mut font = Font::load(file, dict, u16::try_from(number).unwrap_or(u16::MAX));
        font.mend = self.mends.get(&font.number).copied();
        self.fonts.push((Rc::new(font), dict));
        self.by_place.insert(place, number);
        number
    }
}

/// The graphics state, as far as text and lines need it.
#[derive(Clone, Copy)]
struct State {
    ctm: Matrix,
    font: Option<usize>,
    size: f32,
    char_space: f32,
    word_space: f32,
    scale: f32,
    leading: f32,
    rise: f32,
    mode: u8,
    line_width: f32,
    /// True if areas and letters are filled with white for certain.
    white: bool,
    /// The tiling pattern that areas are filled with, by its place among those of the page, counted from 1; 0 is none.
    tiling: u32,
}

impl State {
    /// Sets the colour of areas and letters.
    fn fill(&mut self, white: bool) {
        (self.white, self.tiling) = (white, 0);
    }

    fn new(ctm: Matrix) -> Self {
        State {
            ctm,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            line_width: 1.0,
            white: false,
            tiling: 0,
        }
    }
}

/// One level of marked content.
#[derive(Clone, Copy, Default)]
struct Level {
    mark: Mark,
    /// True if layers say this is not shown.
    concealed: bool,
    /// True if its ActualText is being gathered.
    actual: bool,
}

/// Letters that an ActualText stands for.
struct Actual {
    text: String,
    letters: Vec<(Run, (f32, f32), f32, String)>,
}

/// Reads the streams of one page.
pub(super) struct Reader<'a, 'b> {
    file: &'a File<'a>,
    shared: &'b mut Shared<'a>,
    pub page: RawPage,
    words: Words,
    path: Path,
    /// What is under white letters.
    paper: Paper,
    roles: PageRoles<'a>,
    level: Level,
    levels: Vec<Level>,
    actual: Option<Actual>,
    /// What the last string looked like: the next one nearly always looks the same.
    look: Option<(Look, Option<Looks>)>,
    /// How many looks there were.
    looks: u32,
    operators: usize,
    glyphs: usize,
    forms: usize,
    /// Tiling patterns that were set, and those that were drawn.
    patterns: Vec<&'a Stream>,
    drawn_patterns: Vec<usize>,
    /// Objects of the forms being drawn, against forms that draw themselves.
    drawing: Vec<usize>,
    /// Limits reached on this page.
    reached: Vec<Bound>,
    stopped: bool,
}

/// What the letters of a string look like follows from.
#[derive(Clone, Copy)]
struct Look {
    shown: Matrix,
    state: State,
    mark: Mark,
}

impl Look {
    /// Whether letters look the same, wherever they stand.
    fn is(&self, other: &Look) -> bool {
        let bits = |l: &Look| {
            let (m, s) = (&l.shown, &l.state);
            [m.a, m.b, m.c, m.d, s.size, s.scale, s.char_space].map(f32::to_bits)
        };
        self.state.font == other.state.font
            && self.state.mode == other.state.mode
            && bits(self) == bits(other)
            && self.mark == other.mark
    }
}

/// What the letters of a string look like.
#[derive(Clone, Copy)]
struct Looks {
    letters: Run,
    /// How long one unit of text is, along the letters and across them.
    up_length: f32,
    along_length: f32,
}

/// How the strings of one operator are set: all but their places.
struct Setting<'a> {
    font: Rc<Font>,
    dict: &'a Dictionary,
    looks: Looks,
    /// From text to the page, at the operator's first string.
    shown: Matrix,
    /// True if its lines run level and each letter moves on.
    plain: bool,
    /// True if its letters are filled with white for certain.
    white: bool,
    /// True if its letters are those of a level font, to be seen, and not white.
    usual: bool,
}

/// What letters look like; none if nothing is to be seen.
fn looks(of: &Look, font: &Font) -> Option<Looks> {
    let Look { shown, state, mark } = *of;
    let up_length = (shown.c * shown.c + shown.d * shown.d).sqrt();
    let along_length = (shown.a * shown.a + shown.b * shown.b).sqrt();
    let size = (state.size * font.scale).abs() * up_length;
    let flip = if state.size < 0.0 { -1.0 } else { 1.0 };
    let direction = if font.vertical {
        (-shown.c * flip, -shown.d * flip, up_length)
    } else {
        (shown.a * flip * state.scale.signum(), shown.b * flip * state.scale.signum(), along_length)
    };
    if direction.2 <= 0.0 || size <= 0.0 {
        return None;
    }
    let along = (direction.0 / direction.2, direction.1 / direction.2);
    // Towards the ascender: across the line, on the side the letters' own up is on.
    let mut up = (-along.1, along.0);
    if font.vertical {
        up = (shown.a / along_length.max(1e-9), shown.b / along_length.max(1e-9));
    } else if up.0 * shown.c * flip + up.1 * shown.d * flip < 0.0 {
        up = (along.1, -along.0);
    }
    let spacing = state.char_space * direction.2 * if font.vertical { 1.0 } else { state.scale.abs() };
    let letters = Run {
        along,
        up,
        size,
        ascent: if font.vertical { 0.5 } else { font.ascent },
        descent: if font.vertical { -0.5 } else { font.descent },
        spacing,
        bold: font.bold || state.mode == 2,
        italic: font.italic || slanted(shown),
        font: font.number,
        look: 0,
        mark: Mark { hidden: state.mode == 3 || state.mode == 7, ..mark },
    };
    Some(Looks { letters, up_length, along_length })
}

impl<'a, 'b> Reader<'a, 'b> {
    pub(super) fn new(file: &'a File<'a>, shared: &'b mut Shared<'a>, page: RawPage, roles: PageRoles<'a>) -> Self {
        Reader {
            file,
            shared,
            page,
            words: Words::default(),
            path: Path::default(),
            paper: Paper::default(),
            roles,
            level: Level::default(),
            levels: Vec::new(),
            actual: None,
            look: None,
            looks: 0,
            operators: 0,
            glyphs: 0,
            forms: 0,
            patterns: Vec::new(),
            drawn_patterns: Vec::new(),
            drawing: Vec::new(),
            reached: Vec::new(),
            stopped: false,
        }
    }

    /// What is drawn from here on fills in what was drawn before.
    pub(super) fn begin_fields(&mut self) {
        self.page.words = self.words.take();
    }

    /// Gives the page with all that was read.
    pub(super) fn done(mut self) -> (RawPage, Paper, Vec<Bound>) {
        let words = self.words.take();
        self.page.words = annotations::beside(std::mem::take(&mut self.page.words), words);
        (self.page, self.paper, self.reached)
    }

    /// Notes that a bound was reached.
    pub(super) fn reach(&mut self, bound: Bound) {
        if !self.reached.contains(&bound) {
            self.reached.push(bound);
        }
    }

    fn stop(&mut self, bound: Bound) {
        self.reach(bound);
        self.stopped = true;
    }

    /// Reads one content stream. `resources`: nearest first.
    pub(super) fn run(&mut self, data: &[u8], resources: &[&'a Dictionary], ctm: Matrix) {
        let depth = self.levels.len();
        let outer = self.level;
        let mut run = Scope {
            state: State::new(ctm),
            base: ctm,
            stack: Vec::new(),
            skipped_states: 0,
            tm: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            resources,
            fonts: Vec::new(),
            excess_levels: 0,
            base_levels: depth,
        };
        // A word takes about so many bytes of a stream.
        self.words.reserve((data.len() / 32).min(2048));
        let mut lexer = Lexer::new(data);
        let mut operands: Vec<Token<'_>> = Vec::with_capacity(16);
        while !self.stopped {
            match lexer.next() {
                Token::End => break,
                Token::Word(word) => {
                    self.operators += 1;
                    if self.operators > self.file.budget.limits.operators {
                        self.stop(Bound::Operators);
                        break;
                    }
                    if self.operators.is_multiple_of(CLOCK_EVERY) && self.file.budget.out_of_time() {
                        self.stop(Bound::Time);
                        break;
                    }
                    if word == b"BI" {
                        self.inline_image(&mut lexer, &run);
                    } else {
                        self.operator(word, &operands, &lexer, &mut run);
                    }
                    operands.clear();
                    lexer.strings.clear();
                }
                token if operands.len() < MAX_OPERANDS => operands.push(token),
                _ => {}
            }
        }
        // Marked content that was left open ends with the stream.
        if self.levels.len() > depth {
            self.finish_actual();
            self.levels.truncate(depth);
        }
        self.level = outer;
    }

    fn operator(&mut self, word: &[u8], operands: &[Token<'_>], lexer: &Lexer<'_>, run: &mut Scope<'a, '_>) {
        let n = |from_end: usize| number(operands, from_end);
        match word {
            // Text
            b"Tj" => self.show_last(operands, lexer, run),
            b"TJ" => {
                let vertical = run.vertical(self);
                let setting = self.setting(run);
                for token in operands {
                    match token {
                        Token::String(piece) => {
                            if let Some(setting) = &setting {
                                self.show(setting, lexer.string(*piece), run);
                            }
                        }
                        Token::Number(adjust) => {
                            let by = -(*adjust as f32) * 0.001 * run.state.size;
                            run.tm =
                                if vertical { run.tm.moved(0.0, by) } else { run.tm.moved(by * run.state.scale, 0.0) };
                        }
                        _ => {}
                    }
                }
            }
            b"'" => {
                run.next_line();
                self.show_last(operands, lexer, run);
            }
            b"\"" => {
                run.state.word_space = n(2);
                run.state.char_space = n(1);
                run.next_line();
                self.show_last(operands, lexer, run);
            }
            b"Td" => run.move_line(n(1), n(0)),
            b"TD" => {
                run.state.leading = -n(0);
                run.move_line(n(1), n(0));
            }
            b"T*" => run.next_line(),
            b"Tm" => {
                run.line = Matrix::new(n(5), n(4), n(3), n(2), n(1), n(0));
                run.tm = run.line;
            }
            b"BT" => {
                run.tm = Matrix::IDENTITY;
                run.line = Matrix::IDENTITY;
            }
            b"ET" => {}
            b"Tf" => {
                run.state.size = n(0);
                if let Some(Token::Name(name)) = operands.iter().rev().find(|t| matches!(t, Token::Name(_))) {
                    run.state.font = self.find_font(name, run);
                }
            }
            b"Tc" => run.state.char_space = n(0),
            b"Tw" => run.state.word_space = n(0),
            b"Tz" => run.state.scale = n(0) / 100.0,
            b"TL" => run.state.leading = n(0),
            b"Ts" => run.state.rise = n(0),
            b"Tr" => run.state.mode = n(0).clamp(0.0, 7.0) as u8,
            // State
            b"q" => {
                if run.stack.len() < MAX_STATES {
                    run.stack.push(run.state);
                } else {
                    run.skipped_states += 1;
                    self.reach(Bound::Nesting);
                }
            }
            b"Q" => {
                if run.skipped_states > 0 {
                    run.skipped_states -= 1;
                } else if let Some(state) = run.stack.pop() {
                    run.state = state;
                }
            }
            b"cm" => run.state.ctm = Matrix::new(n(5), n(4), n(3), n(2), n(1), n(0)).then(run.state.ctm),
            b"w" => run.state.line_width = n(0).abs(),
            b"gs" => self.external_state(operands, run),
            // Colours
            b"g" => run.state.fill(n(0) > 0.99),
            b"rg" => run.state.fill(n(0).min(n(1)).min(n(2)) > 0.99),
            b"k" => run.state.fill(operands.len() >= 4 && n(0).max(n(1)).max(n(2)).max(n(3)) < 0.01),
            b"cs" => run.state.fill(false),
            b"scn" if matches!(operands.last(), Some(Token::Name(_))) => self.set_pattern(operands, run),
            b"sc" | b"scn" => {
                // One number may be ink of a spot colour, four may be anything; three are nearly always RGB.
                let full = |t: &Token<'_>| matches!(t, Token::Number(v) if (0.99..=1.0).contains(v));
                run.state.fill(operands.len() == 3 && operands.iter().all(full));
            }
            b"sh" => self.paper.paint(None),
            // Paths
            b"m" => self.path.move_to(n(1), n(0)),
            b"l" => self.path.line_to(n(1), n(0)),
            b"c" | b"v" | b"y" => self.path.curve_to(n(1), n(0)),
            b"h" => self.path.close(),
            b"re" => self.path.rectangle(n(3), n(2), n(1), n(0)),
            b"n" => self.path.clear(),
            b"S" => self.paint(run, true, false),
            b"s" => {
                self.path.close();
                self.paint(run, true, false);
            }
            b"f" | b"F" | b"f*" => self.paint(run, false, true),
            b"B" | b"B*" => self.paint(run, true, true),
            b"b" | b"b*" => {
                self.path.close();
                self.paint(run, true, true);
            }
            // Objects and marks
            b"Do" => {
                if let Some(Token::Name(name)) = operands.last() {
                    self.draw(name, run);
                }
            }
            b"BMC" | b"BDC" => self.begin_mark(operands, lexer, run),
            b"EMC" => self.end_mark(run),
            _ => {}
        }
    }

    fn paint(&mut self, run: &Scope<'a, '_>, stroked: bool, filled: bool) {
        if self.level.concealed {
            self.path.clear();
        } else {
            if filled && !run.state.white {
                let area = self.path.bounds(run.state.ctm);
                self.paper.paint(area);
                if run.state.tiling > 0 {
                    self.tile(area, run);
                }
            }
            self.path.paint(run.state.ctm, stroked, filled, run.state.line_width, &mut self.page);
        }
    }

    /// Finds a resource of a kind by name.
    fn resource(&self, kind: &[u8], name: &[u8], run: &Scope<'a, '_>) -> (Option<ObjectId>, &'a Object) {
        let name = unescape(name);
        for resources in run.resources {
            if let Some(dict) = self.file.dict(resources, kind)
                && dict.has(&name)
            {
                return self.file.get_with_id(dict, &name);
            }
        }
        (None, &Object::Null)
    }

    fn find_font(&mut self, name: &[u8], run: &mut Scope<'a, '_>) -> Option<usize> {
        if let Some((_, number)) = run.fonts.iter().find(|(n, _)| n == name) {
            return *number;
        }
        let number = as_dict(self.resource(b"Font", name, run).1).and_then(|dict| self.load_font(dict));
        if run.fonts.len() < 256 {
            run.fonts.push((name.to_vec(), number));
        }
        number
    }

    fn load_font(&mut self, dict: &'a Dictionary) -> Option<usize> {
        if self.file.budget.out_of_time() {
            self.stop(Bound::Time);
            return None;
        }
        let number = self.shared.font(self.file, dict);
        if let Some((font, _)) = self.shared.fonts.get(number) {
            let (cut, map_cut) = (font.cut, font.map_cut);
            if cut {
                self.reach(Bound::Font);
            }
            if map_cut {
                self.reach(Bound::Cmap);
            }
        }
        Some(number)
    }

    /// Reads a font set by an external graphics state.
    fn external_state(&mut self, operands: &[Token<'_>], run: &mut Scope<'a, '_>) {
        let Some(Token::Name(name)) = operands.last() else { return };
        let Some(dict) = as_dict(self.resource(b"ExtGState", name, run).1) else { return };
        if let Some(width) = self.file.number(dict, b"LW") {
            run.state.line_width = width.abs();
        }
        if let Some([font, size, ..]) = self.file.array(dict, b"Font")
            && let (Some(font), Some(size)) =
                (as_dict(self.file.resolve(font)), super::objects::as_number(self.file.resolve(size)))
        {
            run.state.font = self.load_font(font);
            run.state.size = size;
        }
    }

    fn show_last(&mut self, operands: &[Token<'_>], lexer: &Lexer<'_>, run: &mut Scope<'a, '_>) {
        if let Some(Token::String(piece)) = operands.iter().rev().find(|t| matches!(t, Token::String(_)))
            && let Some(setting) = self.setting(run)
        {
            self.show(&setting, lexer.string(*piece), run);
        }
    }

    /// How the strings of an operator are set; none if they show nothing.
    fn setting(&mut self, run: &Scope<'a, '_>) -> Option<Setting<'a>> {
        let (font, dict) = run.state.font.and_then(|n| self.shared.fonts.get(n))?;
        let (font, dict, state) = (Rc::clone(font), *dict, run.state);
        let shown = run.tm.then(state.ctm);
        if !shown.is_finite() || !(state.size * state.scale).is_finite() {
            return None;
        }
        let of = Look { shown, state, mark: self.level.mark };
        let looks = match &self.look {
            Some((known, looks)) if known.is(&of) => *looks,
            _ => {
                self.looks = self.looks.wrapping_add(1);
                let mut looks = looks(&of, &font);
                if let Some(looks) = &mut looks {
                    looks.letters.look = self.looks;
                }
                self.look = Some((of, looks));
                looks
            }
        }?;
        let white = state.white && matches!(state.mode, 0 | 4);
        Some(Setting {
            plain: !font.vertical && state.size > 0.0 && state.scale > 0.0,
            white,
            usual: !(font.vertical || font.drawn || font.mend.is_some() || white || self.level.concealed),
            font,
            dict,
            looks,
            shown,
        })
    }

    /// Shows a string.
    fn show(&mut self, setting: &Setting<'a>, string: &[u8], run: &mut Scope<'a, '_>) {
        let Setting { ref font, dict, looks: Looks { ref letters, up_length, along_length }, plain, .. } = *setting;
        let state = &run.state;
        // Only the place is another than that of the operator's first string.
        let (e, f) = state.ctm.apply(run.tm.e, run.tm.f);
        let shown = Matrix { e, f, ..setting.shown };
        if !(e + f).is_finite() {
            return;
        }
        if setting.usual && self.actual.is_none() {
            let fits = self.glyphs + string.len() <= self.file.budget.limits.letters;
            let pen = if !fits {
                None
            } else if let Some(letters) = font.letters_of_one_byte(string) {
                self.glyphs += string.len();
                Some(self.show_usual(setting, letters, state, shown))
            } else if let Some(letters) = font.letters_of_two_bytes(string) {
                self.glyphs += string.len() / 2;
                Some(self.show_usual(setting, letters, state, shown))
            } else {
                None
            };
            if let Some(pen) = pen {
                run.tm = run.tm.moved(pen, 0.0);
                return;
            }
        }
        // True while the last letter was one of this string and in a word, and nothing but spacing came after it.
        let mut follows = false;
        let mut pen = 0.0f32;
        let mut at = 0usize;
        while let Some(code) = font.next(string, at) {
            at += code.len;
            self.glyphs += 1;
            if self.glyphs > self.file.budget.limits.letters {
                self.stop(Bound::Letters);
                break;
            }
            let space = if code.len == 1 && code.code == 32 { state.word_space } else { 0.0 };
            let (advance, origin, width);
            let mut goes_on = plain && space == 0.0;
            if font.vertical {
                let down = font.down() * state.size;
                advance = down - state.char_space - space;
                origin = shown.apply(0.0, pen);
                width = down.abs() * up_length;
            } else {
                let w = font.width(code) * state.size;
                goes_on &= w > 0.0;
                advance = (w + state.char_space + space) * state.scale;
                origin = shown.apply(pen, state.rise);
                width = (w * state.scale * along_length).abs();
            }
            pen += advance;
            if self.level.concealed {
                continue;
            }
            // Ghostscript writes a kern as a space that word spacing takes back: it parts nothing.
            if space < 0.0 && plain && advance.abs() < TAKEN_BACK * (advance - space * state.scale).abs() {
                follows = false;
                continue;
            }
            if font.drawn {
                let place = Matrix::new(state.size * state.scale, 0.0, 0.0, state.size, pen - advance, state.rise);
                if self.procedure(font, dict, code.code, place.then(shown), run.resources) {
                    continue;
                }
            }
            let mut buffer = [0u8; 4];
            let mut text = font.text(code);
            if text == Text::None {
                text = font.text_by_program(self.file, dict, code);
            }
            if let Some(mend) = font.mend {
                text = font.mended(mend, code, text);
            }
            let text = match text {
                Text::Char(c) => &*c.encode_utf8(&mut buffer),
                Text::Str(s) => s,
                Text::None => {
                    follows = false;
                    continue;
                }
            };
            if setting.white && !text.trim().is_empty() {
                self.paper.white_letter(origin);
            }
            match &mut self.actual {
                Some(actual) if actual.letters.len() < MAX_ACTUAL => {
                    actual.letters.push((*letters, origin, width, text.to_string()));
                }
                Some(_) => {
                    self.finish_actual();
                    self.words.letter(letters, origin, width, text);
                }
                None => {
                    let mut chars = text.chars();
                    let plain = chars.next().filter(|c| is_plain(*c) && chars.as_str().is_empty());
                    let taken = plain.is_some_and(|c| self.words.plain_letter(letters, origin, width, c, follows));
                    follows = (taken || self.words.letter(letters, origin, width, text)) && goes_on;
                }
            }
        }
        run.tm = if font.vertical { run.tm.moved(0.0, pen) } else { run.tm.moved(pen, 0.0) };
    }

    /// Shows a string of usual letters: as [`Reader::show`], with nothing looked at that they have not. How far the pen moves.
    #[inline]
    fn show_usual<'f>(
        &mut self,
        setting: &Setting<'a>,
        glyphs: impl Iterator<Item = Letter<'f>>,
        state: &State,
        shown: Matrix,
    ) -> f32 {
        let Looks { letters, along_length, .. } = &setting.looks;
        let State { size, scale, char_space, word_space, rise, .. } = *state;
        let mut follows = false;
        let mut pen = 0.0f32;
        for (code, text, width) in glyphs {
            let space = if code.len == 1 && code.code == 32 { word_space } else { 0.0 };
            let w = width * size;
            let origin = shown.apply(pen, rise);
            let width = (w * scale * along_length).abs();
            pen += (w + char_space + space) * scale;
            if space < 0.0 && setting.plain && (w + char_space + space).abs() < TAKEN_BACK * (w + char_space).abs() {
                follows = false;
                continue;
            }
            let goes_on = setting.plain && space == 0.0 && w > 0.0;
            if let Text::Char(c) = text
                && is_plain(c)
                && self.words.plain_letter(letters, origin, width, c, follows)
            {
                follows = goes_on;
                continue;
            }
            let mut buffer = [0u8; 4];
            let text = match text {
                Text::None => setting.font.text_by_program(self.file, setting.dict, code),
                known => known,
            };
            let text = match text {
                Text::Char(c) => &*c.encode_utf8(&mut buffer),
                Text::Str(s) => s,
                Text::None => {
                    follows = false;
                    continue;
                }
            };
            follows = self.words.letter(letters, origin, width, text) && goes_on;
        }
        pen
    }

    /// Reads the letters that the procedure of a Type 3 font's code shows with another font; false if it shows none.
    fn procedure(
        &mut self,
        font: &Font,
        dict: &'a Dictionary,
        code: u32,
        place: Matrix,
        outer: &[&'a Dictionary],
    ) -> bool {
        let key = (font.number, code);
        let known = self.shared.procedures.get(&key).copied();
        let stream = known.unwrap_or_else(|| {
            let found = font::procedure(self.file, dict, code).filter(|stream| {
                let data = self.file.bytes(stream, self.file.budget.bytes_left()).bytes;
                self.file.budget.spend(data.len());
                data.windows(2).any(|w| w == b"Tj" || w == b"TJ")
            });
            self.shared.procedures.insert(key, found);
            found
        });
        let Some(stream) = stream else { return false };
        let own = self.file.matrix(dict, b"FontMatrix").unwrap_or(Matrix::new(0.001, 0.0, 0.0, 0.001, 0.0, 0.0));
        let resources: Vec<&'a Dictionary> =
            self.file.dict(dict, b"Resources").into_iter().chain(outer.first().copied()).collect();
        // What a letter is drawn with is no ruling line.
        let before = (self.glyphs, self.page.rules.len(), self.page.boxes.len(), self.page.images.len());
        self.form(stream, &resources, own.then(place));
        self.page.rules.truncate(before.1);
        self.page.boxes.truncate(before.2);
        self.page.images.truncate(before.3);
        self.glyphs > before.0
    }

    /// Takes a line of text that nothing draws: the value of a field. `at` and `size` in user space.
    pub(super) fn write(&mut self, text: &str, at: (f32, f32), size: f32, ctm: Matrix) {
        let (along, up) = ((ctm.a * ctm.a + ctm.b * ctm.b).sqrt(), (ctm.c * ctm.c + ctm.d * ctm.d).sqrt());
        if !(ctm.is_finite() && along > 1e-6 && up > 1e-6) {
            return;
        }
        let run = Run {
            along: (ctm.a / along, ctm.b / along),
            up: (ctm.c / up, ctm.d / up),
            size: size * up,
            ascent: 0.8,
            descent: -0.2,
            spacing: 0.0,
            bold: false,
            italic: false,
            font: u16::MAX,
            look: 0,
            mark: Mark::default(),
        };
        let step = fields::LETTER * size;
        let mut buffer = [0u8; 4];
        for (i, c) in text.chars().enumerate() {
            self.glyphs += 1;
            if self.glyphs > self.file.budget.limits.letters {
                return self.stop(Bound::Letters);
            }
            let origin = ctm.apply(at.0 + i as f32 * step, at.1);
            self.words.letter(&run, origin, step * along, c.encode_utf8(&mut buffer));
        }
    }

    /// Draws a form or notes an image.
    fn draw(&mut self, name: &[u8], run: &Scope<'a, '_>) {
        let (_, object) = self.resource(b"XObject", name, run);
        let Object::Stream(stream) = object else { return };
        if self.level.concealed || self.is_hidden(&stream.dict) {
            return;
        }
        match self.file.name(&stream.dict, b"Subtype") {
            Some(b"Image") => self.image(run.state.ctm),
            Some(b"Form") => self.form(stream, run.resources, run.state.ctm),
            None if stream.dict.has(b"BBox") => self.form(stream, run.resources, run.state.ctm),
            _ => {}
        }
    }

    fn image(&mut self, ctm: Matrix) {
        if !ctm.is_finite() || self.page.images.len() >= MAX_SHAPES || self.level.concealed {
            return;
        }
        let corner = |x, y| ctm.apply(x, y);
        let (a, b, c, d) = (corner(0.0, 0.0), corner(1.0, 1.0), corner(1.0, 0.0), corner(0.0, 1.0));
        self.page.images.push(Rect::new(a.0, a.1, b.0, b.1).union(Rect::new(c.0, c.1, d.0, d.1)));
    }

    /// Sets the pattern that areas are filled with; only tiling ones may hold text (ISO 32000-2, 8.7.3).
    fn set_pattern(&mut self, operands: &[Token<'_>], run: &mut Scope<'a, '_>) {
        run.state.fill(false);
        let Some(Token::Name(name)) = operands.last() else { return };
        let Object::Stream(pattern) = self.resource(b"Pattern", name, run).1 else { return };
        let pattern: &'a Stream = pattern;
        let known = self.patterns.iter().position(|p| std::ptr::eq(*p, pattern));
        let at = known.unwrap_or(self.patterns.len());
        if known.is_none() {
            if self.patterns.len() >= MAX_STATES {
                return;
            }
            self.patterns.push(pattern);
        }
        run.state.tiling = at as u32 + 1;
    }

    /// Reads what a tiling pattern shows in an area: once on a page, however often it is repeated.
    fn tile(&mut self, area: Option<Rect>, run: &Scope<'a, '_>) {
        let Some(pattern) = self.patterns.get(run.state.tiling as usize - 1).copied() else { return };
        let Some(tile) = area.and_then(|area| self.tile_in(pattern, area, run.base)) else { return };
        let place = std::ptr::from_ref(pattern) as usize;
        if self.drawn_patterns.contains(&place) {
            return;
        }
        self.drawn_patterns.push(place);
        self.form(pattern, run.resources, tile);
    }

    /// The map to the first tile of a pattern that an area shows: its own if it is there, else that in the upper left.
    fn tile_in(&self, pattern: &Stream, area: Rect, base: Matrix) -> Option<Matrix> {
        let (w, h) = self.page.size;
        let shown = Rect { x0: area.x0.max(0.0), y0: area.y0.max(0.0), x1: area.x1.min(w), y1: area.y1.min(h) };
        let dict = &pattern.dict;
        let cell = self.file.rect(dict, b"BBox")?;
        let step = |name: &[u8], side: f32| {
            let step = self.file.number(dict, name).unwrap_or(side).abs();
            if step.is_finite() && step > 0.0 { step } else { side }
        };
        let (dx, dy) = (step(b"XStep", cell.width()), step(b"YStep", cell.height()));
        let own = self.file.matrix(dict, b"Matrix").unwrap_or(Matrix::IDENTITY);
        let map = own.then(base);
        if shown.x0 >= shown.x1 || shown.y0 >= shown.y1 || dx <= 0.0 || dy <= 0.0 || !map.is_finite() {
            return None;
        }
        let corner = |x, y| map.apply(x, y);
        let (a, b) = (corner(cell.x0, cell.y0), corner(cell.x1, cell.y1));
        let (c, d) = (corner(cell.x1, cell.y0), corner(cell.x0, cell.y1));
        if Rect::new(a.0, a.1, b.0, b.1).union(Rect::new(c.0, c.1, d.0, d.1)).overlaps(shown) {
            return Some(base);
        }
        // How many steps lie between the cell's upper left corner and the area's.
        let to = map.inverse()?.apply(shown.x0, shown.y1);
        let steps = (((to.0 - cell.x0) / dx).floor() * dx, ((to.1 - cell.y1) / dy).ceil() * dy);
        let moved = own.moved(steps.0, steps.1);
        // Moved in the pattern's own space, before its matrix, which is done first.
        let by = Matrix::new(1.0, 0.0, 0.0, 1.0, moved.e - own.e, moved.f - own.f).then(base);
        by.is_finite().then_some(by)
    }

    /// Reads a form XObject in place, or the cell of a pattern.
    pub(super) fn form(&mut self, stream: &'a Stream, outer: &[&'a Dictionary], ctm: Matrix) {
        let place = std::ptr::from_ref(stream) as usize;
        if self.drawing.contains(&place) {
            return;
        }
        if self.drawing.len() >= MAX_FORM_DEPTH {
            return self.reach(Bound::FormDepth);
        }
        self.forms += 1;
        if self.forms > MAX_FORMS {
            return self.stop(Bound::FormCount);
        }
        if self.file.budget.out_of_time() {
            return self.stop(Bound::Time);
        }
        let data = match self.shared.forms.get(&place) {
            Some(data) => Rc::clone(data),
            None => {
                let decoded = self.file.bytes(stream, self.file.budget.bytes_left());
                if decoded.cut {
                    self.reach(Bound::StreamBytes);
                }
                self.file.budget.spend(decoded.bytes.len());
                let data = Rc::new(decoded.bytes);
                if self.shared.kept + data.len() <= MAX_KEPT_FORMS {
                    self.shared.kept += data.len();
                    self.shared.forms.insert(place, Rc::clone(&data));
                }
                data
            }
        };
        let matrix = self.file.matrix(&stream.dict, b"Matrix").unwrap_or(Matrix::IDENTITY).then(ctm);
        let mut resources: Vec<&'a Dictionary> = Vec::with_capacity(2);
        match self.file.dict(&stream.dict, b"Resources") {
            Some(own) => {
                resources.push(own);
                resources.extend(outer.first());
            }
            None => resources.extend_from_slice(outer),
        }
        let path = std::mem::take(&mut self.path);
        self.drawing.push(place);
        self.run(&data, &resources, matrix);
        self.drawing.pop();
        self.path = path;
    }

    /// Skips an inline image, noting its place.
    fn inline_image(&mut self, lexer: &mut Lexer<'_>, run: &Scope<'a, '_>) {
        self.image(run.state.ctm);
        for _ in 0..256 {
            match lexer.next() {
                Token::End => return,
                Token::Word(b"ID") => break,
                _ => {}
            }
        }
        let data = lexer.data();
        let mut at = lexer.pos() + 1;
        while let Some(found) = data.get(at..).and_then(|rest| rest.windows(2).position(|w| w == b"EI")) {
            let start = at + found;
            let before = start.checked_sub(1).and_then(|i| data.get(i)).is_none_or(|b| is_space(*b) || *b == b'>');
            let after = data.get(start + 2).is_none_or(|b| !is_regular(*b));
            // What follows the image must look like text, not like more of the image.
            let clean = data.iter().skip(start + 2).take(12).all(|b| (32..127).contains(b) || is_space(*b) && *b != 0);
            at = start + 2;
            if before && after && clean {
                lexer.seek(at);
                return;
            }
        }
        lexer.seek(data.len());
    }

    /// True if optional content says that an object is not shown.
    fn is_hidden(&self, dict: &'a Dictionary) -> bool {
        if self.shared.hidden.is_empty() {
            return false;
        }
        let (id, object) = self.file.get_with_id(dict, b"OC");
        self.is_hidden_layer(id, object)
    }

    fn is_hidden_layer(&self, id: Option<ObjectId>, object: &'a Object) -> bool {
        if id.is_some_and(|id| self.shared.hidden.contains(&id)) {
            return true;
        }
        let Some(dict) = as_dict(object) else { return false };
        let hidden = |o: &Object| matches!(o, Object::Reference(id) if self.shared.hidden.contains(id));
        match dict.get(b"OCGs") {
            Some(Object::Array(groups)) => !groups.is_empty() && groups.iter().all(hidden),
            Some(group) => hidden(group),
            None => false,
        }
    }

    /// Begins marked content: `/Tag BMC`, `/Tag /Name BDC` or `/Tag <<…>> BDC`.
    fn begin_mark(&mut self, operands: &[Token<'_>], lexer: &Lexer<'_>, run: &mut Scope<'a, '_>) {
        if self.levels.len() >= MAX_STATES {
            run.excess_levels += 1;
            return self.reach(Bound::Nesting);
        }
        let mut level = Level { actual: false, ..self.level };
        let mut actual: Option<String> = None;
        let mut operand = operands.iter();
        if let Some(Token::Name(tag)) = operand.next() {
            let mut mcid = None;
            match operand.next() {
                Some(Token::Name(name)) => {
                    let (id, object) = self.resource(b"Properties", name, run);
                    if *tag == b"OC" {
                        level.concealed |= !self.shared.hidden.is_empty() && self.is_hidden_layer(id, object);
                    } else if let Some(dict) = as_dict(object) {
                        mcid = self.file.integer(dict, b"MCID");
                        actual = structure::text(self.file.get(dict, b"ActualText"));
                    }
                }
                Some(Token::DictStart) => {
                    let mut depth = 0;
                    let mut key: &[u8] = &[];
                    for token in operand {
                        match token {
                            Token::DictStart | Token::ArrayStart => depth += 1,
                            Token::DictEnd | Token::ArrayEnd => depth -= 1,
                            Token::Name(name) if depth == 0 => key = name,
                            Token::Number(n) if depth == 0 && key == b"MCID" => mcid = Some(*n as i64),
                            Token::String(piece) if depth == 0 && key == b"ActualText" => {
                                actual = Some(structure::text_string(lexer.string(*piece)));
                            }
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
            let mut tag = self.roles.tag(self.file, tag);
            if let Some(mcid) = mcid.and_then(|n| u32::try_from(n).ok()) {
                level.mark.mcid = Some(mcid);
                // The structure tree knows better what a piece is; only its own word makes an artifact.
                if tag != Some(Tag::Artifact) {
                    tag = self.roles.role(self.file, mcid).or(tag);
                }
            }
            level.mark.artifact |= tag == Some(Tag::Artifact);
            level.mark.tag = tag.or(level.mark.tag);
        }
        if let Some(text) = actual
            && self.actual.is_none()
        {
            level.actual = true;
            self.actual = Some(Actual { text, letters: Vec::new() });
        }
        self.levels.push(self.level);
        self.level = level;
    }

    fn end_mark(&mut self, run: &mut Scope<'a, '_>) {
        if run.excess_levels > 0 {
            run.excess_levels -= 1;
            return;
        }
        if self.levels.len() <= run.base_levels {
            return;
        }
        if self.level.actual {
            self.finish_actual();
        }
        if let Some(level) = self.levels.pop() {
            self.level = level;
        }
    }

    /// Puts an ActualText in the place of the letters it stands for; over several lines, the letters stay.
    fn finish_actual(&mut self) {
        let Some(actual) = self.actual.take() else { return };
        let (Some(first), Some(last)) = (actual.letters.first(), actual.letters.last()) else { return };
        let run = first.0;
        let along = |p: (f32, f32)| (p.0 - first.1.0) * run.along.0 + (p.1 - first.1.1) * run.along.1;
        let across = |p: (f32, f32)| (p.0 - first.1.0) * run.up.0 + (p.1 - first.1.1) * run.up.1;
        let one_line = actual.letters.iter().all(|l| across(l.1).abs() < 0.6 * run.size);
        let width = along(last.1) + last.2;
        let drawn = actual.letters.iter().map(|l| l.3.trim().chars().count()).sum::<usize>();
        let count = actual.text.chars().count();
        let alike = count <= 4 * drawn.max(1) && (count > 0 || drawn <= 2);
        if !one_line || width <= 0.0 || !alike {
            for (run, origin, width, text) in &actual.letters {
                self.words.letter(run, *origin, *width, text);
            }
            return;
        }
        let step = width / count.max(1) as f32;
        let mut buffer = [0u8; 4];
        for (i, c) in actual.text.chars().enumerate() {
            let by = i as f32 * step;
            let origin = (first.1.0 + run.along.0 * by, first.1.1 + run.along.1 * by);
            self.words.letter(&run, origin, step, c.encode_utf8(&mut buffer));
        }
    }
}

/// What belongs to one stream while it is read.
struct Scope<'a, 'r> {
    state: State,
    /// The map that the stream began with, which patterns go by.
    base: Matrix,
    stack: Vec<State>,
    /// `q`s beyond the most that are kept.
    skipped_states: usize,
    tm: Matrix,
    line: Matrix,
    resources: &'r [&'a Dictionary],
    fonts: Vec<(Vec<u8>, Option<usize>)>,
    excess_levels: usize,
    base_levels: usize,
}

impl Scope<'_, '_> {
    fn move_line(&mut self, x: f32, y: f32) {
        self.line = self.line.moved(x, y);
        self.tm = self.line;
    }

    fn next_line(&mut self) {
        self.move_line(0.0, -self.state.leading);
    }

    fn vertical(&self, reader: &Reader<'_, '_>) -> bool {
        self.state.font.and_then(|n| reader.shared.fonts.get(n)).is_some_and(|f| f.0.vertical)
    }
}

/// The number that stands `from_end` places before the last operand; 0 if it is none.
fn number(operands: &[Token<'_>], from_end: usize) -> f32 {
    match operands.len().checked_sub(from_end + 1).and_then(|i| operands.get(i)) {
        Some(Token::Number(n)) => *n as f32,
        _ => 0.0,
    }
}

/// True if upright letters are slanted by the matrix (poor man's italic).
fn slanted(m: Matrix) -> bool {
    let (a, c) = ((m.a * m.a + m.b * m.b).sqrt(), (m.c * m.c + m.d * m.d).sqrt());
    let lean = (m.a * m.c + m.b * m.d) / (a * c).max(1e-9);
    (0.15..0.6).contains(&lean)
}
