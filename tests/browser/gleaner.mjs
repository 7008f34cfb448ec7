// The program under test.

import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";

/** The repository, which is a site itself: the one of the five seeds. */
export const repository = path.resolve(import.meta.dirname, "../..");

const binary = process.env.GLEANER_BIN ?? path.join(repository, "target/debug/gleaner");

/** Runs gleaner to its end; a failure is thrown with what it printed. */
export function gleaner(...args) {
  return promisify(execFile)(binary, args);
}

/**
 * Starts the preview of the site in `root` on a free port, and waits until it answers.
 * `ended` becomes its exit code and signal, `end` tells it to end, `printed` is what it has said so far.
 */
export async function startPreview(root, ...args) {
  const port = await freePort();
  const child = spawn(binary, ["serve", "--port", String(port), ...args], { cwd: root });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (printed += data));
  const ended = new Promise((done) => child.on("exit", (code, signal) => done({ code, signal })));
  const preview = {
    url: `http://127.0.0.1:${port}/`,
    port,
    ended,
    printed: () => printed,
    end(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`the preview ended before it answered:\n${printed}`);
    if (await fetch(preview.url).then(() => true, () => false)) return preview;
    await new Promise((passed) => setTimeout(passed, 50));
  }
  await preview.end("SIGKILL");
  throw new Error(`the preview does not answer:\n${printed}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
