// Every published page is valid HTML.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";

import { expectNone } from "./findings.mjs";
import { htmlErrors } from "./html.mjs";
import { published, sites } from "./sites.mjs";

for (const site of sites) {
  test(`${site.name} is valid`, async () => {
    const publishedSite = await published(site);
    try {
      const found = [];
      for (const page of publishedSite.pages) {
        found.push(...(await htmlErrors(page.path, await readFile(path.join(publishedSite.folder, page.path), "utf8"))));
      }
      expectNone(found);
    } finally {
      await publishedSite.close();
    }
  });
}
