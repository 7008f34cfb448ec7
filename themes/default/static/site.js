// What is said here, in the site's language: put in when the site is built, from `i18n/`.
var words = window.gleanerWords = __WORDS__;
// The form of a string that a number asks for in the site's language; the search asks, too.
words.form = function (forms, number) {
  var form = "other";
  try { form = new Intl.PluralRules(document.documentElement.lang).select(number); } catch (problem) { /* No language the browser knows. */ }
  return forms[form] || forms.other || forms;
};

// The colour control in the footer. Made here, since it does nothing without script.
(function () {
  var root = document.documentElement;
  var footer = document.querySelector("body > footer");
  if (!footer) return;

  // What the reader chose, or "" for the system's wish. Storage may be refused: then the choice lasts as long as the page.
  function chosen() {
    return root.dataset.colour || "";
  }
  function choose(colour) {
    if (colour) root.dataset.colour = colour;
    else delete root.dataset.colour;
    show();
  }
  function keep(colour) {
    try {
      if (colour) localStorage.setItem("colour", colour);
      else localStorage.removeItem("colour");
    } catch (refused) {}
  }
  function show() {
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === chosen()));
    });
  }

  var group = document.createElement("div");
  group.className = "colours";
  group.setAttribute("role", "group");
  group.setAttribute("aria-labelledby", "page_colours");
  var label = document.createElement("span");
  label.id = "page_colours";
  label.textContent = words.colours;
  group.append(label);
  var buttons = [["", words.system], ["light", words.light], ["dark", words.dark]].map(function (colour) {
    var button = document.createElement("button");
    button.type = "button";
    button.value = colour[0];
    button.textContent = colour[1];
    button.addEventListener("click", function () {
      choose(colour[0]);
      keep(colour[0]);
    });
    group.append(button);
    return button;
  });
  footer.append(group);
  show();

  // Other windows of the same site follow.
  window.addEventListener("storage", function (event) {
    if (event.key === "colour") choose(event.newValue === "light" || event.newValue === "dark" ? event.newValue : "");
  });
})();

// The search: its script is fetched when somebody wants to search. Without it the link leads to the search page.
(function () {
  var link = document.querySelector("a[data-search]");
  if (!link) return;
  var script;
  var typed = "";

  function open() {
    if (window.gleanerSearch) return window.gleanerSearch();
    if (script) return;
    script = document.createElement("script");
    script.src = link.dataset.search;
    script.onload = function () {
      document.removeEventListener("keydown", type);
      if (!window.gleanerSearch) return (location.href = link.href);
      window.gleanerSearch();
      var field = document.activeElement;
      if (!typed || field.type !== "search") return;
      field.value = typed;
      field.dispatchEvent(new Event("input"));
    };
    script.onerror = function () {
      location.href = link.href;
    };
    document.addEventListener("keydown", type);
    document.head.append(script);
  }

  // What is typed while the script is on its way is not lost.
  function type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace") typed = typed.slice(0, -1);
    else if (event.key.length === 1) typed += event.key;
    else return;
    event.preventDefault();
  }
  link.addEventListener("click", function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  });
})();

// The contents say which section is being read.
(function () {
  var links = Array.from(document.querySelectorAll(".contents a"));
  var headings = links.map(function (link) {
    return document.getElementById(decodeURIComponent(link.hash.slice(1)));
  });
  if (!links.length || headings.indexOf(null) >= 0) return;
  var waiting = false;

  function show() {
    waiting = false;
    // The last heading above the upper third of the window; at the end of the page the last of all.
    var line = innerHeight / 3;
    var isAtEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    var current = isAtEnd ? links.length - 1 : -1;
    headings.forEach(function (heading, index) {
      if (heading.getBoundingClientRect().top < line) current = Math.max(current, index);
    });
    links.forEach(function (link, index) {
      if (index === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }
  addEventListener("scroll", function () {
    if (!waiting) requestAnimationFrame(show);
    waiting = true;
  }, { passive: true });
  show();
})();

// A button on code, and one beside what can be cited, that copies it. Browsers allow it on safe addresses only.
(function () {
  var texts = document.querySelectorAll("pre.code, .citation");
  if (!navigator.clipboard || !texts.length) return;
  var status = document.createElement("span");
  status.className = "hidden";
  status.setAttribute("role", "status");

  texts.forEach(function (text) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = words.copy;
    button.addEventListener("click", function () {
      var copied = text.matches("pre") ? text.querySelector("code") || text : text.firstElementChild || text;
      navigator.clipboard.writeText(copied.textContent.trim()).then(function () {
        button.textContent = words.copied;
        status.textContent = words.copied;
      }, function () {
        button.textContent = words.refused;
      });
      setTimeout(function () {
        button.textContent = words.copy;
        status.textContent = "";
      }, 2000);
    });
    if (!text.matches("pre")) return text.append(" ", button);
    // The code scrolls, its button does not.
    var frame = document.createElement("div");
    frame.className = "copied";
    text.replaceWith(frame);
    frame.append(text, button);
  });
  document.querySelector("main").append(status);
})();

// What a link of this site leads to, shown beside it to those who rest on it: read from the page itself.
(function () {
  if (!matchMedia("(hover: hover) and (pointer: fine) and (min-width: 60rem)").matches) return;
  var HOVERED = 400, FOCUSED = 600, LEFT = 200, LETTERS = 240;
  var main = document.querySelector("main");
  var name = document.querySelector("header .name");
  if (!main || !name) return;
  var site = name.href.replace(/index\.html$/, "");
  var read = {}, timer, shown, link;
  var preview = document.createElement("div");
  preview.id = "page_preview";
  preview.className = "preview";
  preview.setAttribute("role", "tooltip");
  preview.hidden = true;

  // The page a link leads to, where that is another page of this site.
  function pageOf(anchor) {
    var page = anchor.href.split(/[?#]/)[0];
    var isPage = page.startsWith(site) && /(\/|\.html)$/.test(page);
    return isPage && page !== location.href.split(/[?#]/)[0] && !anchor.closest("nav") ? page : null;
  }

  function textOf(page, selector) {
    var element = page.querySelector(selector);
    return element ? element.textContent.replace(/\s+/g, " ").trim() : "";
  }

  function topicsOf(page) {
    return Array.from(page.querySelectorAll(".byline + .byline a"), function (link) { return link.textContent; }).join(", ");
  }

  function shortened(text) {
    if (text.length <= LETTERS) return text;
    return text.slice(0, text.lastIndexOf(" ", LETTERS)) + " …";
  }

  function look(address) {
    read[address] = read[address] || fetch(address).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject();
    }).then(function (html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      var facts = [textOf(page, ".byline time"), topicsOf(page)];
      var text = textOf(page, "main .standfirst") || textOf(page, "main .text > p");
      return { title: textOf(page, "main h1"), facts: facts.filter(Boolean).join(" · "), text: shortened(text) };
    });
    return read[address];
  }

  function line(kind, text) {
    var paragraph = document.createElement("p");
    paragraph.className = kind;
    paragraph.textContent = text;
    return paragraph;
  }

  function show(anchor, found) {
    if (anchor !== link || !found.title) return;
    hide();
    shown = link = anchor;
    preview.replaceChildren(line("title", found.title));
    if (found.facts) preview.append(line("facts", found.facts));
    if (found.text) preview.append(line("summary", found.text));
    preview.hidden = false;
    // Below the line the link stands on, or above it where there is no room.
    var at = anchor.getClientRects()[0];
    var last = anchor.getBoundingClientRect();
    var isBelow = last.bottom + preview.offsetHeight + 12 < innerHeight || at.top < preview.offsetHeight + 12;
    var left = Math.min(at.left, document.documentElement.clientWidth - preview.offsetWidth - 16);
    preview.style.insetBlockStart = scrollY + (isBelow ? last.bottom + 6 : at.top - preview.offsetHeight - 6) + "px";
    preview.style.left = scrollX + Math.max(left, 16) + "px";
    anchor.setAttribute("aria-describedby", preview.id);
  }

  function hide() {
    clearTimeout(timer);
    if (shown) shown.removeAttribute("aria-describedby");
    shown = link = null;
    preview.hidden = true;
  }

  function want(event, wait) {
    var anchor = event.target.closest && event.target.closest("a[href]");
    if (preview.contains(event.target) || (anchor && anchor === shown)) return clearTimeout(timer);
    var address = anchor && main.contains(anchor) && pageOf(anchor);
    clearTimeout(timer);
    if (!address) {
      link = null;
      if (shown) timer = setTimeout(hide, LEFT);
      return;
    }
    link = anchor;
    // From the disk pages cannot be read, and a page may be gone: then nothing is shown.
    timer = setTimeout(function () {
      look(address).then(function (found) { show(anchor, found); }, function () {});
    }, wait);
  }

  document.addEventListener("mouseover", function (event) { want(event, HOVERED); });
  document.addEventListener("focusin", function (event) {
    if (event.target.matches(":focus-visible")) want(event, FOCUSED);
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  addEventListener("pagehide", hide);
  main.append(preview);
})();
