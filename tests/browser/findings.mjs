// What a look at many pages found.

import assert from "node:assert/strict";

/** Fails with every finding on a line of its own. */
export function expectNone(findings) {
  if (findings.length > 0) assert.fail(`${findings.length} found:\n${findings.join("\n")}`);
}
