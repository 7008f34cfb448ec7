// How a page is set: its width, the length of its lines, what moves while it loads, what it weighs.

import { gzipSync } from "node:zlib";

/** What makes a page scroll sideways: the elements that reach beyond the window, outermost first. */
export function widerThanTheWindow(page) {
  return page.evaluate(() => {
    document.querySelectorAll("details").forEach((details) => (details.open = true));
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth <= clientWidth) return [];
    const beyond = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .map((element) => `${element.localName}.${element.className}`);
    return [`${scrollWidth} px in a window of ${clientWidth}: ${beyond.slice(0, 5).join(", ")}`];
  });
}

/** Notes beside the text that overlap anything, or are cut; and how many notes there are. */
export function notesInTheWay(page) {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.scrollingElement;
    const blocks = "p, h1, h2, h3, h4, h5, h6, li, pre, figure, table, dt, dd, blockquote, .notes > aside";
    const all = [...document.body.querySelectorAll(blocks)].filter((one) => one.checkVisibility());
    const notes = all.filter((one) => one.matches(".notes > aside"));
    const found = scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide`] : [];
    for (const note of notes) {
      const box = note.getBoundingClientRect();
      const words = note.textContent.trim().slice(0, 30);
      if (box.left < 0 || box.right > clientWidth + 0.5 || note.scrollWidth > note.clientWidth + 1) {
        found.push(`"${words}" is cut`);
      }
      for (const other of all) {
        if (other.contains(note) || note.contains(other)) continue;
        const there = other.getBoundingClientRect();
        const across = Math.min(box.right, there.right) - Math.max(box.left, there.left);
        const down = Math.min(box.bottom, there.bottom) - Math.max(box.top, there.top);
        const beside = `${other.localName} "${other.textContent.trim().slice(0, 30)}"`;
        if (across > 1 && down > 1) found.push(`"${words}" overlaps ${beside}`);
      }
    }
    return { count: notes.length, found };
  });
}

/** Characters in each full line of an article's paragraphs, as they are broken on the screen. */
export function lineLengths(page) {
  return page.evaluate(async () => {
    await document.fonts.ready;
    const lengths = [];
    for (const paragraph of document.querySelectorAll("article .text > p")) {
      const lines = new Map();
      const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const range = document.createRange();
        for (let at = 0; at < texts.currentNode.length; at++) {
          range.setStart(texts.currentNode, at);
          range.setEnd(texts.currentNode, at + 1);
          const box = range.getBoundingClientRect();
          if (box.width === 0) continue;
          const line = Math.round(box.bottom / 8);
          lines.set(line, (lines.get(line) ?? 0) + 1);
        }
      }
      // The last line of a paragraph is as long as what is left.
      lengths.push(...[...lines.values()].slice(0, -1));
    }
    return lengths;
  });
}

/**
 * How far things moved while a page was loaded and read to its end; 0 is nothing. The scripts come late, as over a slow
 * line: what they add finds the page already shown.
 */
export async function layoutShift(page, url) {
  await page.route(/\.js$/, async (route) => {
    await new Promise((passed) => setTimeout(passed, 100));
    await route.continue();
  });
  await page.addInitScript(() => {
    window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) window.shifted += shift.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(async () => {
    await document.fonts.ready;
    // What moves above the window is not seen to move: the top first, with time for what comes late, then the end.
    for (const y of [0, document.body.scrollHeight]) {
      scrollTo(0, y);
      await new Promise((passed) => setTimeout(passed, 150));
      for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
    }
  });
  return page.evaluate(() => window.shifted);
}

/**
 * What a first visit asks for: the requests, and KiB by kind, text as sent with gzip. The pictures of an article are
 * its own affair.
 */
export async function weight(page, url) {
  const responses = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "image") responses.push(response);
  });
  await page.goto(url, { waitUntil: "load" });
  const kib = { document: 0, stylesheet: 0, script: 0, font: 0, other: 0 };
  for (const response of responses) {
    const type = response.request().resourceType();
    const body = await response.body();
    const size = type === "font" ? body.length : gzipSync(body).length;
    kib[type in kib ? type : "other"] += size / 1024;
  }
  return { requests: responses.map((response) => response.url()), kib };
}

export function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
