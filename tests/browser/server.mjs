// A static host such as people publish on: a folder under a sub-path, and nothing clever.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";

const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".xml": "application/xml",
};

/**
 * Serves `folder` at `at` on a free port of this machine, under the strictest policy unless `isStrict` is false. `url` is its
 * front, `close` ends it.
 */
export async function serveStatic(folder, { at = "/some/path/", isStrict = true } = {}) {
  // Asked when the first page is: the site is built after its address is known.
  let policy;
  const server = createServer(async (request, response) => {
    try {
      const found = await answer(folder, at, request);
      if (found.location) {
        response.writeHead(301, { location: found.location }).end();
        return;
      }
      const headers = { "content-type": found.type };
      if (isStrict && found.type === types[".html"]) {
        headers["content-security-policy"] = await (policy ??= strictPolicy(folder));
      }
      response.writeHead(found.status, headers);
      if (request.method === "HEAD" || !found.file) response.end();
      else createReadStream(found.file).pipe(response);
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}${at}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The strictest policy a site works under: what 404.html, which no seed has a word in, says inline is allowed by its hash. */
async function strictPolicy(folder) {
  const page = await readFile(path.join(folder, "404.html"), "utf8");
  const hashes = (tag) =>
    [...page.matchAll(new RegExp(`<${tag}(?![^>]*(?: src=| type="application))[^>]*>(.*?)</${tag}>`, "gs"))]
      .map(([, inside]) => ` 'sha256-${createHash("sha256").update(inside).digest("base64")}'`)
      .join("");
  return (
    `default-src 'none'; script-src 'self'${hashes("script")}; style-src 'self'${hashes("style")}; img-src 'self'; ` +
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
  );
}

/** What a host says to a request: a file with its status, or the address with the slash that was left out. */
async function answer(folder, at, request) {
  // The URL parser resolves `..`, so no path leaves the folder; encoded slashes name no file.
  const { pathname } = new URL(request.url, "http://127.0.0.1");
  const missing = { status: 404, type: types[".html"], file: await fileAt(path.join(folder, "404.html")) };
  if (!pathname.startsWith(at) || /%2f|%5c|%00/i.test(pathname)) return missing;
  const wanted = path.join(folder, decodeURIComponent(pathname.slice(at.length)));
  if (pathname.endsWith("/")) {
    const index = await fileAt(path.join(wanted, "index.html"));
    return index ? { status: 200, type: types[".html"], file: index } : missing;
  }
  const file = await fileAt(wanted);
  if (file) return { status: 200, type: types[path.extname(file)] ?? "application/octet-stream", file };
  return (await fileAt(path.join(wanted, "index.html"))) ? { location: `${pathname}/` } : missing;
}

async function fileAt(file) {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? file : null;
}
