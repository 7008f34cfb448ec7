// What script adds for those who have it: a look ahead at links, contents that follow, copies.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { violations } from "./accessibility.mjs";
import { complaintsIn, inPage, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { fiveSeeds, published, specimen } from "./sites.mjs";

const desktop = { viewport: { width: 1440, height: 900 } };

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

describe("on the five seeds", () => {
  let site;
  before(async () => (site = await published(fiveSeeds)));
  after(() => site?.close());

  const topic = (page, from = site.url) => page.goto(`${from}topics/strategy/index.html`);
  const preview = (page) => page.locator("#page_preview");

  test("a link that is rested on shows what it leads to, and Escape closes it", async () => {
    await inPage(browser, desktop, async (page) => {
      await topic(page);
      const link = page.locator(".introduction a").first();
      const title = await page.evaluate(async (address) => {
        const html = await (await fetch(address)).text();
        return new DOMParser().parseFromString(html, "text/html").querySelector("h1").textContent;
      }, await link.evaluate((anchor) => anchor.href));
      await link.hover();
      await preview(page).waitFor({ state: "visible" });
      assert.equal(await preview(page).locator(".title").textContent(), title);
      assert.ok((await preview(page).locator(".summary").textContent()).length > 60);
      assert.equal(await link.getAttribute("aria-describedby"), "page_preview");
      // It covers neither the link nor its line.
      const [box, line] = [await preview(page).boundingBox(), await link.boundingBox()];
      assert.ok(box.y >= line.y + line.height || box.y + box.height <= line.y, JSON.stringify([box, line]));
      expectNone(await violations(page));
      // It stays while the pointer is on it.
      await page.mouse.move(box.x + 20, box.y + 20, { steps: 5 });
      await page.waitForTimeout(400);
      assert.ok(await preview(page).isVisible());
      await page.keyboard.press("Escape");
      assert.ok(await preview(page).isHidden());
      assert.equal(await link.getAttribute("aria-describedby"), null);
    });
  });

  test("the keyboard shows it, too, and keeps its place", async () => {
    await inPage(browser, desktop, async (page) => {
      await topic(page);
      await page.locator("main").focus();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      await preview(page).waitFor({ state: "visible" });
      assert.ok(await page.evaluate(() => document.activeElement.matches("main a[aria-describedby=page_preview]")));
    });
  });

  test("a finger and a narrow window get none", async () => {
    for (const options of [{ viewport: { width: 390, height: 800 } }, { ...desktop, hasTouch: true, isMobile: true }]) {
      await inPage(browser, options, async (page) => {
        await topic(page);
        await page.locator(".introduction a").first().hover();
        await page.waitForTimeout(700);
        assert.equal(await preview(page).count(), 0);
      });
    }
  });

  test("from the disk, where pages cannot be read, nothing is shown and nothing is wrong", async () => {
    await inPage(browser, desktop, async (page) => {
      const thrown = [];
      page.on("pageerror", (error) => thrown.push(String(error)));
      await topic(page, site.fileUrl);
      await page.locator(".introduction a").first().hover();
      await page.waitForTimeout(700);
      assert.ok(await preview(page).isHidden());
      expectNone(thrown);
    });
  });

  test("the contents say which section is read", async () => {
    const long = site.pages.filter((page) => page.kind === "article").sort((a, b) => b.length - a.length);
    await inPage(browser, desktop, async (page, context) => {
      const complaints = complaintsIn(context, site.url);
      let seen = 0;
      for (const { path } of long) {
        await page.goto(site.url + path);
        const links = page.locator(".contents a");
        const count = await links.count();
        if (count === 0) continue;
        seen++;
        await page.evaluate(() => document.querySelectorAll(".text h2")[1].scrollIntoView());
        await page.waitForFunction(() => document.querySelectorAll(".contents a")[1].ariaCurrent === "true");
        await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
        await page.waitForFunction((last) => document.querySelectorAll(".contents a")[last].ariaCurrent === "true", count - 1);
        assert.equal(await page.locator(".contents [aria-current]").count(), 1);
      }
      assert.ok(seen > 0, "no article has contents");
      expectNone(complaints);
    });
  });

  test("how to cite an article is copied", async () => {
    await inPage(browser, { ...desktop, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.goto(site.url + site.pages.find((one) => one.kind === "article").path);
      await page.locator(".citation .copy").click();
      await page.getByRole("button", { name: "Copied" }).waitFor();
      const citation = await page.locator(".citation > span").textContent();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), citation);
      assert.match(citation, /“.+”/);
    });
  });
});

test("code is copied without its button", async () => {
  const site = await published(specimen);
  try {
    await inPage(browser, { ...desktop, permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.goto(`${site.url}articles/every-kind-of-block/index.html`);
      const code = await page.locator("pre.code code").first().textContent();
      await page.locator(".copied .copy").first().click();
      await page.getByRole("button", { name: "Copied" }).first().waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), code.trim());
    });
  } finally {
    await site.close();
  }
});
