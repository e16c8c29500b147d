//! Logarithms and powers, by arithmetic alone: the same on every machine, and a few at a time where a processor can.

/// One number of each candidate, then one of nobody, and room up to a multiple of four: so a processor reckons with several
/// at a time.
pub type Row = [f32; LANES];
pub const LANES: usize = 12;

/// Below the smallest power that still is a number of full precision.
const LOWEST: f32 = -87.0;
/// Added and taken away again, it rounds to a whole number.
const ROUNDS: f32 = 12_582_912.0;
/// ln 2 in two parts, so that a whole number times the first is exact.
const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);

/// ln x, of a positive number of full precision; right to six digits.
pub fn ln(x: f32) -> f32 {
    const HALF_ROOT: u32 = 0x3f35_04f3; // of 2, so that what remains lies about 1
    let bits = x.to_bits().wrapping_sub(HALF_ROOT);
    #[expect(clippy::cast_possible_wrap, reason = "an exponent")]
    let exponent = (bits as i32) >> 23;
    let rest = f32::from_bits((bits & 0x007f_ffff) + HALF_ROOT);
    let part = (rest - 1.0) / (rest + 1.0);
    let square = part * part;
    let series = 2.0 + square * (0.666_666_7 + square * (0.4 + square * 0.285_714_3));
    #[expect(clippy::cast_precision_loss, reason = "an exponent is a small number")]
    let exponent = exponent as f32;
    exponent * LN_2.0 + (exponent * LN_2.1 + part * series)
}

/// e to the x, right to six digits; x is not above 87.
pub fn exp(x: f32) -> f32 {
    let x = if x > LOWEST { x } else { LOWEST };
    let rounded = x * std::f32::consts::LOG2_E + ROUNDS;
    let whole = rounded - ROUNDS;
    let rest = (x - whole * LN_2.0) - whole * LN_2.1;
    let series = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest * (0.166_666_67 + rest * (0.041_666_67 + rest * (0.008_333_334 + rest * 0.001_388_9)))));
    // The last bits of what was rounded are the whole number itself.
    let exponent = rounded.to_bits().wrapping_sub(ROUNDS.to_bits());
    f32::from_bits(series.to_bits().wrapping_add(exponent << 23))
}

/// ln(1 + amount).
pub fn grown(amount: f32) -> f32 {
    ln(1.0 + amount)
}

/// Turns the first `count` scores into shares of one, in place; the rest becomes nearly nothing.
pub fn shares(scores: &mut Row, count: usize) {
    powers(scores, count);
    let sum: f32 = scores.iter().sum();
    for score in scores {
        *score /= sum;
    }
}

/// ln Σ exp of the first `count` scores, of which there must be one.
pub fn log_sum(mut scores: Row, count: usize) -> f32 {
    let highest = powers(&mut scores, count);
    highest + ln(scores.iter().sum())
}

/// Turns the first `count` scores into e to what each has more than the highest, which is returned. All lanes are reckoned,
/// since several at a time cost less than to see which are used: the rest is too small to change a sum.
fn powers(scores: &mut Row, count: usize) -> f32 {
    scores[count..].fill(f32::MIN);
    let highest = highest(scores);
    for score in scores {
        *score = exp(*score - highest);
    }
    highest
}

/// [`f32::max`] also looks for what is no number, and takes longer.
pub fn highest(numbers: &Row) -> f32 {
    let higher = |one: f32, other: f32| if one > other { one } else { other };
    let mut highest = [f32::MIN; 4];
    for numbers in numbers.chunks_exact(highest.len()) {
        for (highest, number) in highest.iter_mut().zip(numbers) {
            *highest = higher(*highest, *number);
        }
    }
    higher(higher(highest[0], highest[1]), higher(highest[2], highest[3]))
}

/// Of each candidate the sum of weights times cues.
pub fn weighed<const CUES: usize>(weights: &[f32; CUES], cues: &[Row; CUES]) -> Row {
    let mut sums = Row::default();
    for (weight, cues) in weights.iter().zip(cues) {
        for (sum, cue) in sums.iter_mut().zip(cues) {
            *sum += weight * cue;
        }
    }
    sums
}

/// From one moment to a later one; none if it is not later.
#[expect(clippy::cast_precision_loss, reason = "seven digits of a time are enough")]
pub fn length(now: i64, then: i64) -> f32 {
    (now - then).max(0) as f32
}

#[expect(clippy::cast_precision_loss, reason = "a logarithm of it is taken")]
pub const fn small(count: u32) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_right_to_six_digits() {
        for step in -8_700..=8_700_i16 {
            let x = f32::from(step) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 2e-6, "exp {x}");
            let y = x.exp();
            assert!((ln(y) - y.ln()).abs() < 2e-6 * x.abs().max(1.0), "ln {y}");
        }
        assert_eq!((ln(1.0), exp(0.0), grown(0.0)), (0.0, 1.0, 0.0));
        assert!(exp(-1_000.0) < 1e-37);
    }

    #[test]
    fn shares_sum_to_one_and_follow_the_scores() {
        let mut scores = Row::default();
        (scores[1], scores[2], scores[3]) = (2.0_f32.ln(), -200.0, 50.0);
        assert!((log_sum(scores, 3) - 3.0_f32.ln()).abs() < 1e-5);
        shares(&mut scores, 3);
        assert!(
            (scores[0] - 1.0 / 3.0).abs() < 1e-5
                && (scores[1] - 2.0 / 3.0).abs() < 1e-5
                && scores[2..].iter().all(|score| *score < 1e-30)
        );
    }
}
