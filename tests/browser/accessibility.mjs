// What axe finds on a page.

import AxeBuilder from "@axe-core/playwright";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Violations as lines: the rule, what is wrong, and the element. All that can be opened is open. */
export async function violations(page) {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  const found = await new AxeBuilder({ page })
    // Text is to have a contrast of 7:1, which is WCAG's AAA. `options` forgets the tags, so it comes first.
    .options({ rules: { "color-contrast-enhanced": { enabled: true } }, resultTypes: ["violations"] })
    .withTags(tags)
    // The pages hold no frames, which the slower way is for.
    .setLegacyMode(true)
    .analyze();
  return found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.failureSummary.replace(/\s+/g, " ")} at ${node.html}`),
  );
}
