//! How often a guess was right that was told with some weight, as a picture in SVG.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::score::Judged;

/// Guesses are taken together by tenths of a message.
const BINS: u32 = 10;
/// Fewer guesses say nothing.
const FEWEST: f64 = 50.0;
/// Of the square in which is drawn, and of the margin around it.
const SIDE: f64 = 360.0;
const MARGIN: f64 = 48.0;
/// At once, and seen later.
const LINES: [(&str, &str); 2] = [("at once", "#c2410c"), ("after 24 more messages", "#1d4ed8")];

#[derive(Debug, Clone, Copy, Default)]
struct Bin {
    guesses: f64,
    told: f64,
    right: f64,
}

/// Draws both; the guesses that name nobody are looked at, all of each message.
pub fn draw(path: &Path, guesses: &[Vec<Judged>; 2]) -> Result<()> {
    let mut svg = String::new();
    let whole = SIDE + 2.0 * MARGIN;
    let style = "font-family=\"sans-serif\" font-size=\"12\"";
    writeln!(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" {style}>")?;
    writeln!(svg, "<rect width=\"{whole}\" height=\"{whole}\" fill=\"white\"/>")?;
    axes(&mut svg)?;
    for (number, ((name, colour), guesses)) in LINES.iter().zip(guesses).enumerate() {
        let bins = bins(guesses);
        let points: Vec<(f64, f64)> =
            bins.iter().map(|bin| at(bin.told / bin.guesses, bin.right / bin.guesses)).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        )?;
        for ((x, y), bin) in points.iter().zip(&bins) {
            let radius = 2.0 + bin.guesses.log10();
            writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{colour}\"/>")?;
        }
        let below = MARGIN + 16.0 + 18.0 * f64::from(u8::try_from(number)?);
        writeln!(svg, "<text x=\"{}\" y=\"{below}\" fill=\"{colour}\">{name}</text>", MARGIN + 10.0)?;
    }
    writeln!(svg, "</svg>")?;
    fs::write(path, svg).with_context(|| path.display().to_string())
}

fn axes(svg: &mut String) -> Result<()> {
    let ((left, bottom), (right, top)) = (at(0.0, 0.0), at(1.0, 1.0));
    writeln!(svg, "<path d=\"M{left} {top}V{bottom}H{right}\" fill=\"none\" stroke=\"#444\"/>")?;
    writeln!(svg, "<path d=\"M{left} {bottom}L{right} {top}\" stroke=\"#bbb\" stroke-dasharray=\"4 4\"/>")?;
    for tenths in [0.0, 2.5, 5.0, 7.5, 10.0] {
        let share = tenths / 10.0;
        let ((x, _), (_, y)) = (at(share, 0.0), at(0.0, share));
        writeln!(svg, "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{share}</text>", bottom + 16.0)?;
        writeln!(svg, "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{share}</text>", left - 6.0, y + 4.0)?;
    }
    let middle = MARGIN + SIDE / 2.0;
    writeln!(svg, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">told weight</text>", bottom + 36.0)?;
    let turned = format!("transform=\"rotate(-90 14 {middle})\" text-anchor=\"middle\"");
    writeln!(svg, "<text x=\"14\" y=\"{middle}\" {turned}>share that was right</text>")?;
    Ok(())
}

fn at(x: f64, y: f64) -> (f64, f64) {
    (MARGIN + SIDE * x, MARGIN + SIDE * (1.0 - y))
}

fn bins(guesses: &[Judged]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS as usize + 1];
    for judged in guesses.iter().filter(|judged| !judged.by_name) {
        for (user, weight) in &judged.guess {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a weight is between 0 and 1")]
            let bin = &mut bins[(weight * f64::from(BINS)) as usize];
            bin.guesses += 1.0;
            bin.told += weight;
            bin.right += f64::from(u8::from(judged.truth.contains(user)));
        }
    }
    bins.retain(|bin| bin.guesses >= FEWEST);
    bins
}
