/* Fields of the editor: one value each, by its shape. A field gets the bench (what the editor knows), its path and its value, and
   tells what was typed by `bench.put(path, value)`. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, editor } = boshu;
  const FEW = 5; // so many choices are seen at once
  const HOUR = 60;
  let made = 0;

  const option = ([value, label]) => Object.assign(dom.node("option", "", label), { value });
  const idOf = (path) => `editor-${path.join("-").replace(/[^A-Za-z0-9-]/g, "_")}-${(made += 1)}`;

  function button(label, does, look = "", said = "") {
    const node = dom.node("button", `button ${look}`.trim(), label);
    node.type = "button";
    if (said) node.title = said;
    if (said && !/\p{L}/u.test(label)) node.ariaLabel = said; // a sign alone says nothing
    node.addEventListener("click", does);
    return node;
  }
  editor.button = button;

  /* ---- what is typed ---- */

  function typed(way, { mode = "text", look = "", holder = "", unit, after } = {}) {
    return function (bench, field, path, value) {
      const input = Object.assign(dom.node("input", `field__input ${look}`.trim()), {
        type: "text", autocomplete: "off", spellcheck: false, inputMode: mode, placeholder: holder || (field.name === "name" ? bench.words.name : ""), disabled: bench.readonly,
      });
      input.value = way.write(value, bench.currency());
      const said = dom.node("span", "typed__after num");
      const tell = (now) => after && dom.text(said, after(bench, now) || "");
      input.addEventListener("input", () => {
        const now = input.value.trim() === "" ? null : way.read(input.value, bench.currency());
        tell(now);
        bench.put(path, now);
      });
      input.addEventListener("change", () => (input.value = way.write(editor.at(bench.value(), path), bench.currency())));
      tell(value);
      if (!unit && !after) return { node: input, control: input };
      const word = dom.node("span", "typed__unit", unit ? unit(bench, field) : "");
      return { node: dom.node("span", "typed", input, word, said), control: input };
    };
  }

  /* Beside so many minutes stands how many hours that is. */
  function hours(bench, n) {
    if (!Number.isInteger(n) || n <= HOUR) return "";
    const { units } = bench.context.words;
    const [h, min] = [Math.floor(n / HOUR), n % HOUR];
    return `= ${boshu.formats.fill(units.h, { n: h })}${min ? ` ${boshu.formats.fill(units.min, { n: min })}` : ""}`;
  }

  const TYPED = {
    plain: typed(editor.text),
    name: typed(editor.word, { look: "field__input--name" }),
    clock: typed(editor.clock, { mode: "numeric", look: "field__input--short num", holder: "07:00" }),
    month_day: typed(editor.word, { mode: "numeric", look: "field__input--short num", holder: "11-15" }),
    number: typed(editor.number, { mode: "numeric", look: "field__input--short num", unit: (_bench, field) => field.shape.unit || "" }),
    money: typed(editor.money, { mode: "decimal", look: "field__input--short num", unit: (bench) => bench.money() }),
    minutes: typed(editor.minutes, {
      look: "field__input--short num",
      unit: (bench) => bench.context.words.short.min,
      after: hours,
    }),
  };

  /* ---- what is chosen ---- */

  const told = (field, value) => (field.shape.numeric && value !== "" ? Number(value) : value || null);

  function choice(bench, field, path, value) {
    const { options } = field.shape;
    if (options.length > FEW) return picked(bench, field, path, value, options);
    const name = idOf(path);
    const boxes = options.map(([one, label]) => {
      const input = Object.assign(dom.node("input", "pills__input"), { type: "radio", name, value: one, disabled: bench.readonly });
      input.checked = String(value ?? "") === one;
      input.addEventListener("change", () => bench.put(path, told(field, one)));
      return dom.node("label", "pills__one", input, dom.node("span", "pills__word", label));
    });
    const node = dom.node("span", "pills", ...boxes);
    node.setAttribute("role", "radiogroup");
    return { node, control: node, first: boxes[0].firstChild };
  }

  function picked(bench, field, path, value, options) {
    const node = Object.assign(dom.node("select", "field__input"), { disabled: bench.readonly });
    const known = options.some(([one]) => one === String(value ?? ""));
    const odd = editor.isNothing(value) || known ? [] : [[String(value), String(value)]];
    node.append(...[["", "—"], ...odd, ...options].map(option));
    node.value = String(value ?? "");
    node.addEventListener("change", () => bench.put(path, told(field, node.value), { redraw: field.redraws }));
    return { node, control: node };
  }

  function toggle(bench, field, path, value) {
    const { yes, no } = bench.words;
    const shape = { is: "choice", options: [["true", yes], ["false", no]] };
    const way = { ...bench, put: (at, now) => bench.put(at, now === null ? null : now === "true") };
    return choice(way, { ...field, shape }, path, editor.isNothing(value) ? "" : String(value));
  }

  /* Names that were declared elsewhere in the tariff. */
  const declared = {
    vehicles: (whole) => whole.vehicles,
    zones: (whole) => whole.zones,
    day_types: (whole) => whole.day_types,
    attributes: (whole) => Object.keys(whole.attributes || {}),
    bands: (whole, path) => (editor.at(whole, [...path.slice(0, 2), "bands"]) || []).map((band) => band.name),
  };
  const namesOf = (bench, of, path) => [declared[of](bench.value(), path) || []].flat().filter(Boolean);
  editor.namesOf = namesOf;
  const spokenOf = (bench, of, path) => namesOf(bench, of, path).map((name) => [name, bench.called(of, name)]);

  function pick(bench, field, path, value) {
    const options = spokenOf(bench, field.shape.of, path);
    return picked(bench, { ...field, redraws: true }, path, value, options);
  }

  /* Several of what is offered; what stands there and is not offered can be taken away. */
  function several(bench, field, path, value, options) {
    const held = Array.isArray(value) ? value.map(String) : [];
    const odd = held.filter((one) => !options.some(([name]) => name === one)).map((one) => [one, one]);
    const boxes = [...options, ...odd].map(([one, label]) => {
      const input = Object.assign(dom.node("input", "pills__input"), { type: "checkbox", value: one, disabled: bench.readonly });
      input.checked = held.includes(one);
      input.addEventListener("change", () => {
        const all = boxes.map((box) => box.firstChild);
        bench.put(path, all.filter((each) => each.checked).map((each) => each.value));
      });
      return dom.node("label", "pills__one", input, dom.node("span", "pills__word", label));
    });
    const node = dom.node("span", "pills", ...boxes);
    node.setAttribute("role", "group");
    if (!boxes.length) node.append(dom.node("span", "pills__none", bench.words.noneDeclared));
    return { node, control: node, first: boxes.length ? boxes[0].firstChild : node };
  }

  function names(bench, field, path, value) {
    const { of } = field.shape;
    if (of) return several(bench, field, path, value, spokenOf(bench, of, path));
    return words(bench, field, path, value);
  }

  /* Names one after the other: Enter or a comma ends one, Backspace takes the last away. */
  function words(bench, field, path, value) {
    const held = Array.isArray(value) ? value.map(String) : [];
    const put = (next) => bench.put(path, next, { redraw: true, focus: path });
    const chips = held.map((name, i) => {
      const away = button("✕", () => put(held.filter((_one, at) => at !== i)), "chips-field__away", bench.fill("remove", { what: name }));
      const one = dom.node("span", "chips-field__one", bench.called(field.name, name), ...(bench.readonly ? [] : [away]));
      one.title = name;
      return one;
    });
    const input = Object.assign(dom.node("input", "chips-field__input"), {
      type: "text", autocomplete: "off", spellcheck: false, disabled: bench.readonly, placeholder: bench.words.addName,
    });
    const list = Object.assign(dom.node("datalist", ""), { id: idOf(path) });
    list.append(...field.shape.offers.filter((one) => !held.includes(one)).map((one) => option([one, bench.called(field.name, one)])));
    input.setAttribute("list", list.id);
    const take = () => {
      const fresh = input.value.split(/[,，\s]+/).filter((one) => one && !held.includes(one));
      if (fresh.length) put([...held, ...fresh]);
    };
    input.addEventListener("change", take);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Backspace" && !input.value && held.length) put(held.slice(0, -1));
      else if (event.key === "Enter" || event.key === "," || event.key === "，") take();
      else return;
      event.preventDefault();
    });
    return { node: dom.node("span", "chips-field", ...chips, ...(bench.readonly ? [] : [input]), list), control: input };
  }

  /* All of some, one before the other. */
  function order(bench, field, path, value) {
    const labels = new Map(field.shape.options);
    const held = Array.isArray(value) ? value : [];
    const items = held.map((one, i) => {
      const swap = (by) => {
        const next = [...held];
        [next[i], next[i + by]] = [next[i + by], next[i]];
        bench.put(path, next, { redraw: true, focus: path });
      };
      const earlier = button("←", () => swap(-1), "chips-field__away", bench.words.earlier);
      earlier.hidden = i === 0 || bench.readonly;
      return dom.node("li", "chips-field__one", dom.node("b", "num", String(i + 1)), labels.get(one) || String(one), earlier);
    });
    const node = dom.node("ol", "chips-field chips-field--order", ...items);
    return { node, control: node, first: node.querySelector("button:not([hidden])") || node };
  }

  /* What an attribute must be, as the attribute was declared. */
  function answer(bench, field, path, value) {
    const asked = editor.at(bench.value(), [...path.slice(0, -1), "attribute"]);
    const kind = (bench.value().attributes || {})[asked] || {};
    if (kind.kind === "flag") return toggle(bench, field, path, value);
    const held = Array.isArray(value) ? value : editor.isNothing(value) ? [] : [String(value)];
    if (kind.kind === "one_of") return several(bench, field, path, held, (kind.values || []).map((one) => [one, one]));
    return TYPED.name(bench, field, path, value);
  }

  /* One price, or one for each zone, each class of vehicles, or each of both. */
  const WAYS = [["by_zone"], ["by_vehicle"], ["by_zone", "by_vehicle"], ["by_vehicle", "by_zone"]];
  const OF = { by_zone: "zones", by_vehicle: "vehicles" };
  const wayOf = (value) => Object.keys(OF).find((way) => editor.isMap(value) && way in value);
  const innerOf = (value) => (wayOf(value) ? Object.values(value[wayOf(value)] || {})[0] : null);
  const waysOf = (value) => (wayOf(value) ? [wayOf(value), ...waysOf(innerOf(value))] : []);

  function price(bench, field, path, value) {
    const now = waysOf(value).join();
    const isOpen = (way) => namesOf(bench, OF[way], path).length > 1;
    const open = WAYS.filter((ways, i) => ways.join() === now || (i < 3 && ways.every(isOpen))).map((ways) => ways.join());
    const amounts = prices(bench, field, path, value);
    if (!open.length) return amounts;
    const select = Object.assign(dom.node("select", "field__input field__input--way"), { disabled: bench.readonly });
    const label = (ways) => bench.words[{ by_zone: "byZone", by_vehicle: "byVehicle" }[ways] || "byBoth"];
    select.append(...[["", bench.words.onePrice], ...open.map((ways) => [ways, label(ways)])].map(option));
    select.value = now;
    select.setAttribute("aria-label", bench.fill("priceBy", { what: field.label }));
    const spread = () => table(bench, path, select.value.split(",").filter(Boolean), first(editor.at(bench.value(), path)));
    select.addEventListener("change", () => bench.put(path, spread(), { redraw: true, focus: path }));
    const node = dom.node("span", `price${now ? " price--table" : ""}`, ...(now ? [select, amounts.node] : [amounts.node, select]));
    return { node, control: now ? node : amounts.control, first: now ? select : null };
  }

  const first = (value) => (wayOf(value) ? first(innerOf(value)) : (value ?? null));

  /* A table in which every cell holds the same price. */
  function table(bench, path, ways, one) {
    if (!ways.length) return one;
    const [way, ...rest] = ways;
    const inner = () => table(bench, path, rest, one);
    return { [way]: Object.fromEntries(namesOf(bench, OF[way], path).map((name) => [name, inner()])) };
  }

  function prices(bench, field, path, value) {
    const way = wayOf(value);
    if (!way) return TYPED.money(bench, field, path, editor.isMap(value) ? null : value);
    const all = [...new Set([...namesOf(bench, OF[way], path), ...Object.keys(value[way] || {})])];
    const rows = all.map((name) => {
      const called = bench.called(OF[way], name);
      const label = `${field.label} ${called}`;
      const inner = prices(bench, { ...field, label }, [...path, way, name], (value[way] || {})[name]);
      if (inner.control.tagName === "INPUT") inner.control.setAttribute("aria-label", label);
      const row = dom.node("span", "price__row", dom.node("span", "price__name", called), inner.node);
      row.dataset.path = [...path, way, name].join(".");
      return row;
    });
    const node = dom.node("span", "price__table", ...rows);
    node.dataset.path = [...path, way].join(".");
    node.setAttribute("role", "group");
    return { node, control: node, first: node.querySelector("input") || node };
  }

  const FIELDS = {
    ...TYPED,
    choice,
    switch: toggle,
    pick,
    names,
    order,
    answer,
    price,
    choices: (bench, field, path, value) => several(bench, field, path, value, field.shape.options),
  };

  /* Draw the control of a shape; null where the shape is made of further fields. */
  editor.control = (bench, field, path, value) => (FIELDS[field.shape.is] ? FIELDS[field.shape.is](bench, field, path, value) : null);
  editor.idOf = idOf;
})();
