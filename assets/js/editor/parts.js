/* Parts of the editor: a part is its fields, those that must be said and those that are; what else may be said is offered below.
   Lists hold parts one after the other; a part of several kinds begins with the choice of its kind. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, editor } = boshu;
  const SINGLE = new Set(["part", "union"]);
  const MANY = new Set(["parts", "unions", "list", "named"]);

  /* ---- one field with its label, its hint and what is wrong with it ---- */

  function frame(bench, field, path, node, look) {
    node.classList.add(...look.split(" "));
    node.dataset.path = path.join(".");
    const problem = dom.node("small", "field__problem");
    problem.id = editor.idOf([...path, "problem"]);
    return problem;
  }

  function leaf(bench, field, path, value) {
    const { node: inner, control, first } = editor.control(bench, field, path, value);
    const isOne = /^(INPUT|SELECT)$/.test(control.tagName) && !first;
    const label = dom.node("label", "field__name", bench.asks(path) || field.label);
    if (field.needed) label.append(dom.node("i", "field__need", "*"));
    const hint = dom.node("small", "field__hint", field.hint);
    const node = dom.node("div", "field");
    const problem = frame(bench, field, path, node, `asked asked--${field.shape.is}`);
    label.id = editor.idOf([...path, "label"]);
    hint.id = editor.idOf([...path, "hint"]);
    if (isOne) label.htmlFor = control.id = editor.idOf(path);
    else if (!control.hasAttribute("aria-label")) control.setAttribute("aria-labelledby", label.id);
    control.setAttribute("aria-describedby", `${hint.id} ${problem.id}`);
    if (field.needed && isOne) control.setAttribute("aria-required", "true");
    const top = dom.node("span", "asked__top", label, ...remover(bench, field, path));
    node.append(top, inner, hint, problem);
    return node;
  }

  function remover(bench, field, path) {
    if (field.needed || bench.readonly) return [];
    const does = () => bench.put(path, undefined, { redraw: true, focus: path.slice(0, -1) });
    return [editor.button("✕", does, "clause__tool", bench.fill("remove", { what: field.label }))];
  }

  /* ---- parts ---- */

  function drawField(bench, field, path, value) {
    if (!matches(field.shape, value)) return odd(bench, field, path);
    if (SINGLE.has(field.shape.is)) return single(bench, field, path, value);
    return MANY.has(field.shape.is) ? many(bench, field, path, value) : leaf(bench, field, path, value);
  }
  editor.drawField = drawField;

  /* What the form cannot show, such as a word where a part belongs, is left to the text. */
  const matches = ({ is }, value) =>
    editor.isNothing(value) || (SINGLE.has(is) || is === "named" ? editor.isMap(value) : !MANY.has(is) || Array.isArray(value));

  function odd(bench, field, path) {
    const node = dom.node("div", "field", dom.node("span", "field__name", field.label), dom.node("p", "asked__odd", bench.words.odd));
    const problem = frame(bench, field, path, node, "asked");
    node.append(...remover(bench, { ...field, needed: false }, path), problem);
    return node;
  }

  function single(bench, field, path, value) {
    const node = dom.node("section", "");
    const problem = frame(bench, field, path, node, "clause clause--inner");
    const title = dom.node("h4", "clause__title", field.label);
    title.id = editor.idOf([...path, "title"]);
    node.setAttribute("aria-labelledby", title.id);
    const { kind, rest } = inside(bench, field.shape, path, value || {}, field.label);
    const hint = kind || dom.node("span", "clause__hint", bench.asks(path) || field.hint);
    node.append(dom.node("header", "clause__head", title, hint, ...remover(bench, field, path)), problem, ...rest);
    return node;
  }

  /* The fields of a part, and where it is of several kinds the choice of the kind. */
  function inside(bench, shape, path, value, label) {
    if (shape.is === "part") return { kind: null, rest: [body(bench, shape.of, path, value)] };
    const options = shape.of.map(([tag]) => [tag, bench.form.kinds[tag]]);
    const kind = { name: "kind", label, hint: "", needed: true, shape: { is: "choice", options } };
    const way = { ...bench, put: (at, kind) => bench.put(path, ofKind(bench.form, shape, now(bench, path) || {}, kind), { redraw: true, focus: at }) };
    const chosen = leaf(way, kind, [...path, "kind"], value.kind);
    chosen.classList.add("asked--kind");
        const name = editor.partOf(shape, value);
    return { kind: chosen, rest: name ? [body(bench, name, path, value)] : [] };
  }

  /* Another kind keeps what both have. */
  function ofKind(form, shape, value, tag) {
    const name = editor.partOf(shape, { kind: tag });
    const known = new Set(form.parts[name].order);
    const kept = Object.fromEntries(Object.entries(value).filter(([each]) => known.has(each)));
    return { ...editor.blankPart(form, name), ...kept, kind: tag };
  }

  function body(bench, name, path, value, said = "") {
    const part = bench.form.parts[name];
    const fields = part.fields.filter((field) => bench.shows(path, name, field, value));
    const drawn = fields.filter((field) => field.name !== said).map((field) => drawField(bench, field, [...path, field.name], value[field.name]));
    const node = dom.node("div", part.row ? "clause__row" : "clause__fields", ...drawn);
    const absent = part.fields.filter((field) => !fields.includes(field) && bench.offers(path, name));
    if (!absent.length || bench.readonly) return node;
    const offers = absent.map((field) => {
      const does = () => bench.put([...path, field.name], editor.blank(bench.form, field.shape), { redraw: true, focus: [...path, field.name] });
      return editor.button(`＋ ${field.label}`, does, "clause__offer", field.hint);
    });
    node.append(dom.node("div", "clause__offers", ...offers));
    return node;
  }

  /* ---- lists ---- */

  function many(bench, field, path, value) {
    const { shape } = field;
    const node = dom.node("section", "");
    const problem = frame(bench, field, path, node, "several");
    const title = dom.node(path.length > 1 ? "h4" : "h3", "clause__title", field.label);
    title.id = editor.idOf([...path, "title"]);
    node.setAttribute("aria-labelledby", title.id);
    const keys = shape.is === "named" ? Object.keys(value || {}) : (value || []).map((_one, i) => i);
    const items = keys.map((key, i) => item(bench, field, path, value, key, i, keys.length));
    const one = wordOf(bench, shape, field);
    const more = editor.button(`＋ ${one}`, () => add(bench, field, path), "button--small several__more");
    more.hidden = bench.readonly;
    const list = dom.node("div", `several__list several__list--${shape.is}`, ...items);
    node.append(dom.node("header", "clause__head", title, dom.node("span", "clause__hint", field.hint)), problem, list, more);
    return node;
  }

  /* What a path holds now: fields that are typed into are not drawn anew. */
  const now = (bench, path) => editor.at(bench.value(), path);

  function wordOf(bench, shape, field) {
    if (shape.is === "parts") return bench.form.parts[shape.of].one;
    return shape.is === "list" || shape.is === "unions" ? bench.words.another : field.label;
  }

  function add(bench, field, path) {
    const { shape } = field;
    if (shape.is === "named") return bench.put([...path, ""], {}, { redraw: true, focus: [...path, ""] });
    const held = now(bench, path) || [];
    const fresh = shape.is === "unions" ? {} : editor.blank(bench.form, shape)[0];
    bench.put(path, [...held, fresh], { redraw: true, focus: [...path, held.length] });
  }

  function item(bench, field, path, value, key, i, n) {
    const { shape } = field;
    const at = [...path, key];
    const isRow = shape.is === "list" || (shape.is === "parts" && bench.form.parts[shape.of].row);
    const node = dom.node("article", "");
    const problem = frame(bench, field, at, node, `clause clause--item clause--${isRow ? "row" : "card"}`);
    node.dataset.of = shape.of && typeof shape.of === "string" ? shape.of : shape.is;
    const { kind, rest: inner } = itemBody(bench, field, at, value[key]);
    const title = dom.node("span", "clause__number num", String(i + 1));
    const tools = dom.node("span", "clause__tools", ...toolsOf(bench, field, path, key, i, n));
    if (shape.is === "named") node.append(dom.node("header", "clause__head", named(bench, path, key), kind, tools), problem, ...inner);
    else if (isRow) node.append(title, ...inner, tools, problem);
    else node.append(dom.node("header", "clause__head", title, kind || heading(bench, shape, at, value[key]), tools), problem, ...inner);
    return node;
  }

  function itemBody(bench, field, at, value) {
    const { shape } = field;
    if (shape.is === "list")
      return { rest: [leaf(bench, { name: "", label: field.label, hint: "", needed: true, shape: shape.item }, at, value)] };
    if (shape.is !== "parts") return inside(bench, { is: "union", of: shape.of }, at, editor.isMap(value) ? value : {}, field.label);
    return { rest: [editor.isMap(value) ? body(bench, shape.of, at, value, "name") : odd(bench, field, at)] };
  }

  /* A part that has a name begins with it. */
  function heading(bench, shape, at, value) {
    const { one, fields } = bench.form.parts[shape.of];
    const name = fields.find((field) => field.name === "name");
    if (!name || !editor.isMap(value)) return dom.node("b", "clause__name", one);
    const drawn = leaf(bench, { ...name, label: `${one} · ${name.label}` }, [...at, "name"], value.name);
    drawn.classList.add("asked--head");
    return drawn;
  }

  /* An attribute is known by its name, which is typed here. */
  function named(bench, path, key) {
    const input = Object.assign(dom.node("input", "field__input field__input--name"), {
      type: "text", value: key, autocomplete: "off", spellcheck: false, disabled: bench.readonly,
    });
    input.setAttribute("aria-label", bench.words.name);
    input.addEventListener("change", () => {
      const next = Object.fromEntries(Object.entries(now(bench, path)).map(([name, one]) => [name === key ? input.value.trim() : name, one]));
      bench.put(path, next, { redraw: true });
    });
    return input;
  }

  function toolsOf(bench, field, path, key, i, n) {
    if (bench.readonly) return [];
    const what = `${wordOf(bench, field.shape, field)} ${field.shape.is === "named" ? key : i + 1}`;
    const tool = (sign, word, does) => editor.button(sign, does, `clause__tool clause__tool--${word}`, bench.fill(word, { what }));
    const isLast = n === 1;
    const away = tool("✕", "remove", () =>
      bench.put(isLast && !field.needed ? path : [...path, key], undefined, { redraw: true, focus: path }),
    );
    if (field.shape.is === "named") return [away];
    const move = (by) => {
      const next = [...now(bench, path)];
      [next[i], next[i + by]] = [next[i + by], next[i]];
      bench.put(path, next, { redraw: true, focus: [...path, i + by] });
    };
    const copy = tool("", "copy", () => {
      const held = now(bench, path);
      bench.put(path, [...held.slice(0, i + 1), structuredClone(held[i]), ...held.slice(i + 1)], { redraw: true, focus: [...path, i + 1] });
    });
    const up = tool("↑", "up", () => move(-1));
    const down = tool("↓", "down", () => move(1));
    up.disabled = i === 0;
    down.disabled = i === n - 1;
    return [up, down, copy, away];
  }
})();
