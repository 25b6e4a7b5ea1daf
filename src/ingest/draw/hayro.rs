//! Draws with hayro. What it cannot bound is bounded around it: see [`super::Drawer`].

use std::sync::mpsc::{Receiver, Sender};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::Pixmap;
use hayro::vello_cpu::color::palette::css::{TRANSPARENT, WHITE};
use hayro::vello_cpu::color::{AlphaColor, Srgb};
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use super::{Answer, Drawn, MAX_SIDE, MIN_DPI, Order, Picture, resolution};

/// How much of a page's own colour stays under what is drawn over it, in 256ths.
const FADED: u32 = 180;

/// Most dots of an image that is drawn: A3 at 600 dots per inch has 70 million. The renderer unpacks images whole.
const MAX_IMAGE: f64 = 100e6;
/// Most images and forms of a page that are looked at, and deepest nesting of forms.
const MAX_LOOKED_AT: (usize, usize) = (10_000, 8);

/// Draws what is asked for until nobody asks any more.
pub(super) fn serve(bytes: Vec<u8>, asked: &Receiver<Order>, tell: &Sender<Answer>) {
    let pdf = Pdf::new(bytes).map_err(|e| format!("the renderer cannot open the file ({e:?})"));
    while let Ok(order) = asked.recv() {
        let drawn = pdf.as_ref().map_err(Clone::clone).and_then(|pdf| draw(pdf, &order));
        if tell.send(drawn).is_err() {
            return;
        }
    }
}

/// Draws one page.
fn draw(pdf: &Pdf, order: &Order) -> Answer {
    let page = (order.page as usize).checked_sub(1).and_then(|i| pdf.pages().get(i));
    let page = page.ok_or_else(|| format!("the renderer finds no page {}", order.page))?;
    let (w, h) = page.render_dimensions();
    let dpi = resolution((w, h)).map_or(MIN_DPI, |own| own.min(order.dpi));
    let scale = dpi / 72.0;
    if !(w * scale >= 1.0 && h * scale >= 1.0 && w * scale <= MAX_SIDE && h * scale <= MAX_SIDE) {
        return Err(format!("the renderer sees a page of {w} by {h} points"));
    }
    let largest = largest_image(&page.resources().x_objects, 0, &mut 0);
    if largest > MAX_IMAGE {
        let millions = |dots: f64| (dots / 1e6).round();
        return Err(format!("an image has {} million dots, more than {}", millions(largest), millions(MAX_IMAGE)));
    }
    let drawn = pixels(page, (scale, scale), WHITE);
    match &order.overlay {
        None => Ok(Drawn::Grey(Picture {
            width: usize::from(drawn.width()),
            height: usize::from(drawn.height()),
            grey: drawn.data().iter().map(|p| luma(p.r, p.g, p.b)).collect(),
            dpi,
        })),
        Some(overlay) => {
            let over = Pdf::new(overlay.pdf.clone()).map_err(|e| format!("the overlay cannot be opened ({e:?})"))?;
            let over = over.pages().first().ok_or("the overlay has no page")?;
            laid_over(drawn, over, overlay.faded)?.into_png().map(Drawn::Png).map_err(|e| e.to_string())
        }
    }
}

/// Dots of the largest image that a page may draw, by what the images say of themselves.
fn largest_image(objects: &Dict<'_>, depth: usize, looked_at: &mut usize) -> f64 {
    let mut largest = 0.0f64;
    for stream in objects.keys().filter_map(|name| objects.get::<Stream<'_>>(name)) {
        *looked_at += 1;
        if *looked_at > MAX_LOOKED_AT.0 {
            break;
        }
        let dict = stream.dict();
        let side = |key: &str| dict.get::<f64>(key).unwrap_or(0.0).max(0.0);
        largest = largest.max(side("Width") * side("Height"));
        let inner = dict.get::<Dict<'_>>("Resources").and_then(|resources| resources.get::<Dict<'_>>("XObject"));
        if let Some(inner) = inner.filter(|_| depth < MAX_LOOKED_AT.1) {
            largest = largest.max(largest_image(&inner, depth + 1, looked_at));
        }
    }
    largest
}

fn luma(r: u8, g: u8, b: u8) -> u8 {
    ((299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1000) as u8
}

fn pixels(page: &Page<'_>, (x_scale, y_scale): (f32, f32), bg_color: AlphaColor<Srgb>) -> Pixmap {
    let settings = PixmapSettings { x_scale, y_scale, bg_color };
    let rendering = RenderSettings { force_image_interpolation: true, hinting: false, ..RenderSettings::default() };
    // A cache for each page: one for the file would hold every image.
    hayro::render(page, &RenderCache::new(), &InterpreterSettings::default(), &rendering, &settings)
}

/// Lays another page over one, stretched to its size; fades the one below if so asked.
fn laid_over(mut page: Pixmap, over: &Page<'_>, faded: bool) -> Result<Pixmap, String> {
    let (w, h) = over.render_dimensions();
    let size = (page.width(), page.height());
    // A little more than the size: the renderer rounds down.
    let scale = ((f32::from(size.0) + 0.01) / w, (f32::from(size.1) + 0.01) / h);
    let over = pixels(over, scale, TRANSPARENT);
    if (over.width(), over.height()) != size {
        return Err(format!("the overlay has {} by {} dots, not {size:?}", over.width(), over.height()));
    }
    let own = if faded { FADED } else { 256 };
    for (under, over) in page.data_mut().iter_mut().zip(over.data()) {
        let through = 255 - u32::from(over.a);
        let mix = |under: u8, over: u8| {
            let faded = 255 - (255 - u32::from(under)) * own / 256;
            (u32::from(over) + faded * through / 255).min(255) as u8
        };
        (under.r, under.g, under.b, under.a) = (mix(under.r, over.r), mix(under.g, over.g), mix(under.b, over.b), 255);
    }
    Ok(page)
}
