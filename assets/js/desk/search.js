/* The search of the head. A hit leads to its page; a page that shows hits itself says so by `context.opened`. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom } = boshu;
  const TYPED_MS = 160;
  const FEWEST_LETTERS = 2;
  const PLATE_LETTERS = 3; // fewer would find half of the city's plates
  const HITS = "desk-hits";

  boshu.desk.search = function (context) {
    const place = context.place("search");
    if (!place) return;
    const input = dom.node("input", "search__input");
    const list = dom.node("div", "search__hits");
    let timer = null;
    let asking = null;
    let isWanted = false; // Enter was pressed before the hits came
    let answered = null; // the text to which the hits belong

    Object.assign(input, { type: "search", placeholder: context.words.search, autocomplete: "off", spellcheck: false });
    Object.assign(list, { id: HITS, hidden: true });
    list.setAttribute("role", "listbox");
    for (const node of [input, list]) node.setAttribute("aria-label", context.words.search);
    const said = { role: "combobox", "aria-controls": HITS, "aria-expanded": "false", "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);
    place.replaceChildren(input, dom.node("kbd", "", "/"));
    place.after(list);
    context.search = input;

    const hits = () => [...list.querySelectorAll(".hit")];
    const picked = () => hits().find((each) => each.getAttribute("aria-selected") === "true");

    function show(isOpen) {
      list.hidden = !isOpen || !list.childElementCount;
      input.setAttribute("aria-expanded", String(!list.hidden));
    }

    function choose(node) {
      for (const each of hits()) dom.attribute(each, "aria-selected", String(each === node));
      if (node) {
        input.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
      } else input.removeAttribute("aria-activedescendant");
    }

    function step(by) {
      const all = hits();
      if (all.length) choose(all[Math.min(all.length - 1, Math.max(0, all.indexOf(picked()) + by))]);
    }

    function close() {
      clearTimeout(timer);
      isWanted = false;
      show(false);
      input.blur();
    }

    /* Show a hit here where the page can, else on its own page. */
    function open(node, event) {
      if (!node) return;
      const isHere = context.opened && (node.dataset.space || node.dataset.lon);
      if (!isHere) {
        if (!event) window.location.assign(node.href);
        return;
      }
      if (event) event.preventDefault();
      close();
      context.opened(node.dataset);
    }

    function drawn(hit, i) {
      const node = dom.node("a", "hit");
      for (const [part, text] of [["kind", hit.label], ["title", hit.title], ["note", hit.note]])
        node.append(dom.node("span", `hit__${part}`, text));
      Object.assign(node, { href: hit.href, id: `${HITS}-${i}`, tabIndex: -1 });
      node.setAttribute("role", "option");
      node.setAttribute("aria-selected", "false");
      for (const name of ["site", "space", "at", "lon", "lat"])
        if (hit[name] !== null) node.dataset[name] = String(hit[name]);
      return node;
    }

    function none(text) {
      const said = text.length < PLATE_LETTERS ? context.words.typeMore : context.words.nothingFound;
      const node = dom.node("div", "search__none", said);
      node.setAttribute("role", "status");
      return node;
    }

    async function ask() {
      const text = input.value.trim();
      if (asking) asking.abort();
      if (text.length < FEWEST_LETTERS) {
        answered = text;
        list.replaceChildren();
        show(false);
        return;
      }
      asking = new AbortController();
      const asked = new URLSearchParams({ text, lang: context.root.dataset.lang });
      const answer = await fetch(`/search?${asked}`, { cache: "no-store", signal: asking.signal }).catch(() => null);
      if (!answer || !answer.ok || input.value.trim() !== text) return;
      const found = await answer.json();
      answered = text;
      list.replaceChildren(...(found.hits.length ? found.hits.map(drawn) : [none(text)]));
      choose(hits()[0]);
      show(document.activeElement === input);
      if (isWanted) open(hits()[0]);
    }

    function type() {
      isWanted = false;
      clearTimeout(timer);
      timer = setTimeout(ask, TYPED_MS);
    }

    input.addEventListener("input", type);
    input.addEventListener("focus", () => {
      show(true);
      input.select();
    });
    input.addEventListener("blur", () => setTimeout(() => list.contains(document.activeElement) || show(false), 150));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "Enter") {
        if (answered === input.value.trim()) open(picked());
        else isWanted = true;
      } else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => open(event.target.closest(".hit"), event));

    /* Search for a text that came with the address. */
    context.find = (text) => {
      input.value = text;
      input.focus();
      type();
    };
  };
})();
