// What html-validate finds in a page's text.

import { readFile } from "node:fs/promises";
import path from "node:path";

import { HtmlValidate, StaticConfigLoader } from "html-validate";

const config = JSON.parse(await readFile(path.join(import.meta.dirname, "html-validate.json"), "utf8"));
const validator = new HtmlValidate(new StaticConfigLoader(config));

/** Errors as lines: where, which rule, what. */
export async function htmlErrors(name, html) {
  const report = await validator.validateString(html, name);
  return report.results.flatMap((result) =>
    result.messages.map((found) => `${name}:${found.line}:${found.column}: ${found.ruleId}: ${found.message}`),
  );
}
