// Known-item search with the site's own script, without a browser: node ours.mjs SITE [QUERIES]
//
// SITE is a built site: its `content/articles` give the queries, its `public` the index and the script. Every query
// begins with nothing fetched; bytes are those of all pieces until five results with their excerpts are shown.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import vm from "node:vm";

import { figures, quantiles, queries } from "./queries.mjs";

const [site, count = "300"] = process.argv.slice(2);
const published = path.join(site, "public");
const script = vm.createContext({});
// Its name has the hash of what it holds.
const name = readdirSync(path.join(published, "assets")).find((file) => /^search\..*js$/u.test(file));
vm.runInContext(readFileSync(path.join(published, "assets", name), "utf8"), script);

for (const [kind, asked] of Object.entries(queries(path.join(site, "content/articles"), Number(count)))) {
  const ranks = [], bytes = [], milliseconds = [];
  for (const { query, slug } of asked) {
    const pieces = new Map();
    let fetched = 0;
    const load = (name) => {
      if (!pieces.has(name)) {
        const file = readFileSync(path.join(published, "search/pieces", `${name}.js`), "utf8");
        fetched += Buffer.byteLength(file);
        vm.runInNewContext(file, { gleanerPiece: (name, payload) => pieces.set(name, payload) });
      }
      return Promise.resolve(pieces.get(name));
    };
    const finder = script.gleanerFinder(load);
    const found = await finder.find(query);
    const hrefs = [];
    for (const result of found.results.slice(0, 10)) {
      if (hrefs.length === 5) bytes.push(fetched);
      hrefs.push((await finder.show(result, found))?.href);
    }
    if (hrefs.length <= 5) bytes.push(fetched);
    const begun = performance.now();
    await finder.find(query);
    milliseconds.push(performance.now() - begun);
    const rank = hrefs.findIndex((href) => href?.startsWith(`articles/${slug}`)) + 1;
    ranks.push(rank);
    if (process.env.SHOW && (rank === 0 || rank > 5)) console.error(`${query} → ${slug}: ${rank}`);
  }
  console.log(kind, figures(ranks), "bytes", quantiles(bytes), "ms", quantiles(milliseconds));
}
