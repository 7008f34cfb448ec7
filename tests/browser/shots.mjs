// Pictures of every kind of page, for people: node shots.mjs FOLDER

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { inPage, launch } from "./browser.mjs";
import { onePageOfEachKind, published, shapes } from "./sites.mjs";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node shots.mjs FOLDER");
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const windows = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const browser = await launch();
for (const shape of shapes) {
  const site = await published(shape);
  for (const colorScheme of ["light", "dark"]) {
    for (const [device, viewport] of Object.entries(windows)) {
      await inPage(browser, { colorScheme, viewport }, async (page) => {
        for (const { path: file, kind } of onePageOfEachKind(site)) {
          // A second visit, so that the fonts are there in time.
          await page.goto(site.url + file, { waitUntil: "load" });
          await page.reload({ waitUntil: "load" });
          await page.evaluate(() => document.fonts.ready.then(() => true));
          const name = `${shape.name.replaceAll(" ", "-")}-${kind}-${device}-${colorScheme}.png`;
          await page.screenshot({ path: path.join(folder, name), fullPage: true });
        }
      });
    }
  }
  await site.close();
}
await browser.close();
