//! A value as bytes until somebody reads it: many of them take little room, and no time to load.

use serde::{Deserialize, Serialize};

/// A value as bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Flat(#[serde(with = "serde_bytes")] Vec<u8>);

impl Flat {
    /// Of a value, whose type must be known to read it again.
    pub(crate) fn of(value: &impl Serialize) -> Flat {
        Flat(postcard::to_stdvec(value).expect("it has nothing that cannot be written"))
    }

    /// The value. What was kept has the checksum of this very program, so the bytes are those it wrote.
    pub(crate) fn read<'a, T: Deserialize<'a>>(&'a self) -> T {
        postcard::from_bytes(&self.0).expect("it is of the type that was written")
    }
}
