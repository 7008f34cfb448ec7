// A large site has kinds of pages that small ones have not; none of its thousands of links is broken.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { violations } from "./accessibility.mjs";
import { inPage, launch } from "./browser.mjs";
import { crawl } from "./crawl.mjs";
import { expectNone } from "./findings.mjs";
import { largeSite } from "./large.mjs";
import { layoutShift, widerThanTheWindow } from "./layout.mjs";
import { onePageOfEachKind, published } from "./sites.mjs";

/** The kinds of pages that grow with the collection, or that only a large one has. */
const large = ["front", "topic", "timeline", "year", "concepts", "letter", "authors"];

let browser, site;
before(async () => {
  browser = await launch();
  site = await published(largeSite);
});
after(async () => {
  await site?.close();
  await browser?.close();
});

describe(largeSite.name, () => {
  test("has every kind of page that grows", () => {
    const kinds = site.pages.map((page) => page.kind);
    for (const kind of large) assert.ok(kinds.includes(kind), `no page is a ${kind}`);
  });

  test("without script, from the front to every page", async () => {
    // Hundreds of pages are drawn alike: one of each kind is looked at, the links of all are followed.
    const looked = new Set(onePageOfEachKind(site).map(({ path }) => site.url + path));
    await inPage(browser, { javaScriptEnabled: false }, async (page) => {
      expectNone(await crawl(page, site, (url) => looked.has(url)));
    });
  });

  for (const [colorScheme, width] of [["light", 390], ["dark", 1440]]) {
    test(`is accessible and still, ${colorScheme}, ${width} px wide`, async () => {
      const found = [];
      for (const { path } of onePageOfEachKind(site).filter((page) => large.includes(page.kind))) {
        await inPage(browser, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
          const shift = await layoutShift(page, site.url + path);
          if (shift !== 0) found.push(`${path}: moves by ${shift}`);
          found.push(...(await widerThanTheWindow(page)).map((problem) => `${path}: ${problem}`));
          found.push(...(await violations(page)).map((violation) => `${path}: ${violation}`));
        });
      }
      expectNone(found);
    });
  }
});
