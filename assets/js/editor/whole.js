/* The page of the editor: one tariff by parts and as text, both always the same. What is typed is looked at by the server a moment
   later; it tells what is missing, and the pictures beside. Work that is not saved stays in this browser. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, editor } = boshu;
  const LOOK_MS = 250;
  const SAME_MS = 1500;
  const MOST_STEPS = 200;
  const PATIENCE_MS = 30000;
  const KEPT = "boshu-tariff:";
  const COMMENT = /(^|\s)#/;
  const waiting = new Map();
  let asked = 0;

  /* ---- the server: asked through stores, heard through one of Dash's callbacks ---- */

  const here = (window.dash_clientside = window.dash_clientside || {});
  here.boshu = Object.assign(here.boshu || {}, {
    drafted(...answers) {
      for (const answer of answers) {
        if (!answer || !waiting.has(answer.asked)) continue;
        waiting.get(answer.asked)(answer);
        waiting.delete(answer.asked);
      }
      return here.no_update;
    },
  });

  function ask(board, store, told) {
    asked += 1;
    const n = asked;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => {
        waiting.delete(n);
        fail(new Error("no answer"));
      }, PATIENCE_MS);
      waiting.set(n, (answer) => {
        clearTimeout(timer);
        done(answer);
      });
      window.dash_clientside.set_props(board.dataset[store], { data: { ...told, lang: board.dataset.lang, asked: n } });
    });
  }

  boshu.desk.at("billing", async (context) => {
    const board = context.root.querySelector("[data-editor]");
    if (!board) return;
    const { tariff, copy } = board.dataset;
    boshu.desk.insist(async () => {
      const opened = await ask(board, "open", { tariff, copy });
      if (opened.absent) return absent(board);
      start(context, board, opened);
    });
  });

  function absent(board) {
    board.classList.add("editor--absent");
    board.querySelector("[data-paint=absent]").hidden = false;
  }

  function start(context, board, opened) {
    const words = context.words.editor;
    const place = (name) => board.querySelector(`[data-paint="${name}"]`);
    const spot = KEPT + (board.dataset.tariff || (board.dataset.copy ? `copy ${board.dataset.copy}` : "new"));
    const state = {
      value: opened.value, text: opened.text, saved: opened.text, note: opened.note, key: opened.key, version: opened.version,
      faults: [], lines: {}, needed: [], past: [], future: [], last: ["", 0], side: "parts", turn: 0, vehicle: "", zone: "",
      unread: true, // the text is what counts until the form has been written in
      spoken: null, // the value that the text says
    };

    const bench = {
      context, words, form: opened.form, readonly: opened.readonly,
      fill: (key, values) => boshu.formats.fill(words[key], values),
      value: () => state.value,
      currency: () => state.value.currency || "CNY",
      money: () => (bench.currency() === "CNY" ? words.yuan : bench.currency()),
      called: (of, name) => (opened.names[of] || {})[name] || name,
      asks: (path) => (path[path.length - 2] === "settings" ? opened.form.questions[path[path.length - 1]] : ""),
      shows: (path, name, field, value) =>
        field.needed || value[field.name] !== undefined || (path.length === 1 && name === "Settings" && isAsked(field.name)),
      offers: (path, name) => !(path.length === 1 && name === "Settings"),
      put,
    };
    const isAsked = (name) =>
      state.needed.some((names, i) => names.includes(name) && editor.isNothing(editor.at(state.value, ["plans", i, "settings", name])));
    const text = editor.textSide(bench, typed);
    place("text").append(text.node);

    /* ---- what is changed ---- */

    function put(path, next, { redraw = false, focus = null } = {}) {
      const spoken = path.join(".");
      const now = Date.now();
      if (redraw || state.last[0] !== spoken || now - state.last[1] > SAME_MS) remember();
      if (state.spoken === state.value && COMMENT.test(state.text)) boshu.desk.say(words.comments);
      state.last = [redraw ? "" : spoken, now];
      state.value = editor.changed(state.value, path, next);
      state.unread = false;
      if (redraw) draw(focus);
      changed();
    }

    function remember() {
      state.past.push(moment());
      if (state.past.length > MOST_STEPS) state.past.shift();
      state.future = [];
    }

    const moment = () => ({ value: state.value, text: state.text, unread: state.unread || state.spoken === state.value });

    function step(from, to) {
      if (!from.length || bench.readonly) return;
      to.push(moment());
      Object.assign(state, from.pop());
      state.last = ["", 0];
      draw(null);
      text.write(state.text);
      changed();
    }

    /* The text was typed: the form follows as soon as it can be read. */
    function typed(now) {
      if (state.last[0] !== "text" || Date.now() - state.last[1] > SAME_MS) remember();
      state.last = ["text", Date.now()];
      state.text = now;
      state.unread = true;
      changed();
    }

    let timer = null;
    let isFresh = !opened.key && !board.dataset.copy;
    function changed() {
      isFresh = false;
      state.turn += 1; // what the server is looking at is not the last any more
      keep();
      tools();
      clearTimeout(timer);
      timer = setTimeout(look, LOOK_MS);
    }

    /* Let the server look at what was typed last, so that both sides say the same. */
    const settled = () => (timer === null ? flight : look());

    let flight = Promise.resolve();
    function look() {
      clearTimeout(timer);
      timer = null;
      flight = looked();
      return flight;
    }

    async function looked() {
      state.turn += 1;
      const turn = state.turn;
      const isText = state.unread || state.spoken === state.value; // sent as it is written, so that nothing in it is lost
      const sent = { vehicle: state.vehicle, zone: state.zone, ...(isText ? { text: state.text } : { value: editor.tidy(opened.form, { is: "part", of: opened.form.whole }, state.value) }) };
      place("pictures").setAttribute("aria-busy", "true");
      const seen = await ask(board, "look", sent).catch(() => null);
      if (turn !== state.turn) return; // something was typed meanwhile
      if (!seen) return boshu.desk.say(words.noAnswer);
      place("pictures").removeAttribute("aria-busy");
      Object.assign(state, { faults: seen.faults, lines: seen.lines });
      if (state.unread && seen.value) state.value = seen.value;
      if (!state.unread) state.text = seen.text;
      if (isFresh && !state.unread) state.saved = state.text; // nothing was typed yet
      isFresh = false;
      if (seen.needed) state.needed = seen.needed;
      if (state.unread && seen.value) draw(null);
      else questions();
      state.unread = state.unread && !seen.value;
      if (!state.unread) state.spoken = state.value;
      if (document.activeElement !== text.node.querySelector("textarea")) text.write(state.text);
      keep();
      tell();
      subject();
    }

    /* For whom the pictures are drawn, where the tariff tells classes or zones apart. */
    function subject() {
      const choose = (name, all, label) => {
        const select = dom.node("select", "field__input");
        select.append(...all.map((one) => Object.assign(dom.node("option", "", bench.called(`${name}s`, one)), { value: one })));
        select.value = all.includes(state[name]) ? state[name] : all[0];
        select.setAttribute("aria-label", label);
        select.addEventListener("change", () => {
          state[name] = select.value;
          look();
        });
        return select;
      };
      const known = (all) => (Array.isArray(all) ? all.map(String) : []);
      const chosen = [["vehicle", known(state.value.vehicles), words.vehicle], ["zone", known(state.value.zones), words.zone]];
      const now = JSON.stringify([chosen, state.vehicle, state.zone]);
      if (place("subject").dataset.told === now) return;
      place("subject").dataset.told = now;
      const drawn = chosen.filter(([, all]) => all.length > 1).map((one) => choose(...one));
      place("subject").replaceChildren(...(drawn.length ? [dom.node("span", "field__name", words.pictureOf), ...drawn] : []));
    }

    /* ---- what is drawn ---- */

    function draw(focus) {
      const scrolled = place("form").scrollTop;
      const chapters = opened.form.chapters.map((chapter) => drawChapter(chapter));
      place("form").replaceChildren(...chapters);
      place("form").scrollTop = scrolled;
      fix();
      if (focus) go(focus.join("."), { first: true });
      mark();
    }

    /* What tells a thing from others stays as it was when the thing was saved first. */
    function fix() {
      for (const name of state.key ? opened.fixed : []) nodeOf(name).querySelector("input").disabled = true;
    }

    function drawChapter({ name, title, note, fields }) {
      const part = opened.form.parts[opened.form.whole];
      const all = fields.map((each) => part.fields.find((field) => field.name === each));
      const shown = all.filter((field) => field.needed || state.value[field.name] !== undefined);
      const usual = name === "readings" && !bench.readonly ? [editor.button(words.usual, asUsual, "button--small", words.usualHint)] : [];
      const head = dom.node("header", "chapter__head", dom.node("h2", "chapter__title", title), dom.node("span", "chapter__note", note), ...usual);
      const node = dom.node("section", `chapter chapter--${name}`, head);
      node.dataset.chapter = name;
      const drawn = shown.map((field) =>
        field.name === "settings" ? settings(field) : editor.drawField(bench, field, [field.name], state.value[field.name]),
      );
      node.append(dom.node("div", "clause__fields", ...drawn));
      const absent = all.filter((field) => !shown.includes(field));
      if (absent.length && !bench.readonly) {
        const offers = absent.map((field) => editor.button(`＋ ${field.label}`, () => offer(field), "clause__offer", field.hint));
        node.append(dom.node("div", "clause__offers", ...offers));
      }
      return node;
    }

    const offer = (field) => put([field.name], editor.blank(opened.form, field.shape), { redraw: true, focus: [field.name] });

    function settings(field) {
      const node = editor.drawField(bench, field, ["settings"], state.value.settings || {});
      node.classList.add("clause--bare");
      if (!node.querySelector("[data-path]")) node.append(dom.node("p", "chapter__calm", words.nothingOpen));
      return node;
    }

    /* Which questions are open follows from the plans: draw them anew when that changes. */
    let drawnFor = "";
    function questions() {
      const now = JSON.stringify(state.needed);
      if (now === drawnFor) return;
      drawnFor = now;
      const old = place("form").querySelector('[data-chapter="readings"]');
      const isInside = old.contains(document.activeElement);
      if (!isInside) old.replaceWith(drawChapter(opened.form.chapters.find(({ name }) => name === "readings")));
    }

    function asUsual() {
      const open = Object.entries(opened.form.usual).filter(([name]) => isAsked(name) && editor.isNothing((state.value.settings || {})[name]));
      put(["settings"], { ...state.value.settings, ...Object.fromEntries(open) }, { redraw: true, focus: ["settings"] });
    }

    /* ---- what is wrong ---- */

    const nodeOf = (path) => place("form").querySelector(`[data-path="${CSS.escape(path)}"]`);

    /* The deepest field that a fault's path leads to; a reading that a plan leaves open is asked for the whole tariff. */
    function fieldOf(path) {
      const own = /^plans\.(\d+)\.settings(?=\.|$)/.exec(path);
      const spoken = own && editor.isNothing(editor.at(state.value, ["plans", own[1], "settings"])) ? path.slice(path.indexOf("settings")) : path;
      for (let steps = spoken.split("."); steps.length; steps = steps.slice(0, -1)) {
        const found = nodeOf(steps.join("."));
        if (found) return found;
      }
      return null;
    }

    const isUnsaid = (value) => editor.isNothing(value) || (typeof value === "object" && !Object.keys(value).length);

    function mark() {
      const nodes = place("form").querySelectorAll(".field__problem");
      const said = new Map();
      for (const [path, sentence] of state.faults) {
        const node = fieldOf(path);
        const problem = node && node.closest(":has(> .field__problem)").querySelector(":scope > .field__problem");
        if (problem) said.set(problem, [...new Set([...(said.get(problem) || []), sentence])]);
      }
      for (const problem of nodes) {
        dom.text(problem, (said.get(problem) || []).join("\n"));
        const field = problem.parentElement;
        const isWrong = said.has(problem);
        const path = (field.dataset.path || "").split(".");
          const isOpen = isWrong && isUnsaid(editor.at(state.value, path));
        field.classList.toggle("asked--open", isOpen);
        field.classList.toggle(field.classList.contains("asked") ? "field--wrong" : "clause--wrong", isWrong && !isOpen);
        for (const control of field.querySelectorAll(":scope > input, :scope > select, :scope > [role], :scope > .typed > input"))
          if (isWrong && !isOpen) control.setAttribute("aria-invalid", "true");
          else control.removeAttribute("aria-invalid");
      }
    }

    function tell() {
      mark();
      text.tell(state.faults, state.lines);
      tools();
    }

    function tools() {
      const n = state.faults.length;
      const { title = {}, code } = state.value;
      const name = (board.dataset.lang === "en" ? title.en : title.zh) || title.zh || title.en || words.unnamed;
      dom.text(place("name"), name);
      dom.text(place("code"), code || "");
      dom.text(place("faults"), n ? bench.fill("open", { n }) : words.complete);
      place("faults").classList.toggle("button--open", n > 0);
      place("faults").disabled = !n;
      dom.text(place("dirty"), bench.readonly ? "" : isDirty() ? words.unsaved : state.key ? words.saved : "");
      place("undo").disabled = !state.past.length;
      place("redo").disabled = !state.future.length;
      place("save").disabled = bench.readonly || (!isDirty() && Boolean(state.key));
    }

    let next = -1;
    function nextFault() {
      if (!state.faults.length) return;
      next = (next + 1) % state.faults.length;
      const [path] = state.faults[next];
      if (state.side === "text") return text.go(state.lines[path] || Number(path.split(":")[0]) || 1);
      go(path, {});
    }

    function go(path, { first = false }) {
      const node = first ? nodeOf(path) : fieldOf(path);
      if (!node) return;
      node.scrollIntoView({ block: first ? "nearest" : node.classList.contains("asked") ? "center" : "start" });
      const control = node.querySelector("input:not(:disabled), select:not(:disabled), button:not(:disabled)");
      if (control) control.focus({ preventScroll: !first });
    }

    /* ---- both sides ---- */

    async function turnTo(side) {
      await settled();
      if (side === "parts" && state.unread && state.faults.length) {
        boshu.desk.say(words.unread);
        return text.go(Number(state.faults[0][0].split(":")[0]) || 1);
      }
      state.side = side;
      for (const tab of board.querySelectorAll("[data-side]")) tab.setAttribute("aria-selected", String(tab.dataset.side === side));
      place("form").hidden = side !== "parts";
      place("text").hidden = side !== "text";
      if (side === "text") text.write(state.text);
    }

    /* ---- saving, and leaving without ---- */

    const isDirty = () => !bench.readonly && (state.text !== state.saved || note.value !== state.note);

    function keep() {
      if (isDirty()) sessionStorage.setItem(spot, JSON.stringify({ text: state.text, version: state.version }));
      else sessionStorage.removeItem(spot);
    }

    async function save() {
      if (bench.readonly) return;
      await look();
      if (state.faults.length) {
        boshu.desk.say(bench.fill("first", { n: state.faults.length }));
        return nextFault();
      }
      const sent = state.text;
      const kept = { key: state.key, version: state.version, text: sent, organisation: organisation.value };
      place("save").disabled = true;
      const answer = await ask(board, "save", { ...kept, note: note.value }).catch(() => null);
      tools();
      if (!answer) return said(words.notSaved);
      if (answer.refused) return answer.text === undefined ? said(answer.refused) : differ(answer);
      Object.assign(state, { key: answer.key, version: answer.version, saved: sent, note: note.value });
      keep();
      tools();
      said("");
      boshu.desk.say(words.isSaved);
      linked(answer.key);
      fix();
    }

    function linked(key) {
      const here = new URLSearchParams(window.location.search);
      here.delete("copy");
      here.set("tariff", key);
      window.history.replaceState(null, "", `?${here}`);
      place("organisation").hidden = true;
      for (const link of board.querySelectorAll("[data-leads]")) {
        link.href = `${link.dataset.leads}${key}`;
        link.hidden = false;
      }
    }

    function said(sentence, ...buttons) {
      place("said").hidden = !sentence;
      place("said").replaceChildren(...(sentence ? [dom.node("span", "", sentence), ...buttons] : []));
    }

    /* Somebody wrote meanwhile: take what stands there now, or write over it knowingly. */
    function differ({ refused, text: theirs, version }) {
      const take = editor.button(words.takeTheirs, () => {
        Object.assign(state, { version, saved: theirs });
        typed(theirs);
        text.write(theirs);
        said("");
      }, "button--small");
      const over = editor.button(words.keepMine, () => {
        state.version = version;
        said("");
        save();
      }, "button--small button--grave");
      said(refused, take, over);
      take.focus();
    }

    function restore() {
      const kept = JSON.parse(sessionStorage.getItem(spot) || "null");
      if (!kept || bench.readonly || kept.text === state.text) return;
      const forget = editor.button(words.forget, () => {
        said("");
        step(state.past, state.future);
      }, "button--small");
      state.version = kept.version ?? state.version;
      typed(kept.text);
      text.write(kept.text);
      said(words.kept, forget);
    }

    /* ---- begin ---- */

    /* A new tariff has one plan with one band, in which nothing is said yet. */
    function begun() {
      return { value: { ...editor.blankPart(opened.form, opened.form.whole), ...opened.value }, unread: false };
    }

    /* The address may name a part: `#plans.0.bands.1`. */
    function follow() {
      const path = decodeURIComponent(window.location.hash.slice(1));
      if (path) go(path, {});
    }

    board.addEventListener("click", (event) => {
      const found = event.target.closest("[data-does]");
      if (!found || !board.contains(found)) return;
      const does = found.dataset.does;
      if (does === "save") save();
      else if (does === "undo") step(state.past, state.future);
      else if (does === "redo") step(state.future, state.past);
      else if (does === "faults") nextFault();
      else if (does === "parts" || does === "text") turnTo(does);
    });
    document.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === "s") save();
      else if (key === "z" && !event.shiftKey) step(state.past, state.future);
      else if (key === "y" || key === "z") step(state.future, state.past);
      else if (key === ".") nextFault();
      else return;
      event.preventDefault();
    });
    window.addEventListener("beforeunload", (event) => isDirty() && event.preventDefault());

    const organisation = Object.assign(dom.node("select", "field__input"), { disabled: bench.readonly });
    organisation.append(...opened.organisations.map(([value, label]) => Object.assign(dom.node("option", "", label), { value })));
    if (opened.organisation) organisation.value = opened.organisation;
    place("organisation").replaceChildren(dom.node("span", "field__name", words.organisation), organisation);
    place("organisation").hidden = Boolean(state.key) || bench.readonly;
    const note = Object.assign(dom.node("input", "field__input"), { type: "text", maxLength: 200, autocomplete: "off", value: opened.note });
    note.title = words.noteHint;
    note.addEventListener("input", () => tools());
    place("note").replaceChildren(dom.node("span", "field__name", words.note), note);
    place("note").hidden = bench.readonly;
    dom.text(place("state"), opened.state);
    place("state").className = `pill pill--${opened.tone}`;
    place("state").hidden = !opened.state;
    if (opened.why) said(opened.why, ...nextVersion());
    board.classList.toggle("editor--readonly", bench.readonly);
    if (state.key) linked(state.key);
    if (!state.key && !board.dataset.copy) Object.assign(state, begun());
    draw(null);
    text.write(state.text);
    tools();
    look();
    restore();
    follow();
    window.addEventListener("hashchange", follow);
    board.dataset.ready = "";

    function nextVersion() {
      if (!opened.may_write || !opened.key) return [];
      const link = dom.node("a", "button button--small", words.nextVersion);
      link.href = `?copy=${opened.key}`;
      return [link];
    }
  }
})();
