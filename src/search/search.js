// Search, in two parts: the finder reads the index described in docs/search-format.md, the interface shows what it finds.

// Given a function that loads a piece of the index by its name, gives one that answers queries.
function gleanerFinder(load) {
  const FORMAT = 2, SLOT = 64;
  // Ranking: BM25F. How soon more of a word adds little, and how much the length of an article counts.
  const K = 1.2, LENGTH = 0.6;
  // A word in the title, a heading, a topic's, author's or concept's name counts as so many in the text.
  const FIELDS = [6, 2.5, 2, 2, 2];
  // Words in one passage, and in the order asked for, count so much once more. An exact title comes first of all.
  const NEAR = 0.6, ORDER = 2, EXACT = 1000;
  // What is not the word itself, but begins with it, or is one letter off.
  const PREFIX = 0.5, TYPO = 0.4;
  // So many characters of postings are fetched for a query, the rarest words first: some, more for each article, at most so
  // many; a quarter for words that only begin alike, and at most so many of those.
  const BUDGET = 3072, FOR_EACH = 16, MOST = 16384, ALIKE = 8, MISTYPED = 5, WORDS = 30;
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const digit = Object.fromEntries([...DIGITS].map((letter, value) => [letter, value]));
  const LETTERS = /[\p{Alphabetic}\p{M}\p{N}]+/gu;
  // Scripts without spaces, as in src/search/words.rs: cut into pairs of characters.
  const PAIRED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u31ff\u3400-\u9fff" +
    "\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}";
  const PARTS = new RegExp(`[${PAIRED}]+|[^${PAIRED}]+`, "gu"), IS_PAIRED = new RegExp(`[${PAIRED}]`, "u");
  const ASKED = /(topic|author):(?:"([^"]*)"?|(\S+))|"([^"]*)("?)|[^\s"]+/giu;

  const { floor, log, max, min } = Math;
  const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  let start, budget, blocks = new Map();
  // What a piece was made into, so that it is read once.
  const once = (made, key, make) => made.get(key) ?? made.set(key, make()).get(key);

  const fold = (text) =>
    text.normalize("NFKD").toLowerCase().replace(/([a-zα-ω])[\u0300-\u036f]+/g, "$1").normalize("NFC");

  // The words of a text, folded, and the place of each.
  function cut(text) {
    const words = [];
    let at = 0;
    for (const run of fold(text).match(LETTERS) ?? []) {
      for (const part of run.match(PARTS)) {
        const letters = IS_PAIRED.test(part) ? [...part] : [part];
        const pairs = letters.map((letter, i) => letter + (letters[i + 1] ?? "")).slice(0, letters.length - 1 || 1);
        pairs.forEach((word, i) => words.push({ word, at: at + i }));
        at += letters.length;
      }
    }
    return { words, extent: at };
  }

  function parse(query) {
    const asked = { words: [], filters: [], phrases: [], extent: 0 };
    let open;
    for (const [all, field, quoted, plain, phrase] of query.matchAll(ASKED)) {
      open = !field && phrase === undefined;
      if (field) {
        asked.filters.push((field[0] === "t" || field[0] === "T" ? "#" : "@") + fold(quoted ?? plain).trim());
        continue;
      }
      const { words, extent } = cut(phrase ?? all);
      for (const one of words) asked.words.push({ ...one, at: one.at + asked.extent, phrase: phrase && asked.phrases.length + 1 });
      if (phrase && words.length) asked.phrases.push(words.map((one) => one.word).join(" "));
      asked.extent += extent;
    }
    const last = asked.words.at(-1);
    if (last) last.prefix = open && /[\p{Alphabetic}\p{M}\p{N}]$/u.test(query);
    return asked;
  }

  async function begin() {
    start = await load("start");
    if (start.format !== FORMAT) throw new Error("format");
    start.list = start.dictionary.split(",");
    start.directories = start.texts.split(",");
    budget = min(BUDGET + FOR_EACH * start.articles, MOST);
  }

  // The place of a number in a rising list; -1 where it is not there.
  function indexOf(list, number) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < number) low = middle + 1;
      else high = middle;
    }
    return list[low] === number ? low : -1;
  }

  // A list of blocks is `name,first word,name,first word,name`: the place of the block that would have a word.
  function blockOf(list, word) {
    let at = 0;
    while (list[at + 1] <= word) at += 2;
    return at;
  }

  const block = (name) => once(blocks, name, async () => {
    const [text, names] = await load(name);
    const entries = new Map(), pieces = names.split(",");
    let word = "", piece = -1, item = 0;
    for (const one of text ? text.split(",") : []) {
      const [, rest, rate, kind, tail] = /^.([^=:+/~]*)(?:~(.))?([=:+/]?)(.*)$/u.exec(one);
      word = word.slice(0, digit[one[0]]) + rest;
      const entry = { word, rate: rate && digit[rate] / 63, price: 0 };
      if (kind === "=") entry.home = word.slice(0, word.length - digit[tail[0]]) + tail.slice(1);
      else if (kind === ":") entry.text = tail;
      else if (kind) {
        if (kind === "/") { piece++; item = 0; }
        entry.piece = pieces[piece];
        entry.item = item++;
        entry.price = 64 * [...tail].reduce((sum, letter) => 64 * sum + digit[letter], 0);
      }
      entries.set(word, entry);
    }
    return entries;
  });

  const blockAt = (place) => block(start.list[place]);
  const entryOf = async (word) => (await blockAt(blockOf(start.list, word))).get(word);

  // The entry that has the postings of a word.
  async function lookup(word) {
    const entry = await entryOf(word);
    return entry?.home ? entryOf(entry.home) : entry;
  }

  // The words that begin so, as far as two blocks have them.
  async function beginning(prefix) {
    const found = [];
    const place = blockOf(start.list, prefix);
    for (const at of [place, place + 2]) {
      if (at >= start.list.length || (at > place && !start.list[at - 1].startsWith(prefix) && found.length)) break;
      for (const entry of (await blockAt(at)).values()) {
        if (entry.word.startsWith(prefix) && !entry.word.includes(" ")) found.push(entry);
      }
    }
    return found;
  }

  // Whether one letter more, less, other or two exchanged makes one word of the other.
  function isOneOff(a, b) {
    if (a.length > b.length) [a, b] = [b, a];
    if (a === b || b.length - a.length > 1) return false;
    let at = 0;
    while (a[at] === b[at] && at < a.length) at++;
    const rest = b.slice(at + 1);
    if (b.length > a.length) return a.slice(at) === rest;
    return a.slice(at + 1) === rest || (a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === rest.slice(1));
  }

  // A mistyped word has one half whole, or the two letters in its middle exchanged: half the dictionaries need not be read.
  async function mistyped(word) {
    const half = word.length >> 1, end = [...word.slice(half)].reverse().join("");
    const found = (await beginning(word.slice(0, half))).map((entry) => entry.word);
    found.push(word.slice(0, half - 1) + word[half] + word[half - 1] + word.slice(half + 1));
    const list = (await load(start.backwards)).split(",");
    for (let at = blockOf(list, end), n = 0; at < list.length && n < 3; at += 2, n++) {
      if (n && list[at - 1].slice(0, end.length) > end) break;
      for (const backwards of (await block(list[at])).keys()) {
        if (backwards.startsWith(end)) found.push([...backwards].reverse().join(""));
      }
    }
    return found.filter((one) => isOneOff(one, word));
  }

  // About what it takes to fetch the postings of some entries: each piece counts once.
  function cost(entries) {
    const prices = new Map();
    for (const { piece, price } of entries) if (piece) prices.set(piece, max(prices.get(piece) ?? start.room, price));
    return total([...prices.values()]);
  }

  // The terms a word of the query stands for, each with what it counts.
  async function termsOf(one) {
    const { word, prefix } = one, terms = new Map();
    const add = async (other, weight) => {
      const entry = await lookup(other);
      if (entry && !terms.has(entry)) terms.set(entry, weight);
    };
    await add(word, 1);
    if (prefix || ([...word].length < 2 && IS_PAIRED.test(word))) {
      const alike = (await beginning(word)).filter((entry) => entry.word !== word).sort((a, b) => b.price - a.price);
      for (const entry of alike) {
        if (terms.size < ALIKE && (!terms.size || cost([...terms.keys(), entry]) <= budget / 4)) await add(entry.word, PREFIX);
      }
    }
    if (!terms.size && word.length >= MISTYPED) {
      for (const other of (await mistyped(word)).slice(0, ALIKE)) await add(other, TYPO);
      for (let end = word.length - 1; end >= word.length - 3 && end > 3; end--) await add(word.slice(0, end), TYPO);
    }
    return { ...one, terms, price: cost(terms.keys()) };
  }

  // Numbers from text; see the format. Of each article: its length beside the usual one, how often it has the word, and
  // where its places end.
  function decode(text) {
    const values = [...text].map((letter) => digit[letter]), end = 6 * text.length;
    let at = 0;
    const bit = () => {
      if (at >= end) throw new Error("damaged");
      return (values[floor(at / 6)] >> (5 - (at++ % 6))) & 1;
    };
    const bits = (count) => { let value = 0; while (count-- > 0) value = 2 * value + bit(); return value; };
    const gamma = () => { let after = 0; while (!bit()) after++; return 2 ** after + bits(after); };
    const rice = (k) => { let ones = 0; while (bit()) ones++; return ones * 2 ** k + bits(k); };
    const rising = (also, count = gamma() - 1, k = count ? bits(5) : 0) => {
      const list = [];
      for (let next = 0; list.length < count; also?.()) list.push((next = rice(k) + next + 1) - 1);
      return list;
    };
    const counted = bit(), count = gamma() - 1, k = count ? bits(5) : 0, within = count && !counted ? bits(5) : 0;
    const lengths = [], counts = [], places = [], ends = [], fields = [];
    const numbers = rising(() => {
      const compared = gamma() - 1, often = gamma();
      lengths.push(2 ** ((compared % 2 ? -1 - compared : compared) / 4));
      counts.push(counted ? 2 ** (often - 1) : often);
      if (!counted) places.push(...rising(null, often, within));
      ends.push(places.length);
    }, count, k);
    if (bit()) FIELDS.forEach((_, field) => {
      const more = [];
      if (bit()) fields[field] = { more, numbers: rising(field ? null : () => more.push(bits(4))) };
    });
    return { numbers, lengths, counts, places, ends, fields };
  }

  const postings = async (entry) =>
    (entry.read ??= decode(entry.text ?? (await load(entry.piece)).split(",")[entry.item]));

  // The words to look at. Of neighbours that are both common the pair is looked up, and a word that most articles have
  // says nothing where another says something.
  async function chosen(words) {
    const pairs = [];
    const common = (one) => one.terms.size === 1 && [...one.terms.keys()].find((entry) => entry.rate !== undefined);
    for (let i = 1; i < words.length; i++) {
      const [a, b] = [common(words[i - 1]), common(words[i])];
      const pair = a && b && words[i].at === words[i - 1].at + 1 && (await entryOf(`${a.word} ${b.word}`));
      if (pair) pairs.push({ ...words[i - 1], terms: new Map([[pair, 1]]), price: pair.price, pair: true });
    }
    const telling = words.filter((one) => one.terms.size && !(common(one)?.rate > 0.5));
    const all = [...pairs, ...(telling.length || pairs.length ? telling : words.filter((one) => one.terms.size))];
    const within = [];
    for (const one of all.sort((a, b) => a.price - b.price)) {
      const entries = [...within, one].flatMap(({ terms }) => [...terms.keys()]);
      if (within.length < WORDS && (!within.length || cost(entries) <= budget)) within.push(one);
    }
    return within;
  }

  // The articles that pass all filters; null for all.
  async function passing(filters) {
    let passed = null;
    for (const filter of filters) {
      const whole = await entryOf(filter);
      const entries = whole ? [whole] : await Promise.all(cut(filter).words.map(({ word }) => entryOf(filter[0] + word)));
      for (const entry of entries) {
        const articles = new Set(entry ? (await postings(entry)).numbers : []);
        passed = new Set([...articles].filter((article) => !passed || passed.has(article)));
      }
    }
    return passed;
  }

  async function find(query) {
    if (!start) await begin();
    const asked = parse(query);
    const passed = await passing(asked.filters);
    const words = await Promise.all(asked.words.map(termsOf));
    const looked = await chosen(words);
    const lists = await Promise.all(looked.map(async ({ terms }) =>
      Promise.all([...terms].map(async ([entry, weight]) => ({ weight, ...(await postings(entry)) })))));

    const count = start.articles, score = new Float64Array(count), has = new Uint8Array(count);
    const titled = new Uint8Array(count), titles = new Uint8Array(count), rarities = [];
    looked.forEach(({ pair }, i) => {
      const weights = new Float64Array(count), having = [];
      const add = (article, weight) => { if (!weights[article]) having.push(article); weights[article] += weight; };
      for (const { weight, numbers, lengths, counts, fields } of lists[i]) {
        numbers.forEach((article, n) => add(article, (weight * counts[n]) / (1 - LENGTH + LENGTH * lengths[n])));
        fields.forEach((field, kind) => field.numbers.forEach((article, n) => {
          add(article, weight * FIELDS[kind]);
          if (kind === 0 && weight === 1) { titled[article]++; titles[article] = field.more[n]; }
        }));
      }
      const rarity = rarities[i] = log(1 + (count - having.length + 0.5) / (having.length + 0.5));
      for (const article of having) {
        score[article] += (rarity * weights[article] * (K + 1)) / (K + weights[article]);
        if (!pair) has[article]++;
      }
    });

    // What words weigh together, and without the weightiest of them.
    const sums = new Map(), sum = (mask) => once(sums, mask, () => {
      const all = rarities.filter((_, i) => (mask >> i) & 1), sum = total(all);
      return { sum, rest: sum - max(...all), count: all.length };
    });
    // How close an article has the words: what those weigh that share a slot or stand in the next one, and those in the order
    // asked for; in which slot it says most, all sets of words in order, and how many of them its title begins with.
    function closeness(article) {
      const slots = new Map(), orders = new Map();
      const gather = (found, key, i) => found.set(key, found.get(key) | 1 << i);
      looked.forEach(({ at }, i) => {
        for (const { numbers, places, ends } of lists[i]) {
          const n = indexOf(numbers, article);
          for (let p = ends[n - 1] ?? 0; p < ends[n]; p++) {
            gather(slots, floor(places[p] / SLOT), i);
            gather(orders, places[p] - at, i);
          }
        }
      });
      let near = 0, order = 0, slot = 0, most = -1;
      for (const [one, mask] of slots) {
        near = max(near, sum(mask | slots.get(one + 1)).rest);
        // The title says enough by itself, so the text is shown where it says as much.
        const worth = sum(mask).sum - (one ? 0 : 0.01);
        if (worth > most + 1e-9) [most, slot] = [worth, one];
      }
      for (const mask of orders.values()) order = max(order, sum(mask).rest);
      return { near, order, slot, orders, begins: sum(orders.get(0)).count };
    }

    // Every phrase must have all of its words with places in order somewhere.
    const masks = asked.phrases.map((_, p) =>
      looked.reduce((mask, one, i) => mask | (one.phrase === p + 1 && lists[i].some(({ ends }) => ends.at(-1))) << i, 0)).filter(Boolean);
    const singles = looked.filter((one) => !one.pair).length, skipped = words.length - singles;
    let found = [], most = 0;
    for (let article = 0; article < count; article++) {
      if ((passed && !passed.has(article)) || (asked.words.length && !score[article])) continue;
      if (masks.length) {
        const sets = [...closeness(article).orders.values()];
        if (!masks.every((mask) => sets.some((set) => (set & mask) === mask))) continue;
      }
      found.push(article);
      most = max(most, has[article]);
    }
    // All words, else most of them, else as many as any article has.
    const needed = min(most, (singles >> 1) + 1);
    const results = found.filter((article) => has[article] >= needed).map((article) => {
      let worth = score[article], begins = 0;
      if (asked.extent > 1) {
        const close = closeness(article);
        worth += NEAR * close.near + ORDER * close.order;
        begins = close.begins;
      }
      // A title may consist of words so common that only pairs of them have places. Where words were left out as too common,
      // two tell enough that are all of a title's but those, or three at its beginning.
      const isTitle = begins >= max(asked.extent - 1, 1) ||
        (max(titled[article], begins - 1) > min(skipped, 1) && titled[article] + skipped >= asked.extent);
      if (isTitle && (titles[article] || asked.extent) === min(asked.extent, 15)) worth += EXACT;
      return { article, worth, matched: has[article] };
    });
    // Of two as good the newer one comes first.
    results.sort((a, b) => b.matched - a.matched || b.worth - a.worth || b.article - a.article);
    // All words of the terms looked for are marked, as far as their blocks are here.
    const marks = new Set(), homes = new Set();
    for (const one of words) {
      for (const { word, rate } of one.terms.keys()) if (!(rate > 0.5) || words.length === 1) homes.add(word);
    }
    for (const entries of await Promise.all(blocks.values())) {
      for (const { word, home } of entries.values()) if (homes.has(home ?? word)) marks.add(word);
    }
    const unknown = words.filter((one) => !one.terms.size).map((one) => one.word);
    return { results, marks, unknown, phrases: asked.phrases, closeness };
  }

  // What is shown of a result: null where a phrase does not stand there letter by letter.
  async function show({ article }, { marks, phrases, closeness }) {
    const lines = (await load(start.directories[floor(article / start.share)])).split(",");
    const { slot } = closeness(article);
    let [name, ...later] = lines[article % start.share].split(" "), at = 1;
    for (const piece of later) {
      const [begins, other] = piece.split(".");
      if (begins <= slot) [at, name] = [Number(begins), other];
    }
    const [title, href, date, topics, passages] = await load(name);
    let text = "", id = "";
    for (let i = 0; i < passages.length; at += passages[i + 1], i += 3) {
      if (i === 0 || at <= slot) [id, , text] = passages.slice(i, i + 3);
    }
    if (phrases.length) {
      const said = [title, ...passages.filter((_, i) => i % 3 === 2)].map((one) => ` ${cut(one).words.map(({ word }) => word).join(" ")} `);
      if (!phrases.every((phrase) => said.some((one) => one.includes(` ${phrase} `)))) return null;
    }
    return { title: marked(title, marks), href: id ? `${href}#${id}` : href, date, topics, excerpt: excerpt(marked(text, marks)) };
  }

  // A text in pieces, each with whether it is a hit.
  function marked(text, marks) {
    const pieces = [], push = (piece, hit) => {
      if (pieces.at(-1)?.hit === hit) pieces.at(-1).text += piece;
      else if (piece) pieces.push({ text: piece, hit });
    };
    let end = 0;
    for (const run of text.matchAll(LETTERS)) {
      push(text.slice(end, run.index), false);
      for (const part of run[0].match(PARTS)) {
        if (IS_PAIRED.test(part)) {
          const letters = [...part], isPair = (i) => marks.has(fold((letters[i] ?? "") + (letters[i + 1] ?? "")));
          letters.forEach((letter, i) => push(letter, isPair(i) || isPair(i - 1)));
        } else push(part, marks.has(fold(part)));
      }
      end = run.index + run[0].length;
    }
    push(text.slice(end), false);
    return pieces;
  }

  // About so many letters around the first hit.
  function excerpt(pieces, before = 80, length = 240) {
    const whole = pieces.map((piece) => piece.text).join("");
    const hit = total(pieces.slice(0, pieces.findIndex((piece) => piece.hit)).map((piece) => piece.text.length));
    // Cut at spaces, where there are some near by.
    let skip = hit > before ? max(whole.lastIndexOf(" ", hit - before), hit - 2 * before) + 1 : 0;
    const end = skip + length < whole.length ? max(whole.lastIndexOf(" ", skip + length), skip + length / 2) : whole.length;
    const shown = skip ? [{ text: "… " }] : [];
    let at = 0;
    for (const { text, hit } of pieces) {
      const part = text.slice(max(skip - at, 0), max(end - at, 0));
      if (part) shown.push({ text: part, hit });
      at += text.length;
    }
    if (end < whole.length) shown.push({ text: " …" });
    return shown;
  }

  return { find, show };
}

// The interface: on the search page its form, on every other a dialog. `gleanerSearch` opens it.
if (typeof document !== "undefined") (() => {
  // What is said here, in the site's language: `site.js` has it, and knows which form a number asks for.
  const words = gleanerWords;
  const said = (string, name, value) => string.split(`{${name}}`).join(value);
  const FIRST = 5, MORE = 10, SLOW = 1000, LATE = 30000;
  const root = new URL("../", document.currentScript.src).href;
  const pieces = new Map(), arrived = new Map();
  let attempt = "", finder;

  // A piece is a script, since from the disk nothing else can be read. One that failed is not asked for again by itself.
  window.gleanerPiece = (name, payload) => arrived.set(name, payload);
  const load = (name) => pieces.get(name) ?? pieces.set(name, new Promise((arrive, fail) => {
    const script = document.createElement("script");
    script.src = `${root}search/pieces/${name}.js${attempt}`;
    script.onload = () => (arrived.has(name) ? arrive(arrived.get(name)) : script.onerror());
    script.onerror = () => fail(new Error(name));
    setTimeout(script.onerror, LATE);
    document.head.append(script);
  }).finally(() => arrived.delete(name))).get(name);
  const restart = () => { pieces.clear(); finder = gleanerFinder(load); load("start").catch(() => {}); };

  function element(name, values, ...children) {
    const made = Object.assign(document.createElement(name), values);
    made.append(...children);
    return made;
  }
  const hits = (texts) => texts.map(({ text, hit }) => (hit ? element("mark", {}, text) : text));
  const item = ({ title, href, date, topics, excerpt }) => element("li", { className: "entry" },
    element("a", { className: "title", href: root + href }, ...hits(title)),
    element("p", { className: "facts" }, [date, topics.join(", ")].filter(Boolean).join(" · ")),
    element("p", { className: "summary" }, ...hits(excerpt)));

  // Shows in `place` what is found for the words in `field`; gives what does so.
  function view(field, place, others) {
    const status = element("p", { className: "note" });
    status.setAttribute("role", "status");
    const list = element("ol", { className: "entries" }), after = element("p", { className: "more" });
    place.append(status, list, after);
    let turn = 0;

    async function show(most = MORE) {
      const query = field.value.trim(), mine = ++turn, isLast = () => mine === turn;
      if (!query) {
        status.textContent = "";
        list.replaceChildren();
        after.replaceChildren();
        return;
      }
      const slow = setTimeout(() => isLast() && (status.textContent = words.loading), SLOW);
      try {
        const found = await finder.find(field.value);
        const items = [];
        let next = 0, count = found.results.length;
        const more = async (wanted) => {
          while (items.length < wanted && next < found.results.length) {
            const some = found.results.slice(next, (next += FIRST));
            const shown = await Promise.all(some.map((result) => finder.show(result, found)));
            items.push(...shown.filter(Boolean).map(item));
            count -= shown.filter((one) => !one).length;
          }
          if (!isLast()) return;
          const absent = found.unknown.map((word) => said(words.quoted, "words", word)).join(words.and);
          status.textContent = said(count ? said(words.form(words.results, count), "count", count) : words.no_result, "query", query) +
            (absent && count ? said(words.absent, "words", absent) : "") + words.end;
          list.replaceChildren(...items);
          after.replaceChildren(...(count > items.length ? [others(query, () => show(most + MORE))]
            : count ? [] : [element("a", { href: `${root}topics/index.html` }, words.all_topics)]));
        };
        await more(FIRST);
        if (isLast()) await more(most);
      } catch (problem) {
        if (!isLast()) return;
        list.replaceChildren();
        status.textContent = problem.message === "format" ? words.changed
          : words.damaged;
        const again = element("button", { type: "button" }, words.again);
        again.onclick = () => { attempt = `?${Date.now()}`; restart(); show(); field.focus(); };
        after.replaceChildren(again);
      } finally {
        clearTimeout(slow);
      }
    }
    field.addEventListener("input", () => show());
    return show;
  }

  restart();
  const page = document.getElementById("page_results");
  if (page) {
    const field = document.getElementById("page_query"), form = field.form;
    const show = view(field, page, (query, more) => {
      const button = element("button", { type: "button" }, words.show_more);
      button.onclick = more;
      return button;
    });
    form.action = location.pathname;
    const topics = [...document.querySelectorAll("[data-topic]")];
    const filter = document.getElementById("page_filter");
    if (filter) {
      const choice = element("select", { id: "page_topic" }, new Option(words.any, ""), ...topics.map((topic) => new Option(topic.textContent, topic.dataset.topic)));
      choice.onchange = () => {
        field.value = `${field.value.replace(/\s*topic:("[^"]*"?|\S*)/giu, "")} ${choice.value && `topic:${choice.value} `}`.trimStart();
        field.dispatchEvent(new Event("input"));
      };
      filter.append(element("label", { htmlFor: "page_topic" }, words.topic), choice);
    }
    // The words are in the address, so that Back and a copied address lead here again.
    field.addEventListener("input", () => {
      try { history.replaceState(null, "", `?q=${encodeURIComponent(field.value)}`); } catch { /* From the disk some browsers refuse. */ }
    });
    field.value ||= new URLSearchParams(location.search).get("q") ?? "";
    show();
    window.gleanerSearch = () => { field.focus(); field.select(); };
    return;
  }

  const field = element("input", { type: "search", id: "search_query" });
  const close = element("button", { type: "button" }, words.close), results = element("div");
  const form = element("form", { className: "search", method: "dialog" },
    element("label", { htmlFor: "search_query" }, words.label), field, close);
  const dialog = element("dialog", { id: "search_dialog" }, form, results);
  dialog.setAttribute("aria-label", words.search);
  const all = (query) => element("a", { href: `${root}search/index.html?q=${encodeURIComponent(query)}` }, words.all_results);
  view(field, results, all);
  const links = () => [...dialog.querySelectorAll(".entries .title, .more a")];
  close.onclick = () => dialog.close();
  form.onsubmit = (event) => { event.preventDefault(); links()[0]?.click(); };
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  dialog.onkeydown = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (!step) return dialog.close();
    const stops = [field, ...links()];
    stops[Math.min(Math.max(stops.indexOf(document.activeElement) + step, 0), stops.length - 1)].focus();
  };
  document.body.append(dialog);
  window.gleanerSearch = () => {
    if (!dialog.open) dialog.showModal();
    field.focus();
    field.select();
  };
})();
