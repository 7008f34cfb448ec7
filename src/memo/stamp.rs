//! Stamps: by what a file is known to be the same without reading it, as git's index does.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// Size, times and identity of a file. Who writes to a file changes one of them, if no sooner than the clock of its
/// file system moves on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    /// When its bytes were last written, since 1970.
    modified: Duration,
    /// When it, its name or its rights were last changed: no program sets it at will. Not every system has it.
    changed: Duration,
    inode: u64,
    device: u64,
}

/// No clock of a file system that counts parts of a second ticks slower: Linux writes the time of its last tick, which is
/// 10 ms ago at most. Doubled, for clocks are set.
pub(super) const FINE: Duration = Duration::from_millis(20);

/// One that counts no parts of a second ticks each second, or as FAT every other.
const COARSE: Duration = Duration::from_secs(2);

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Stamp {
        let since_1970 = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let modified = metadata.modified().map(since_1970).unwrap_or_default();
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            let seconds = Duration::from_secs(metadata.ctime().try_into().unwrap_or_default());
            let parts = Duration::from_nanos(metadata.ctime_nsec().try_into().unwrap_or_default());
            let (inode, device) = (metadata.ino(), metadata.dev());
            Stamp { size: metadata.size(), modified, changed: seconds + parts, inode, device }
        }
        #[cfg(not(unix))]
        Stamp { size: metadata.len(), modified, changed: Duration::ZERO, inode: 0, device: 0 }
    }

    /// The stamp of the file at a place; `None` where there is none.
    pub(super) fn at(place: &Path) -> Option<Stamp> {
        place.symlink_metadata().ok().map(|metadata| Stamp::of(&metadata))
    }

    /// How long from `now` on somebody could still write to the file and leave it the stamp it has ("racy git": its
    /// file system's clock has not moved on since).
    pub(super) fn unsettled(&self, now: SystemTime) -> Duration {
        let counts_parts = self.modified.subsec_nanos() != 0 || self.changed.subsec_nanos() != 0;
        let settles = self.modified.max(self.changed) + if counts_parts { FINE } else { COARSE };
        settles.saturating_sub(now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_believed_once_the_clock_has_moved_on() {
        let stamp = |modified: u64, changed: u64| {
            let [modified, changed] = [modified, changed].map(Duration::from_millis);
            Stamp { size: 1, modified, changed, inode: 1, device: 1 }
        };
        let at = |millis: u64| SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        let unsettled = |stamp: Stamp, now: u64| stamp.unsettled(at(now)).as_millis();
        assert_eq!(unsettled(stamp(70_001, 50_001), 70_001), FINE.as_millis());
        assert_eq!(unsettled(stamp(50_001, 70_001), 70_011), FINE.as_millis() - 10);
        assert_eq!(unsettled(stamp(70_001, 70_001), 70_021), 0);
        assert_eq!(unsettled(stamp(70_000, 70_000), 70_500), 1500, "whole seconds tell of a slow clock");
        assert!(unsettled(stamp(90_001, 1), 70_000) > 20_000, "a time to come is never believed");
    }
}
