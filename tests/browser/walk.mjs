// The way a reader takes: from the front to a topic, an article, a related one, its source, and back.

import assert from "node:assert/strict";

/**
 * Takes the walk by clicking, and compares every page's title with the words that were clicked. `articleNumber` is the
 * place of the article in the topic's list, from 0; what is related to it must have a source page.
 */
export async function walk(page, front, articleNumber) {
  await page.goto(front);
  const site = await page.title();
  await page.getByRole("heading", { level: 1, name: site }).waitFor();

  await follow(page.locator(".topics .title").first());
  await expectTitle(page, site);
  await follow(page.locator("section[aria-labelledby=page_articles] .title").nth(articleNumber));
  const first = await expectTitle(page, site);
  await follow(page.locator("section[aria-labelledby=page_related] .title").first());
  const second = await expectTitle(page, site);
  assert.notEqual(second, first, "a related article is another one");

  const article = page.url();
  await click(page.locator("section[aria-labelledby=page_provenance] a[href*='source/']"));
  assert.match(page.url(), /\/source\/index\.html$/);
  await expectTitle(page, site);
  await click(page.locator(".standfirst").getByRole("link", { name: second }));
  assert.equal(page.url(), article);
  assert.equal(await expectTitle(page, site), second);

  await click(page.getByRole("banner").getByRole("link", { name: site }));
  assert.equal(page.url(), front);
  assert.equal(await page.title(), site);
}

/** Clicks a link, to a page that must have the link's words as its heading. */
async function follow(link) {
  const words = await link.innerText();
  await click(link);
  await link.page().getByRole("heading", { level: 1, name: words, exact: true }).waitFor({ timeout: 5000 });
}

/** Clicks a link and keeps off the next page until it is loaded: asking a page for its style before it has any breaks its fade. */
async function click(link) {
  const loaded = link.page().waitForEvent("load", { timeout: 10000 });
  await link.click({ timeout: 5000 });
  await loaded;
}

/** The page's heading, which its title must begin with. */
async function expectTitle(page, site) {
  const heading = await page.getByRole("heading", { level: 1 }).innerText();
  assert.equal(await page.title(), `${heading} – ${site}`);
  return heading;
}
