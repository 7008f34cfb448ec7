// axe on every kind of page: WCAG 2.0 to 2.2 A and AA and best practice, light and dark, on a phone and a desktop.

import { after, before, describe, test } from "node:test";

import { violations } from "./accessibility.mjs";
import { inPage, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { onePageOfEachKind, published, shapes } from "./sites.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

for (const site of shapes) {
  describe(site.name, () => {
    let publishedSite;
    before(async () => (publishedSite = await published(site)));
    after(() => publishedSite?.close());

    for (const colorScheme of ["light", "dark"]) {
      for (const width of [390, 1440]) {
        test(`${colorScheme}, ${width} px wide`, async () => {
          const found = [];
          await inPage(browser, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
            for (const { path } of onePageOfEachKind(publishedSite)) {
              await page.goto(publishedSite.url + path);
              found.push(...(await violations(page)).map((violation) => `${path}: ${violation}`));
            }
          });
          expectNone(found);
        });
      }
    }
  });
}
