//! Draws with hayro. What it cannot bound is bounded around it: see [`super::Drawer`].

use std::sync::mpsc::{Receiver, Sender};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use super::{MAX_SIDE, MIN_DPI, Picture, resolution};

/// Draws what is asked for until nobody asks any more.
pub(super) fn serve(bytes: Vec<u8>, asked: &Receiver<(u32, f32)>, tell: &Sender<Result<Picture, String>>) {
    let pdf = Pdf::new(bytes).map_err(|e| format!("the renderer cannot open the file ({e:?})"));
    while let Ok((number, dpi)) = asked.recv() {
        let picture = pdf.as_ref().map_err(Clone::clone).and_then(|pdf| draw(pdf, number, dpi));
        if tell.send(picture).is_err() {
            return;
        }
    }
}

/// Draws one page.
fn draw(pdf: &Pdf, number: u32, dpi: f32) -> Result<Picture, String> {
    let page = (number as usize).checked_sub(1).and_then(|i| pdf.pages().get(i));
    let page = page.ok_or_else(|| format!("the renderer finds no page {number}"))?;
    let (w, h) = page.render_dimensions();
    let dpi = resolution((w, h)).map_or(MIN_DPI, |own| own.min(dpi));
    let scale = dpi / 72.0;
    if !(w * scale >= 1.0 && h * scale >= 1.0 && w * scale <= MAX_SIDE && h * scale <= MAX_SIDE) {
        return Err(format!("the renderer sees a page of {w} by {h} points"));
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let rendering = RenderSettings { force_image_interpolation: true, hinting: false, ..RenderSettings::default() };
    // A cache for each page: one for the file would hold every image.
    let cache = RenderCache::new();
    let drawn = hayro::render(page, &cache, &InterpreterSettings::default(), &rendering, &settings);
    let luma = |r: u8, g: u8, b: u8| ((299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b)) / 1000) as u8;
    Ok(Picture {
        width: usize::from(drawn.width()),
        height: usize::from(drawn.height()),
        grey: drawn.data().iter().map(|p| luma(p.r, p.g, p.b)).collect(),
        dpi,
    })
}
