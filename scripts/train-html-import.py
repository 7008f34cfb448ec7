#!/usr/bin/env python3
"""Learn the trees of the web page importer from labelled pages and write src/import/html/trees.txt.

    scripts/train-html-import.py PAGES [--without SOURCE] [--out FILE]
    scripts/train-html-import.py PAGES --validate FOLDER

PAGES holds index.json and one folder a page: input.html.gz and gold.json with the title and the body's lines. Needs
numpy and lightgbm. The numbers that describe a block come from the Rust code itself (the ignored test
`blocks_of_pages`), so that they can't differ. A block is the article's when its runs of four words are in the gold
body, furniture when they aren't; blocks between the two are left out. The trees are the mean of two models of other
shapes, which does better on pages not seen than either. `--without` leaves a source out.

`--validate` writes no trees, but the articles that importers make of pages they never saw, of those whose bodies were
marked by people: FOLDER/pages, five times trained without a fifth of the pages, and FOLDER/sources, trained without the
page's source.
"""
import argparse
import gzip
import json
import os
import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import lightgbm as lgb
import numpy as np

RUN = 4  # words of a run
FOLDS = 5  # parts of the pages, for cross-validation
SURE = 0.9  # from this share of its runs in the gold on, a block is the article's; below 1 - SURE it is furniture
FAR = 8  # a short text that recurs so many blocks from the article says nothing
# How far a source's answers are trusted.
TRUST = {"scrapinghub": 1.0, "wcxb": 1.0, "readability": 0.4, "defuddle": 0.4, "trafilatura": 0.0}
COMMON = dict(
    objective="binary", min_data_in_leaf=40, bagging_fraction=0.7, bagging_freq=1, lambda_l2=5, max_bin=127,
    verbose=-1, num_threads=1, deterministic=True, force_row_wise=True,
)
# Seed, number of trees, and what sets the model apart.
MODELS = [
    (3, 150, dict(num_leaves=15, learning_rate=0.06, feature_fraction=0.4)),
    (7, 300, dict(num_leaves=6, learning_rate=0.08, feature_fraction=0.3)),
]
HEAD = (
    "# Made from labelled pages; do not edit. A row is a tree: `7<0.5 A B` goes to A where number 7 is at most 0.5, "
    "else to B; `=0.1` is a leaf.\n"
)

MARKER = re.compile(r"^[\s>]*(?:(?:[-*+•◦▪▫‣●○■□·–—]|\(?\d{1,3}[.)])[ \t\u00a0]+)+")
WORD = re.compile(r"[^\W_]+")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def words_of(text):
    return WORD.findall(unicodedata.normalize("NFKC", MARKER.sub("", text or "")).translate(UNSEEN))


def runs_of(words):
    return [tuple(words[i:i + RUN]) for i in range(max(1, len(words) - RUN + 1))]


def labels(blocks, gold):
    """1 for a block of the article, 0 for furniture, -1 for one nobody can tell."""
    found = np.full(len(blocks), -1)
    if not gold.get("body"):
        return found
    lines = [words_of(line) for line in gold["body"].splitlines() if line.strip()]
    whole, every = {tuple(line) for line in lines}, [word for line in lines for word in line]
    flat, runs = " " + " ".join(every) + " ", set(runs_of(every))
    titles = [words_of(title) for title in [gold["title"].get("value"), *(gold["title"].get("also") or [])] if title]
    for i, block in enumerate(blocks):
        words = words_of(block["t"])
        if not words:
            continue
        if words in titles:
            found[i] = -1 if tuple(words) in whole else 0
        elif len(words) < RUN:
            found[i] = 1 if tuple(words) in whole else -1 if f" {' '.join(words)} " in flat else 0
        else:
            share = sum(run in runs for run in runs_of(words)) / len(runs_of(words))
            found[i] = 1 if share >= SURE else 0 if share <= 1 - SURE else -1
    long = [i for i in np.where(found == 1)[0] if blocks[i]["w"] >= 2 * RUN]
    if long:
        for i in np.where(found == 1)[0]:
            if blocks[i]["w"] < RUN and not min(long) - FAR <= i <= max(long) + FAR:
                found[i] = -1
    return found


def ask(test, pages, **folders):
    """Runs one of the ignored tests over pages, a row of tab-separated cells each."""
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as listed:
        listed.writelines("\t".join(map(str, row)) + "\n" for row in pages)
        listed.flush()
        asked = {**os.environ, "PAGES": listed.name, **{name: str(folder) for name, folder in folders.items()}}
        subprocess.run(["cargo", "test", "--lib", "--", "--ignored", test], check=True, env=asked)


def unpack(pages, folder):
    """The pages of the index, and for each the file it is unpacked to."""
    index = json.loads((pages / "index.json").read_text())["pages"]
    files = {entry["id"]: folder / f"{entry['id']}.html" for entry in index}
    for page, file in files.items():
        file.write_bytes(gzip.decompress((pages / page / "input.html.gz").read_bytes()))
    return index, files


def read(pages, index, files, folder):
    """The blocks of each page, in the order of the index: numbers, labels and weights."""
    looks = folder / "looks"
    looks.mkdir()
    ask("blocks_of_pages", files.items(), LOOKS=looks)
    rows = {}
    for entry in index:
        blocks = json.loads((looks / f"{entry['id']}.json").read_text())
        if not blocks:
            continue
        found = labels(blocks, json.loads((pages / entry["id"] / "gold.json").read_text()))
        weight = np.array([0.5 + np.sqrt(block["w"]) / 3 for block in blocks])
        weight *= TRUST[entry["source"]] / np.sqrt(max((found >= 0).sum(), 1))
        rows[entry["id"]] = np.array([block["f"] for block in blocks], np.float32), found, weight
    return rows


def learn(rows):
    """The trees that the blocks of some pages teach, as text."""
    numbers, found, weight = (np.concatenate(column) for column in zip(*rows))
    use = (found >= 0) & (weight > 0)
    numbers, found, weight = numbers[use], found[use], weight[use] / weight[use].mean()
    trees = []
    for seed, count, shape in MODELS:
        model = lgb.train({**COMMON, **shape, "seed": seed}, lgb.Dataset(numbers, found, weight=weight), count)
        trees += [" ".join(parts(tree["tree_structure"])) for tree in model.dump_model()["tree_info"]]
    return HEAD + "\n".join(trees) + "\n"


def validate(index, files, rows, folder, out):
    """Makes articles of the pages marked by people, by trees that never saw them."""
    parted = {
        "pages": {entry["id"]: str(i % FOLDS) for i, entry in enumerate(index)},
        "sources": {entry["id"]: entry["source"] for entry in index},
    }
    marked = [entry["id"] for entry in index if TRUST[entry["source"]] == 1]
    for name, part_of in parted.items():
        (out / name).mkdir(parents=True, exist_ok=True)
        for part in sorted({part_of[page] for page in marked}):
            trees = folder / f"{name}-{part}.txt"
            trees.write_text(learn([row for page, row in rows.items() if part_of[page] != part]))
        asked = [(page, files[page], folder / f"{name}-{part_of[page]}.txt") for page in marked]
        ask("articles_of_pages", asked, ARTICLES=(out / name).resolve())


def parts(node):
    """A tree as it is written: a fork, then all of its first branch, then all of its second."""
    if "leaf_value" in node:
        return ["=%.4f" % (node["leaf_value"] / len(MODELS))]
    fork = "%d<%.7g" % (node["split_feature"], node["threshold"])
    return [fork, *parts(node["left_child"]), *parts(node["right_child"])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--without")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "src/import/html/trees.txt")
    parser.add_argument("--validate", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        index, files = unpack(asked.pages, folder)
        rows = read(asked.pages, index, files, folder)
        if asked.validate:
            validate(index, files, rows, folder, asked.validate)
        else:
            left = [entry["id"] for entry in index if entry["source"] != asked.without]
            asked.out.write_text(learn([rows[page] for page in left if page in rows]))


if __name__ == "__main__":
    main()
