// The checks themselves: each must find the fault it is for. A good page is broken in one way, and looked at.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { violations } from "./accessibility.mjs";
import { complaintsIn, inPage, launch } from "./browser.mjs";
import { crawl } from "./crawl.mjs";
import { htmlErrors } from "./html.mjs";
import { layoutShift, lineLengths, median, weight, widerThanTheWindow } from "./layout.mjs";
import { fiveSeeds, published } from "./sites.mjs";
import { walk } from "./walk.mjs";

describe("a broken page is noticed:", () => {
  let browser, site, article;
  before(async () => {
    browser = await launch();
    // Faults are planted as scripts and styles, which a strict policy would not let happen.
    site = await published(fiveSeeds, { isStrict: false });
    article = site.pages.find((page) => page.kind === "article").path;
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });

  /** Puts `added` at the end of a page's text, takes a look, and mends the page. */
  async function withAdded(added, look, file = article) {
    const at = path.join(site.folder, file);
    const good = await readFile(at, "utf8");
    await writeFile(at, good.replace("</main>", `${added}</main>`));
    try {
      return await look(site.url + file);
    } finally {
      await writeFile(at, good);
    }
  }

  const complaints = [
    ["an error on the console", "<script>console.error('broken')</script>", /console error: broken/],
    ["a warning on the console", "<script>console.warn('broken')</script>", /console warning: broken/],
    ["an exception", "<script>throw new Error('broken')</script>", /exception: Error: broken/],
    ["a missing file", '<img src="no-such.png" alt="">', /answered 404: .*no-such\.png/],
    ["a request to another host", '<img src="http://127.0.0.2:9/x.png" alt="">', /request off the site: http:\/\/127\.0\.0\.2/],
    ["a request that fails", '<img src="http://127.0.0.2:9/x.png" alt="">', /request failed: http:\/\/127\.0\.0\.2/],
  ];
  for (const [fault, added, expected] of complaints) {
    test(fault, async () => {
      await withAdded(added, (url) =>
        inPage(browser, {}, async (page, context) => {
          const found = complaintsIn(context, site.url);
          await page.goto(url, { waitUntil: "load" });
          assert.match(found.join("\n"), expected);
        }),
      );
    });
  }

  test("a script that the theme does not bring", async () => {
    const strict = await published(fiveSeeds);
    try {
      const at = path.join(strict.folder, article);
      const good = await readFile(at, "utf8");
      await writeFile(at, good.replace("</main>", "<script>window.hasRun = true</script></main>"));
      await inPage(browser, {}, async (page, context) => {
        const found = complaintsIn(context, strict.url);
        await page.goto(strict.url + article, { waitUntil: "load" });
        assert.match(found.join("\n"), /Content Security Policy/);
        assert.equal(await page.evaluate(() => window.hasRun), undefined);
      });
    } finally {
      await strict.close();
    }
  });

  test("faults without script", async () => {
    const added = `
      <a href="no-such/">dead</a> <a href="#no-such">lost</a> <p id="page_main">twice</p><button>Dead</button><h1>Two</h1>`;
    await writeFile(path.join(site.folder, "lonely.txt"), "");
    await inPage(browser, { javaScriptEnabled: false }, async (page) => {
      const unseen = "<style>main { visibility: hidden }</style>";
      const found = (
        await withAdded(added, () => withAdded(unseen, () => crawl(page, site), "about/index.html"))
      ).join("\n");
      const expected = [
        /no-such\/, which answers 404/, /#no-such, but no such id/, /page_main is given twice/, /needs script: <button>/,
        /2 h1 instead of one/, /about\/index\.html: nothing to read without script/, /lonely\.txt: published, but nothing leads to it/,
      ];
      for (const one of expected) assert.match(found, one);
    });
  });

  test("a link to the wrong article", async () => {
    const topic = site.pages.find((page) => page.kind === "topic").path;
    const wrong = "<script>document.querySelectorAll('.entries .title').forEach((link) => (link.href = '../index.html'))</script>";
    await withAdded(wrong, () => inPage(browser, {}, (page) => assert.rejects(walk(page, site.url + "index.html", 0))), topic);
  });

  test("a picture without words, and pale words", async () => {
    const added = '<img src="../../assets/icon.svg"><p style="background: #fff; color: #888">pale <i style="color: #666">less so</i></p>';
    await withAdded(added, (url) =>
      inPage(browser, {}, async (page) => {
        await page.goto(url);
        const found = (await violations(page)).join("\n");
        assert.match(found, /image-alt/);
        assert.match(found, /color-contrast:/);
        assert.match(found, /color-contrast-enhanced:/);
      }),
    );
  });

  test("what is too wide, and lines too long", async () => {
    const added = "<div style='width: 400px'>wide</div><style>main, main > article { display: block }</style>";
    await withAdded(added, (url) =>
      inPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
        await page.goto(url);
        assert.match((await widerThanTheWindow(page)).join("\n"), /px in a window of 320/);
        await page.setViewportSize({ width: 1440, height: 900 });
        assert.ok(median(await lineLengths(page)) > 75);
      }),
    );
  });

  test("what moves while it loads", async () => {
    const late = "document.querySelector('h1').before('a line that comes late')";
    const added = `<script>onload = () => requestAnimationFrame(() => setTimeout(() => ${late}, 50))</script>`;
    const shift = await withAdded(added, (url) => inPage(browser, {}, (page) => layoutShift(page, url)));
    assert.ok(shift > 0);
  });

  test("what weighs too much", async () => {
    const noise = Array.from({ length: 20_000 }, (_, index) => ((index * 2_654_435_761) >>> 0).toString(36)).join("");
    const { requests, kib } = await withAdded(`<!-- ${noise} --><script src="x.js"></script>`, (url) =>
      inPage(browser, {}, (page) => weight(page, url)),
    );
    assert.ok(kib.document > 14, `${kib.document} KiB`);
    assert.ok(requests.some((url) => url.endsWith("/x.js")));
  });

  test("invalid HTML", async () => {
    const found = await htmlErrors("page.html", '<p><div></div></p><a href="x" href="y">z</a>');
    assert.match(found.join("\n"), /element-permitted-content|close-order|no-dup-attr/);
  });
});
