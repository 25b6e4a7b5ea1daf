//! Writes lines as a PDF (ISO 32000-1): Helvetica in WinAnsi, every line placed by itself, the margin block in a column of its own.

/// Height and width of an A4 page in points.
const PAGE: (f32, f32) = (595.0, 842.0);
/// Distance of lines in points.
const LEADING: f32 = 14.0;
/// Where the text and the margin block begin, from the left.
const COLUMNS: (f32, f32) = (60.0, 430.0);

/// The bytes of the file. `body` has a true beside headings.
pub fn write(margin: &[String], body: &[(String, bool)]) -> Vec<u8> {
    let mut pages = vec![String::new()];
    let top = PAGE.1 - 70.0;
    let mut put = |page: usize, x: f32, y: f32, font: &str, size: f32, text: &str| {
        while pages.len() <= page {
            pages.push(String::new());
        }
        if let (Some(page), false) = (pages.get_mut(page), text.trim().is_empty()) {
            page.push_str(&format!("BT /{font} {size} Tf {x} {y} Td <{}> Tj ET\n", hex(text)));
        }
    };
    let mut y = top;
    for line in margin {
        put(0, COLUMNS.1, y, "F1", 9.0, line);
        y -= LEADING - 2.0;
    }
    let (mut page, mut y) = (0, top);
    for (line, heading) in body {
        let (font, size) = if *heading { ("F2", 13.0) } else { ("F1", 10.0) };
        put(page, COLUMNS.0, y, font, size, line);
        y -= if line.is_empty() { LEADING * 0.6 } else { LEADING };
        if y < 60.0 {
            (page, y) = (page + 1, top);
        }
    }
    file(&pages)
}

/// Windows-1252 in hexadecimal; what it lacks is a question mark.
fn hex(text: &str) -> String {
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

fn file(pages: &[String]) -> Vec<u8> {
    let font = |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", 5 + 2 * i)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        font("Helvetica"),
        font("Helvetica-Bold"),
    ];
    for (i, page) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {} 0 R >>",
            PAGE.0,
            PAGE.1,
            6 + 2 * i
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{page}endstream", page.len()));
    }
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let xref = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    offsets.iter().for_each(|o| out.extend(format!("{o:010} 00000 n \n").bytes()));
    out.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).bytes());
    out
}
