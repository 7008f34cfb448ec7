//! How long each phase takes, for whoever wants to know where the time goes.
//!
//! In: from each phase its name, how many things it works on, and its work. Out: [`Lap`]s. It decides nothing: measured
//! or not, the same bytes come out.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Somebody who measures the phases, or nobody.
#[derive(Clone, Default)]
pub struct Timings(Option<Arc<Mutex<Vec<Lap>>>>);

/// One phase.
#[derive(Debug, Clone)]
pub struct Lap {
    /// What it does.
    pub phase: &'static str,
    /// How many things it worked on.
    pub count: usize,
    /// How long it took.
    pub wall: Duration,
    /// How long the processors worked meanwhile, all of them together; zero where the system does not tell.
    pub cpu: Duration,
}

impl Timings {
    /// Begins to measure.
    pub fn on() -> Timings {
        Timings(Some(Arc::default()))
    }

    /// Does a phase's work, which is on `count` things.
    pub fn time<T>(&self, phase: &'static str, count: usize, work: impl FnOnce() -> T) -> T {
        let Some(laps) = &self.0 else { return work() };
        let (began, before) = (Instant::now(), cpu());
        let done = work();
        let lap = Lap { phase, count, wall: began.elapsed(), cpu: cpu().saturating_sub(before) };
        laps.lock().unwrap_or_else(PoisonError::into_inner).push(lap);
        done
    }

    /// The phases so far, in the order in which they ended; empty where nobody measures.
    pub fn laps(&self) -> Vec<Lap> {
        let laps = self.0.iter().flat_map(|laps| laps.lock().unwrap_or_else(PoisonError::into_inner).clone());
        laps.collect()
    }
}

impl fmt::Debug for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Timings" } else { "Nobody" })
    }
}

/// How long the processors have worked for this program.
#[cfg(unix)]
fn cpu() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec.try_into().unwrap_or(0), spent.tv_nsec.try_into().unwrap_or(0))
}

#[cfg(not(unix))]
fn cpu() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_asks_gets_laps() {
        let timings = Timings::on();
        assert_eq!(timings.time("one", 3, || 7) + Timings::default().time("two", 1, || 1), 8);
        let laps = timings.laps();
        assert_eq!((laps.len(), laps[0].phase, laps[0].count), (1, "one", 3));
        assert!(Timings::default().laps().is_empty());
    }
}
