// The preview: it reloads by itself, shows what is wrong over the last good page, and answers nobody else.

import assert from "node:assert/strict";
import { appendFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { complaintsIn, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { gleaner, startPreview } from "./gleaner.mjs";
import { filesIn, temporary } from "./sites.mjs";

describe("the preview of a new site", () => {
  let browser, context, page, folder, root, preview;
  before(async () => {
    // Pages that were left are kept to come back to, as in people's browsers.
    browser = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
    folder = await temporary();
    root = path.join(folder, "site");
    await gleaner("new", root);
    preview = await startPreview(root);
    // A window so low that every article has to be scrolled.
    context = await browser.newContext({ viewport: { width: 600, height: 300 } });
    page = await context.newPage();
  });
  after(async () => {
    await preview?.end();
    await browser?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  const overlay = () => page.locator("#gleaner-problems");

  const open = (article) => page.goto(`${preview.url}articles/${article}/`);

  async function anArticle() {
    const [file] = (await readdir(path.join(root, "content/articles"))).sort();
    return { name: path.basename(file, ".md"), file: path.join(root, "content/articles", file) };
  }

  test("shows the site, and complains about nothing", async () => {
    const complaints = complaintsIn(context, preview.url);
    await page.goto(preview.url);
    await page.getByRole("heading", { level: 1, name: "My library" }).waitFor();
    await open((await anArticle()).name);
    expectNone(complaints);
  });

  test("an edited article is shown by itself, where the reader was", async () => {
    const article = await anArticle();
    await open(article.name);
    await page.evaluate(() => scrollTo(0, 180));
    assert.equal(await page.evaluate(() => scrollY), 180, "the page is too short to scroll");
    await appendFile(article.file, "\nWords that were not there before.\n");
    await page.getByText("Words that were not there before.").waitFor();
    // The page may be shown twice: as it was edited, and as it is built. On a busy machine the text face may come late, and
    // scroll anchoring then moves the page by a rounded pixel to keep the text in its place; a page not put back at all
    // would be 180 pixels off.
    await page.waitForFunction(() => document.readyState === "complete" && Math.abs(scrollY - 180) <= 2);
  });

  test("what changed while a page was on its way is shown, too", async () => {
    const article = await anArticle();
    const words = "Words that came before anybody listened.";
    await page.route("**/_gleaner/events", async (route) => {
      const before = preview.printed().length;
      await appendFile(article.file, `\n${words}\n`);
      // Until all is built: then nothing more is told of.
      while (!preview.printed().slice(before).includes("Built")) await new Promise((over) => setTimeout(over, 50));
      await route.continue();
    }, { times: 1 });
    await open(article.name);
    await page.getByText(words).waitFor();
  });

  test("who comes back to a page sees what changed there", async () => {
    // A site of its own: no build of an earlier edit has its pages shown anew meanwhile.
    const apart = path.join(folder, "apart"), words = "Words that came after somebody came back.";
    await gleaner("new", apart);
    const other = await startPreview(apart), visited = await context.newPage();
    try {
      const [file] = await readdir(path.join(apart, "content/articles"));
      await visited.goto(`${other.url}articles/${path.basename(file, ".md")}/`);
      await visited.evaluate(() => addEventListener("pageshow", (shows) => { window.wasKept = shows.persisted; }));
      await visited.goto(`${other.url}topics/index.html`);
      await visited.evaluate(() => history.back());
      await visited.waitForFunction(() => window.wasKept);
      await appendFile(path.join(apart, "content/articles", file), `\n${words}\n`);
      await visited.getByText(words).waitFor();
    } finally {
      await visited.close();
      await other.end();
    }
  });

  test("who is on the way to another page gets there, though the site changes meanwhile", async () => {
    const article = await anArticle();
    await open(article.name);
    const topics = `${preview.url}topics/index.html`;
    await page.route(topics, async (route) => {
      await appendFile(article.file, "\nWords that came while somebody left.\n");
      await new Promise((over) => setTimeout(over, 800));
      await route.continue();
    });
    await page.locator('a[href$="topics/index.html"]').first().click({ noWaitAfter: true, timeout: 3000 });
    await page.waitForURL(topics, { timeout: 3000 });
    await page.unroute(topics);
  });

  test("a mistake is shown over the last good page with its place and a hint, until it is mended", async () => {
    const settings = path.join(root, "gleaner.toml");
    const good = await readFile(settings, "utf8");
    await open((await anArticle()).name);
    const heading = await page.getByRole("heading", { level: 1 }).innerText();

    try {
      await writeFile(settings, `titel = 1\n${good}`);
      await overlay().waitFor();
      const words = await overlay().innerText();
      assert.match(words, /unknown key `titel`/);
      assert.match(words, /gleaner\.toml:1\b/);
      assert.match(words, /did you mean `title`/);
      assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), heading);

      // Whoever comes now sees the last good page, too, and what is wrong.
      await page.reload();
      await overlay().waitFor();
      assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), heading);
    } finally {
      await writeFile(settings, good);
    }
    await overlay().waitFor({ state: "detached" });
  });

  test("answers nobody who takes it for another host", async () => {
    for (const path of ["/", "/_gleaner/reload.js", "/_gleaner/events"]) {
      assert.equal(await status(path, { host: "evil.example" }), 403, path);
      assert.equal(await status(path, { host: `evil.example:${preview.port}` }), 403, path);
    }
    assert.equal(await status("/", { host: `localhost:${preview.port}` }), 200);
  });

  test("gives away nothing but the site", async () => {
    const outside = [
      "/../Cargo.toml", "/../gleaner.toml", "/%2e%2e/gleaner.toml", "/..%2fgleaner.toml", "/gleaner.toml", "/.gleaner/",
      "/gleaner.lock", "/.gleaner-manifest", "//gleaner.toml", "/%00", "/seeds/", "/_gleaner/", "/articles/../../gleaner.toml",
    ];
    for (const path of outside) {
      assert.ok([400, 404].includes(await status(path)), `${path} answers ${await status(path)}`);
    }
    assert.equal(await status("/articles/no-such/"), 404);
  });

  test("leaves no trace in what `build` writes", async () => {
    assert.match(await (await fetch(preview.url)).text(), /_gleaner/);
    const output = path.join(folder, "public");
    await gleaner("--root", root, "build", "--output", output);
    for (const file of await filesIn(output)) {
      assert.ok(!(await readFile(path.join(output, file))).includes("_gleaner"), `${file} speaks of the preview`);
    }
  });

  test("ends when it is told to, even while a browser listens", async () => {
    await open((await anArticle()).name);
    assert.deepEqual(await preview.end("SIGTERM"), { code: 0, signal: null });
  });

  /** The status of a request whose path and headers are sent as they are given. */
  function status(path, headers = {}) {
    return new Promise((done, failed) => {
      const sent = request({ host: "127.0.0.1", port: preview.port, path, headers }, (response) => {
        response.destroy();
        done(response.statusCode);
      });
      sent.on("error", failed).end();
    });
  }
});
