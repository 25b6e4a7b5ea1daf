//! Content streams: the data is what a page draws, and what a form draws that it may draw or fill areas with.
#![no_main]

mod shared;

const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /PatternType 1 /XStep 90 /YStep 70 \
                    /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> /Pattern << /P 6 0 R >> >>";

libfuzzer_sys::fuzz_target!(|data: &[u8]| shared::read(&shared::pdf(data, FONT, &[(FORM, data)]), "a.pdf"));
