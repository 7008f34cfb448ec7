#!/usr/bin/env python3
"""Of the lines of `gleaner import --stdin-format`, keep what deserves a place, each piece once.

    keep.py --content DIR [--topic NAME ...] [--least-words N] [--most-removed SHARE] FILE...

FILE is JSON Lines, packed by gzip or not. DIR/articles/ gets a file for each article that is kept, DIR/kept.tsv a line
for each that was good enough: its id, and the id of the article that it was folded into, if it was. Needs Python alone;
what it does is what `examples/spark/crawl.py` does by joins, and in the same words.

Two texts are one piece where at least half of the shorter one's runs of words are the longer one's, too, as their
fingerprints tell; the longest is kept, and the others are folded into the one they share most with.
"""
import argparse
import base64
import collections
import gzip
import json
import pathlib

BANDS = 16  # So many of a fingerprint's hashes are looked up: of two texts that are half alike 16 find each other.
WIDEST = 32  # A hash leads to so many texts, the longest that have it: what more share is a notice or a quotation.
FEWEST_SHARED = 4  # With fewer runs in common two texts share a saying, not a story.


def arguments(parser):
    parser.add_argument("--topic", action="append", default=[], help="keep articles of these topics; else of any")
    parser.add_argument("--least-words", type=int, default=100, help="articles with fewer words are left out")
    parser.add_argument("--most-removed", type=float, default=0.5, help="pages with a larger share of furniture are left out")


def deserves(line, args):
    """Whether a line is of an article that is wanted: by its topics, its length, and how much of its page is furniture."""
    if line["outcome"] != "imported" or line["facts"]["words"] < args.least_words:
        return False
    words = line["facts"]["words"] + line["removed_words"]
    topics = {topic["topic"] for topic in line["topics"]}
    return line["removed_words"] <= args.most_removed * words and bool(topics & set(args.topic) if args.topic else topics)


def shared(shorter, longer):
    """Of the hashes that tell something about both texts: how many the shorter has, and how many of these both have."""
    full = [one["smallest"][-1] for one in (shorter, longer) if one["runs"] > len(one["smallest"])]
    own = [one for one in shorter["smallest"] if all(one <= last for last in full)]
    return len(own), len(set(own) & set(longer["smallest"]))


def fold(fingerprints):
    """For each id, longest text first, the id of the article that it is folded into, or None."""
    order = sorted(fingerprints, key=lambda id: (-fingerprints[id]["runs"], id))
    rank = {id: place for place, id in enumerate(order)}
    heads = collections.defaultdict(list)
    for id in order:
        for band in fingerprints[id]["smallest"][:BANDS]:
            if len(heads[band]) < WIDEST:
                heads[band].append(id)
    into = {}
    for id in order:
        likest = None
        others = {head for band in fingerprints[id]["smallest"][:BANDS] for head in heads[band]}
        for head in sorted((head for head in others if rank[head] < rank[id] and into[head] is None), key=rank.get):
            counted, both = shared(fingerprints[id], fingerprints[head])
            if both >= FEWEST_SHARED and 2 * both >= counted and (likest is None or both / counted > likest[0]):
                likest = (both / counted, head)
        into[id] = likest[1] if likest else None
    return into


def read(files):
    for file in files:
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def write(folder, articles):
    """A file for each article, called by its title; of several with one title all but the first by their hash, too."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = set()
    for line in sorted(articles, key=lambda line: (line["slug"], line["id"])):
        slug = line["slug"] if line["slug"] not in taken else f"{line['slug']}-{line['hash'][:8]}"
        taken.add(line["slug"])
        (folder / f"{slug}.md").write_text(line["article"], encoding="utf-8")
        for picture in line["pictures"]:
            (folder / picture["name"]).write_bytes(base64.b64decode(picture["base64"]))


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--content", type=pathlib.Path, required=True)
    ap.add_argument("files", type=pathlib.Path, nargs="+")
    arguments(ap)
    args = ap.parse_args()
    # Of seeds with the same bytes one is enough.
    good = {}
    for line in read(args.files):
        if deserves(line, args) and (line["hash"] not in good or line["id"] < good[line["hash"]]["id"]):
            good[line["hash"]] = line
    good = {line["id"]: line for line in good.values()}
    into = fold({id: line["fingerprint"] for id, line in good.items()})
    write(args.content / "articles", [good[id] for id, other in into.items() if other is None])
    rows = "".join(f"{id}\t{other or ''}\n" for id, other in sorted(into.items()))
    (args.content / "kept.tsv").write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
