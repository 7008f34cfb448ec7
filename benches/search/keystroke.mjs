// From a key to its results, in Chromium, once the pieces are there: node keystroke.mjs SITE [QUERIES]

import path from "node:path";

import { inPage, launch } from "../../tests/browser/browser.mjs";
import { serveStatic } from "../../tests/browser/server.mjs";
import { quantiles, queries } from "./queries.mjs";

const [site, count = "30"] = process.argv.slice(2);
const server = await serveStatic(path.join(site, "public"));
const browser = await launch();
for (const [kind, asked] of Object.entries(queries(path.join(site, "content/articles"), Number(count)))) {
  const milliseconds = [], first = [], bytes = [];
  for (const { query } of asked) {
    await inPage(browser, {}, async (page) => {
      const sizes = [];
      page.on("response", (response) => response.url().includes("/pieces/") && sizes.push(response.body().then((body) => body.length, () => 0)));
      await page.goto(`${server.url}search/index.html`, { waitUntil: "networkidle" });
      const type = (words) => page.evaluate((words) => new Promise((shown) => {
        const field = document.querySelector("#page_query"), results = document.querySelector("#page_results ol");
        const begun = performance.now();
        const seen = new MutationObserver(() => {
          if (results.children.length === 0) return;
          seen.disconnect();
          shown(performance.now() - begun);
        });
        seen.observe(results, { childList: true });
        field.value = words;
        field.dispatchEvent(new Event("input"));
      }), words);
      first.push(await type(query));
      bytes.push((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0));
      await page.waitForLoadState("networkidle");
      milliseconds.push(await type(query));
    });
  }
  console.log(kind, "first ms", quantiles(first), "again ms", quantiles(milliseconds), "bytes by then", quantiles(bytes));
}
await browser.close();
await server.close();
