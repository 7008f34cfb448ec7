// Queries with a known answer, the same for every search that is measured: drawn from the articles of ../shared/bench/corpus.py.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Kinds of queries, each a list of `{ query, slug }`; another seed draws others. */
export function queries(folder, count, seed = Number(process.env.SEED ?? 7)) {
  let state = seed;
  // A linear congruential generator (Knuth), so that everybody draws the same.
  const random = (below) => Math.floor(((state = (state * 1103515245 + 12345) % 2147483648) / 2147483648) * below);
  const pick = (list) => list[random(list.length)];
  const some = (list, number) => {
    const left = [...list], chosen = [];
    while (chosen.length < number && left.length > 0) chosen.push(left.splice(random(left.length), 1)[0]);
    return chosen;
  };
  const articles = readdirSync(folder).sort().map((file) => read(path.join(folder, file)));
  const spread = new Map();
  for (const { words } of articles) for (const word of words) spread.set(word, (spread.get(word) ?? 0) + 1);

  const kinds = { title: [], "five in a row": [], "five of a passage": [], "five rarer of a passage": [], "three rare, one typo": [] };
  for (let n = 0; n < count; n++) {
    const titled = pick(articles);
    kinds.title.push({ query: titled.title, slug: titled.slug });

    const { slug, passages } = pick(articles);
    const words = pick(passages);
    const at = random(words.length - 5);
    kinds["five in a row"].push({ query: words.slice(at, at + 5).join(" "), slug });
    kinds["five of a passage"].push({ query: some(words, 5).join(" "), slug });
    const rarer = [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => spread.get(word) < articles.length / 4);
    kinds["five rarer of a passage"].push({ query: some(rarer, 5).join(" "), slug });

    const mistyped = pick(articles);
    const rare = [...mistyped.words].filter((word) => word.length >= 5).sort((a, b) => spread.get(a) - spread.get(b));
    const three = some(rare.slice(0, 12), 3);
    const which = random(3);
    three[which] = typo(three[which], random);
    kinds["three rare, one typo"].push({ query: three.join(" "), slug: mistyped.slug });
  }
  return kinds;
}

/** One letter left out, put in, taken for another, or exchanged with the next. */
function typo(word, random) {
  const at = random(word.length - 1), letter = LETTERS[random(26)];
  return [
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + letter + word.slice(at + 1),
    word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2),
  ][random(4)];
}

function read(file) {
  const [, front, body] = readFileSync(file, "utf8").split("+++\n");
  const passages = body
    .split("\n\n")
    .filter((passage) => !/^(#|```)/.test(passage))
    .map((passage) => passage.replace(/\bSee \S.*$/s, "").match(/[A-Za-z]+/g) ?? [])
    .filter((words) => words.length > 8);
  const title = /^title = "(.*)"$/m.exec(front)[1];
  // A site shortens long names; the number at the beginning tells articles apart.
  return { slug: path.basename(file).slice(0, 6), title, passages, words: new Set(passages.flat().map((word) => word.toLowerCase())) };
}

/** Figures of one kind: `ranks` from 1, 0 where the answer is not among the first ten. */
export function figures(ranks) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    "MRR@10": mean(ranks.map((rank) => (rank ? 1 / rank : 0))),
    "recall@5": mean(ranks.map((rank) => Number(rank > 0 && rank <= 5))),
  };
}

export function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], p95: sorted[Math.floor(sorted.length * 0.95)], most: sorted.at(-1) };
}
