//! The lines of a stream: many seeds are worked on at a time, and the lines come in the order of the seeds.
//!
//! One thread reads, some work, and who asks for lines takes them. What is on its way is bounded by number and by
//! bytes, so a reader who is slow holds up the workers, and these the stream: memory stays the same however long the
//! stream is.

use std::io;
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::line::{Line, Teller};
use super::room::Room;
use super::rules::Rules;
use super::seed::{LARGEST, Read};
use super::source::{Format, Source};

/// So many seeds for each worker may be on their way: one that takes long lets the others go on for a while. Most
/// take a few milliseconds, some a few hundred.
const AHEAD: usize = 32;

/// So many bytes of seeds for each worker may be on their way.
const ROOM: usize = LARGEST;

/// A seed's line that is to come.
struct Coming {
    line: Receiver<Line>,
    bytes: usize,
}

/// The lines of a stream, in the order of its seeds. Dropped, it lets the stream go.
pub struct Lines {
    coming: Receiver<io::Result<Coming>>,
    room: Arc<Room>,
}

/// A seed to be worked on, and where its line goes.
type Work = (Read, SyncSender<Line>);

/// Reads a stream and makes its lines, `jobs` at a time.
///
/// # Errors
/// When the system gives no threads.
pub fn lines(
    bytes: impl io::Read + Send + 'static,
    format: Format,
    rules: Arc<Rules>,
    jobs: NonZeroUsize,
) -> io::Result<Lines> {
    let jobs = jobs.get();
    let (order, coming) = sync_channel(AHEAD.saturating_mul(jobs));
    let (give, take) = sync_channel::<Work>(jobs);
    let take = Arc::new(Mutex::new(take));
    for _ in 0..jobs {
        let (take, rules) = (take.clone(), rules.clone());
        thread::Builder::new().name("import".to_owned()).spawn(move || work(&take, &rules))?;
    }
    let room = Arc::new(Room::new(ROOM.saturating_mul(jobs)));
    let source = Source::new(bytes, format);
    let its_room = room.clone();
    thread::Builder::new().name("stream".to_owned()).spawn(move || read(source, &give, &order, &its_room))?;
    Ok(Lines { coming, room })
}

/// Reads the stream until it ends, or nobody wants more of it.
fn read(
    source: impl Iterator<Item = io::Result<Read>>,
    give: &SyncSender<Work>,
    order: &SyncSender<io::Result<Coming>>,
    room: &Room,
) {
    for read in source {
        let read = match read {
            Ok(read) => read,
            Err(error) => {
                // Whoever wanted to know may be gone.
                let _gone = order.send(Err(error));
                return;
            }
        };
        let bytes = read.as_ref().map_or(0, |seed| seed.bytes.len());
        let (line, coming) = sync_channel(1);
        let is_wanted = room.take(bytes)
            && order.send(Ok(Coming { line: coming, bytes })).is_ok()
            && give.send((read, line)).is_ok();
        if !is_wanted {
            return;
        }
    }
}

/// Works on seeds as long as there are any.
fn work(take: &Mutex<Receiver<Work>>, rules: &Rules) {
    let teller = Teller::new(rules);
    loop {
        let next = take.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((read, line)) = next else { return };
        // Whoever wanted it may be gone.
        let _gone = line.send(teller.line(&read));
    }
}

impl Iterator for Lines {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<io::Result<Line>> {
        match self.coming.recv().ok()? {
            Ok(coming) => {
                let line = coming.line.recv().map_err(|_| io::Error::other("a worker ended before its time"));
                self.room.give(coming.bytes);
                Some(line)
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.room.close();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::seeds::Site;

    /// A stream without an end, which counts what is read of it.
    struct Endless(Arc<AtomicUsize>);

    const LINE: &[u8] =
        b"{\"text\": \"Leeks\\n\\nThe leeks are sown in the cold of spring, and they stand in the bed.\"}\n";

    impl io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = LINE.len().min(buffer.len());
            buffer[..read].copy_from_slice(&LINE[..read]);
            self.0.fetch_add(read, Ordering::SeqCst);
            Ok(read)
        }
    }

    #[test]
    fn who_is_slow_holds_up_the_stream() {
        let count = Arc::new(AtomicUsize::new(0));
        let rules = Arc::new(Rules::of(&Site::default()).0);
        let jobs = NonZeroUsize::MIN;
        let mut lines = lines(Endless(count.clone()), Format::Jsonl, rules, jobs).unwrap();
        assert_eq!(lines.next().unwrap().unwrap().outcome, crate::import::Outcome::Imported);
        // Two buffers, what may be ahead, and what is in somebody's hands.
        let most = 2 * 64 * 1024 + (AHEAD + 8) * LINE.len();
        let mut before = 0;
        while before != count.load(Ordering::SeqCst) {
            before = count.load(Ordering::SeqCst);
            thread::sleep(Duration::from_millis(200));
        }
        assert!(before > 0 && before <= most, "{before} of {most}");
        assert!(lines.by_ref().take(100).all(|line| line.is_ok()));
    }

    #[test]
    fn a_stream_that_cannot_be_read_ends_with_its_error() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("unplugged"))
            }
        }
        let rules = Arc::new(Rules::of(&Site::default()).0);
        let mut lines = lines(Broken, Format::WebArchive, rules, NonZeroUsize::MIN).unwrap();
        assert_eq!(lines.next().unwrap().unwrap_err().to_string(), "unplugged");
        assert!(lines.next().is_none());
    }
}
