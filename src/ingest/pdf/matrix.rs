//! Defines `Matrix`, the affine map of PDF (ISO 32000-2, 8.3.3).

/// `[a b c d e f]`: maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix {
    pub a: f32,
    pub b: f32,
    pub c: f32,
    pub d: f32,
    pub e: f32,
    pub f: f32,
}

impl Matrix {
    pub(super) const IDENTITY: Matrix = Matrix::new(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);

    pub(super) const fn new(a: f32, b: f32, c: f32, d: f32, e: f32, f: f32) -> Self {
        Matrix { a, b, c, d, e, f }
    }

    /// The map that does `self` first, then `o`.
    pub(super) fn then(self, o: Matrix) -> Matrix {
        Matrix {
            a: self.a * o.a + self.b * o.c,
            b: self.a * o.b + self.b * o.d,
            c: self.c * o.a + self.d * o.c,
            d: self.c * o.b + self.d * o.d,
            e: self.e * o.a + self.f * o.c + o.e,
            f: self.e * o.b + self.f * o.d + o.f,
        }
    }

    /// Moves by (x, y) before mapping.
    pub(super) fn moved(self, x: f32, y: f32) -> Matrix {
        let (e, f) = self.apply(x, y);
        Matrix { e, f, ..self }
    }

    pub(super) fn apply(self, x: f32, y: f32) -> (f32, f32) {
        (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
    }

    /// The map back, if there is one.
    pub(super) fn inverse(self) -> Option<Matrix> {
        let det = self.a * self.d - self.b * self.c;
        let (a, b, c, d) = (self.d / det, -self.b / det, -self.c / det, self.a / det);
        let (e, f) = (-(self.e * a + self.f * c), -(self.e * b + self.f * d));
        Some(Matrix { a, b, c, d, e, f }).filter(|m| m.is_finite())
    }

    /// True if every number is finite, so that boxes made with it are.
    pub(super) fn is_finite(self) -> bool {
        (self.a + self.b + self.c + self.d + self.e + self.f).is_finite()
    }
}
