// The sites that are looked at, built anew into a temporary folder and served from there.

import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { gleaner, repository } from "./gleaner.mjs";
import { serveStatic } from "./server.mjs";

/** The repository itself. */
export const fiveSeeds = {
  name: "the five seeds",
  build: (output, url) => buildWithoutImport(repository, output, url),
};

/** What `gleaner new` makes. One of its two seeds is Markdown, which has no source page. */
export const newSite = { name: "a new site", build: buildNew };

/** A bit of everything a page can show, and no seeds. */
export const specimen = {
  name: "the specimen",
  build: (output, url) => buildWithoutImport(path.join(import.meta.dirname, "specimen"), output, url),
};

export const sites = [fiveSeeds, newSite, specimen];

/** The sites that between them show every kind of page in every shape; a new site adds none. */
export const shapes = [fiveSeeds, specimen];

function buildWithoutImport(root, output, url) {
  return gleaner("--root", root, "build", "--no-import", "--output", output, "--base-url", url);
}

async function buildNew(output, url) {
  const root = await temporary();
  try {
    await gleaner("new", path.join(root, "site"));
    await gleaner("--root", path.join(root, "site"), "build", "--output", output, "--base-url", url);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** A new temporary folder. */
export function temporary() {
  return mkdtemp(path.join(tmpdir(), "gleaner-browser-"));
}

/** Builds a site and serves it under a sub-path, as `serveStatic` does: its folder, its front's address, and its pages. */
export async function published(site, serving = {}) {
  const output = await temporary();
  const server = await serveStatic(output, serving);
  try {
    await site.build(output, server.url);
    return {
      name: site.name,
      folder: output,
      url: server.url,
      fileUrl: pathToFileURL(output + path.sep).href,
      pages: await pagesIn(output),
      async close() {
        await server.close();
        await rm(output, { recursive: true });
      },
    };
  } catch (error) {
    await server.close();
    await rm(output, { recursive: true });
    throw error;
  }
}

/** All published files, as paths with `/`, sorted. What begins with a dot is the build's own and not of the site. */
export async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .map((file) => file.split(path.sep).join("/"))
    .sort();
}

async function pagesIn(folder) {
  const pages = [];
  for (const file of (await filesIn(folder)).filter((file) => file.endsWith(".html"))) {
    const html = await readFile(path.join(folder, file), "utf8");
    pages.push({ path: file, kind: kindOf(file, html), length: html.length });
  }
  return pages;
}

function kindOf(file, html) {
  if (html.includes('http-equiv="refresh"')) return "redirect";
  if (html.includes('class="rights"')) return "excerpt";
  if (file === "404.html") return "missing";
  const shapes = {
    front: /^index\.html$/,
    about: /^about\/index\.html$/,
    timeline: /^timeline\/index\.html$/,
    year: /^timeline\/[^/]+\/index\.html$/,
    concepts: /^concepts\/index\.html$/,
    letter: /^(concepts|authors)\/letters?\/[^/]+\/index\.html$/,
    concept: /^concepts\/[^/]+\/index\.html$/,
    authors: /^authors\/index\.html$/,
    author: /^authors\/[^/]+\/index\.html$/,
    figures: /^figures\/index\.html$/,
    paths: /^paths\/index\.html$/,
    path: /^paths\/[^/]+\/index\.html$/,
    graph: /^graph\/index\.html$/,
    search: /^search\/index\.html$/,
    topics: /^topics\/index\.html$/,
    topic: /^topics\/[^/]+\/index\.html$/,
    article: /^articles\/[^/]+\/index\.html$/,
    source: /^articles\/[^/]+\/source\/index\.html$/,
  };
  return Object.keys(shapes).find((kind) => shapes[kind].test(file)) ?? "plain";
}

/** The longest page of every kind; a redirect leads away before it can be looked at. */
export function onePageOfEachKind(site) {
  const longest = new Map();
  for (const page of site.pages.filter((page) => page.kind !== "redirect")) {
    if (page.length > (longest.get(page.kind)?.length ?? 0)) longest.set(page.kind, page);
  }
  return [...longest.values()];
}
