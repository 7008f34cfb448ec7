// The measure, the width, the stillness and the weight of pages.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { inPage, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { layoutShift, lineLengths, median, notesInTheWay, weight, widerThanTheWindow } from "./layout.mjs";
import { onePageOfEachKind, published, shapes, specimen } from "./sites.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

describe("notes beside the text", () => {
  let publishedSite;
  before(async () => (publishedSite = await published(specimen)));
  after(() => publishedSite?.close());

  // From the window in which they come to stand there to one in which there is room for all.
  test("nothing overlaps and nothing is cut in windows of 1,100 to 1,320 px", async () => {
    const found = [];
    let count = 0;
    await inPage(browser, {}, async (page) => {
      for (const { path } of publishedSite.pages.filter((page) => page.kind === "article")) {
        await page.goto(publishedSite.url + path);
        await page.evaluate(() => document.fonts.ready);
        for (let width = 1100; width <= 1320; width += 4) {
          await page.setViewportSize({ width, height: 900 });
          const seen = await notesInTheWay(page);
          count += seen.count;
          found.push(...seen.found.map((problem) => `${path} at ${width} px: ${problem}`));
        }
      }
    });
    expectNone(found);
    assert.ok(count > 0, "no article of the specimen has a note");
  });
});

for (const site of shapes) {
  describe(site.name, () => {
    let publishedSite;
    before(async () => (publishedSite = await published(site)));
    after(() => publishedSite?.close());
    const articles = () => publishedSite.pages.filter((page) => page.kind === "article");

    test("nothing scrolls sideways in a window of 320 px", async () => {
      const found = [];
      await inPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
        for (const { path } of onePageOfEachKind(publishedSite)) {
          await page.goto(publishedSite.url + path);
          found.push(...(await widerThanTheWindow(page)).map((problem) => `${path}: ${problem}`));
        }
      });
      expectNone(found);
    });

    test("a line has 55 to 75 characters on a desktop, and at least 34 on a phone", async () => {
      for (const [width, least, most] of [[1440, 55, 75], [390, 34, 50]]) {
        await inPage(browser, { viewport: { width, height: 900 } }, async (page) => {
          const lengths = [];
          for (const { path } of articles()) {
            await page.goto(publishedSite.url + path);
            lengths.push(...(await lineLengths(page)));
          }
          assert.ok(lengths.length >= 3, `only ${lengths.length} full lines to measure`);
          const middle = median(lengths);
          assert.ok(middle >= least && middle <= most, `${middle} characters a line at ${width} px`);
        });
      }
    });

    test("nothing moves while a page loads", async () => {
      const found = [];
      for (const width of [390, 1440]) {
        for (const { path } of onePageOfEachKind(publishedSite)) {
          await inPage(browser, { viewport: { width, height: 700 } }, async (page) => {
            const shift = await layoutShift(page, publishedSite.url + path);
            if (shift !== 0) found.push(`${path} at ${width} px: ${shift}`);
          });
        }
      }
      expectNone(found);
    });

    test("an article keeps to its budget", async () => {
      for (const { path } of articles()) {
        await inPage(browser, {}, async (page) => {
          const { requests, kib } = await weight(page, publishedSite.url + path);
          const text = kib.document + kib.stylesheet + kib.script;
          const all = text + kib.font + kib.other;
          const budget = [
            [kib.document, 14, "HTML"],
            [kib.stylesheet, 8, "CSS"],
            [kib.script, 8, "script"],
            [text, 30, "HTML, CSS and script"],
            [kib.font, 55, "fonts"],
            [all, 85, "everything"],
          ];
          for (const [size, most, what] of budget) {
            assert.ok(size <= most, `${path}: ${what} ${size.toFixed(1)} KiB, over ${most}`);
          }
          assert.ok(requests.length <= 6, `${path}: ${requests.length} requests: ${requests.join(" ")}`);
        });
      }
    });
  });
}
