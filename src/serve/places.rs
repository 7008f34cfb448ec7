//! How many may be connected, and who goes when one more comes.
//!
//! Whoever connects gets a place. Where all are taken, the one goes that has asked for nothing yet, or whose last question
//! is longest ago: so a thousand who connect and are silent hold up nobody who asks. A browser that listens for changes and
//! loses its place comes back by itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// How many may be connected: twenty windows of a browser, which each hold up to six connections to one host. Some systems
/// let a program have 256 files open by default, and a build needs some of those.
const MOST: usize = 128;

/// Who is connected.
#[derive(Default, Clone)]
pub(super) struct Places(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    /// Counts everybody who came and everything that was asked.
    count: u64,
    by_number: BTreeMap<u64, Connected>,
}

#[derive(Default)]
struct Connected {
    /// When it last asked, in counts; zero where it never has.
    asked: u64,
    task: Option<AbortHandle>,
}

impl Places {
    /// A place for one more.
    pub(super) fn take(&self) -> Place {
        let mut taken = self.taken();
        while taken.by_number.len() >= MOST {
            taken.make_room();
        }
        taken.count += 1;
        let number = taken.count;
        taken.by_number.insert(number, Connected::default());
        Place(Seat { places: self.clone(), number })
    }

    /// Sends one away, if there is any.
    pub(super) fn make_room(&self) {
        self.taken().make_room();
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Nothing is done while it is held that could panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn make_room(&mut self) {
        let longest = self.by_number.iter().min_by_key(|(number, one)| (one.asked, **number));
        let Some(number) = longest.map(|(number, _)| *number) else { return };
        if let Some(task) = self.by_number.remove(&number).and_then(|one| one.task) {
            task.abort();
        }
    }
}

/// A place, free again when this is dropped.
pub(super) struct Place(Seat);

/// Where a place is.
#[derive(Clone)]
pub(super) struct Seat {
    places: Places,
    number: u64,
}

impl Place {
    /// Where it is.
    pub(super) fn seat(&self) -> Seat {
        self.0.clone()
    }

    /// Notes that whoever has it asked for something.
    pub(super) fn has_asked(&self) {
        let mut taken = self.0.places.taken();
        taken.count += 1;
        let count = taken.count;
        if let Some(one) = taken.by_number.get_mut(&self.0.number) {
            one.asked = count;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.places.taken().by_number.remove(&self.0.number);
    }
}

impl Seat {
    /// Names the task that ends when the place is wanted for another.
    pub(super) fn belongs_to(&self, task: AbortHandle) {
        match self.places.taken().by_number.get_mut(&self.number) {
            Some(one) => one.task = Some(task),
            // It was sent away meanwhile, or has ended.
            None => task.abort(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(places: &Places) -> Vec<u64> {
        places.taken().by_number.keys().copied().collect()
    }

    #[test]
    fn who_never_asked_goes_first_then_who_asked_longest_ago() {
        let places = Places::default();
        let mut all: Vec<Place> = (0..MOST).map(|_| places.take()).collect();
        for place in all.iter().rev().filter(|place| place.0.number != 7) {
            place.has_asked();
        }
        all.push(places.take());
        assert!(!numbers(&places).contains(&7), "it alone had never asked");
        all.push(places.take());
        let newest = all.last().map(|place| place.0.number).unwrap();
        assert!(!numbers(&places).contains(&(newest - 1)), "it was silent, if not for long");
        all.last().unwrap().has_asked();
        all.push(places.take());
        assert!(!numbers(&places).contains(&(MOST as u64)), "it was the first to ask");
        assert_eq!(numbers(&places).len(), MOST);
        drop(all);
        assert_eq!(numbers(&places), [] as [u64; 0]);
    }
}
