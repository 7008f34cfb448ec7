// No script of a seed runs, under a policy or without one, on any page, in any search, in the preview's own words.

import assert from "node:assert/strict";
import { appendFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { inPage, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { gleaner, startPreview } from "./gleaner.mjs";
import { payloads, writeHostileSite } from "./hostile.mjs";
import { serveStatic } from "./server.mjs";
import { filesIn, published, temporary } from "./sites.mjs";

/** Everything that happens in `context` from now on that only a script, or an address, of a seed could have done. */
async function happenedIn(context, home) {
  const happened = [];
  await context.addInitScript(() => {
    for (const name of ["alert", "confirm", "prompt"]) window[name] = (what) => console.error(`SCRIPT RAN: ${what}`);
  });
  context.on("console", (message) => {
    // What a policy had to stop was not kept away by escaping.
    if (/SCRIPT RAN|Content Security Policy/.test(message.text())) happened.push(`${message.location().url}: ${message.text()}`);
  });
  context.on("dialog", (dialog) => {
    happened.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  context.on("weberror", (error) => happened.push(`an exception: ${error.error()}`));
  context.on("request", (request) => {
    if (!request.url().startsWith(home)) happened.push(`a request off the site: ${request.url()}`);
  });
  context.on("page", (page) => page.opener().then((opener) => opener && happened.push(`a window was opened: ${page.url()}`)));
  return happened;
}

/** What a page has that a script could come from, though none has run yet. */
function suspects() {
  const found = [];
  const outer = (element) => element.outerHTML.slice(0, 160);
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`an event's attribute: ${outer(element)}`);
      if (/^(srcdoc|formaction|ping|background)$/i.test(name)) found.push(`the attribute ${name}: ${outer(element)}`);
      if (/^(xlink:)?href$|^src$|^action$|^data$|^poster$|^cite$/i.test(name)) {
        const { protocol } = new URL(value, document.baseURI);
        if (!["http:", "https:", "mailto:"].includes(protocol)) found.push(`the address ${value}: ${outer(element)}`);
      }
    }
    if (element.matches("iframe, object, embed, frame, frameset, base, applet, portal, form:not([role=search], [action$='search/index.html'])")) {
      found.push(`an element that no page has: ${outer(element)}`);
    }
  }
  return found;
}

/** How many pages are open at once: most of the time a browser waits. */
const TABS = 4;

/** Does something with each of many in a few pages of a context, one after the other in each. */
async function inTabs(context, all, look) {
  const waiting = all.entries();
  const tab = async () => {
    const page = await context.newPage();
    for (const [index, one] of waiting) await look(page, one, index);
    await page.close();
  };
  await Promise.all(Array.from({ length: TABS }, tab));
}

/** The hostile site, built once. */
let built, root;
before(async () => {
  root = await temporary();
  await writeHostileSite(root);
  const build = (output, url) => gleaner("--root", root, "build", "--output", output, "--base-url", url, "--quiet");
  built = await published({ name: "hostile", build }, { isStrict: false });
});
after(async () => {
  await built?.close();
  if (root) await rm(root, { recursive: true });
});

for (const isStrict of [false, true]) {
  describe(`a site of ${payloads.length} hostile texts, ${isStrict ? "under its policy" : "without a policy"}`, () => {
    let browser, server, site;
    before(async () => {
      browser = await launch();
      server = await serveStatic(built.folder, { isStrict });
      site = { ...built, url: server.url };
    });
    after(async () => {
      await browser?.close();
      await server?.close();
    });

    /** Opens an address, and leaves scripts the time to run that wait for a picture to fail. */
    async function open(page, url) {
      await page.goto(url, { waitUntil: "load" });
      return page.evaluate(suspects);
    }

    test("there are enough of them, and all came in", async () => {
      assert.ok(new Set(payloads).size >= 150, `${new Set(payloads).size} payloads`);
      const articles = site.pages.filter((page) => page.kind === "article");
      assert.ok(articles.length >= 60, `${articles.length} articles`);
    });

    test("every page", async () => {
      await inPage(browser, {}, async (_, context) => {
        const happened = await happenedIn(context, site.url);
        await inTabs(context, site.pages.filter((page) => page.kind !== "redirect"), async (page, { path }) => {
          const found = await open(page, site.url + encodeURI(path).replaceAll("#", "%23").replaceAll("?", "%3F"));
          happened.push(...found.map((one) => `${path}: ${one}`));
        });
        expectNone(happened);
      });
    });

    test("every other file that a browser shows by itself", async () => {
      await inPage(browser, {}, async (page, context) => {
        const happened = await happenedIn(context, site.url);
        for (const file of (await filesIn(site.folder)).filter((file) => /\.(xml|svg|txt)$/.test(file))) {
          await page.goto(site.url + encodeURI(file), { waitUntil: "load" });
          const html = await page.evaluate(() => document.getElementsByTagNameNS("http://www.w3.org/1999/xhtml", "script").length);
          if (/\.(xml|svg)$/.test(file) && html > 0) happened.push(`${file} has a script`);
        }
        expectNone(happened);
      });
    });

    test("a search for each", { skip: isStrict }, async () => {
      await inPage(browser, {}, async (_, context) => {
        const happened = await happenedIn(context, site.url);
        let found = 0;
        const texts = ["alert", "onerror", "script", "leeks", ...payloads];
        await inTabs(context, texts, async (page, text, index) => {
          // By address each tenth, and the first of each tab, for that takes long; the others typed.
          if (index % 10 === 0 || page.url() === "about:blank") await page.goto(`${site.url}search/index.html?q=${encodeURIComponent(text)}`);
          else await page.getByRole("searchbox", { name: "Search the articles" }).fill(text.replaceAll("\n", " "));
          await page.locator(".note[role=status]").filter({ hasText: /result|No article|Nothing|word|Type|search/i }).waitFor();
          found += await page.locator("ol.entries .title").count();
          happened.push(...(await page.evaluate(suspects)).map((one) => `search for ${text}: ${one}`));
        });
        assert.ok(found > 20, "the searches find what they are looked for in");
        expectNone(happened);
      });
    });

    test("whoever looks finds a script that is there", { skip: isStrict }, async () => {
      await inPage(browser, {}, async (page, context) => {
        const happened = await happenedIn(context, site.url);
        const planted = path.join(site.folder, "planted.html");
        await writeFile(planted, "<body><script>alert(1)</script><a href='javascript:alert(2)'>go</a><img src='http://evil.example/'>");
        const found = await open(page, `${site.url}planted.html`);
        await rm(planted);
        assert.equal(found.length, 1, found.join("\n"));
        assert.ok(happened.some((one) => one.includes("SCRIPT RAN: 1")), happened.join("\n"));
        assert.ok(happened.some((one) => one.includes("evil.example")), happened.join("\n"));
      });
    });
  });
}

test("the preview's own words are as harmless", async () => {
  const [browser, root] = [await launch(), await temporary()];
  let preview;
  try {
    await writeFile(path.join(root, "gleaner.toml"), 'title = "T"\n');
    preview = await startPreview(root);
    await inPage(browser, {}, async (page, context) => {
      const happened = await happenedIn(context, preview.url);
      await page.goto(preview.url);
      const problems = payloads.map((text) => `${JSON.stringify(text.replaceAll(/\0/g, ""))} = 1`).join("\n");
      await appendFile(path.join(root, "gleaner.toml"), problems);
      await page.locator("#gleaner-problems").waitFor();
      const words = await page.locator("#gleaner-problems").innerText();
      assert.ok(words.includes("<script>"), words.slice(0, 500));
      happened.push(...(await page.evaluate(suspects)));
      // A site that never was built has a page of the preview's own.
      await preview.end();
      preview = await startPreview(root);
      await page.goto(preview.url);
      assert.match(await page.locator("h1").innerText(), /cannot be built/);
      happened.push(...(await page.evaluate(suspects)));
      expectNone(happened.filter((one) => !one.includes("off the site")));
    });
  } finally {
    await preview?.end();
    await browser.close();
    await rm(root, { recursive: true });
  }
});
