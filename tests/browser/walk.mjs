// The way a reader takes: from the front to a topic, an article, a related one, its source, and back.

import assert from "node:assert/strict";

/** Takes the walk by clicking, and compares every page's title with the words that were clicked. */
export async function walk(page, front) {
  await page.goto(front);
  const site = await page.title();
  await page.getByRole("heading", { level: 1, name: site }).waitFor();

  await follow(page.locator(".topics .title").first());
  await expectTitle(page, site);
  await follow(page.locator("section[aria-labelledby=page_articles] .title").first());
  const first = await expectTitle(page, site);
  await follow(page.locator("section[aria-labelledby=page_related] .title").first());
  const second = await expectTitle(page, site);
  assert.notEqual(second, first, "a related article is another one");

  const article = page.url();
  await page.locator("section[aria-labelledby=page_provenance] a[href*='source/']").click();
  await page.waitForURL("**/source/index.html");
  await expectTitle(page, site);
  await page.locator(".standfirst").getByRole("link", { name: second }).click();
  await page.waitForURL(article);
  assert.equal(await expectTitle(page, site), second);

  await page.getByRole("banner").getByRole("link", { name: site }).click();
  await page.waitForURL(front);
  assert.equal(await page.title(), site);
}

/** Clicks a link and waits for the page that has the link's words as its heading. */
async function follow(link) {
  const words = await link.innerText();
  const page = link.page();
  await link.click();
  await page.getByRole("heading", { level: 1, name: words, exact: true }).waitFor();
}

/** The page's heading, which its title must begin with. */
async function expectTitle(page, site) {
  const heading = await page.getByRole("heading", { level: 1 }).innerText();
  assert.equal(await page.title(), `${heading} – ${site}`);
  return heading;
}
