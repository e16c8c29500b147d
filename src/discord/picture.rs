//! Pictures: plain areas and letters, as a PNG. Light on a ground of their own, so that they look alike on dark and on
//! light screens.

mod font;
pub mod heat_map;

/// Red, green and blue.
pub type Colour = [u8; 3];

/// A place in a picture, in dots from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub x: usize,
    pub y: usize,
}

/// How wide and high something is, in dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: usize,
    pub height: usize,
}

pub struct Canvas {
    size: Size,
    dots: Vec<Colour>,
}

impl Canvas {
    pub fn new(size: Size, ground: Colour) -> Self {
        Self { size, dots: vec![ground; size.width * size.height] }
    }

    /// What lies outside is left out.
    fn dot(&mut self, x: usize, y: usize, colour: Colour) {
        if x < self.size.width && y < self.size.height {
            self.dots[y * self.size.width + x] = colour;
        }
    }

    /// An area whose corners are cut round.
    pub fn area(&mut self, at: Place, size: Size, round: usize, colour: Colour) {
        for y in 0..size.height {
            for x in 0..size.width {
                let inset = |along: usize, whole: usize| round.saturating_sub(along.min(whole - 1 - along));
                let (dx, dy) = (inset(x, size.width), inset(y, size.height));
                if dx * dx + dy * dy <= round * round {
                    self.dot(at.x + x, at.y + y, colour);
                }
            }
        }
    }

    /// Letters whose dots are `scale` wide, from there to the right.
    pub fn text(&mut self, at: Place, text: &str, scale: usize, colour: Colour) {
        for (index, letter) in text.chars().enumerate() {
            for (row, bits) in font::rows(letter).into_iter().enumerate() {
                for column in (0..font::WIDTH).filter(|column| bits & (0x10 >> column) != 0) {
                    let x = at.x + (index * (font::WIDTH + 1) + column) * scale;
                    self.area(Place { x, y: at.y + row * scale }, Size { width: scale, height: scale }, 0, colour);
                }
            }
        }
    }

    /// The same with its middle there.
    pub fn text_around(&mut self, middle: Place, text: &str, scale: usize, colour: Colour) {
        let Size { width, height } = size_of(text, scale);
        let at = Place { x: middle.x.saturating_sub(width / 2), y: middle.y.saturating_sub(height / 2) };
        self.text(at, text, scale, colour);
    }

    /// # Errors
    /// Never in practice: it is written into memory.
    pub fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let side = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, side(self.size.width), side(self.size.height));
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.write_header()?.write_image_data(self.dots.as_flattened())?;
        Ok(file)
    }
}

pub fn size_of(text: &str, scale: usize) -> Size {
    let letters = text.chars().count();
    let dots = (letters * (font::WIDTH + 1)).saturating_sub(1);
    Size { width: dots * scale, height: font::HEIGHT * scale }
}
