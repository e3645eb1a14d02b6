/* Registers: what their scripts share. Small tools, and the way to ask the server for something and hear what it says. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom } = boshu;
  const PATIENCE_MS = 60000;
  const register = (boshu.register = boshu.register || {});
  const waiting = new Map();
  let asked = 0;

  /* The bench of one page: whose register it is, what its reader may do, its words, and its parts by their ids. */
  register.bench = function (context, board) {
    const config = JSON.parse(board.dataset.config);
    const words = context.words.register;
    const id = (part, more) => ({ register: config.name, part, ...more });
    const bench = {
      context,
      board,
      config,
      words,
      id,
      place: (name) => board.querySelector(`[data-paint="${name}"]`),
      fill: (key, values) => boshu.formats.fill(words[key], values),
      can: (purpose) => config.can.includes(purpose),
      put: (part, props, more) => window.dash_clientside.set_props(id(part, more), props),
      say: (text) => boshu.desk.say(text),
      grid: () => window.dash_ag_grid.getApiAsync(id("grid")),
    };
    bench.ask = (of, told) => ask(bench, of, told);
    return bench;
  };

  /* Ask the server; the promise holds its answer, and fails with what may be said where there was none. */
  function ask(bench, of, told) {
    asked += 1;
    const n = asked;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        waiting.delete(n);
        fail(new Error(bench.words.noAnswer));
      }, PATIENCE_MS);
      waiting.set(n, (answer) => {
        clearTimeout(timer);
        done(answer);
      });
      bench.put("ask", { data: { ...told, asked: n } }, { of });
    });
  }

  register.hear = function (answer) {
    if (answer && waiting.has(answer.asked)) waiting.get(answer.asked)(answer);
    if (answer) waiting.delete(answer.asked);
  };

  /* ---- small tools ---- */

  register.button = function (label, does, look = "") {
    const button = dom.node("button", `button ${look}`.trim(), label);
    button.type = "button";
    button.addEventListener("click", does);
    return button;
  };

  /* A dialog that closes by Escape and by its own buttons, and goes away when it is closed; `leave` may keep it open. */
  register.dialog = function (title, look, { leave = () => true } = {}) {
    const dialog = dom.node("dialog", `sheet ${look}`.trim());
    const heading = dom.node("h2", "sheet__title", title);
    heading.id = "register-sheet-title";
    dialog.setAttribute("aria-labelledby", heading.id);
    const body = dom.node("div", "sheet__body");
    const foot = dom.node("div", "sheet__foot");
    dialog.append(heading, body, foot);
    document.querySelector("[data-desk]").append(dialog);
    dialog.addEventListener("cancel", (event) => {
      if (event.target !== dialog) return; // a field lets go of a choice of files by the same event
      event.preventDefault();
      if (leave()) dialog.close();
    });
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
    return { dialog, heading, body, foot, close: () => dialog.close() };
  };

  /*
   * Dress the grid as it draws itself anew: the row in the drawer is marked, wherever it goes, and an empty list says why it is.
   * Returns what marks the row of another drawer.
   */
  register.dress = function (bench, state) {
    const list = bench.board.querySelector(".register__list");
    const words = () => (Object.keys(state.q).length ? bench.words.noneAsked : bench.board.querySelector("[data-does=new]") && bench.words.noneYet);
    const dress = () => {
      for (const row of list.querySelectorAll(".ag-row")) row.classList.toggle("register__open", Boolean(state.row) && row.getAttribute("row-id") === state.row);
      const empty = list.querySelector(".ag-overlay-no-rows-center");
      const said = empty && words();
      if (said && empty.textContent !== said) empty.textContent = said;
    };
    new MutationObserver(dress).observe(list, { childList: true, subtree: true, attributes: true, attributeFilter: ["row-id"] });
    return dress;
  };

  register.busy = async function (button, work) {
    button.disabled = true;
    try {
      return await work();
    } finally {
      button.disabled = false;
    }
  };
})();
