// The search: its page by address, its dialog by keyboard, from a host and from the disk, whole and damaged.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { violations } from "./accessibility.mjs";
import { complaintsIn, inPage, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { gleaner, repository, startPreview } from "./gleaner.mjs";
import { widerThanTheWindow } from "./layout.mjs";
import { fiveSeeds, published, temporary } from "./sites.mjs";

const results = (page) => page.locator("ol.entries .title");
const status = (page) => page.locator(".note[role=status]");
const field = (page) => page.getByRole("searchbox", { name: "Search the articles" });

/** Waits until the search says what it found, and gives the words. */
async function said(page, words = /result|No article/) {
  await status(page).filter({ hasText: words }).waitFor();
  return status(page).innerText();
}

describe("the search of the five seeds", () => {
  let browser, site;
  before(async () => {
    browser = await launch();
    site = await published(fiveSeeds);
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  const anArticle = () => site.url + site.pages.find((page) => page.kind === "article").path;

  for (const place of ["a sub-path of a host", "the disk"]) {
    const home = () => (place === "the disk" ? site.fileUrl : site.url);

    test(`by address, from ${place}`, async () => {
      await inPage(browser, {}, async (page, context) => {
        const complaints = complaintsIn(context, home());
        await page.goto(`${home()}search/index.html?q=social+media`);
        assert.match(await said(page), /^\d+ results? for “social media”/);
        assert.equal(await field(page).inputValue(), "social media");
        assert.ok((await page.locator("ol.entries mark").count()) > 0, "hits are marked");
        assert.match(await page.locator("ol.entries .facts").first().innerText(), /\S/, "the topic is said");
        const title = await results(page).first().innerText();
        await results(page).first().click();
        await page.getByRole("heading", { level: 1, name: title }).waitFor();
        assert.match(page.url(), /articles\/.*#/);
        assert.equal(await page.locator(":target").count(), 1, "the hit's paragraph is marked");
        await page.goBack();
        assert.match(await said(page), /for “social media”/);
        expectNone(complaints);
      });
    });

    test(`in the dialog, by keyboard alone, from ${place}`, async () => {
      await inPage(browser, {}, async (page, context) => {
        const complaints = complaintsIn(context, home());
        const article = site.pages.find((page) => page.kind === "article").path;
        await page.goto(home() + article);
        const link = page.getByRole("banner").getByRole("link", { name: "Search" });
        await link.focus();
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog", { name: "Search" });
        await dialog.waitFor();
        await page.keyboard.type("leaders");
        await said(page, /for “leaders”/);
        await results(page).first().waitFor();
        await page.keyboard.press("ArrowDown");
        assert.equal(await page.evaluate(() => document.activeElement.className), "title");
        await page.keyboard.press("ArrowUp");
        assert.equal(await page.evaluate(() => document.activeElement.type), "search");
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "hidden" });
        assert.equal(await page.evaluate(() => document.activeElement.textContent), "Search", "focus returns");

        await page.keyboard.press("Control+k");
        await dialog.waitFor();
        await said(page, /for “leaders”/);
        await results(page).first().waitFor();
        const title = await results(page).first().innerText();
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { level: 1, name: title, exact: true }).waitFor();
        expectNone(complaints);
      });
    });
  }

  test("what is asked in many ways is found", async () => {
    const file = path.join(repository, "content/articles", (await readdir(path.join(repository, "content/articles"))).sort()[0]);
    const title = /^title = "(.*)"$/m.exec(await readFile(file, "utf8"))[1];
    await inPage(browser, {}, async (page) => {
      await page.goto(`${site.url}search/index.html`);
      const ask = async (query) => {
        await field(page).fill(query);
        await said(page, `“${query.trim()}”`);
        return results(page).allInnerTexts();
      };
      assert.equal((await ask(title))[0], title, "an exact title comes first");
      assert.ok((await ask("techn")).length > 0, "the beginning of a word");
      const right = await ask("technology professionals ");
      assert.equal((await ask("tecnology professionals "))[0], right[0], "a mistyped word");
      assert.ok((await ask('"social media"')).length > 0, "a phrase that is there");
      assert.deepEqual(await ask('"media social"'), [], "a phrase that is not");
      const all = await ask("leaders ");
      const some = await ask("leaders topic:strategy");
      assert.ok(some.length > 0 && some.every((one) => all.includes(one)), "a topic");
      assert.ok((await ask("author:bowers")).length > 0, "an author");
      assert.deepEqual(await ask("xqzwvk"), []);
      assert.match(await status(page).innerText(), /^No article has/);
      await page.locator(".more").getByRole("link", { name: "Topics" }).waitFor();
      assert.match(await ask("leaders xqzwvk ").then(() => status(page).innerText()), /none has “xqzwvk”/);
    });
  });

  test("the page's choice of topic is a part of the query", async () => {
    await inPage(browser, {}, async (page) => {
      await page.goto(`${site.url}search/index.html?q=leaders`);
      await said(page);
      await page.getByLabel("Topic", { exact: true }).selectOption("strategy");
      assert.equal(await field(page).inputValue(), "leaders topic:strategy ");
      await said(page, /topic:strategy/);
      assert.match(page.url(), /topic%3Astrategy/);
    });
  });

  test("no key alone opens the dialog", async () => {
    await inPage(browser, {}, async (page) => {
      await page.goto(anArticle());
      for (const key of ["/", "s", "k", "f"]) await page.keyboard.press(key);
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog", { name: "Search" }).waitFor();
      assert.equal(await page.locator("dialog input").inputValue(), "", "the keys before went nowhere");
      await page.keyboard.press("Escape");
      for (const key of ["/", "s", "k", "f"]) await page.keyboard.press(key);
      assert.equal(await page.getByRole("dialog", { name: "Search" }).isVisible(), false);
    });
  });

  test("what is typed while the script is on its way is searched for", async () => {
    await inPage(browser, {}, async (page) => {
      let send;
      const asked = new Promise((resolve) => (send = resolve));
      await page.route("**/assets/search*.js", async (route) => {
        await asked;
        await route.continue();
      });
      await page.goto(anArticle());
      await page.keyboard.press("Control+k");
      await page.keyboard.type("sociaal");
      for (const key of ["Backspace", "Backspace", "l"]) await page.keyboard.press(key);
      await page.keyboard.type(" media");
      send();
      await page.getByRole("dialog", { name: "Search" }).waitFor();
      await page.keyboard.type(" age");
      assert.equal(await page.locator("dialog input").inputValue(), "social media age");
    });
  });

  test("nothing is fetched before somebody searches", async () => {
    await inPage(browser, {}, async (page) => {
      const asked = [];
      page.on("request", (request) => asked.push(request.url()));
      await page.goto(anArticle(), { waitUntil: "networkidle" });
      assert.deepEqual(asked.filter((url) => /search/.test(url)), []);
    });
  });

  test("without script the page says so and lists every article", async () => {
    await inPage(browser, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${site.url}search/index.html`);
      await page.locator("noscript .note").waitFor();
      for (const name of ["concepts", "timeline"]) assert.equal(await page.locator("noscript").getByRole("link", { name }).count(), 1, name);
      assert.ok((await page.locator("[data-topic]").count()) > 0, "topics");
      const articles = site.pages.filter((page) => page.kind === "article").length;
      assert.equal(await page.locator("section[aria-labelledby=page_every] .title").count(), articles);
      await field(page).fill("leaders");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?q=leaders#page_every$/);
    });
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [390, 1440]) {
      test(`axe finds nothing on the open dialog and the page, ${colorScheme}, ${width} px wide`, async () => {
        await inPage(browser, { colorScheme, viewport: { width, height: 800 } }, async (page) => {
          await page.goto(anArticle());
          await page.keyboard.press("Control+k");
          await field(page).fill("leaders");
          await results(page).first().waitFor();
          const found = await violations(page);
          await page.goto(`${site.url}search/index.html?q=leaders`);
          await results(page).first().waitFor();
          expectNone([...found, ...(await violations(page)), ...(await widerThanTheWindow(page))]);
        });
      });
    }
  }

  test("a missing or damaged piece is said once, and asked for again only when the reader wants", async () => {
    for (const damage of ["missing", "damaged"]) {
      await inPage(browser, {}, async (page) => {
        let asked = 0;
        const piece = /search\/pieces\/(?!start)/;
        await page.route(piece, (route) => {
          asked++;
          return damage === "missing" ? route.fulfill({ status: 404 }) : route.fulfill({ contentType: "text/javascript", body: "gleanerPiece(" });
        });
        const errors = [];
        page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        page.on("pageerror", (error) => errors.push(error.message));
        await page.goto(`${site.url}search/index.html?q=leaders`);
        await said(page, /missing or damaged/);
        await page.waitForTimeout(300);
        const before = { asked, errors: errors.length };
        assert.ok(before.errors <= before.asked, errors.join("\n"));
        await field(page).fill("leaders ");
        await page.waitForTimeout(300);
        assert.deepEqual({ asked, errors: errors.length }, before, "it is not asked for by itself");
        await page.unroute(piece);
        await page.getByRole("button", { name: "Try again" }).click();
        assert.match(await said(page), /results? for/);
      });
    }
  });

  test("a slow host is waited for in words", async () => {
    await inPage(browser, {}, async (page) => {
      await page.route(/search\/pieces\/start/, async (route) => {
        await new Promise((passed) => setTimeout(passed, 2500));
        await route.continue();
      });
      await page.goto(`${site.url}search/index.html?q=leaders`, { waitUntil: "commit" });
      await said(page, /Still loading/);
      assert.match(await said(page), /results? for/);
    });
  });
});

test("an empty site is searched in vain, and says so", async () => {
  const folder = await temporary();
  const empty = {
    name: "an empty site",
    async build(output, url) {
      await writeFile(path.join(folder, "gleaner.toml"), 'title = "Empty"\n');
      await gleaner("--root", folder, "build", "--output", output, "--base-url", url);
    },
  };
  const browser = await launch();
  const site = await published(empty);
  try {
    await inPage(browser, {}, async (page, context) => {
      const complaints = complaintsIn(context, site.url);
      await page.goto(`${site.url}search/index.html?q=leaders`);
      assert.equal(await said(page), "No article has “leaders”.");
      expectNone(complaints);
    });
  } finally {
    await browser.close();
    await site.close();
    await rm(folder, { recursive: true });
  }
});

test("words are the same in the index and in the browser, whatever their script", async () => {
  const folder = await temporary();
  const asked = {
    // What is asked, and what stands in the text.
    "CAFE": "Un café à Orléans",
    "straße": "Die Straße am Fluss",
    "ΟΔΟΣ": "Μια οδός στην πόλη",
    "検索": "全文検索の技術",
    "속도": "검색의 속도는",
    "ёлка": "Зелёная ёлка",
    "resume’s": "The résumé's end",
    "ﬁnal": "A final word",
  };
  const site = {
    name: "a site in many scripts",
    async build(output, url) {
      await writeFile(path.join(folder, "gleaner.toml"), 'title = "Scripts"\n');
      await mkdir(path.join(folder, "content/articles"), { recursive: true });
      for (const [index, text] of Object.values(asked).entries()) {
        await writeFile(path.join(folder, `content/articles/a${index}.md`), `+++\ntitle = "Number ${index}"\ndate = 2011-03-04\n+++\n\n${text}.\n`);
      }
      await gleaner("--root", folder, "build", "--output", output, "--base-url", url);
    },
  };
  const browser = await launch();
  const built = await published(site);
  try {
    await inPage(browser, {}, async (page) => {
      await page.goto(`${built.url}search/index.html`);
      for (const [index, query] of Object.keys(asked).entries()) {
        await field(page).fill(query);
        await said(page, `“${query}”`);
        assert.equal((await results(page).allInnerTexts())[0], `Number ${index}`, query);
        assert.ok((await page.locator("ol.entries mark").count()) > 0, `${query} is marked`);
        assert.match(await page.locator("ol.entries .facts").first().innerText(), /2011/, "the date is said");
      }
    });
  } finally {
    await browser.close();
    await built.close();
    await rm(folder, { recursive: true });
  }
});

test("the preview finds what was just written", async () => {
  const folder = await temporary(), root = path.join(folder, "site");
  await gleaner("new", root);
  const preview = await startPreview(root);
  const browser = await launch();
  try {
    await inPage(browser, {}, async (page) => {
      await page.goto(`${preview.url}search/?q=zyzzyvas`);
      assert.match(await said(page), /^No article has/);
      const [file] = await readdir(path.join(root, "content/articles"));
      await appendFile(path.join(root, "content/articles", file), "\nZyzzyvas are weevils.\n");
      assert.match(await said(page, /result for/), /^1 result for “zyzzyvas”/);
    });
  } finally {
    await preview.end();
    await browser.close();
    await rm(folder, { recursive: true });
  }
});

test("the script browsers get is the one people read, and small", async () => {
  const made = path.join(repository, "themes/default/static/search.js");
  const before = await readFile(made, "utf8");
  await promisify(execFile)("bash", [path.join(repository, "scripts/make-search.sh")]);
  const after = await readFile(made, "utf8");
  await writeFile(made, before);
  assert.equal(after, before, "scripts/make-search.sh makes another one");
  assert.ok(Buffer.byteLength(before) <= 12 * 1024, `${Buffer.byteLength(before)} bytes`);
});
