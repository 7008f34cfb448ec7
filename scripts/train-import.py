#!/usr/bin/env python3
"""Learn the models of the text importer from labelled pages and write src/import/text/models.txt.

    scripts/train-import.py PAGES [--without SOURCE] [--out FILE] [--unseen FOLDER]

PAGES holds index.json and one folder a page: input.txt, input-full.txt and gold.json with the title, author, date, the
body's lines or pieces of it, and the headings. Needs numpy and lightgbm. All numbers come from the Rust code itself (the
ignored test `looks_of_pages`), so that they can't differ.

The models build on each other: the tone of words, the title, a line by itself, a line among the others, headings, dates,
authors. Each learns from what the models before it say of pages they haven't seen, so pages are dealt into folds: the
models of a fold learn from the pages outside it. `--unseen` writes each page as the models of its fold read it, for
score.py: FOLDER/text/ID.md and FOLDER/full/ID.md. `--without` leaves a source out altogether; its pages are read by the
models that are shipped. Run again it gives the same bytes: one thread, fixed seeds.
"""
import argparse
import functools
import hashlib
import json
import math
import os
import re
import subprocess
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import lightgbm as lgb
import numpy as np

FOLDS = 4
RUN = 4  # words of a run
SURE = 0.9  # from this share of its runs in the gold on, a line is the article's; below 1 - SURE it is furniture
TONED_WORDS = 25  # words are counted in lines of at most this many
FEWEST_LINES = 3  # a page with fewer lines of a kind counts for less
WHOLE_PAGE = 2  # how much more furniture counts in the text of whole pages, which is furniture for the most part
FEWEST_PAGES = 8  # a word has a tone if it occurs on this many pages
# How far a source's answers are trusted: for lines and headings, then for facts.
TRUST = {"scrapinghub": 1.0, "wcxb": 1.0, "readability": 0.5, "defuddle": 0.4, "trafilatura": 0.5}
INPUTS = (("text", "input.txt"), ("full", "input-full.txt"))
COMMON = dict(objective="binary", bagging_freq=1, bagging_fraction=0.7, max_bin=127, verbose=-1, num_threads=1,
              deterministic=True, force_row_wise=True)
# For each model its number of trees and their shape.
SHAPES = {
    "title": (120, dict(num_leaves=8, learning_rate=0.06, min_data_in_leaf=20, feature_fraction=0.3, lambda_l2=5)),
    # Of a line many numbers are known and few pages: thresholds drawn by lot, and each page's kinds of lines weighed alike,
    # do better on pages that weren't seen than the best thresholds.
    "line": (250, dict(num_leaves=15, learning_rate=0.1, min_data_in_leaf=150, feature_fraction=0.3, lambda_l2=20,
                       path_smooth=10, extra_trees=True)),
    "article": (60, dict(num_leaves=6, learning_rate=0.05, min_data_in_leaf=200, feature_fraction=0.4, lambda_l2=20)),
    "heading": (120, dict(num_leaves=8, learning_rate=0.06, min_data_in_leaf=40, feature_fraction=0.3, lambda_l2=5)),
    "date": (150, dict(num_leaves=8, learning_rate=0.05, min_data_in_leaf=10, feature_fraction=0.2, lambda_l2=5)),
    "author": (150, dict(num_leaves=8, learning_rate=0.05, min_data_in_leaf=10, feature_fraction=0.2, lambda_l2=5)),
}
# The models in the order in which they build on each other.
STEPS = (("title",), ("line",), ("article",), ("heading", "date", "author"))
HEAD = (
    "# Made by scripts/train-import.py from labelled pages; do not edit. After [words] a row is a word and its tone in "
    "tenths; else it is a tree: `7<0.5 A B` goes to A where number 7 is at most 0.5, else to B; `=0.1` is a leaf.\n"
)

MARKER = re.compile(r"^[\s>]*(?:(?:[-*+•◦▪▫‣●○■□·–—]|\(?\d{1,3}[.)])[ \t\u00a0]+)+")
WORD = re.compile(r"[^\W_]+")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
BETWEEN_NAMES = re.compile(r"\s*(?:;|,|\||/|&|\band\b|\bund\b|\bet\b|\by\b|\n)\s*", re.I)
BY = re.compile(r"^\s*(?:written\s+by|posted\s+by|by|von|par|por|di|door|text:?|autor(?:in)?:?|author:?)\s+", re.I)


def words_of(text):
    return WORD.findall(unicodedata.normalize("NFKC", MARKER.sub("", text or "")).translate(UNSEEN))


def runs_of(words):
    return [tuple(words[i:i + RUN]) for i in range(max(1, len(words) - RUN + 1))]


def told(gold, key):
    return [answer for answer in [gold[key].get("value"), *(gold[key].get("also") or [])] if answer]


def lines_of(page, gold, view):
    """For each line: the article's (1), furniture (0) or unclear (-1)."""
    words = [words_of(line["t"]) for line in page["lines"]]
    found = np.full(len(words), -1)
    titles = {tuple(w.casefold() for w in words_of(title)) for title in told(gold, "title")}
    if not gold.get("body"):
        for key, label in (("must", 1), ("must_not", 0)):
            pieces = [" %s " % " ".join(words_of(piece)) for piece in gold["segments"][view][key]]
            for i, w in enumerate(words):
                inside = len(w) >= RUN and any(" %s " % " ".join(w) in piece for piece in pieces)
                around = any(len(piece) > 20 and piece in " %s " % " ".join(w) for piece in pieces)
                if inside or around:
                    found[i] = label
        return found
    body = [words_of(line) for line in gold["body"].splitlines() if line.strip()]
    whole, every = {tuple(line) for line in body}, [word for line in body for word in line]
    flat, runs = " " + " ".join(every) + " ", set(runs_of(every))
    for i, w in enumerate(words):
        if not w or tuple(x.casefold() for x in w) in titles:
            continue
        if len(w) < RUN:
            found[i] = 1 if tuple(w) in whole else -1 if f" {' '.join(w)} " in flat else 0
        else:
            share = sum(run in runs for run in runs_of(w)) / len(runs_of(w))
            found[i] = 1 if share >= SURE else 0 if share <= 1 - SURE else -1
    return found


def titles_of(page, gold):
    titles = [[w.casefold() for w in words_of(title)] for title in told(gold, "title")]
    return np.array([[w.casefold() for w in words_of(page["lines"][i]["t"])] in titles for i in page["titles"]], int)


def headings_of(page, gold, article):
    found = np.full(len(page["kept"]), -1)
    structure = gold.get("structure")
    if structure:
        sure = {tuple(words_of(heading["text"])) for heading in structure["headings"]}
        maybe = {tuple(words_of(heading)) for heading in structure.get("maybe_headings", [])}
        for k, i in enumerate(page["kept"]):
            w = tuple(words_of(page["lines"][i]["t"]))
            found[k] = 1 if w in sure else -1 if w in maybe or article[i] == -1 else 0
    return found


def facts_of(values, gold, key, view, right):
    """Labels of what may be a fact: nothing is sure where the page's answer isn't known."""
    state = gold[key]["state"].get(view, "unknown")
    if state not in ("known", "absent"):
        return np.full(len(values), -1)
    return np.array([state == "known" and right(value) for value in values], int)


def names_in(texts):
    parts = [part for text in texts for part in BETWEEN_NAMES.split(BY.sub("", unicodedata.normalize("NFKC", text)))]
    return {tuple(word.casefold() for word in words_of(part)) for part in parts if words_of(part)}


def is_author(names, gold):
    def same(answer):
        found, wanted = names_in(names), names_in(answer if isinstance(answer, list) else [answer])
        one, two = (Counter(word for name in side for word in name) for side in (found, wanted))
        both = sum((one & two).values())
        return bool(found) and (found == wanted or 2 * both >= 0.8 * (sum(one.values()) + sum(two.values())))
    return any(same(answer) for answer in told(gold, "author"))


def fact_weight(found):
    """What is right counts more; a page of many dates or names counts little more than one of few."""
    return (1 + 0.5 * (found == 1)) / math.sqrt(max((found >= 0).sum(), 1))


class Pages:
    """The labelled pages, each as two inputs, and what the Rust code says of them."""

    def __init__(self, folder, without):
        index = json.loads((folder / "index.json").read_text())["pages"]
        self.entries = [(entry["id"], view, folder / entry["id"] / name, entry["source"])
                        for entry in index for view, name in INPUTS if view == "full" or entry.get("text_ok", True)]
        self.gold = {e["id"]: json.loads((folder / e["id"] / "gold.json").read_text()) for e in index}
        self.fold = np.array([int(hashlib.md5(id.encode()).hexdigest(), 16) % FOLDS for id, *_ in self.entries])
        self.trust = np.array([0 if source == without else TRUST[source] for *_, source in self.entries])
        # What is left out is read by the models of all the others.
        self.fold[self.trust == 0] = FOLDS
        built = subprocess.run(["cargo", "test", "--release", "--lib", "--no-run"], check=True, capture_output=True,
                               text=True)
        self.test = re.search(r"Executable unittests src/\S+ \((.*)\)", built.stderr).group(1)

    def read(self, learnt, asked):
        """What the models of each page's fold say of it; `asked` names the rows that are wanted."""
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            for k, models in enumerate(learnt):
                (folder / f"models{k}").write_text(written(models))
            listed = "".join(f"{i}\t{path}\t{folder}/models{self.fold[i]}\n"
                             for i, (_, _, path, _) in enumerate(self.entries))
            (folder / "pages.tsv").write_text(listed)
            ask = [self.test, "--ignored", "looks_of_pages", "-q"]
            environment = {**os.environ, "PAGES": f"{folder}/pages.tsv", "LOOKS": str(folder), "ASKED": " ".join(asked)}
            subprocess.run(ask, check=True, env=environment, stdout=subprocess.DEVNULL)
            self.pages = [json.loads(line) for line in (folder / "pages.jsonl").read_text().splitlines()]
            self.articles = [json.loads(line)[1] for line in (folder / "read.jsonl").read_text().splitlines()]
            widths = json.loads((folder / "widths.json").read_text())
            self.rows = {name: np.fromfile(folder / name, "<f4").reshape(-1, width) for name, width in widths.items()}

    @functools.cache
    def article_lines(self):
        """For each page the labels of its lines, which are the same whatever was learnt."""
        return [lines_of(page, self.gold[id], view) for page, (id, view, *_) in zip(self.pages, self.entries)]

    def labels(self):
        """For each model the label of each row, its page and its weight."""
        columns = {name: [] for name in SHAPES}
        for i, (id, view, _, _) in enumerate(self.entries):
            page, gold, trust = self.pages[i], self.gold[id], self.trust[i]
            article = self.article_lines()[i]
            length = np.array([len(line["w"]) for line in page["lines"]])
            # The article of each page counts the same, and so does its furniture; a sentence counts more than a scrap.
            of_kind = np.where(article == 1, (article == 1).sum(), (article == 0).sum())
            weight = (1 + 0.5 * (length > 10)) / np.maximum(of_kind, FEWEST_LINES)
            if view == "full":
                weight *= np.where(article == 0, WHOLE_PAGE, 1)
            if not gold.get("body"):
                weight *= 0.3
            titles, headings = titles_of(page, gold), headings_of(page, gold, article)
            dates = facts_of([day for _, day in page["dates"]], gold, "date", view,
                             lambda day: day in gold["date"]["value"])
            names = facts_of([names for _, names in page["names"]], gold, "author", view,
                             lambda names: is_author(names, gold))
            for name, found, of in (
                ("title", titles if titles.any() else titles - 1, (1 + 2 * titles) / math.sqrt(max(len(titles), 1))),
                ("line", article, weight), ("article", article, weight), ("heading", headings, 1),
                ("date", dates, fact_weight(dates)), ("author", names, fact_weight(names)),
            ):
                # Facts are marked by hand in every source that has them.
                sure = min(1, 2 * trust) if name in ("title", "date", "author") else trust
                columns[name].append((found, np.full(len(found), i), np.ones(len(found)) * of * sure))
        return {name: [np.concatenate(column) for column in zip(*rows)] for name, rows in columns.items()}


def tones(pages, use):
    """The words that occur in short lines of many pages, with their tone."""
    seen = {0: Counter(), 1: Counter()}
    count = {0: 0, 1: 0}
    for i in np.where(use)[0]:
        id, view, _, _ = pages.entries[i]
        if view == "full" and pages.gold[id].get("body"):
            found = pages.article_lines()[i]
            for label in (0, 1):
                lines = [line for line, what in zip(pages.pages[i]["lines"], found) if what == label]
                seen[label].update({w for line in lines if len(line["w"]) <= TONED_WORDS for w in line["w"]})
                count[label] += 1
    tone = {}
    for word in sorted(seen[0] | seen[1]):
        if max(seen[0][word], seen[1][word]) >= FEWEST_PAGES and word.isalpha():
            odds = math.log((seen[1][word] + 1) / (count[1] + 2)) - math.log((seen[0][word] + 1) / (count[0] + 2))
            if abs(round(10 * odds)) >= 3:
                tone[word] = round(10 * odds)
    return [f"{word} {tenths}" for word, tenths in tone.items()]


def parts(node):
    """A tree as it is written: a fork, then all of its first branch, then all of its second."""
    if "leaf_value" in node:
        return ["=%.3f" % node["leaf_value"]]
    fork = "%d<%.5g" % (node["split_feature"], node["threshold"])
    return [fork, *parts(node["left_child"]), *parts(node["right_child"])]


def grow(name, rows, found, weight):
    trees, shape = SHAPES[name]
    weight = weight / weight.mean()
    # The article's trees correct what the line's say, which is their first number.
    start = rows[:, 0] if name == "article" else None
    data = lgb.Dataset(rows, found, weight=weight, init_score=start)
    model = lgb.train({**COMMON, **shape, "seed": 5}, data, trees)
    return [" ".join(parts(tree["tree_structure"])) for tree in model.dump_model()["tree_info"]]


def written(models):
    sections = [f"[{name}]\n" + "".join(row + "\n" for row in rows) for name, rows in models.items()]
    return HEAD + "".join(sections)


def learn(pages):
    """The models of each fold, and last those of all pages."""
    learnt = [{} for _ in range(FOLDS + 1)]
    pages.read(learnt, [])
    for k in range(FOLDS + 1):
        learnt[k]["words"] = tones(pages, (pages.trust > 0) & (pages.fold != k))
    for step in STEPS:
        pages.read(learnt, step)
        labels = pages.labels()
        for name in step:
            found, page, weight = labels[name]
            for k in range(FOLDS + 1):
                use = (found >= 0) & (weight > 0) & (pages.fold[page] != k)
                learnt[k][name] = grow(name, pages.rows[name][use], found[use], weight[use])
            print(name, (found >= 0).sum(), "rows,", (found == 1).sum(), "true", flush=True)
    return learnt


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--without")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "src/import/text/models.txt")
    parser.add_argument("--unseen", type=Path)
    asked = parser.parse_args()
    pages = Pages(asked.pages, asked.without)
    learnt = learn(pages)
    asked.out.write_text(written(learnt[FOLDS]))
    if asked.unseen:
        pages.read(learnt, ["read"])
        for (id, view, _, _), article in zip(pages.entries, pages.articles):
            (asked.unseen / view).mkdir(parents=True, exist_ok=True)
            (asked.unseen / view / f"{id}.md").write_text(article)


if __name__ == "__main__":
    main()
