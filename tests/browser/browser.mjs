// Chromium, and what it complains about.

import { chromium } from "playwright-core";

/** Starts Chromium; `more` are further options of `chromium.launch`. */
export function launch(more = {}) {
  return chromium.launch({
    ...more,
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Everything a reader's browser would complain about in `context` from now on, as a list that grows: errors and
 * warnings on the console, exceptions, requests that fail, and requests that leave `home`.
 */
export function complaintsIn(context, home) {
  const complaints = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => complaints.push(`exception: ${error.error()}`));
  context.on("request", (request) => {
    if (!request.url().startsWith(home)) complaints.push(`request off the site: ${request.url()}`);
  });
  context.on("requestfailed", (request) => {
    // What was still on its way when the reader left is given up; that is nobody's failure.
    if (request.failure()?.errorText === "net::ERR_ABORTED") return;
    complaints.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`answered ${response.status()}: ${response.url()}`);
  });
  return complaints;
}

/** Opens a page, runs `look` on it, and closes it with everything it kept. */
export async function inPage(browser, options, look) {
  const context = await browser.newContext(options);
  try {
    return await look(await context.newPage(), context);
  } finally {
    await context.close();
  }
}
