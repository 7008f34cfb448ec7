// The search's own reader of queries and index: whatever is typed is answered, soon, and no damage to the index goes unnoticed.

import assert from "node:assert/strict";
import { readFile, rm, writeFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import vm from "node:vm";

import { gleaner, repository } from "./gleaner.mjs";
import { temporary } from "./sites.mjs";

/** How many queries are tried; QUERIES asks for more in a long run. */
const QUERIES = Number(process.env.QUERIES ?? 4000);
/** No query may take longer, in milliseconds: it is answered while somebody types. */
const LONGEST = 2000;

/** Numbers that look like chance and are the same in every run (mulberry32). */
function chance(seed) {
  return (end) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  };
}

const parts = [
  '"', "'", "topic:", "author:", "TOPIC:", 'topic:"', "author:\"Ann", "leeks", "lee", "garden", "gardeners", "gardener's", "the", "of", "日本", "日", "語の文",
  "Ünïcode", "e\u0301", "\u0301", "\ud800", "\u0000", "\u202e", "ﬁ", "İ", "ß", " ", "  ", "\t", "\n", "-", "_", "*", "(", "[", "\\", "^", "$", ".", "/", "<script>",
  "__proto__", "constructor", "toString", "0", "1,400", "2011", "x".repeat(500), "ab ".repeat(300), "😀", "👨‍👩‍👧", "ก็", "한국어",
];

let root, source, pieces;
before(async () => {
  root = await temporary();
  await writeFile(path.join(root, "gleaner.toml"), 'title = "T"\ncards = false\n');
  for (const folder of ["content/articles", "content/topics"]) await mkdir(path.join(root, folder), { recursive: true });
  const bodies = ["Leeks of the garden stand until the winter.", "日本語の文章は、ここにあります。", "Ünïcode e\u0301 ﬁ 1,400 __proto__ constructor."];
  for (let index = 0; index < 60; index++) {
    const body = `${bodies[index % bodies.length]} The gardener of bed ${index} said so.\n\n## Part\n\n${bodies[(index + 1) % bodies.length]}\n`;
    await writeFile(path.join(root, `content/articles/${index}.md`), `+++\ntitle = "Leeks ${index}"\nauthors = ["Ann Lee"]\ntopics = ["garden"]\n+++\n${body}`);
  }
  await writeFile(path.join(root, "content/topics/garden.md"), '+++\ntitle = "Garden"\n+++\n');
  await gleaner("--root", root, "build", "--quiet");
  source = await readFile(path.join(repository, "src/search/search.js"), "utf8");
  pieces = new Map();
});
after(() => rm(root, { recursive: true }));

/** A finder in a world of its own, and what it reads changed by `change`. */
function finder(change = (piece) => piece) {
  const world = vm.createContext({});
  vm.runInContext(source, world);
  const load = async (name) => {
    if (!/^[\w-]+$/.test(name)) throw new Error(`no piece is called ${name}`);
    if (!pieces.has(name)) {
      const text = await readFile(path.join(root, "public/search/pieces", `${name}.js`), "utf8");
      vm.runInNewContext(text, { gleanerPiece: (_, piece) => pieces.set(name, JSON.stringify(piece)), window: {} });
    }
    return JSON.parse(change(pieces.get(name), name));
  };
  return world.gleanerFinder(load);
}

async function ask(find, query) {
  const began = performance.now();
  const found = await find.find(query);
  for (const result of found.results.slice(0, 3)) await find.show(result, found);
  const took = performance.now() - began;
  assert.ok(took < LONGEST, `${took} ms for ${JSON.stringify(query)}`);
  return found.results.length;
}

describe("the reader of queries", () => {
  test(`answers ${QUERIES} queries of any signs`, async () => {
    const below = chance(9);
    const find = finder();
    let some = 0;
    for (let count = 0; count < QUERIES; count++) {
      const query = Array.from({ length: 1 + below(8) }, () => parts[below(parts.length)]).join(below(2) ? " " : "");
      if (await ask(find, query)) some += 1;
    }
    assert.ok(some > QUERIES / 20, `${some} of them find something`);
  });

  test("takes time in proportion to what is typed", async () => {
    for (const part of ['"', "topic:", '"a" ', "leeks ", "日", "a-", "e\u0301"]) await ask(finder(), part.repeat(20_000 / part.length));
  });

  test("refuses an index that is damaged, or finds less in it, and always ends", async () => {
    const below = chance(10);
    for (let count = 0; count < QUERIES / 20; count++) {
      const damaged = (piece) => {
        if (below(3)) return piece;
        const at = below(piece.length);
        return piece.slice(0, at) + piece.slice(at + 1 + below(4));
      };
      const find = finder(damaged);
      // A piece that is no JSON is refused before it is read.
      await ask(find, parts[below(parts.length)]).catch((error) => assert.doesNotMatch(String(error), /memory|stack|Assertion/));
    }
  });
});
