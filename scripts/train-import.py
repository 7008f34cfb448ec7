#!/usr/bin/env python3
"""Learn the weights of the text importer's models from labelled pages and write src/import/text/weights.txt.

    scripts/train-import.py PAGES [--without SOURCE] [--out FILE]

PAGES holds index.json and one folder a page: input.txt, input-full.txt and gold.json with the title, the body's
lines and the headings. Needs numpy, scipy and scikit-learn. The features come from the Rust code itself (the
ignored test `looks_of_pages`), so that they can't differ. A line is the article's when its words are in the gold
body, furniture when they aren't; lines between the two are left out. Titles given to the second model come from
models that haven't seen the page. `--without` leaves a source out, for cross-validation.
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

BUCKETS = 32  # as in features.rs
POSITIONS = ("0", "-1", "1", "-2", "2")
WEIGHED_WORDS = 25  # as in weights.rs
FEWEST_PAGES = 12  # a word has a weight if it occurs on this many pages
FOLDS = 8
# How far a source's answers are trusted.
TRUST = {"scrapinghub": 1.0, "wcxb": 1.0, "readability": 0.5, "defuddle": 0.4, "trafilatura": 0.5}

MARKER = re.compile(r"^[\s>]*(?:(?:[-*+•◦▪▫‣●○■□·–—]|\(?\d{1,3}[.)])[ \t\u00a0]+)+")
WORD = re.compile(r"[^\W_]+")


def tokens(text):
    text = unicodedata.normalize("NFKC", MARKER.sub("", text or ""))
    return WORD.findall(text.translate(dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))))


def runs(words, n=4):
    return [tuple(words[i:i + n]) for i in range(max(1, len(words) - n + 1))]


def labels(lines, gold):
    """For each line: the article's (1), furniture (0) or unclear (-1); the title; a heading (1), none (0) or unclear."""
    n = len(lines)
    article, title, heading = np.full(n, -1), np.zeros(n, int), np.full(n, -1)
    words = [tokens(line["t"]) for line in lines]
    titles = [gold["title"].get("value")] + (gold["title"].get("also") or [])
    titles = [[w.casefold() for w in tokens(t)] for t in titles if t]
    for i, w in enumerate(words):
        title[i] = bool(w) and [x.casefold() for x in w] in titles
    if not gold.get("body"):
        return article, title, heading
    body = [tokens(line) for line in gold["body"].splitlines() if line.strip()]
    whole = {tuple(w) for w in body}
    every = [x for w in body for x in w]
    flat, four = " " + " ".join(every) + " ", set(runs(every))
    for i, w in enumerate(words):
        if not w or title[i]:
            continue
        if len(w) < 4:
            if tuple(w) in whole:
                article[i] = 1
            elif " " + " ".join(w) + " " not in flat:
                article[i] = 0
        else:
            share = sum(r in four for r in runs(w)) / len(runs(w))
            article[i] = 1 if share >= 0.9 else 0 if share <= 0.1 else -1
    structure = gold.get("structure")
    if structure:
        sure = {tuple(tokens(h["text"])) for h in structure["headings"]}
        maybe = {tuple(tokens(h)) for h in structure.get("maybe_headings", [])}
        for i, w in enumerate(words):
            if article[i] == 1:
                heading[i] = 1 if tuple(w) in sure else -1 if tuple(w) in maybe else 0
    return article, title, heading


def looks(test, listing, titles):
    """The lines of all pages with their features, from the ignored test."""
    with tempfile.TemporaryDirectory() as folder:
        env = dict(os.environ, PAGES=str(Path(folder, "pages")), LOOKS=str(Path(folder, "looks")))
        Path(env["PAGES"]).write_text("".join("%s\t%s\n" % x for x in listing))
        if titles:
            env["KNOWN"] = str(Path(folder, "known"))
            Path(env["KNOWN"]).write_text("".join("%s\t%s\n" % x for x in titles))
        subprocess.run([test, "--ignored", "looks_of_pages", "-q"], check=True, env=env, stdout=subprocess.DEVNULL)
        with open(env["LOOKS"]) as file:
            pages = [json.loads(line) for line in file]
        return pages, Path(env["LOOKS"] + ".slots").read_text().split("\n")


def matrix(pages, features, vocabulary):
    rows, columns, row = [], [], 0
    for page in pages:
        for line in page["lines"]:
            active = set(line["f"])
            if line["n"] <= WEIGHED_WORDS:
                active |= {features + vocabulary[w] for w in line["w"] if w in vocabulary}
            rows += [row] * len(active)
            columns += sorted(active)
            row += 1
    return sp.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(row, features + len(vocabulary)))


def fit(x, y, weight, c):
    model = LogisticRegression(C=c, solver="liblinear", max_iter=60, fit_intercept=False)
    return model.fit(x, y, sample_weight=weight).coef_[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages")
    parser.add_argument("--without")
    parser.add_argument("--out", default=str(Path(__file__).parent.parent / "src/import/text/weights.txt"))
    args = parser.parse_args()

    built = subprocess.run(["cargo", "test", "--release", "--no-run"], check=True, capture_output=True, text=True)
    tests = re.findall(r"Executable unittests src/\S+ \((.*)\)", built.stderr)
    test = next(t for t in tests if "looks_of_pages" in subprocess.run([t, "--list"], capture_output=True, text=True).stdout)
    index = json.loads(Path(args.pages, "index.json").read_text())["pages"]
    gold = {e["id"]: json.loads(Path(args.pages, e["id"], "gold.json").read_text()) for e in index}
    source = {e["id"]: e["source"] for e in index}
    names = (("text", "input.txt"), ("full", "input-full.txt"))
    listing = [("%s/%s" % (e["id"], mode), Path(args.pages, e["id"], name).resolve())
               for e in index for mode, name in names if mode == "full" or e.get("text_ok", True)]

    pages, slots = looks(test, listing, None)
    features = len(POSITIONS) * len(slots) * BUCKETS
    ids = [p["id"].split("/")[0] for p in pages]
    seen = defaultdict(set)
    for page, id in zip(pages, ids):
        if source[id] != args.without:
            for line in page["lines"]:
                if line["n"] <= WEIGHED_WORDS:
                    for w in line["w"]:
                        seen[w].add(id)
    words = sorted(w for w in seen if len(seen[w]) >= FEWEST_PAGES and w.isalpha())
    vocabulary = {w: i for i, w in enumerate(words)}

    size = np.array([len(p["lines"]) for p in pages])
    page_of = np.repeat(np.arange(len(pages)), size)
    start = np.concatenate([[0], np.cumsum(size)])
    fold = np.array([int(hashlib.md5(id.encode()).hexdigest(), 16) % FOLDS for id in ids])[page_of]
    trust = np.array([0 if source[id] == args.without else TRUST[source[id]] for id in ids])
    found = [labels(p["lines"], gold[id]) for p, id in zip(pages, ids)]
    article, title, heading = (np.concatenate([f[i] for f in found]) for i in range(3))
    length = np.array([line["n"] for p in pages for line in p["lines"]])

    # The title's own model can't know where the title is.
    x = matrix(pages, features, vocabulary)
    blind = np.ones(x.shape[1], np.float32)
    for slot in ("title-place", "title-share"):
        at = slots.index(slot) * BUCKETS
        blind[at:at + BUCKETS] = 0
    x = (x @ sp.diags(blind)).tocsr()
    has = np.array([f[1].any() for f in found])[page_of]
    weight = (trust / np.sqrt(np.maximum(size, 1)))[page_of] * np.where(title == 1, 3, 1)
    odds = np.zeros(len(title))
    for k in range(FOLDS):
        use = has & (fold != k) & (weight > 0)
        odds[fold == k] = x[fold == k] @ fit(x[use], title[use], weight[use], 0.3)
    use = has & (weight > 0)
    models = {"title": fit(x[use], title[use], weight[use], 0.3)}
    titles = [(p["id"], int(np.argmax(odds[start[i]:start[i + 1]])) if size[i] else "") for i, p in enumerate(pages)]

    pages, _ = looks(test, listing, titles)
    x = matrix(pages, features, vocabulary)
    # Each page counts by the root of its size, each line by the root of its words.
    weight = (trust / np.sqrt(np.maximum(size, 1)))[page_of] * (0.5 + np.sqrt(length) / 3)
    use = (article >= 0) & (weight > 0)
    models["article"] = fit(x[use], article[use], weight[use], 0.1)
    weight = trust[page_of]
    use = (heading >= 0) & (weight > 0)
    models["heading"] = fit(x[use], heading[use], weight[use], 0.2)

    with open(args.out, "w") as file:
        file.write("# The weights of the models that tell titles, the article and headings; see weights.rs.\n"
                   "# Made by train.py from labelled pages, logistic regression; do not edit. A row: model, position of the\n"
                   "# line, slot, the weights of its buckets; or model, `word`, a word, its weight.\n")
        for name, weights in models.items():
            for word, i in vocabulary.items():
                if abs(weights[features + i]) >= 0.1:
                    file.write("%s word %s %.2f\n" % (name, word, weights[features + i]))
            table = weights[:features].reshape(len(POSITIONS), len(slots), BUCKETS)
            for a, position in enumerate(POSITIONS):
                for b, slot in enumerate(slots):
                    row = ["0" if "%.2f" % abs(v) == "0.00" else "%.2f" % v for v in table[a, b]]
                    while row and row[-1] == "0":
                        row.pop()
                    if row:
                        file.write("%s %s %s %s\n" % (name, position, slot, " ".join(row)))


if __name__ == "__main__":
    main()
