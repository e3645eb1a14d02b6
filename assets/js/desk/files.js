/* Files that were asked for: how far each is, at the foot of every page, until its reader takes it or lets it go. The browser's
   tab remembers which; the server tells how far they are. A page asks only while it shows one that is not over. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom, formats } = boshu;
  const KEPT = "boshu-files";
  const MOST = 4;
  const EVERY_MS = 1000;
  const AGAIN_MS = 5000;
  const OVER = new Set(["done", "failed", "cancelled", "expired"]);
  let place = null;
  let asking = null;

  const kept = () => JSON.parse(sessionStorage.getItem(KEPT) || "[]");
  const keep = (ids) => sessionStorage.setItem(KEPT, JSON.stringify(ids.slice(-MOST)));

  boshu.exports = {
    /* Show how far an export is, from now on and on the pages that follow. */
    watch(id) {
      keep([...kept().filter((one) => one !== id), id]);
      ask();
    },
  };

  boshu.desk.files = function (context) {
    const words = context.words.files;
    const list = dom.node("ul", "files__all");
    const said = dom.node("p", "aside");
    said.setAttribute("role", "status");
    const root = dom.node("section", "files", list, said);
    root.setAttribute("aria-label", words.all);
    root.hidden = true;
    context.root.append(root);
    place = { root, list, said, words, cards: new Map() };
    if (kept().length) ask();
  };

  /* ---- what the server tells ---- */

  async function ask() {
    clearTimeout(asking);
    const told = await fetch("/exports/news.json", { cache: "no-store" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null);
    if (told) paint(told);
    const isOver = told && [...place.cards.values()].every((card) => OVER.has(card.state));
    if (!isOver && kept().length) asking = setTimeout(ask, told ? EVERY_MS : AGAIN_MS);
  }

  async function cancel(id) {
    await window.boshu.post(`/exports/${id}/cancel`).catch(() => null);
    ask();
  }

  /* ---- what is shown ---- */

  function paint(told) {
    const found = new Map(told.filter((one) => one.state !== "expired").map((one) => [one.id, one]));
    const ids = kept().filter((id) => found.has(id));
    for (const id of [...place.cards.keys()]) if (!ids.includes(id)) drop(id);
    for (const id of ids) {
      const card = place.cards.get(id) || add(found.get(id));
      write(card, found.get(id));
    }
    place.root.hidden = !ids.length;
  }

  function add(export_) {
    const { words } = place;
    const title = dom.node("a", "files__title", `${export_.title} · ${export_.shape.toUpperCase()}`);
    title.href = "/system/exports";
    const state = dom.node("span", "files__state num");
    const bar = Object.assign(dom.node("progress", "files__bar"), { max: 100 });
    bar.setAttribute("aria-label", title.textContent);
    const get = Object.assign(dom.node("a", "button button--first", words.download), { href: `/exports/${export_.id}/file` });
    get.setAttribute("download", "");
    const stop = button(words.cancel, "button", () => cancel(export_.id));
    const close = button("✕", "button button--ghost button--sign", () => letGo(export_.id));
    close.setAttribute("aria-label", `${words.close}: ${title.textContent}`);
    get.addEventListener("click", () => setTimeout(letGo, EVERY_MS, export_.id));
    const acts = dom.node("div", "files__acts", stop, get);
    const root = dom.node("li", "files__one", dom.node("div", "files__head", title, close), state, bar, acts);
    place.list.append(root);
    const card = { root, title, text: state, bar, get, stop, close, state: "" };
    place.cards.set(export_.id, card);
    return card;
  }

  function button(text, className, act) {
    const made = Object.assign(dom.node("button", className, text), { type: "button" });
    made.addEventListener("click", act);
    return made;
  }

  function write(card, export_) {
    const { words } = place;
    const isOver = OVER.has(export_.state);
    dom.text(card.text, sentence(export_));
    card.bar.hidden = isOver;
    if (export_.done_pct === null) card.bar.removeAttribute("value");
    else card.bar.value = export_.done_pct;
    const hadFocus = card.stop === document.activeElement;
    card.stop.hidden = isOver;
    card.get.hidden = export_.state !== "done";
    if (hadFocus && isOver) (export_.state === "done" ? card.get : card.close).focus();
    if (card.state === export_.state) return;
    card.state = export_.state;
    card.root.dataset.state = export_.state;
    dom.text(place.said, `${card.title.textContent}: ${words.states[export_.state]}`); // the figures on the way are not read aloud
  }

  function sentence({ state, row_n: n, row_total: of, detail }) {
    const { words } = place;
    if (state === "done") return formats.fill(words.ready, { n: formats.whole(n) });
    if (state === "running" && of) return formats.fill(words.rows, { n: formats.whole(n), of: formats.whole(of) });
    return state === "failed" ? detail : words.states[state];
  }

  function letGo(id) {
    const cards = [...place.cards.keys()];
    const next = cards[cards.indexOf(id) + 1] || cards[cards.indexOf(id) - 1];
    drop(id);
    keep(kept().filter((one) => one !== id));
    place.root.hidden = !place.cards.size;
    if (next) place.cards.get(next).close.focus();
  }

  function drop(id) {
    place.cards.get(id).root.remove();
    place.cards.delete(id);
  }
})();
