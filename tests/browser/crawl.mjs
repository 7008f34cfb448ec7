// A crawl without script: what every page links to, loads and offers as anchors.

import { filesIn } from "./sites.mjs";

/** Where a crawl begins: the front, and what is found by its name. */
const beginnings = ["index.html", "404.html", "robots.txt", "llms.txt"];

/**
 * Follows every link from the front, in a browser without script, and returns what is wrong: addresses that do not
 * answer, anchors that do not exist, ids given twice, pages without words, published files nothing leads to. Pages that
 * `isLooked` leaves out are read as text only: their links, anchors and ids count, what they look like does not.
 */
export async function crawl(page, site, isLooked = () => true) {
  const problems = [];
  const pages = new Map();
  const answered = new Map();
  const wanted = [];
  const waiting = beginnings.map((file) => site.url + file);
  const want = (from, href) => {
    const url = new URL(href, from);
    if (!url.href.startsWith(site.url)) return;
    const fragment = decodeURIComponent(url.hash.slice(1));
    url.hash = "";
    wanted.push({ from, url: url.href, fragment });
    waiting.push(url.href);
  };

  while (waiting.length > 0) {
    const url = waiting.shift();
    if (answered.has(url)) continue;
    const response = await fetch(url);
    answered.set(url, response.status);
    const type = response.headers.get("content-type") ?? "";
    const text = await response.text();
    if (response.status !== 200) continue;
    if (type.startsWith("text/html") && url.endsWith("/")) {
      waiting.push(fileOf(url));
    } else if (type.startsWith("text/html")) {
      const found = isLooked(url) ? await look(page, url, text) : read(text);
      pages.set(url, found);
      problems.push(...found.problems.map((problem) => `${url}: ${problem}`));
      for (const href of found.addresses) want(url, href);
    } else if (type.startsWith("text/css")) {
      for (const [, href] of text.matchAll(/url\(["']?([^"')]+)["']?\)/g)) want(url, href);
    } else if (url.endsWith("/robots.txt")) {
      for (const [, href] of text.matchAll(/^Sitemap: (\S+)$/gim)) want(url, href);
    } else if (type.startsWith("application/xml")) {
      for (const [, location, href] of text.matchAll(/<loc>([^<]+)<\/loc>|href="([^"]+)"/g)) want(url, location ?? href);
    }
  }

  for (const { from, url, fragment } of wanted) {
    if (answered.get(url) !== 200) problems.push(`${from}: links to ${url}, which answers ${answered.get(url)}`);
    else if (fragment && pages.has(fileOf(url)) && !pages.get(fileOf(url)).ids.includes(fragment)) {
      problems.push(`${from}: links to ${url}#${fragment}, but no such id is there`);
    }
  }

  const reached = new Set([...answered.keys()].filter((url) => answered.get(url) === 200));
  const redirects = site.pages.filter((page) => page.kind === "redirect").map((page) => page.path);
  for (const file of await filesIn(site.folder)) {
    // The pieces of the search name each other; a test of their format sees that each is needed.
    if (redirects.includes(file) || file.startsWith("search/pieces/")) continue;
    const addresses = [site.url + encodeURI(file), site.url + encodeURI(file).replace(/(^|\/)index\.html$/, "$1")];
    if (!addresses.some((address) => reached.has(address))) problems.push(`${file}: published, but nothing leads to it`);
  }
  return [...new Set(problems)];
}

/** The address of the file behind an address. */
function fileOf(url) {
  return url.endsWith("/") ? `${url}index.html` : url;
}

/** What a page says in its text: its ids, and the addresses it names. */
function read(html) {
  const tags = html.match(/<[a-z][^>]*>/g) ?? [];
  const all = (names) => {
    const attribute = new RegExp(`\\s(?:${names})="([^"]*)"`, "g");
    return tags.flatMap((tag) => [...tag.matchAll(attribute)].map(([, value]) => value.replaceAll("&amp;", "&")));
  };
  const ids = all("id");
  const problems = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is given twice`);
  return { ids, addresses: all("href|src|action|poster|cite|data-font"), problems };
}

/** What stands on one page: its ids, the addresses it names, and what is wrong with it by itself. */
async function look(page, url, html) {
  // A redirect would lead away before it could be looked at; its address is looked at from its text.
  const [, target] = html.match(/http-equiv="refresh" content="0; url=([^"]+)"/) ?? [];
  if (target) return { ids: [], addresses: [target], problems: [] };
  await page.goto(url);
  return page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    const ids = all.map((element) => element.id).filter((id) => id !== "");
    const addresses = all.flatMap((element) =>
      ["href", "src", "action", "poster", "cite", "data-font"]
        .filter((name) => element.hasAttribute(name))
        .map((name) => element.getAttribute(name)),
    );
    for (const image of document.querySelectorAll("[srcset]")) {
      addresses.push(...image.srcset.split(",").map((one) => one.trim().split(/\s+/)[0]));
    }
    for (const meta of document.querySelectorAll('meta[property="og:url"], meta[property="og:image"]')) {
      addresses.push(meta.content);
    }
    const problems = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `the id ${id} is given twice`);
    const heading = document.querySelectorAll("h1");
    if (heading.length !== 1) problems.push(`${heading.length} h1 instead of one`);
    const isSeen = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!heading[0] || !isSeen(heading[0])) problems.push("no visible heading without script");
    const main = document.querySelector("main");
    if (!main || !isSeen(main) || main.innerText.trim().length < 40) problems.push("nothing to read without script");
    // What only script can make work must not be there without it.
    for (const dead of document.querySelectorAll("button, dialog[open], [role=button]")) {
      // A form with an address is sent without script, too.
      if (isSeen(dead) && !dead.matches("form[action] [type=submit]")) problems.push(`a control that needs script: ${dead.outerHTML.slice(0, 80)}`);
    }
    return { ids, addresses, problems };
  });
}
