/* Forms of a register: fields from what the server describes; what is typed stays until it is saved, also when the page goes. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, register } = boshu;
  const MANY = 12; // so many choices are searched rather than scrolled
  const DRAFT = "boshu-draft:";
  const PROOF = "boshu-proof:";

  /* ---- fields; each returns its node, what reads it and what writes it ---- */

  const plain = (input) => ({ node: input, read: () => input.value, write: (value) => (input.value = value ?? "") });

  function input(type, more = {}) {
    return (field) => {
      const node = Object.assign(dom.node("input", "field__input"), { type, autocomplete: "off", ...more });
      if (field.longest) node.maxLength = field.longest;
      return plain(node);
    };
  }

  function lines(field) {
    const node = Object.assign(dom.node("textarea", "field__input field__input--lines"), { rows: 3 });
    if (field.longest) node.maxLength = field.longest;
    return plain(node);
  }

  function toggle() {
    const node = Object.assign(dom.node("input", "field__switch"), { type: "checkbox" });
    return { node, read: () => node.checked, write: (value) => (node.checked = Boolean(value)) };
  }

  /* Offer texts while somebody types into an input; anything else may be typed. */
  register.offer = function (place, node, texts) {
    const list = Object.assign(dom.node("datalist", ""), { id: `register-offers-${node.name}` });
    list.append(...texts.map((text) => Object.assign(dom.node("option", ""), { value: text })));
    node.setAttribute("list", list.id);
    place.append(list);
  };

  function offered(field) {
    const made = input("text", { name: field.name })(field);
    if (!field.offers || !field.offers.length) return made;
    const wrap = dom.node("div", "field__search", made.node);
    register.offer(wrap, made.node, field.offers);
    return { ...made, node: wrap, focus: made.node };
  }

  const option = ([value, label]) => Object.assign(dom.node("option", "", label), { value });

  function choice(field, bench) {
    if (field.options.length > MANY) return searched(field);
    const node = dom.node("select", "field__input");
    const none = field.required ? [] : [["", bench.words.none]];
    const empty = field.required && !field.value ? [["", "—"]] : none;
    node.append(...[...empty, ...field.options].map(option));
    const only = field.required && field.options.length === 1 ? field.options[0][0] : "";
    return { ...plain(node), write: (value) => (node.value = value || only) };
  }

  /* A choice of many: typed, and offered while typing. */
  function searched(field) {
    const labels = new Map(field.options.map(([value, label]) => [value, label]));
    const values = new Map(field.options.map(([value, label]) => [label, value]));
    const node = Object.assign(dom.node("input", "field__input"), { type: "text", autocomplete: "off" });
    const list = Object.assign(dom.node("datalist", ""), { id: `register-list-${field.name}` });
    list.append(...[...values.keys()].map((label) => Object.assign(dom.node("option", ""), { value: label })));
    node.setAttribute("list", list.id);
    const wrap = dom.node("div", "field__search", node, list);
    const read = () => (node.value.trim() === "" ? "" : values.get(node.value.trim()) || node.value.trim());
    return { node: wrap, focus: node, read, write: (value) => (node.value = labels.get(value) || value || "") };
  }

  function choices(field, bench) {
    const boxes = field.options.map(([value, label]) => {
      const box = Object.assign(dom.node("input", ""), { type: "checkbox", value });
      return [box, dom.node("label", "sheet__check", box, label)];
    });
    const many = dom.node("div", "field__many", ...boxes.map(([, label]) => label));
    const narrowed = boxes.length > MANY ? narrowing(bench, field, boxes, many) : null;
    return {
      node: narrowed ? narrowed.node : many,
      focus: narrowed ? narrowed.find : boxes.length ? boxes[0][0] : many,
      read: () => boxes.filter(([box]) => box.checked).map(([box]) => box.value),
      write: (value) => {
        boxes.forEach(([box]) => (box.checked = (value || []).includes(box.value)));
        if (narrowed) narrowed.count();
      },
    };
  }

  /* Many choices: a word narrows them, and those that are left are chosen at once, as all sites of a district. */
  function narrowing(bench, field, boxes, many) {
    const { words } = bench;
    const find = Object.assign(dom.node("input", "field__input"), { type: "search", placeholder: words.find, autocomplete: "off" });
    find.setAttribute("aria-label", `${field.label}: ${words.find}`);
    const said = dom.node("span", "field__count num");
    const shown = () => boxes.filter(([, label]) => !label.hidden);
    const count = () => dom.text(said, bench.fill("selected", { n: boxes.filter(([box]) => box.checked).length }));
    const choose = (is) => () => {
      shown().forEach(([box]) => (box.checked = is));
      many.dispatchEvent(new Event("input", { bubbles: true }));
      count();
    };
    find.addEventListener("input", (event) => {
      event.stopPropagation(); // nothing was typed into the form
      const word = find.value.trim().toLowerCase();
      boxes.forEach(([, label]) => (label.hidden = !label.textContent.toLowerCase().includes(word)));
    });
    find.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), event.stopPropagation()));
    many.addEventListener("change", count);
    const buttons = [[words.chooseShown, true], [words.leaveShown, false]].map(([word, is]) => register.button(word, choose(is), "button--ghost button--small"));
    count();
    return { node: dom.node("div", "field__narrowed", dom.node("div", "field__tools", find, said, ...buttons), many), find, count };
  }

  const KINDS = {
    text: offered,
    lines,
    number: input("text", { inputMode: "decimal" }),
    money: input("text", { inputMode: "decimal" }),
    date: (field, bench) => register.dayField(bench, { label: field.label, look: "field__input" }),
    moment: (field, bench) => register.dayField(bench, { label: field.label, look: "field__input", hasTime: true }),
    switch: toggle,
    choice,
    choices,
    secret: input("password", { autocomplete: "new-password" }),
    pictures: (field, bench, changed, of) => register.picturesField(field, bench, changed, of),
  };

  /* Draw a form's fields; scripts draw kinds of their own: boshu.fields[name](place, value, changed) returns what reads it. */
  register.fields = function (bench, described, changed, of = "form") {
    const fields = described.map((field) => {
      const own = field.draw && boshu.fields && boshu.fields[field.draw];
      const made = own ? drawn(field, own, changed) : KINDS[field.kind](field, bench, changed, of);
      const control = made.focus || made.node;
      const name = dom.node("span", "field__name", field.label);
      const need = field.required ? dom.node("i", "field__need", "*") : "";
      const unit = field.unit ? dom.node("span", "field__unit", field.unit) : "";
      const hint = dom.node("small", "field__hint", field.hint || "");
      const problem = dom.node("small", "field__problem");
      [hint.id, problem.id] = [`register-hint-${field.name}`, `register-problem-${field.name}`];
      control.setAttribute("aria-describedby", `${hint.id} ${problem.id}`);
      if (field.required) control.setAttribute("aria-required", "true");
      if (field.fixed) control.disabled = true;
      const tag = made.node.tagName === "DIV" ? "div" : "label";
      if (tag === "div") control.setAttribute("aria-label", field.label);
      name.append(need);
      const node = dom.node(tag, `field ${field.wide ? "field--wide" : ""}`, name, made.node, unit, hint, problem);
      if (!own) made.write(field.value);
      node.addEventListener("input", changed);
      return { ...made, field, root: node, control, problem };
    });
    const byName = Object.fromEntries(fields.map((one) => [one.field.name, one]));
    return {
      nodes: fields.map((one) => one.root),
      byName,
      read: () => Object.fromEntries(fields.map((one) => [one.field.name, one.read()])),
      write: (values) => fields.forEach((one) => one.field.name in values && one.write(values[one.field.name])),
      tell: (errors) => tell(fields, errors),
      settled: () => Promise.all(fields.map((one) => one.settled && one.settled())), // what is on its way has come
    };
  };

  function drawn(field, own, changed) {
    const node = dom.node("div", "field__drawn");
    const made = own(node, field.value, changed, field);
    return { node, read: made.read, write: made.write || (() => {}) };
  }

  /* Say at each field what is wrong with it, and go to the first. */
  function tell(fields, errors) {
    let first = null;
    for (const { field, control, problem, root } of fields) {
      const said = errors[field.name] || "";
      dom.text(problem, said);
      root.classList.toggle("field--wrong", Boolean(said));
      if (said) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      if (said && !first) first = control;
    }
    if (first) first.focus();
  }

  /* Enter in a field of one line saves. */
  register.enter = function (form, go) {
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT" || event.target.type === "file" || event.isComposing) return;
      event.preventDefault();
      go.click();
    });
  };

  /* ---- to add a thing, or to change one ---- */

  register.edit = async function (bench, key, after) {
    const { words, config } = bench;
    if (config.written) return window.location.assign(`${config.written}${key || ""}`);
    let told;
    try {
      told = await bench.ask("form", { key });
    } catch (error) {
      return bench.say(error.message);
    }
    if (told.refused) return bench.say(told.refused);
    const spot = `${DRAFT}${config.name}:${key || "new"}`;
    let version = told.version;
    let isDirty = false;
    const leave = () => {
      if (!isDirty) return true;
      warn();
      return false;
    };
    const title = bench.fill(key ? "edit" : "create", { what: key ? told.title : config.one });
    const sheet = register.dialog(title, "", { leave });
    const summary = dom.node("div", "sheet__summary");
    summary.setAttribute("role", "alert");
    const form = dom.node("form", "sheet__form");
    form.noValidate = true;
    const fields = register.fields(bench, told.fields, () => {
      isDirty = true;
      sessionStorage.setItem(spot, JSON.stringify({ version, values: secretless(fields.read()) }));
    });
    const secrets = new Set(told.fields.filter((one) => one.kind === "secret").map((one) => one.name));
    const secretless = (values) => Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.has(name)));
    const forget = () => sessionStorage.removeItem(spot);
    const close = () => {
      forget();
      sheet.close();
    };
    form.append(...fields.nodes);
    sheet.body.append(summary, form);
    const go = register.button(words.save, () => register.busy(go, save), "button--first");
    go.dataset.does = "save";
    sheet.foot.append(register.button(words.cancel, () => leave() && close(), "button--ghost"), go);
    register.enter(form, go);
    const guard = (event) => isDirty && event.preventDefault();
    window.addEventListener("beforeunload", guard);
    sheet.dialog.addEventListener("close", () => window.removeEventListener("beforeunload", guard));
    restore();
    (form.querySelector("input:not(:disabled), select:not(:disabled), textarea:not(:disabled)") || go).focus();

    function restore() {
      const kept = JSON.parse(sessionStorage.getItem(spot) || "null");
      if (!kept) return;
      version = kept.version;
      const before = JSON.stringify(secretless(fields.read()));
      fields.write(kept.values);
      if (JSON.stringify(secretless(fields.read())) === before) return forget();
      isDirty = true;
      const afresh = register.button(words.forget, () => {
        isDirty = false;
        close();
        register.edit(bench, key, after);
      }, "button--ghost button--small");
      summary.replaceChildren(dom.node("p", "sheet__kept", words.kept, afresh));
    }

    function warn() {
      const go = register.button(words.close, () => {
        isDirty = false;
        close();
      }, "button--grave button--small");
      summary.replaceChildren(dom.node("p", "sheet__problem", words.unsaved, go));
      go.focus();
    }

    async function save() {
      let answer;
      await fields.settled();
      try {
        answer = await bench.ask("save", { key, version, values: fields.read() });
      } catch (error) {
        return summary.replaceChildren(dom.node("p", "sheet__problem", error.message));
      }
      summary.replaceChildren();
      fields.tell(answer.errors || {});
      if (answer.confirm) return register.prove(bench, summary, answer.confirm, { of: "save", key });
      if (answer.changed) return differ(answer);
      if (answer.errors || answer.refused) {
        const n = Object.keys(answer.errors || {}).length;
        const said = n ? bench.fill("problems", { n }) : answer.refused;
        return summary.replaceChildren(dom.node("p", "sheet__problem", said));
      }
      isDirty = false;
      close();
      after(answer.key);
      if (answer.once) once(bench);
    }

    /* Somebody was faster: show for each field that differs what he wrote beside what stands here. */
    function differ({ changed, version: current, refused }) {
      version = current;
      const mine = fields.read();
      const rows = Object.entries(changed)
        .filter(([name, { value }]) => JSON.stringify(value ?? "") !== JSON.stringify(mine[name] ?? ""))
        .map(([name, { value, said }]) => pair(name, value, said, fields));
      const head = dom.node("tr", "", ...["", words.yours, words.now].map((word) => dom.node("th", "", word)));
      const table = dom.node("table", "sheet__both", dom.node("tbody", "", head, ...rows));
      summary.replaceChildren(dom.node("p", "sheet__problem", rows.length ? words.changed : refused), ...(rows.length ? [table] : []));
      (summary.querySelector("input") || go).focus();
    }
  };

  function pair(name, theirs, said, fields) {
    const { field, read, write, control } = fields.byName[name];
    const mine = read();
    const label = (value) => (field.options && (field.options.find(([one]) => one === value) || [])[1]) || String(value ?? "") || "—";
    const cells = [[mine, label(mine)], [theirs, said ?? label(theirs)]].map(([value, text], i) => {
      const radio = Object.assign(dom.node("input", ""), { type: "radio", name: `both-${name}`, checked: i === 0 });
      radio.addEventListener("change", () => {
        write(value);
        control.dispatchEvent(new Event("input", { bubbles: true }));
      });
      return dom.node("td", "", dom.node("label", "sheet__check", radio, text));
    });
    return dom.node("tr", "", dom.node("th", "", field.label), ...cells);
  }

  /* ---- what is shown once, and proofs of identity ---- */

  /* Show what the server tells only now, such as a code; it stands in a part of the page that Dash writes. */
  function once(bench) {
    const place = bench.place("once");
    if (!place.open) place.showModal();
  }
  register.once = once;

  /* Ask for a proof; the page comes back to the same place and goes on. */
  register.prove = function (bench, place, href, kept) {
    const link = dom.node("a", "button button--first", bench.words.confirmGo);
    link.href = `${href}?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
    link.addEventListener("click", () => sessionStorage.setItem(PROOF + bench.config.name, JSON.stringify(kept)));
    place.replaceChildren(dom.node("p", "sheet__problem", bench.words.confirm, link));
    link.focus();
  };

  register.interrupted = function (bench) {
    const kept = sessionStorage.getItem(PROOF + bench.config.name);
    sessionStorage.removeItem(PROOF + bench.config.name);
    return kept && JSON.parse(kept);
  };
})();
