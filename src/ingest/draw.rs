//! Draws pages of PDFs as pictures, within bounds of size and time: grey ones to be read, coloured ones to be looked at.

#![cfg_attr(not(feature = "ocr"), allow(dead_code, reason = "nothing is drawn without the renderer"))]

use std::panic;
use std::sync::Once;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// Resolution at which pages are drawn to be read, in dots per inch; larger pages get less, to stay under [`MAX_PIXELS`].
const DPI: f32 = 300.0;
/// Resolution at which pages are drawn to be looked at.
const DPI_TO_SEE: f32 = 144.0;
/// Most pixels of one page: A3 at 300 dpi has 17.4 million.
const MAX_PIXELS: f32 = 24e6;
/// Longest time for drawing one page.
const DRAW_TIME: Duration = Duration::from_secs(20);

/// Stack of the thread that draws, in bytes; only what is used of it costs memory.
const STACK: usize = 256 << 20;
/// Its name, by which its panics are known.
const THREAD: &str = "diarium-draw";
/// Longest side of a picture, in pixels.
const MAX_SIDE: f32 = 16_000.0;
/// Fewest dots per inch that are worth reading.
const MIN_DPI: f32 = 70.0;
/// How much darker than the lightest a pixel is to count as ink (0 to 255), and the fewest such pixels.
const INK: (u8, usize) = (48, 24);

/// A page as a grey picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picture {
    pub width: usize,
    pub height: usize,
    /// 0 black to 255 white, row by row from the top.
    pub grey: Vec<u8>,
    /// Dots per inch.
    pub dpi: f32,
}

impl Picture {
    /// The picture turned clockwise by 90, 180 or 270 degrees; as it is for any other number.
    pub(super) fn turned(&self, degrees: u16) -> Picture {
        let (w, h) = (self.width, self.height);
        let grey = match degrees {
            90 => (0..w).flat_map(|x| column(&self.grey, w, x).rev()).copied().collect(),
            180 => self.grey.iter().rev().copied().collect(),
            270 => (0..w).rev().flat_map(|x| column(&self.grey, w, x)).copied().collect(),
            _ => self.grey.clone(),
        };
        let (width, height) = if matches!(degrees, 90 | 270) { (h, w) } else { (w, h) };
        Picture { width, height, grey, dpi: self.dpi }
    }

    /// The picture as a binary PGM file (Netpbm "P5").
    pub(super) fn pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.grey);
        out
    }

    /// True if nothing is drawn on it: one colour all over, but for specks.
    pub(super) fn is_blank(&self) -> bool {
        let lightest = self.grey.iter().copied().max().unwrap_or(255);
        self.grey.iter().filter(|g| lightest - **g > INK.0).nth(INK.1).is_none()
    }
}

/// One column of a picture of this width, from the top.
fn column(grey: &[u8], width: usize, x: usize) -> impl DoubleEndedIterator<Item = &u8> {
    grey.get(x..).unwrap_or_default().iter().step_by(width.max(1))
}

/// What is to be drawn: a page by its number from 1, at most at so many dots per inch.
struct Order {
    page: u32,
    dpi: f32,
    /// None: in grey. Else in colour, as PNG, with something drawn over it.
    overlay: Option<Overlay>,
}

/// What is drawn over a page.
struct Overlay {
    /// A PDF of one page.
    pdf: Vec<u8>,
    /// Whether the page itself is faded.
    faded: bool,
}

/// What was drawn.
enum Drawn {
    Grey(Picture),
    Png(Vec<u8>),
}

type Answer = Result<Drawn, String>;

/// Draws pages of one file on a thread of its own, so that a page that never ends can be given up.
pub(super) struct Drawer {
    ask: Sender<Order>,
    answer: Receiver<Answer>,
    /// Why no more pages are drawn.
    given_up: Option<String>,
}

impl Drawer {
    /// Makes ready to draw pages of this file.
    pub(super) fn open(bytes: &[u8]) -> Drawer {
        silence_panics();
        let (ask, asked) = mpsc::channel();
        let (tell, answer) = mpsc::channel();
        let bytes = bytes.to_vec();
        let work = move || hayro::serve(bytes, &asked, &tell);
        let given_up = thread::Builder::new().name(THREAD.into()).stack_size(STACK).spawn(work).err();
        Drawer { ask, answer, given_up: given_up.map(|e| format!("no thread could be started ({e})")) }
    }

    /// Draws a page to be read, by its number from 1 and its size in points as shown.
    ///
    /// # Errors
    /// Says why it cannot be drawn.
    pub(super) fn grey(&mut self, page: u32, size: (f32, f32)) -> Result<Picture, String> {
        match self.draw(page, size, DPI, None)? {
            Drawn::Grey(picture) => Ok(picture),
            Drawn::Png(_) => Err(format!("page {page} was drawn in colour")),
        }
    }

    /// Draws a page to be looked at, faded or as it is, with a one-page PDF of the same size over it; gives a PNG file.
    ///
    /// # Errors
    /// Says why it cannot be drawn.
    pub(super) fn png(&mut self, page: u32, size: (f32, f32), pdf: Vec<u8>, faded: bool) -> Result<Vec<u8>, String> {
        match self.draw(page, size, DPI_TO_SEE, Some(Overlay { pdf, faded }))? {
            Drawn::Png(file) => Ok(file),
            Drawn::Grey(_) => Err(format!("page {page} was drawn in grey")),
        }
    }

    fn draw(&mut self, page: u32, size: (f32, f32), dpi: f32, overlay: Option<Overlay>) -> Answer {
        if let Some(why) = &self.given_up {
            return Err(why.clone());
        }
        let dpi = resolution(size)
            .ok_or_else(|| format!("its size of {} by {} points is too large", size.0, size.1))?
            .min(dpi);
        let answer = match self.ask.send(Order { page, dpi, overlay }) {
            Ok(()) => self.answer.recv_timeout(DRAW_TIME),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        answer.unwrap_or_else(|gone| {
            let why = match gone {
                RecvTimeoutError::Timeout => format!("drawing page {page} took more than {} s", DRAW_TIME.as_secs()),
                RecvTimeoutError::Disconnected => format!("page {page} cannot be drawn"),
            };
            self.given_up = Some(why.clone());
            Err(why)
        })
    }
}

/// Dots per inch for a page of this size in points; none if it is too large for any.
fn resolution((w, h): (f32, f32)) -> Option<f32> {
    let inches = (w / 72.0, h / 72.0);
    if !(inches.0 > 0.0 && inches.1 > 0.0) {
        return None;
    }
    let dpi = DPI.min((MAX_PIXELS / (inches.0 * inches.1)).sqrt()).min(MAX_SIDE / inches.0.max(inches.1));
    (dpi >= MIN_DPI).then_some(dpi)
}

/// Keeps panics of the drawing thread from being printed: they are told as a page that cannot be drawn.
fn silence_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(THREAD) {
                usual(info);
            }
        }));
    });
}

/// The renderer, if it is built in.
#[cfg(feature = "ocr")]
mod hayro;

/// In its place.
#[cfg(not(feature = "ocr"))]
mod hayro {
    use super::{Answer, Order, Receiver, Sender};

    pub(super) fn serve(_: Vec<u8>, asked: &Receiver<Order>, tell: &Sender<Answer>) {
        let why = "this build of diarium draws no pages; build it with `--features ocr`";
        while asked.recv().is_ok() && tell.send(Err(why.into())).is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pages_get_fewer_dots() {
        let a4 = (595.3, 841.9);
        assert_eq!(resolution(a4), Some(300.0));
        let a0 = resolution((2384.0, 3370.0)).unwrap();
        assert!(a0 < 150.0 && (2384.0 * 3370.0) * (a0 / 72.0).powi(2) < 1.01 * MAX_PIXELS, "{a0}");
        assert_eq!(resolution((200_000.0, 200_000.0)), None);
        assert_eq!(resolution((f32::NAN, 10.0)), None);
        assert_eq!(resolution((0.0, 10.0)), None);
    }

    #[test]
    fn a_page_with_a_few_specks_is_blank() {
        let mut picture = Picture { width: 100, height: 100, grey: vec![250; 10_000], dpi: 300.0 };
        picture.grey[..10].fill(0);
        assert!(picture.is_blank());
        picture.grey[..200].fill(0);
        assert!(!picture.is_blank());
    }

    #[test]
    fn what_is_no_pdf_cannot_be_drawn() {
        let mut drawer = Drawer::open(b"no pdf");
        let why = drawer.grey(1, (595.0, 842.0)).unwrap_err();
        assert!(why.contains("cannot open") || why.contains("draws no pages"), "{why}");
    }

    #[test]
    fn pictures_turn_clockwise() {
        let picture = Picture { width: 3, height: 2, grey: vec![1, 2, 3, 4, 5, 6], dpi: 300.0 };
        let turned = |degrees| {
            let p = picture.turned(degrees);
            (p.width, p.height, p.grey)
        };
        assert_eq!(turned(90), (2, 3, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(turned(180), (3, 2, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(turned(270), (2, 3, vec![3, 6, 2, 5, 1, 4]));
        assert_eq!(picture.turned(0), picture);
        assert_eq!(picture.turned(90).turned(270), picture);
    }
}
