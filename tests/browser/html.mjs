// What html-validate finds in a page's text.

import { HtmlValidate, StaticConfigLoader } from "html-validate";

import config from "./html-validate.config.mjs";

const validator = new HtmlValidate(new StaticConfigLoader(config));

/** Errors as lines: where, which rule, what. */
export async function htmlErrors(name, html) {
  const report = await validator.validateString(html, name);
  return report.results.flatMap((result) =>
    result.messages.map((found) => `${name}:${found.line}:${found.column}: ${found.ruleId}: ${found.message}`),
  );
}
