// Added by the preview alone: reloads the page when the site changed, and shows what is wrong with it.
(() => {
  const place = "gleaner:scroll:" + location.pathname;
  // Where the reader was, until they are there again.
  let kept = null;
  try {
    kept = sessionStorage.getItem(place);
    sessionStorage.removeItem(place);
    if (kept !== null) {
      // One of the two restores the page: the browser's own way would compete with this one.
      history.scrollRestoration = "manual";
      addEventListener("load", () => {
        scrollTo(0, Number(kept));
        kept = null;
        history.scrollRestoration = "auto";
      });
    }
  } catch {
    // Storage is refused: the page begins at its top.
  }

  const MOMENT = 1000, shown = Number(document.currentScript.dataset.version);
  let left = 0, events;
  function listen() {
    events = new EventSource("/_gleaner/events");
    events.onmessage = (message) => {
      const now = JSON.parse(message.data);
      show(now.problems);
      // Who is on the way to another page gets there: to reload would take them back. If they are still here a moment
      // later, it was only a download.
      if (now.version !== shown) setTimeout(reload, Date.now() - left < MOMENT ? MOMENT : 0);
    };
  }
  listen();
  addEventListener("beforeunload", () => { left = Date.now(); });
  addEventListener("pagehide", () => events.close());
  // Who comes back to a page that the browser kept listens again.
  addEventListener("pageshow", (shows) => { if (shows.persisted) listen(); });

  function reload() {
    try {
      sessionStorage.setItem(place, kept ?? String(scrollY));
      history.scrollRestoration = "manual";
    } catch {
      // As above.
    }
    location.reload();
  }

  function show(problems) {
    document.getElementById("gleaner-problems")?.remove();
    if (problems.length === 0) return;
    const overlay = document.createElement("section");
    overlay.id = "gleaner-problems";
    overlay.setAttribute("role", "alert");
    Object.assign(overlay.style, {
      position: "fixed", inset: "auto 0 0 0", maxHeight: "60vh", overflow: "auto", zIndex: "9999",
      background: "#211d18", color: "#fcfaf5", padding: "1rem 1.5rem", borderTop: "4px solid #f0a690",
      font: "14px/1.5 ui-monospace, Menlo, Consolas, monospace",
    });
    const title = document.createElement("strong");
    title.textContent = "This is the last good version. Mend this, and it is replaced:";
    overlay.append(title);
    for (const problem of problems) {
      const text = document.createElement("pre");
      Object.assign(text.style, { whiteSpace: "pre-wrap", margin: "0.75rem 0 0", background: "none", color: "inherit" });
      text.textContent = problem;
      overlay.append(text);
    }
    document.body.append(overlay);
  }
})();
