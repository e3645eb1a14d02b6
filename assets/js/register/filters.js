/* Filters of a register: what is typed and chosen becomes the question; chips take it away again; the address keeps it. */
(function () {
  "use strict";

  const boshu = window.boshu;
  const { dom, register } = boshu;
  const KEYS = "q.";
  const UP_TO = "..";
  const TYPE_MS = 350;

  /* The question: values of filters by field. `changed` is told when a person changed it. */
  register.filters = function (bench, state, changed) {
    const { config } = bench;
    const byField = Object.fromEntries(config.filters.map((one) => [one.field, one]));
    const inputs = {};

    for (const spot of bench.board.querySelectorAll("[data-paint=filter]")) {
      const filter = byField[spot.dataset.field];
      inputs[filter.field] = filter.is === "typed" ? typed(spot, filter) : between(spot, filter);
    }

    function set(field, values, { push = true } = {}) {
      if (values.some((value) => value)) state.q[field] = values;
      else delete state.q[field];
      state.view = "";
      paint();
      changed({ push });
    }

    function typed(spot, filter) {
      const input = field(filter, filter.label, "search", 0);
      input.placeholder = filter.hint;
      spot.append(input);
      listen([input], () => set(filter.field, [input.value.trim()]));
      return [input];
    }

    function between(spot, filter) {
      const labels = [bench.words.from, bench.words.to].map((word) => `${filter.label} ${word}`);
      if (filter.kind === "date" || filter.kind === "moment") return days(spot, filter, labels);
      const pair = labels.map((label, i) => field(filter, label, "number", i));
      pair.forEach((input, i) => Object.assign(input, { step: "any", inputMode: "decimal", placeholder: "≥≤"[i] }));
      spot.append(pair[0], dom.node("span", "choose__dash", "–"), pair[1]);
      listen(pair, () => set(filter.field, pair.map((input) => input.value)));
      return pair;
    }

    /* Two days; what is no day is marked, and not asked for. */
    function days(spot, filter, labels) {
      const pair = labels.map((label) => register.dayField(bench, { label, look: "choose__input choose__input--date" }));
      const inputs = pair.map(({ focus }) => focus);
      pair.forEach(({ write }, i) => write((state.q[filter.field] || [])[i]));
      spot.append(pair[0].node, dom.node("span", "choose__dash", "–"), pair[1].node);
      listen(inputs, () => {
        const values = pair.map(({ read }) => read());
        const wrong = values.map((value) => Boolean(value) && !register.dayOf(value));
        inputs.forEach((input, i) => input.setAttribute("aria-invalid", String(wrong[i])));
        if (wrong.some(Boolean)) return;
        inputs.forEach((input, i) => (input.value = values[i]));
        if (values.join() !== (state.q[filter.field] || ["", ""]).join()) set(filter.field, values);
      });
      return inputs;
    }

    function field(filter, label, type, i) {
      const input = dom.node("input", `choose__input choose__input--${type}`);
      Object.assign(input, { type, autocomplete: "off", maxLength: 80, spellcheck: false });
      input.setAttribute("aria-label", label);
      input.value = (state.q[filter.field] || [])[i] || "";
      return input;
    }

    function listen(fields, take) {
      let timer = null;
      const soon = () => {
        clearTimeout(timer);
        timer = setTimeout(take, TYPE_MS);
      };
      for (const each of fields) {
        each.addEventListener(each.type === "search" ? "input" : "change", soon);
        each.addEventListener("keydown", (event) => {
          if (event.key !== "Enter") return;
          clearTimeout(timer);
          take();
        });
      }
    }

    /* What dropdowns and chips say; Dash tells all of them whenever one changes. */
    function chosen(values) {
      let isNew = false;
      for (const [name, value] of values) {
        const now = (Array.isArray(value) ? value : [value]).filter((one) => one !== null && one !== undefined && one !== "");
        const asked = byField[name] && now.join() === byField[name].default ? [] : now;
        const said = JSON.stringify(state.q[name] || []);
        if (said === JSON.stringify(now) || said === JSON.stringify(asked)) continue;
        isNew = true;
        if (asked.length) state.q[name] = asked.map(String);
        else delete state.q[name];
      }
      if (!isNew) return;
      state.view = "";
      paint();
      changed({ push: true });
    }

    /* Write the question into the controls, without being told of it again. */
    function show() {
      for (const [name, fields] of Object.entries(inputs))
        fields.forEach((input, i) => (input.value = (state.q[name] || [])[i] || ""));
      for (const filter of config.filters.filter((one) => one.is === "choice")) {
        const values = state.q[filter.field] || [];
        const value = filter.many ? values : values[0] || filter.default || null;
        bench.put("choice", { value }, { field: filter.field });
      }
      if (config.chips) bench.put("chips", { value: (state.q[config.chips.field] || [""])[0] }, { field: config.chips.field });
      const rare = bench.place("rare");
      if (rare && config.filters.some((one) => one.rare && state.q[one.field])) register.unfold(bench, true);
      paint();
    }

    /* ---- chips of what is asked ---- */

    function paint() {
      const place = bench.place("active");
      const chips = Object.entries(state.q).filter(([name]) => byField[name]);
      const nodes = chips.map(([name, values]) => chip(name, sentence(byField[name], values)));
      if (chips.length) {
        const clear = register.button(bench.words.clear, () => {
          state.q = {};
          state.view = "";
          show();
          changed({ push: true });
        }, "button--ghost register__clear");
        nodes.push(clear);
      }
      place.replaceChildren(...nodes);
    }

    function chip(name, text) {
      const take = () => {
        delete state.q[name];
        state.view = "";
        show();
        changed({ push: true });
      };
      const node = register.button(text, take, "register__chip");
      node.append(dom.node("span", "register__cross", "✕"));
      node.setAttribute("aria-label", bench.fill("remove", { text }));
      return node;
    }

    function sentence(filter, values) {
      if (filter.is === "between") {
        const [first, last] = values;
        if (first && last) return `${filter.label} ${first} – ${last}`;
        return `${filter.label} ${first ? bench.fill("atLeast", { value: first }) : bench.fill("atMost", { value: last })}`;
      }
      return `${filter.label} ${values.map((value) => label(filter, value)).join(" ")}`;
    }

    function label(filter, value) {
      if (filter.is !== "choice") return value;
      const there = window.dash_component_api.getLayout(bench.id("choice", { field: filter.field }));
      const options = (there && there.props.options) || [];
      const found = options.find((one) => one.value === value);
      return found ? found.label : value;
    }

    return { chosen, show, paint };
  };

  /* ---- the address ---- */

  /* Write a state as an address: its view, its filters, order, columns and the row that is open. What a view of the product
     asks is known without being said; what people saved may change. */
  register.address = function (state, config) {
    const now = new URLSearchParams(window.location.search);
    for (const name of [...now.keys()]) if (name.startsWith(KEYS)) now.delete(name);
    for (const name of ["view", "sort", "cols", "row"]) {
      if (state[name]) now.set(name, state[name]);
      else now.delete(name);
    }
    const spans = new Set(config.filters.filter((one) => one.is === "between").map((one) => one.field));
    const isKnown = config.views.some((one) => one.name === state.view);
    for (const [name, values] of Object.entries(isKnown ? {} : state.q)) {
      if (spans.has(name)) now.append(KEYS + name, values.join(UP_TO));
      else values.forEach((value) => now.append(KEYS + name, value));
    }
    const said = now.toString();
    return said ? `${window.location.pathname}?${said}` : window.location.pathname;
  };

  /* Read the state that the address tells. */
  register.told = function (config, views) {
    const now = new URLSearchParams(window.location.search);
    const state = { q: {}, view: "", sort: "", cols: "", row: "" };
    for (const name of ["view", "sort", "cols", "row"]) state[name] = now.get(name) || "";
    const spans = new Set(config.filters.filter((one) => one.is === "between").map((one) => one.field));
    for (const name of new Set(now.keys())) {
      if (!name.startsWith(KEYS)) continue;
      const field = name.slice(KEYS.length);
      state.q[field] = spans.has(field) ? now.get(name).split(UP_TO) : now.getAll(name);
    }
    const view = views.find((one) => one.name === state.view);
    if (view && !Object.keys(state.q).length) state.q = { ...view.q };
    return state;
  };
})();
