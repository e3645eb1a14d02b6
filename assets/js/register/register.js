/* The page of a register: list, drawer, views, columns, selection, keys. The address holds all of it. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, register } = boshu;
  const AGAIN_MS = 15000;
  const DENSITY = "boshu-density";
  const SKELETON_MS = 300; // until then the row before stays in the drawer
  const ANSWER_MS = 20000;
  const ROWS_PX = { wide: 38, narrow: 30 };
  let page = null;

  register.begin = function (context) {
    const board = context.root.querySelector("[data-register]");
    if (!board) return;
    const bench = register.bench(context, board);
    const state = register.told(bench.config, bench.config.views);
    page = { bench, state, api: null, selected: new Map() };
    page.filters = register.filters(bench, state, ask);
    page.filters.paint();
    page.views = register.views(bench, state, take);
    page.drawer = drawerOf(bench.place("drawer"));
    page.dress = register.dress(bench, state);
    board.addEventListener("click", act);
    document.addEventListener("keydown", keys);
    window.addEventListener("popstate", back, { capture: true });
    bench.grid().then(join);
    if (bench.config.live) context.hear(tick);
    if (state.row) open(state.row, { push: false });
    else resume();
  };

  /* ---- what Dash tells; its callbacks know these by name ---- */

  const here = (window.dash_clientside = window.dash_clientside || {});
  here.boshu = Object.assign(here.boshu || {}, {
    chosen() {
      const inputs = here.callback_context.inputs_list.flat();
      if (page) page.filters.chosen(inputs.map((one) => [one.id.field, one.value]));
      return here.no_update;
    },
    told(answer) {
      register.hear(answer);
      return here.no_update;
    },
    labelled() {
      if (page) setTimeout(page.filters.paint);
      return here.no_update;
    },
  });

  /* Show the filters that are seldom needed, or hide them. */
  register.unfold = function (bench, isOpen) {
    bench.place("rare").hidden = !isOpen;
    bench.board.querySelector("[data-does=more]").setAttribute("aria-expanded", String(isOpen));
  };

  /* ---- the question ---- */

  function ask({ push }) {
    const { bench, state } = page;
    bench.put("state", { data: { q: state.q, view: state.view } });
    page.views.paint();
    page.api.purgeInfiniteCache();
    page.api.ensureIndexVisible(0);
    unselect();
    remember(push);
  }

  /* Take over a view: its question, its order, its columns. */
  function take(view) {
    const { state } = page;
    Object.assign(state, { q: structuredClone(view.q), view: view.name, sort: view.sort || "", cols: view.cols || "" });
    page.filters.show();
    sort();
    columns();
    ask({ push: true });
  }

  function remember(push) {
    const address = register.address(page.state, page.bench.config);
    if (address === window.location.pathname + window.location.search) return;
    window.history[push ? "pushState" : "replaceState"](window.history.state, "", address);
  }

  /* The way back: Dash would draw the page anew; the page knows better what to do. */
  function back(event) {
    event.stopImmediatePropagation();
    const { bench, state } = page;
    Object.assign(state, register.told(bench.config, page.views.all()));
    page.filters.show();
    sort();
    columns();
    bench.put("state", { data: { q: state.q, view: state.view } });
    page.views.paint();
    page.api.purgeInfiniteCache();
    if (state.row) open(state.row, { push: false });
    else shut({ push: false });
  }

  /* ---- the list ---- */

  function join(api) {
    page.api = api;
    for (const name of ["firstDataRendered", "modelUpdated"]) api.addEventListener(name, reach);
    reach();
    api.addEventListener("rowClicked", ({ data, event }) => {
      if (data && !event.target.closest(".ag-selection-checkbox")) open(data.id, { push: true });
    });
    api.addEventListener("cellKeyDown", ({ node, event }) => node.data && inRow(node, event));
    api.addEventListener("sortChanged", sorted);
    api.addEventListener("selectionChanged", selected);
    for (const name of ["modelUpdated", "bodyScroll", "viewportChanged"]) api.addEventListener(name, position);
    if (localStorage.getItem(DENSITY) === "narrow") density("narrow");
    count();
    position();
  }

  /* What scrolls must be reached by keys, also without a box to tick: down, and across where the columns are wider. */
  function reach() {
    const [down, across] = [".ag-body-viewport", ".ag-center-cols-viewport"].map((part) => page.bench.board.querySelector(part));
    if (down) down.tabIndex = 0;
    if (across && across.scrollWidth > across.clientWidth) across.tabIndex = 0;
  }

  const orderOf = ({ colId, sort: way }) => `${way === "desc" ? "-" : ""}${colId}`;

  function sorted() {
    const ordered = page.api.getColumnState().filter((one) => one.sort);
    page.state.sort = ordered.length ? orderOf(ordered[0]) : "";
    if (page.state.view) page.state.sort = page.state.sort || "";
    remember(true);
  }

  function sort() {
    const { sort: said } = page.state;
    const ordered = said ? [{ colId: said.replace(/^-/, ""), sort: said.startsWith("-") ? "desc" : "asc" }] : [];
    page.api.applyColumnState({ state: ordered, defaultState: { sort: null } });
  }

  function position() {
    const { api, bench } = page;
    const first = api.getFirstDisplayedRowIndex();
    const last = api.getLastDisplayedRowIndex();
    const all = api.isLastRowIndexKnown() ? api.getDisplayedRowCount() : null;
    const node = first >= 0 && api.getDisplayedRowAtIndex(first);
    const there = Boolean(node && node.data) && all !== 0; // rows on their way are not counted
    const said = { first: (first + 1).toLocaleString("en-US"), last: (last + 1).toLocaleString("en-US") };
    const whole = all === null ? "" : all.toLocaleString("en-US");
    const text = there ? bench.fill(whole ? "position" : "positionOpen", { ...said, all: whole }) : "";
    dom.text(bench.place("position"), text);
  }

  function reread() {
    readAt = Date.now();
    page.api.refreshInfiniteCache();
  }

  /* A list that lives reads its rows again with the ticks of the stream; they stay until the new ones are here. */
  let readAt = Date.now();
  function tick(message) {
    const isTick = message.type === "snapshot" || message.type === "delta";
    if (isTick && page.api && !document.hidden && Date.now() - readAt > AGAIN_MS) reread();
  }

  /* ---- columns and density ---- */

  function columns() {
    const { config } = page.bench;
    const chosen = page.state.cols ? page.state.cols.split(",") : null;
    const isShown = (one) => (chosen ? chosen.includes(one.field) : !one.hidden);
    page.api.setColumnsVisible(config.columns.filter(isShown).map((one) => one.field), true);
    page.api.setColumnsVisible(config.columns.filter((one) => !isShown(one)).map((one) => one.field), false);
    count();
  }

  const visible = () => page.bench.config.columns.filter((one) => page.api.getColumn(one.field).isVisible());

  function count() {
    const { bench } = page;
    dom.text(bench.place("columns"), `${visible().length} / ${bench.config.columns.length}`);
  }

  function chooseColumns() {
    const { bench } = page;
    const { body, foot, close } = register.dialog(bench.words.columns, "sheet--small");
    const shown = new Set(visible().map((one) => one.field));
    for (const column of bench.config.columns) {
      const box = Object.assign(dom.node("input", ""), { type: "checkbox", checked: shown.has(column.field) });
      box.addEventListener("change", () => {
        if (box.checked) shown.add(column.field);
        else if (shown.size > 1) shown.delete(column.field);
        box.checked = shown.has(column.field);
        const fields = bench.config.columns.map((one) => one.field).filter((field) => shown.has(field));
        const usual = bench.config.columns.filter((one) => !one.hidden).map((one) => one.field);
        page.state.cols = fields.join() === usual.join() ? "" : fields.join();
        columns();
        remember(false);
      });
      body.append(dom.node("label", "sheet__check", box, column.title));
    }
    const narrow = Object.assign(dom.node("input", ""), { type: "checkbox", checked: localStorage.getItem(DENSITY) === "narrow" });
    narrow.addEventListener("change", () => density(narrow.checked ? "narrow" : "wide"));
    body.append(dom.node("hr", "sheet__line"), dom.node("label", "sheet__check", narrow, bench.words.density));
    foot.append(register.button(bench.words.close, close, "button--first"));
  }

  function density(name) {
    localStorage.setItem(DENSITY, name);
    page.api.setGridOption("rowHeight", ROWS_PX[name]);
    page.api.purgeInfiniteCache();
  }

  /* ---- selection ---- */

  function selected() {
    const { api, bench } = page;
    const rows = api.getSelectedRows();
    page.selected = new Map(rows.map((row) => [row.id, row]));
    const place = bench.place("chosen");
    if (!rows.length) return place.replaceChildren();
    const does = (action) => () => register.act(bench, action.name, [...page.selected.values()], after);
    const buttons = bench.config.actions.map((action) =>
      register.button(action.title, does(action), `button--small ${action.grave ? "button--grave" : ""}`),
    );
    const letGo = register.button(bench.words.unselect, unselect, "button--ghost");
    place.replaceChildren(dom.node("span", "", bench.fill("selected", { n: rows.length })), ...buttons, letGo);
  }

  function unselect() {
    page.api.deselectAll();
  }

  /* ---- the drawer ---- */

  /* What the drawer shows: the row that was asked for, that it is on its way, or that it could not be read. */
  function drawerOf(root) {
    const look = (state) => dom.look(root, "drawer", state, ["waiting", "failed", "told"]);
    let asked = 0;
    let isWaiting = false;
    let timer = null;

    function told() {
      const inside = root.querySelector("[data-asked]");
      if (!inside || Number(inside.dataset.asked) !== asked) return;
      isWaiting = false;
      clearTimeout(timer);
      look("told");
    }

    function fail() {
      if (!isWaiting) return;
      isWaiting = false;
      clearTimeout(timer);
      look("failed");
    }

    /* Return which question it is that is waited for. */
    function wait() {
      clearTimeout(timer);
      asked = Math.max(Date.now(), asked + 1);
      timer = setTimeout(() => {
        look("waiting");
        timer = setTimeout(fail, ANSWER_MS);
      }, SKELETON_MS);
      isWaiting = true;
      return asked;
    }

    const seen = { childList: true, subtree: true, attributes: true, attributeFilter: ["data-asked"] };
    new MutationObserver(told).observe(root, seen);
    document.addEventListener("boshu-failed", fail);
    return { wait };
  }

  function open(key, { push }) {
    const { bench, state } = page;
    const drawer = bench.place("drawer");
    state.row = key;
    drawer.hidden = false;
    bench.board.classList.add("register--open");
    bench.put("peek", { data: { key, at: page.drawer.wait() } });
    page.dress();
    remember(push);
    resume();
  }

  function shut({ push }) {
    const { bench, state } = page;
    const was = state.row;
    state.row = "";
    bench.place("drawer").hidden = true;
    bench.board.classList.remove("register--open");
    page.dress();
    remember(push);
    const node = was && page.api && page.api.getRowNode(was);
    if (node) focusRow(node.rowIndex);
  }

  function move(by) {
    const node = page.api.getRowNode(page.state.row);
    const next = page.api.getDisplayedRowAtIndex((node ? node.rowIndex : -1) + by);
    if (!next || !next.data) return;
    page.api.ensureIndexVisible(next.rowIndex);
    focusRow(next.rowIndex);
    open(next.data.id, { push: false });
  }

  function focusRow(index) {
    page.api.setFocusedCell(index, page.api.getAllDisplayedColumns().find((one) => one.getColDef().field).getColId());
  }

  const rowOf = (key) => {
    const node = page.api && page.api.getRowNode(key);
    return (node && node.data) || { id: key };
  };

  /* ---- what is done ---- */

  function act(event) {
    const button = event.target.closest("[data-does]");
    if (!button || !page.bench.board.contains(button)) return;
    does(button.dataset.does);
  }

  function does(name) {
    const { bench, state } = page;
    const key = state.row;
    if (name === "close") shut({ push: true });
    else if (name === "again") open(key, { push: false });
    else if (name === "up" || name === "down") move(name === "up" ? -1 : 1);
    else if (name === "columns") chooseColumns();
    else if (name === "more") register.unfold(bench, bench.place("rare").hidden);
    else if (name === "print") print();
    else if (name === "new") register.edit(bench, null, after);
    else if (name === "edit") register.edit(bench, key, after);
    else if (name === "import") register.take(bench, after);
    else if (name === "export") register.give(bench, { ...state, columns: visible().map((one) => one.field) });
    else if (name === "reveal") register.reveal(bench, rowOf(key));
    else if (name.startsWith("action:")) {
      const isOfRow = !isOfHead(name);
      register.act(bench, name.slice(7), isOfRow ? [rowOf(key)] : [], after);
    }
  }
  const isOfHead = (name) => Boolean(page.bench.board.querySelector(`.register__head [data-does="${name}"]`));

  /* Something was changed: read the list again, and the drawer. */
  function after(key) {
    unselect();
    reread();
    page.views.count();
    if (key) open(key, { push: true });
    else if (page.state.row) open(page.state.row, { push: false });
  }

  /* Go on with what a proof of identity interrupted. */
  function resume() {
    const { bench } = page;
    const kept = register.interrupted(bench);
    if (!kept) return;
    if (kept.of === "save") register.edit(bench, kept.key, after);
    else register.act(bench, kept.of.slice(7), kept.keys.map((key) => ({ id: key })), after);
  }

  function print() {
    const now = new URLSearchParams(window.location.search);
    now.set("print", "1");
    window.open(`${window.location.pathname}?${now}`, "_blank", "noopener");
  }

  /* ---- keys ---- */

  function inRow(node, event) {
    if (event.key === "Enter") open(node.data.id, { push: true });
    else if (event.key === "x") node.setSelected(!node.isSelected());
    else if (page.state.row && (event.key === "ArrowDown" || event.key === "ArrowUp")) setTimeout(follow);
  }

  /* The drawer follows the row that has the focus. */
  function follow() {
    const cell = page.api.getFocusedCell();
    const node = cell && page.api.getDisplayedRowAtIndex(cell.rowIndex);
    if (node && node.data && node.data.id !== page.state.row) open(node.data.id, { push: false });
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || boshu.desk.isTyping() || document.querySelector("dialog[open]")) return;
    const isInGrid = document.activeElement && document.activeElement.closest(".ag-root");
    if (event.key === "Escape" && page.state.row) shut({ push: true });
    else if (event.key === "n" && page.bench.board.querySelector("[data-does=new]")) does("new");
    else if (event.key === "e" && page.bench.board.querySelector("[data-does=edit]")) does("edit");
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !isInGrid && !isChoosing()) {
      if (page.state.row) move(event.key === "ArrowDown" ? 1 : -1);
      else focusRow(Math.max(0, page.api.getFirstDisplayedRowIndex()));
    } else return;
    event.preventDefault();
  }
  const isChoosing = () => document.activeElement && document.activeElement.closest(".dash-dropdown, .chips, .dash-dropdown-content");
})();
