// A large site made of made-up words: more articles than fit a page of the timeline, more names than fit one index.

import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { gleaner } from "./gleaner.mjs";
import { temporary } from "./sites.mjs";

const ARTICLES = 320;

export const largeSite = { name: "a site of 320 articles", build };

async function build(output, url) {
  const root = await temporary();
  try {
    await write(root);
    await gleaner("--root", root, "build", "--strict", "--output", output, "--base-url", url);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Numbers that look like chance and are the same each time: a linear congruential generator (Numerical Recipes). */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zy bran clor drim fest glun".split(" ");
const TOPICS = { Rivers: "current bank flood mouth", Orchards: "apple graft blossom ladder", Bridges: "arch span pier cable" };

async function write(root) {
  const next = chance(7);
  const word = () => Array.from({ length: 2 + next(2) }, () => SYLLABLES[next(SYLLABLES.length)]).join("");
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const words = Array.from({ length: 900 }, word);
  const names = Array.from({ length: 480 }, () => `${capital(word())} ${capital(word())}`);
  const authors = Array.from({ length: 40 }, () => `${capital(word())} ${capital(word())}`);
  const topics = Object.keys(TOPICS);
  const titles = Array.from({ length: ARTICLES }, (_, n) => `${capital(words[next(900)])} and ${words[next(900)]}, part ${n + 1}`);
  const slugs = Array.from({ length: ARTICLES }, (_, n) => `part-${n + 1}`);

  const sentence = (topic, ...said) => {
    const plain = Array.from({ length: 9 }, () => words[next(900)]);
    plain.splice(2 + next(5), 0, TOPICS[topic].split(" ")[next(4)], ...said);
    return `${capital(plain.join(" "))}.`;
  };

  await mkdir(path.join(root, "content/articles"), { recursive: true });
  await mkdir(path.join(root, "content/topics"), { recursive: true });
  await writeFile(path.join(root, "gleaner.toml"), 'title = "A large site"\n');
  for (const topic of topics) {
    const terms = TOPICS[topic].split(" ").map((term) => `"${term}"`).join(", ");
    await writeFile(path.join(root, `content/topics/${topic.toLowerCase()}.md`), `+++\ntitle = "${topic}"\nterms = [${terms}]\n+++\n\nAll on ${topic}.\n`);
  }
  for (let n = 0; n < ARTICLES; n++) {
    const topic = topics[n % 3];
    const to = (step) => (n + step) % ARTICLES;
    const links = [
      `[[${titles[to(1)]}]]`, `[[${slugs[to(7)]}|what came later]]`, `[[${titles[to(31)]}#The rest]]`,
      `[by its file](${slugs[to(64)]}.md)`, `[by its address](@/articles/${slugs[to(128)]}.md#the-rest)`,
    ];
    const said = [names[(3 * n) % 480], names[(3 * n + 1) % 480], names[(3 * n + 2) % 480]];
    const date = n % 16 === 5 ? "" : `date = ${1999 + (n % 21)}-${String(1 + (n % 12)).padStart(2, "0")}-${String(1 + (n % 28)).padStart(2, "0")}\n`;
    const text = [
      `+++\ntitle = "${titles[n]}"\n${date}authors = ["${authors[n % 40]}"]\ntopics = ["${topic}"]\n+++\n`,
      said.map((name) => sentence(topic, `for ${name} of`)).join(" "),
      `${sentence(topic, links[0])} ${sentence(topic, links[1])}`,
      "## The rest",
      `${sentence(topic, links[2])} ${sentence(topic, links[3])} ${sentence(topic, links[4])}`,
      said.map((name) => sentence(topic, `by ${name} for`)).join(" "),
    ];
    await writeFile(path.join(root, `content/articles/${slugs[n]}.md`), `${text.join("\n\n")}\n`);
  }
}
