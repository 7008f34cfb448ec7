//! How much of a stream is on its way at a time: so many bytes, whatever the seeds.

use std::sync::{Condvar, Mutex, PoisonError};

/// Room for seeds on their way.
#[derive(Debug)]
pub(super) struct Room {
    size: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    is_closed: bool,
}

impl Room {
    pub(super) fn new(size: usize) -> Room {
        Room { size, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until there is room, and takes it. Alone, anything has room. Whether there is still somebody to give it
    /// back.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full =
            |state: &mut State| !state.is_closed && state.taken > 0 && state.taken + bytes > self.size;
        let mut state = self.changed.wait_while(state, is_full).unwrap_or_else(PoisonError::into_inner);
        state.taken += bytes;
        !state.is_closed
    }

    /// Gives room back.
    pub(super) fn give(&self, bytes: usize) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).taken -= bytes;
        self.changed.notify_all();
    }

    /// Nothing is given back any more.
    pub(super) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        self.changed.notify_all();
    }
}
