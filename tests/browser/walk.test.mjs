// A reader's walk, from a host and from the disk, and a look at every page: nothing may be complained about.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { complaintsIn, inPage, launch } from "./browser.mjs";
import { expectNone } from "./findings.mjs";
import { fiveSeeds, newSite, published, sites } from "./sites.mjs";
import { walk } from "./walk.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** Where walks can be taken, and which article of the first topic they lead over. */
const walks = new Map([[fiveSeeds, 0], [newSite, 0]]);

for (const site of sites) {
  describe(site.name, () => {
    let publishedSite;
    before(async () => (publishedSite = await published(site)));
    after(() => publishedSite?.close());

    const places = [
      { name: "from a sub-path of a host", home: (site) => site.url, front: (site) => site.url + "index.html" },
      { name: "from the disk", home: (site) => site.fileUrl, front: (site) => site.fileUrl + "index.html" },
    ];
    for (const place of places) {
      test(`front to topic to article to related to source and back, ${place.name}`, { skip: !walks.has(site) }, async () => {
        await inPage(browser, {}, async (page, context) => {
          const complaints = complaintsIn(context, place.home(publishedSite));
          await walk(page, place.front(publishedSite), walks.get(site));
          expectNone(complaints);
        });
      });

      test(`every page, ${place.name}`, async () => {
        await inPage(browser, {}, async (page, context) => {
          const complaints = complaintsIn(context, place.home(publishedSite));
          for (const { path, kind } of publishedSite.pages) {
            // The page for missing addresses is shown at any depth, so its own begin at the host's root.
            if (kind === "missing" && place.name === "from the disk") continue;
            await page.goto(place.home(publishedSite) + path, { waitUntil: "load" });
            if (kind === "redirect") await page.waitForURL((url) => !url.href.endsWith(path));
          }
          expectNone(complaints);
        });
      });
    }

    test("a missing address at any depth shows the page for it, whole", async () => {
      await inPage(browser, {}, async (page, context) => {
        const missing = `${publishedSite.url}articles/no/such/article/`;
        const complaints = complaintsIn(context, publishedSite.url);
        const response = await page.goto(missing);
        assert.equal(response.status(), 404);
        await page.getByRole("heading", { name: "Nothing at this address" }).waitFor();
        expectNone(complaints.filter((complaint) => !complaint.includes(missing)));
        await page.getByRole("banner").getByRole("link").first().click();
        await page.waitForURL(`${publishedSite.url}index.html`);
      });
    });
  });
}
