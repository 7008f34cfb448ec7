// Pagefind on the same pages and queries, in Chromium: node theirs.mjs SITE PAGEFIND [QUERIES]
//
// SITE is a built site, PAGEFIND the program (npm `pagefind` brings it). The time is that of its indexing of
// `SITE/public`, whose articles are its only pages here; bytes are those a fresh browser fetches until five results are there.

import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { inPage, launch } from "../../tests/browser/browser.mjs";
import { serveStatic } from "../../tests/browser/server.mjs";
import { figures, quantiles, queries } from "./queries.mjs";

const [site, program, count = "300"] = process.argv.slice(2);
const published = path.join(site, "public"), bundle = path.join(published, "pagefind");
await rm(bundle, { recursive: true, force: true });
const begun = performance.now();
await promisify(execFile)(program, ["--site", published, "--glob", "articles/*/index.html", "--quiet"]);
console.log("indexing", ((performance.now() - begun) / 1000).toFixed(2), "s");

const server = await serveStatic(published);
const browser = await launch();
const search = (page, query) => page.evaluate(async ([url, query]) => {
  window.pagefind ??= await import(`${url}pagefind/pagefind.js`);
  const { results } = await window.pagefind.search(query);
  const first = await Promise.all(results.slice(0, 5).map((result) => result.data()));
  window.shown = performance.now();
  const next = await Promise.all(results.slice(5, 10).map((result) => result.data()));
  return [...first, ...next].map(({ url }) => url);
}, [server.url, query]);
for (const [kind, asked] of Object.entries(queries(path.join(site, "content/articles"), Number(count)))) {
  const ranks = [];
  await inPage(browser, {}, async (page) => {
    await page.goto(`${server.url}404.html`);
    for (const { query, slug } of asked) {
      const urls = await search(page, query);
      ranks.push(urls.findIndex((url) => url.includes(`/articles/${slug}`)) + 1);
    }
  });
  const bytes = [];
  for (const { query } of asked.slice(0, 10)) {
    await inPage(browser, {}, async (page) => {
      await page.goto(`${server.url}404.html`);
      const sizes = [];
      page.on("response", (response) => sizes.push(response.body().then((body) => body.length, () => 0)));
      await page.evaluate(async ([url, query]) => {
        const pagefind = await import(`${url}pagefind/pagefind.js`);
        const { results } = await pagefind.search(query);
        await Promise.all(results.slice(0, 5).map((result) => result.data()));
      }, [server.url, query]);
      bytes.push((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0));
    });
  }
  console.log(kind, figures(ranks), "bytes", quantiles(bytes));
}
await browser.close();
await server.close();
await rm(bundle, { recursive: true, force: true });
