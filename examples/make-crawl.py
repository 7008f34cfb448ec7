#!/usr/bin/env python3
"""Write a made-up crawl: the same arguments give the same bytes.

    make-crawl.py --records 50000 --out DIR [--seed 11]

DIR/wet/NNN.wet.gz     half of the records, as Common Crawl writes texts: a gzip member for each
DIR/jsonl/NNN.jsonl    the other half: id, url, and a text, or a page
DIR/site/              a site with topics for them, and a few articles whose topics are decided

One record in ten is a copy of an earlier one, in another frame or cut; one in a hundred is bad: no JSON, no text,
a wrong length, damage.
"""
import argparse
import bisect
import gzip
import itertools
import json
import pathlib
import random
import uuid

PLAIN = ("a about after all also an and any are as at be because been before but by came can come could day did do each even few "
         "first for found from gave had has have he her him his how if in into is it its just last less like long made many may "
         "more most much must near never next no not now of off old on once one only or other our out over own part same saw seen "
         "she so some soon still such than that the their them then there these they this those though time to too under until "
         "up upon was way we well were what when where which while who why will with within would year you").split()
SUBJECTS = {
    "beekeeping": "hive hives swarm honey queen comb wax smoker colony nectar brood apiary drones frames beekeeper".split(),
    "railways": "railway station platform signal locomotive carriage timetable track sleeper junction viaduct guard line".split(),
    "pottery": "clay kiln glaze wheel potter stoneware firing bowl slip porcelain bisque throwing earthenware".split(),
}
PER_FILE = 2500
MENU = "Home\nArchive\nAbout us\nContact\nSubscribe to our newsletter\n"


class Words:
    """Made-up words, as frequent as those of a language (Zipf)."""

    def __init__(self, rng, size):
        starts = "b bl br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh st t tr v w".split()
        middles, ends = "a e i o u ea ou ai".split(), "n r s t l m nd rk st th ll ck".split()
        made = set()
        while len(made) < size:
            made.add("".join(rng.choice(starts) + rng.choice(middles) for _ in range(rng.choice((1, 2, 2))))
                     + rng.choice(ends))
        self.words = sorted(made)
        rng.shuffle(self.words)
        self.sums = list(itertools.accumulate(1 / (rank + 8) for rank in range(size)))

    def one(self, rng):
        return self.words[bisect.bisect(self.sums, rng.random() * self.sums[-1])]


def sentence(rng, words, subject):
    out = []
    for _ in range(rng.randint(7, 18)):
        dice = rng.random()
        if dice < 0.5:
            out.append(rng.choice(PLAIN))
        elif dice < 0.62 and subject:
            out.append(rng.choice(SUBJECTS[subject]))
        else:
            out.append(words.one(rng))
    return " ".join(out).capitalize() + "."


def piece(rng, words, authors):
    """Title, author, day and paragraphs of one article; some are about no subject."""
    subject = rng.choice([*SUBJECTS, None, None])
    title = " ".join([words.one(rng) for _ in range(rng.randint(3, 6))]).capitalize()
    day = f"{rng.randint(1, 28)} {rng.choice('January March May July October'.split())} {rng.randint(2008, 2024)}"
    paragraphs = [" ".join(sentence(rng, words, subject) for _ in range(rng.randint(2, 4)))
                  for _ in range(rng.randint(2, 6))]
    return title, rng.choice(authors), day, paragraphs


def as_text(rng, made):
    title, author, day, paragraphs = made
    menu = MENU if rng.random() < 0.5 else ""
    share = f"Share on Facebook{rng.randint(0, 90)}Tweet{rng.randint(0, 90)}\n" if rng.random() < 0.5 else ""
    return f"{menu}{title}\n\nBy {author} | {day}\n\n{share}" + "\n\n".join(paragraphs) + "\n\nPost a comment\n"


def as_page(made):
    title, author, day, paragraphs = made
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (f"<!doctype html><html lang=en><head><title>{title}</title><meta name=author content='{author}'></head><body>"
            f"<nav><a href=/>Home</a> <a href=/about>About us</a></nav><article><h1>{title}</h1><p>By {author}, {day}</p>"
            f"{text}</article><footer>All rights reserved</footer></body></html>")


def wet(rng, record, url, text, is_bad):
    block = text.encode()
    length = len(block) + (rng.choice((-40, 15)) if is_bad else 0)
    head = (f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: {url}\r\nWARC-Record-ID: <urn:uuid:{record}>\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n")
    packed = bytearray(gzip.compress(head.encode() + block + b"\r\n\r\n", 6, mtime=0))
    if is_bad and rng.random() < 0.3:
        packed[-6] ^= 0xFF  # In the checksum.
    return bytes(packed)


def line(rng, record, url, made, text, is_bad):
    if not is_bad:
        body = {"html": as_page(made)} if rng.random() < 0.2 else {"text": text}
        return json.dumps({"id": record, "url": url, **body}, ensure_ascii=False)
    return rng.choice(['{"id": "%s", "text": "cut' % record, '{"id": "%s"}' % record,
                       '{"id": "%s", "text": ""}' % record, "[]"])


def site(out, rng, words, authors):
    (out / "content/topics").mkdir(parents=True, exist_ok=True)
    (out / "content/articles").mkdir(parents=True, exist_ok=True)
    (out / "gleaner.toml").write_text('title = "From a crawl"\n', encoding="utf-8")
    for subject, terms in SUBJECTS.items():
        typed = ", ".join(f'"{term}"' for term in terms[:5])
        (out / f"content/topics/{subject}.md").write_text(
            f'+++\ntitle = "{subject.capitalize()}"\nterms = [{typed}]\n+++\n', encoding="utf-8")
        for number in range(8):
            text = "\n\n".join(" ".join(sentence(rng, words, subject) for _ in range(3)) for _ in range(4))
            (out / f"content/articles/decided-{subject}-{number}.md").write_text(
                f'+++\ntitle = "Decided {subject} {number}"\nauthors = ["{rng.choice(authors)}"]\n'
                f'topics = ["{subject}"]\n+++\n\n{text}\n', encoding="utf-8")


def main():
    ap = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ap.add_argument("--records", type=int, default=50000)
    ap.add_argument("--out", type=pathlib.Path, required=True)
    ap.add_argument("--seed", type=int, default=11)
    args = ap.parse_args()
    rng = random.Random(args.seed)
    words = Words(rng, 20000)
    authors = [f"{words.one(rng).capitalize()} {words.one(rng).capitalize()}" for _ in range(100)]
    site(args.out / "site", rng, words, authors)
    earlier = []
    for kind, ending in (("wet", "wet.gz"), ("jsonl", "jsonl")):
        (args.out / kind).mkdir(parents=True, exist_ok=True)
        for number in range(0, args.records // 2, PER_FILE):
            count = min(PER_FILE, args.records // 2 - number)
            with open(args.out / kind / f"{number // PER_FILE:03d}.{ending}", "wb") as file:
                for _ in range(count):
                    made = piece(rng, words, authors)
                    if earlier and rng.random() < 0.1:
                        title, author, day, paragraphs = rng.choice(earlier)
                        made = (title, author, day, paragraphs[: max(2, len(paragraphs) - rng.randint(0, 2))])
                    elif len(earlier) < 5000:
                        earlier.append(made)
                    record = str(uuid.UUID(int=rng.getrandbits(128), version=4))
                    url = f"https://{rng.choice(authors).split()[0].lower()}.example/{record[:8]}"
                    is_bad = rng.random() < 0.01
                    text = as_text(rng, made)
                    if kind == "wet":
                        file.write(wet(rng, record, url, text, is_bad))
                    else:
                        file.write(line(rng, record, url, made, text, is_bad).encode() + b"\n")


if __name__ == "__main__":
    main()
