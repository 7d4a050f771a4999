//! Measuring two things alternately in one process, so that whatever else the machine does disturbs both alike.

use std::time::Instant;

/// Durations in milliseconds, sorted.
#[derive(Debug, Clone, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// The smallest value that at least `share` (0.5, 0.99) of the samples do not exceed.
    pub fn quantile(&self, share: f64) -> f64 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let rank = (self.0.len() as f64 * share).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(iter: I) -> Self {
        let mut all: Vec<f64> = iter.into_iter().collect();
        all.sort_by(f64::total_cmp);
        Self(all)
    }
}

/// Milliseconds that `work` takes.
pub fn time<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed().as_secs_f64() * 1_000.0, result)
}

/// Runs `ours` and `floor` `rounds` times each, taking turns at being first, after `warm_up` rounds that do not count.
pub fn alternate<E>(
    warm_up: usize,
    rounds: usize,
    mut ours: impl FnMut(usize) -> Result<(), E>,
    mut floor: impl FnMut(usize) -> Result<(), E>,
) -> Result<(Samples, Samples), E> {
    let (mut ours_took, mut floor_took) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for round in 0..warm_up + rounds {
        let mut run_ours = |took: &mut Vec<f64>| {
            let (millis, result) = time(|| ours(round));
            took.push(millis);
            result
        };
        let mut run_floor = |took: &mut Vec<f64>| {
            let (millis, result) = time(|| floor(round));
            took.push(millis);
            result
        };
        if round % 2 == 0 {
            run_ours(&mut ours_took)?;
            run_floor(&mut floor_took)?;
        } else {
            run_floor(&mut floor_took)?;
            run_ours(&mut ours_took)?;
        }
        if round + 1 == warm_up {
            ours_took.clear();
            floor_took.clear();
        }
    }
    Ok((ours_took.into_iter().collect(), floor_took.into_iter().collect()))
}
