/* The card behind every "i": formula, clock, unit, sources and version of a figure. Opens by key or pointer; Escape
   closes it. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const LINES = ["formula", "clock", "unit", "sources", "version"];
  const GAP = 12;

  /* Serve the buttons of a page; `kpiOf` tells the KPI of a tile, `asOf` the time of its data. */
  boshu.meaning = function (root, language, words, kpiOf, asOf) {
    let definitions = null;
    let open = null;

    function fetched() {
      definitions =
        definitions ||
        fetch(`/live/kpis.json?lang=${language}`)
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
          .then((body) => Object.fromEntries((Array.isArray(body) ? body : body.kpis).map((kpi) => [kpi.id, kpi])));
      definitions.catch(() => (definitions = null));
      return definitions;
    }

    function close(giveBack) {
      if (!open) return;
      open.card.remove();
      open.button.setAttribute("aria-expanded", "false");
      if (giveBack) open.button.focus();
      open = null;
    }

    function show(button) {
      const tile = button.dataset.meaning;
      fetched()
        .then((all) => {
          close(false);
          const kpi = all[kpiOf(tile)];
          if (!kpi) return;
          open = { button, card: card(kpi, words.meaning, asOf(tile)) };
          button.setAttribute("aria-expanded", "true");
          root.append(open.card);
          place(open.card, button, root);
          open.card.focus();
        })
        .catch(() => {});
    }

    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-meaning]");
      if (!button) return close(false);
      return open && open.button === button ? close(true) : show(button);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && close(true));
  };

  function card(kpi, words, asOf) {
    const node = document.createElement("div");
    node.className = "meaning";
    node.tabIndex = -1;
    node.setAttribute("role", "dialog");
    node.setAttribute("aria-label", kpi.name);
    const title = document.createElement("h3");
    title.className = "meaning__name";
    title.textContent = kpi.name;
    const list = document.createElement("dl");
    list.className = "meaning__list";
    const told = { ...kpi, sources: kpi.sources.map((source) => source.name || source).join(" · ") };
    for (const [line, text] of [...LINES.map((key) => [key, told[key]]), ["as_of", asOf]]) {
      const [term, detail] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = words[line];
      detail.textContent = text;
      list.append(term, detail);
    }
    node.append(title, list);
    return node;
  }

  /* Below the button, inside the canvas; the canvas is scaled, so screen distances are divided by the scale. */
  function place(card, button, root) {
    const [canvas, at] = [root.getBoundingClientRect(), button.getBoundingClientRect()];
    const scale = canvas.width / root.offsetWidth;
    const left = (at.left - canvas.left) / scale - 40;
    const below = (at.bottom - canvas.top) / scale + GAP;
    const above = (at.top - canvas.top) / scale - GAP - card.offsetHeight;
    card.style.left = `${Math.min(Math.max(left, 32), root.offsetWidth - card.offsetWidth - 32)}px`;
    card.style.top = `${below + card.offsetHeight < root.offsetHeight - 20 ? below : Math.max(20, above)}px`;
  }
})();
