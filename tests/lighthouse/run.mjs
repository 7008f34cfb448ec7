// Lighthouse on every kind of page of the five seeds and of a large site, as a phone and as a desktop see it. Prints a
// line a page, and what cost points; ends with 1 where anything has less than 100.
//
//   npm ci --ignore-scripts && node run.mjs       in this folder, on a machine that does nothing else
//
// CHROMIUM and GLEANER_BIN are as in ../browser/run.sh.

import * as chromeLauncher from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

import { largeSite } from "../browser/large.mjs";
import { fiveSeeds, onePageOfEachKind, published } from "../browser/sites.mjs";

const categories = ["performance", "accessibility", "best-practices", "seo"];
// Not to be found by search engines, and rightly so; what else they are is checked all the same.
const unlisted = ["missing", "source", "excerpt"];

const chrome = await chromeLauncher.launch({
  chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless", "--no-sandbox"],
});
let short = 0;
try {
  for (const site of [fiveSeeds, largeSite]) {
    const here = await published(site);
    try {
      for (const { path, kind } of onePageOfEachKind(here)) {
        for (const [form, config] of [["phone", undefined], ["desktop", desktopConfig]]) {
          const flags = { port: chrome.port, output: "json", logLevel: "silent", onlyCategories: categories };
          const { lhr } = await lighthouse(here.url + path, flags, config);
          const scores = categories.map((name) => Math.round(lhr.categories[name].score * 100));
          console.log(`${scores.join(" ").padEnd(16)} ${form.padEnd(8)} ${path}`);
          for (const name of categories) {
            if (name === "seo" && unlisted.includes(kind)) continue;
            if (lhr.categories[name].score < 1) short++;
            for (const { id, weight } of lhr.categories[name].auditRefs) {
              const { score, displayValue = "" } = lhr.audits[id];
              if (weight > 0 && score !== null && score < 0.9) console.log(`    ${name}: ${id} ${displayValue}`);
            }
          }
        }
      }
    } finally {
      await here.close();
    }
  }
} finally {
  await chrome.kill();
}
console.log(short === 0 ? "all 100" : `${short} below 100`);
process.exitCode = short === 0 ? 0 : 1;
