//! How large pictures are, so that a page keeps their place while they load.
//!
//! In: what the pictures of all texts are, and the bytes of files. Out: the size of each, as it is shown, read from the
//! head of its file; drawings (SVG) have none of their own.

use std::collections::BTreeMap;

use super::Resolved;
use super::links::ByNode;
use crate::address::Address;
use crate::markdown::Size;
use crate::path::SitePath;
use crate::pictures::lies_on_its_side;
use crate::seeds::Bytes;

/// The sizes of all pictures shown, by address.
pub(super) fn of(
    pictures: &ByNode,
    files: &BTreeMap<&Address, &Bytes>,
    beside: &BTreeMap<SitePath, Bytes>,
) -> BTreeMap<Address, Size> {
    let mut sizes = BTreeMap::new();
    for resolved in pictures.values().flatten() {
        let (address, bytes) = match resolved {
            Resolved::File(address) => (address, files.get(address).copied()),
            Resolved::Beside(address, path) => (address, beside.get(path)),
            Resolved::To(..) | Resolved::External(_) | Resolved::Nowhere => continue,
        };
        if !sizes.contains_key(address)
            && let Some(size) = bytes.and_then(|bytes| size(bytes))
        {
            sizes.insert(address.clone(), size);
        }
    }
    sizes
}

fn size(bytes: &[u8]) -> Option<Size> {
    let size = imagesize::blob_size(bytes).ok()?;
    let size = Size { width: size.width, height: size.height };
    let is_any = size.width > 0 && size.height > 0;
    is_any
        .then(|| if lies_on_its_side(bytes) { Size { width: size.height, height: size.width } } else { size })
}
