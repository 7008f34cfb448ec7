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
  label.textContent = "Colours";
  group.append(label);
  var buttons = [["", "System"], ["light", "Light"], ["dark", "Dark"]].map(function (colour) {
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

  function open() {
    if (window.gleanerSearch) return window.gleanerSearch();
    if (script) return;
    script = document.createElement("script");
    script.src = new URL("../assets/search.js", link.href).href;
    script.onload = function () {
      if (window.gleanerSearch) window.gleanerSearch();
      else location.href = link.href;
    };
    script.onerror = function () {
      location.href = link.href;
    };
    document.head.append(script);
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
