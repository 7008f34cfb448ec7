// Without script: every page reads, every link and anchor is there, and everything published can be reached.

import { after, before, test } from "node:test";

import { inPage, launch } from "./browser.mjs";
import { crawl } from "./crawl.mjs";
import { expectNone } from "./findings.mjs";
import { published, sites } from "./sites.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const site of sites) {
  test(`${site.name}, without script, from the front to every page`, async () => {
    const publishedSite = await published(site);
    try {
      await inPage(browser, { javaScriptEnabled: false }, async (page) => {
        expectNone(await crawl(page, publishedSite));
      });
    } finally {
      await publishedSite.close();
    }
  });
}
