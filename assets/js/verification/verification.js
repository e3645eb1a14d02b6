/* Price verification: the form of a stay as the server describes it, priced while somebody types. The address holds it all. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, register } = boshu;
  const PAUSE_MS = 350;
  const MINUTE_MS = 60000;
  const STAMP = 16; // letters of 2026-11-20 08:00
  let page = null;
  let early = null;

  boshu.desk.at("billing", function (context) {
    const board = context.root.querySelector("[data-verification]");
    if (!board) return;
    const prefix = board.dataset.verification;
    const bench = { context, words: context.words.register, place: (name) => board.querySelector(`[data-paint="${name}"]`) };
    const kept = JSON.parse(board.dataset.answers);
    page = { context, board, prefix, bench, words: context.words.verification, kept, fields: null, drawn: "", asked: 0, timer: null, counts: {}, added: "" };
    const form = board.querySelector("form");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", enter);
    board.addEventListener("click", act);
    document.addEventListener("keydown", keys);
    window.addEventListener("beforeprint", () => paper(true));
    window.addEventListener("afterprint", () => paper(false));
    if (early) hear(early);
  });

  const here = (window.dash_clientside = window.dash_clientside || {});
  here.boshu = Object.assign(here.boshu || {}, {
    verified(told, saved) {
      const isSaved = here.callback_context.triggered.some((one) => one.prop_id.includes("-saved."));
      if (isSaved) heardOf(saved);
      else if (page) hear(told);
      else early = told;
      return here.no_update;
    },
  });

  /* ---- what is asked ---- */

  const read = () => (page.fields ? { ...(page.kept.space ? { space: page.kept.space } : {}), ...page.fields.read() } : page.kept);
  const question = () => ({ lang: page.context.root.dataset.lang, values: read(), ...page.counts });
  const put = (part, data) => here.set_props(`${page.prefix}-${part}`, { data });

  function later() {
    clearTimeout(page.timer);
    page.timer = setTimeout(ask, PAUSE_MS);
  }

  function ask() {
    clearTimeout(page.timer);
    page.asked += 1;
    const told = question();
    put("asked", { asked: page.asked, ...told });
    remember(told);
  }

  function remember({ values }) {
    const language = new URLSearchParams(window.location.search).get("lang");
    const counts = Object.fromEntries(Object.entries(page.counts).map(([name, n]) => [name, n || ""]));
    const answers = Object.entries({ ...values, ...counts, lang: language || "" });
    const query = new URLSearchParams(answers.filter(([, value]) => value !== ""));
    window.history.replaceState(window.history.state, "", `${window.location.pathname}?${query}`);
  }

  /* ---- what the server tells ---- */

  function hear(told) {
    if (!told || (told.asked || 0) < page.asked) return; // somebody typed on meanwhile
    page.counts = Object.fromEntries(told.several.map(({ name, n }) => [name, n]));
    draw(told.fields, told.several);
    more(told, told.fields);
    for (const [name, one] of Object.entries(page.fields.byName)) mark(one, told.errors[name] || "");
    page.bench.place("case").hidden = !told.can_save;
  }

  function draw(described, several) {
    const shape = JSON.stringify(described.map(({ value, ...field }) => field));
    if (shape === page.drawn) return;
    const held = document.activeElement && document.activeElement.id;
    page.drawn = shape;
    page.fields = register.fields(page.bench, described, later);
    for (const [name, { control }] of Object.entries(page.fields.byName)) control.id = `${page.prefix}-${name.replaceAll(".", "-")}`;
    for (const group of ["what", "when", "more"]) {
      const nodes = described.filter((field) => field.group === group).map((field) => page.fields.byName[field.name].root);
      page.bench.place(group).replaceChildren(...nodes);
    }
    page.bench.place("beside").replaceChildren(...several.flatMap((each) => numbers(each.n).map((n) => set(each, n))));
    const added = several.find(({ name }) => name === page.added);
    page.added = "";
    const first = added && Object.entries(page.fields.byName).find(([name]) => name.startsWith(`${added.one}.${added.n - 1}.`));
    const again = first ? first[1].control : held && document.getElementById(held);
    if (again) again.focus();
  }

  const numbers = (n) => [...Array(n).keys()];

  /* One pass, visit, coupon or payment: its fields, and what takes it away. */
  function set(several, n) {
    const name = boshu.formats.fill(several.word, { n: n + 1 });
    const label = boshu.formats.fill(page.words.less, { text: name });
    const less = register.button("✕", () => take(several, n), "button--ghost button--sign");
    less.setAttribute("aria-label", label);
    const own = Object.entries(page.fields.byName).filter(([field]) => field.startsWith(`${several.one}.${n}.`));
    const head = dom.node("legend", "verification__legend", name, less);
    return dom.node("fieldset", `verification__set verification__set--${several.one}`, head, ...own.map(([, { root }]) => root));
  }

  function take({ name, one }, n) {
    const values = page.fields.read();
    for (let i = n; i + 1 < page.counts[name]; i += 1) {
      for (const field of Object.keys(values).filter((each) => each.startsWith(`${one}.${i}.`))) {
        const next = values[field.replace(`${one}.${i}.`, `${one}.${i + 1}.`)];
        page.fields.byName[field].write(next);
      }
    }
    page.counts[name] -= 1;
    ask();
  }

  /* What else counts: how much of it was told, what may be added, and what the tariff does not say. */
  function more({ several, silent, editor }, described) {
    const fold = page.bench.place("told").closest("details");
    const told = described.filter((field) => field.group === "more" && page.fields.byName[field.name].read()).length
      + several.reduce((sum, { n }) => sum + n, 0);
    dom.text(page.bench.place("told"), told ? boshu.formats.fill(page.words.told, { n: told }) : "");
    if (told) fold.open = true;
    const adds = several.filter(({ asked }) => asked).map(({ name, add }) => {
      const button = register.button(add, () => {
        page.counts[name] += 1;
        page.added = name;
        ask();
      }, "button--small");
      button.dataset.what = name;
      return button;
    });
    const place = page.bench.place("several");
    const held = place.contains(document.activeElement) && document.activeElement.dataset.what;
    place.replaceChildren(...adds);
    const again = adds.find((button) => button.dataset.what === held);
    if (again) again.focus();
    const leads = Object.assign(dom.node("a", "verification__leads", page.words.editor), { href: editor });
    page.bench.place("silent").replaceChildren(...(silent ? [silent, " ", leads] : []));
  }

  function mark({ control, problem, root }, said) {
    dom.text(problem, said);
    root.classList.toggle("field--wrong", Boolean(said));
    if (said) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }

  /* ---- buttons and keys ---- */

  function act(event) {
    const button = event.target.closest("[data-does]");
    if (!button || !page.board.contains(button)) return;
    const does = button.dataset.does;
    if (does === "print") window.print();
    else if (does === "case") save();
    else if (does === "length" && page.fields) lengthen(Number(button.dataset.minutes));
  }

  /* Paper is light, whatever the screen is. */
  function paper(isBegun) {
    const { dataset } = document.documentElement;
    if (isBegun) [page.theme, dataset.theme] = [dataset.theme, "light"];
    else dataset.theme = page.theme;
  }

  /* Let the stay end so long after it began; nothing: now. */
  function lengthen(minutes) {
    const { entry, exit } = page.fields.byName;
    const begins = Date.parse(`${entry.read().replace(" ", "T")}Z`);
    const now = page.context.city();
    const ends = minutes ? begins + minutes * MINUTE_MS : Date.parse(`${now.day}T${now.minute}Z`);
    if (Number.isNaN(ends)) return;
    exit.write(new Date(ends).toISOString().slice(0, STAMP).replace("T", " "));
    ask();
  }

  function enter(event) {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.isComposing) return;
    event.preventDefault();
    ask();
  }

  function keys(event) {
    const isTyping = event.target.closest("input, select, textarea, dialog, [contenteditable]");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !page.board.isConnected) return;
    if (event.key === "p") window.print();
    else if (event.key === "c" && !page.bench.place("case").hidden) save();
    else return;
    event.preventDefault();
  }

  /* ---- golden cases ---- */

  function save() {
    const { words } = page;
    const sheet = register.dialog(words.save, "sheet--small");
    const one = (name, label, hint, required) => ({ name, label, hint, required, kind: "text", value: "", longest: 80 });
    const described = [
      one("name", words.name, words.nameHint, true), one("source", words.source, words.sourceHint, true), one("who", words.who, "", false),
    ];
    const fields = register.fields(page.bench, described, () => {});
    for (const [name, { control }] of Object.entries(fields.byName)) control.id = `${page.prefix}-case-${name}`;
    const form = dom.node("form", "sheet__form sheet__form--one", ...fields.nodes);
    form.noValidate = true;
    sheet.body.append(dom.node("p", "sheet__says", words.says), form);
    const go = register.button(words.save, () => register.busy(go, send), "button--first");
    go.dataset.does = "save";
    sheet.foot.append(register.button(words.cancel, () => sheet.close(), "button--ghost"), go);
    register.enter(form, go);
    fields.byName.name.control.focus();
    page.case = { fields, close: () => sheet.close() };

    function send() {
      const told = fields.read();
      page.asked += 1;
      return new Promise((done) => {
        page.case.done = done;
        put("save", { asked: page.asked, ...question(), ...told });
      });
    }
  }

  function heardOf(saved) {
    if (!saved || !page.case || saved.asked !== page.asked) return;
    page.case.done();
    if (saved.errors) return page.case.fields.tell(saved.errors);
    page.case.close();
    boshu.desk.say(saved.done);
  }
})();
