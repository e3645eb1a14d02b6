/* The map of the dispatch page: ground, segments and lots at city zoom, berths at street zoom, what is chosen, alarms, groups
   of faults; filters with their counts; tools. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const { dom, formats } = boshu;
  const BERTHS_FROM = 17; // zoom
  const NEAR = 19;
  const GROUP = 4; // neighbours that share a fault
  const GROUP_M = 26;
  const COUNT_MS = 250;
  const PAN_PX = 140;
  const DEGREE_M = 111195;

  /* `chosen(site, space)` is called when a berth is clicked, `moved()` when the view changed. */
  dispatch.streets = function (context, leaflet, chosen, moved) {
    const root = context.root.querySelector("[data-part=streets]");
    const view = { leaflet, picked: -1, filters: filtersOf(context), groups: [], label: "" };
    const berths = (view.berths = dispatch.berths(turned));
    let ink = dispatch.inks(context.root);
    let ground = null;
    let sites = [];
    let counted = 0;

    const layers = {
      ground: dispatch.canvas(leaflet, "ground", 150, (g, at) => ground && ground(g, at, ink, context.name)),
      berths: dispatch.canvas(leaflet, "berths", 350, paint),
    };
    const marks = window.L.layerGroup().addTo(leaflet);
    const label = window.L.marker([0, 0], { interactive: false, keyboard: false, icon: labelIcon("") });

    function paint(g, at, dots) {
      const isNear = at.zoom >= BERTHS_FROM;
      scale(at);
      root.classList.toggle("streets--near", isNear);
      if (!isNear) dispatch.paintSegments(g, at, ink, sites, loads);
      if (isNear) dispatch.paintBerths(g, at, ink, dots, berths, view.filters.shows);
      if (isNear) for (const group of view.groups) dispatch.paintHull(g, at, ink, berths, group);
      dispatch.paintLots(g, at, ink, sites, loads, lotLabel);
      if (isNear) dispatch.paintPicked(g, at, ink, dots, berths, view.picked);
    }

    /* A round number of metres as long as it is on the map. */
    function scale(at) {
      const most = 110 / at.pixels;
      const ten = 10 ** Math.floor(Math.log10(most));
      const length = ten * (most >= 5 * ten ? 5 : most >= 2 * ten ? 2 : 1);
      const bar = root.querySelector(".scale__bar");
      bar.style.width = `${Math.round(length * at.pixels)}px`;
      dom.text(context.place("scale"), length >= 1000 ? `${length / 1000} km` : `${length} m`);
    }

    /* After a frame in which the states of a sequence number were painted. */
    function painted() {
      if (!berths.past) dispatch.lastPaintedSeq = berths.seq;
      const now = performance.now();
      if (now - counted < COUNT_MS) return clearTimeout(view.later) || (view.later = setTimeout(count, COUNT_MS));
      return count();
    }

    function count() {
      if (!berths.isLoaded) return; // nothing is known yet, and nothing is not zero
      counted = performance.now();
      const counts = berths.counts();
      for (const [name, n] of Object.entries(counts)) dom.text(context.place(`count-${name}`), formats.whole(n));
      root.dataset.seq = berths.seq;
      root.classList.toggle("streets--empty", berths.isLoaded && berths.n === 0);
      root.classList.remove("streets--loading");
      group();
    }

    function turned(indices) {
      if (indices === null && berths.isLoaded) place();
      layers.berths.soon(painted);
    }

    /* The first time berths are known: show what the address asks for, else the whole city. */
    function place() {
      if (view.isPlaced) return;
      view.isPlaced = true;
      if (view.first) view.first();
    }

    /* ---- loads: on the wall's word while live, counted from the berths' states in a replay ---- */

    function loads(code) {
      if (berths.past) return view.pastLoads ? view.pastLoads.get(code) : undefined;
      const tile = context.picture && context.picture.tiles.map;
      if (!tile || !view.tileLoads || view.tileOf !== tile) {
        view.tileOf = tile;
        const rows = tile ? [...(tile.segments || []), ...(tile.lots || [])] : [];
        view.tileLoads = new Map(rows.map(([site, pct, free]) => [site, { pct, free }]));
      }
      return (view.tileLoads.get(code) || {}).pct;
    }

    function lotLabel(site) {
      const free = !berths.past && view.tileLoads && (view.tileLoads.get(site.code) || {}).free;
      const left = formats.known(free) ? ` · ${context.fill("lotFree", { n: formats.whole(free) })}` : "";
      return `${context.name(site)}${left}`;
    }

    view.reckon = function () {
      const sums = new Map(berths.sites.map(({ code }) => [code, [0, 0]]));
      const states = berths.states();
      for (let i = 0; i < berths.n; i += 1) {
        const sum = sums.get(berths.siteOf(i).code);
        const state = states[i] & 7;
        if (state >= 1 && state <= 3) sum[1] += 1;
        if (state === 2) sum[0] += 1;
      }
      view.pastLoads = new Map([...sums].map(([code, [n, of]]) => [code, of ? (100 * n) / of : undefined]));
    };

    /* ---- groups of neighbours that share a fault ---- */

    function group() {
      const states = berths.states();
      const bad = new Map();
      let mark = 0; // tells apart which berths have a fault, so that unchanged groups are left alone
      for (let i = 0; i < berths.n; i += 1) {
        const state = states[i] & 7;
        if (state !== 4 && state !== 5) continue;
        mark = (Math.imul(mark, 31) + i * 8 + state) | 0;
        const key = `${berths.site[i]}/${state}`;
        if (!bad.has(key)) bad.set(key, []);
        bad.get(key).push(i);
      }
      if (mark === view.grouped) return;
      view.grouped = mark;
      view.groups = [...bad.values()].filter((list) => list.length >= GROUP).flatMap(neighbours);
      tell();
      layers.berths.soon();
    }

    /* Berths follow each other along a street, so whoever is near stands among the last few. */
    function neighbours(list) {
      const groups = [];
      for (const i of list) {
        const run = groups.at(-1);
        if (run && run.slice(-GROUP).some((other) => metres(i, other) < GROUP_M)) run.push(i);
        else groups.push([i]);
      }
      return groups.filter((each) => each.length >= GROUP);
    }

    function metres(a, b) {
      const flat = Math.cos((berths.lat[a] / 1e6) * (Math.PI / 180));
      const [dx, dy] = [(berths.lon[a] - berths.lon[b]) * flat, berths.lat[a] - berths.lat[b]];
      return (Math.hypot(dx, dy) / 1e6) * DEGREE_M;
    }

    const groupMarks = window.L.layerGroup().addTo(leaflet);
    function tell() {
      groupMarks.clearLayers();
      for (const each of view.groups.slice(0, 60)) {
        const codes = each.map((i) => berths.codes[i]).sort();
        const state = context.words.states[berths.state(each[0])];
        const text = context.fill("grouped", { first: codes[0], last: codes.at(-1), n: each.length, state });
        const middle = each[Math.floor(each.length / 2)];
        const icon = labelIcon(text, "streets__label--attention");
        groupMarks.addLayer(window.L.marker(position(middle), { interactive: false, keyboard: false, icon }));
      }
    }

    /* ---- the chosen berth ---- */

    const position = (i) => [berths.lat[i] / 1e6, berths.lon[i] / 1e6];

    view.pick = function (i, text, { fly = false } = {}) {
      view.picked = i === undefined ? -1 : i;
      view.say(text || "");
      if (view.picked >= 0 && fly && !Number.isNaN(berths.x[view.picked]))
        view.go(...position(view.picked), Math.max(NEAR, leaflet.getZoom()));
      layers.berths.soon();
    };

    /* What the label above the chosen berth says. */
    view.say = function (text) {
      if (view.picked < 0 || Number.isNaN(berths.x[view.picked])) return label.remove();
      label
        .setLatLng(position(view.picked))
        .setIcon(labelIcon(text || berths.codes[view.picked], "streets__label--picked"));
      return label.addTo(leaflet);
    };

    view.go = function (lat, lon, zoom) {
      const isFar = leaflet.getCenter().distanceTo([lat, lon]) > 3000;
      leaflet.setView([lat, lon], zoom, { animate: !isFar });
    };

    /* ---- alarms that have a place ---- */

    const isLot = (row) => sites.some(({ code, point }) => code === row.place && point);

    view.alarms = function (rows) {
      const said = JSON.stringify(rows);
      if (said === view.alarmsShown) return;
      view.alarmsShown = said;
      marks.clearLayers();
      for (const row of rows.filter((each) => formats.known(each.lon) && formats.known(each.lat))) {
        const look = `beacon beacon--${row.priority}${row.acknowledged ? " beacon--seen" : ""}${isLot(row) ? " beacon--lot" : ""}`;
        const sign = dom.node("span", look, dom.node("i", "beacon__pulse"));
        sign.append(boshu.glyph({ 1: "alarm-1", 2: "desk-attention" }[row.priority] || "alarm-3"));
        const icon = window.L.divIcon({ html: sign, className: "streets__mark", iconSize: [0, 0] });
        const mark = window.L.marker([row.lat, row.lon], { icon, title: context.words.rules[row.rule] || row.rule, keyboard: false });
        mark.on("click", () => view.alarmed && view.alarmed(row));
        marks.addLayer(mark);
      }
    };

    /* ---- pointing ---- */

    function under(event) {
      if (leaflet.getZoom() < BERTHS_FROM) return -1;
      const scale = 256 * 2 ** leaflet.getZoom();
      const [x, y] = dispatch.unit(event.latlng.lng, event.latlng.lat);
      const reach = 11 / scale;
      let [best, found] = [reach, -1];
      for (let i = 0; i < berths.n; i += 1) {
        const away = Math.hypot(berths.x[i] - x, berths.y[i] - y);
        if (away < best && (berths.states()[i] & 7) < 6) [best, found] = [away, i];
      }
      return found;
    }

    leaflet.on("click", (event) => {
      const i = under(event);
      if (i >= 0) chosen(berths.siteOf(i).code, berths.codes[i]);
    });
    leaflet.on("mousemove", (event) => root.classList.toggle("streets--over", under(event) >= 0));
    leaflet.on("moveend zoomend", () => moved());

    /* ---- city: the ground, and where everything stands ---- */

    view.learn = async function (known) {
      const folder = known.city && known.city.map ? `/assets/map/${known.city.map}` : null;
      sites = known.sites.filter((site) => site.geometry).map(placed);
      if (folder) {
        const read = (name) => fetch(`${folder}/${name}.geojson`).then((answer) => answer.json());
        const [base, labels] = await Promise.all([read("basemap"), read("labels")]);
        ground = dispatch.ground(base, labels, known.sites);
      }
      layers.ground.soon();
      layers.berths.soon();
      view.alarmsShown = null; // where they are shown follows from what stands there
    };

    function placed(site) {
      if (site.geometry.type === "Point") return { ...site, point: dispatch.unit(...site.geometry.coordinates) };
      return { ...site, shapes: dispatch.linesOf(site.geometry).map(dispatch.shape) };
    }

    view.city = function () {
      const points = sites.flatMap((site) =>
        site.geometry.type === "Point" ? [site.geometry.coordinates] : dispatch.linesOf(site.geometry).flat(),
      );
      const known = points.length
        ? points
        : [...(berths.places ? berths.places.values() : [])].slice(0, 5000).map((i) => position(i).reverse());
      if (known.length)
        leaflet.fitBounds(
          known.map(([lon, lat]) => [lat, lon]),
          { padding: [30, 70], animate: false },
        );
    };

    view.pan = (dx, dy) => leaflet.panBy([dx * PAN_PX, dy * PAN_PX], { animate: false });
    view.nearer = (by) => leaflet.setZoom(leaflet.getZoom() + by);
    view.repaint = () => layers.berths.soon(painted);

    tools(context, view);
    view.filters.changed = () => {
      layers.berths.soon();
      moved();
    };
    context.root.addEventListener("boshu-theme", () => {
      ink = dispatch.inks(context.root);
      dispatch.forget();
      layers.ground.soon();
      layers.berths.soon();
    });
    document.fonts.ready.then(() => layers.ground.soon());
    return view;
  };

  function labelIcon(text, look = "") {
    const html = dom.node("span", `streets__label ${look}`.trim(), text);
    return window.L.divIcon({ html, className: "streets__mark", iconSize: [0, 0] });
  }

  /* ---- filters: a state's button shows or shades its berths; pressed reasons leave only berths that have one ---- */

  function filtersOf(context) {
    const buttons = [...context.root.querySelectorAll("[data-filter]")];
    const filters = { changed: () => {} };
    const isOn = (name) =>
      buttons.some((each) => each.dataset.filter === name && each.getAttribute("aria-pressed") === "true");
    let states = [];
    let mask = 0;

    function read() {
      states = dispatch.STATES.map((name) => name !== "absent" && isOn(name));
      mask = Object.entries(dispatch.FLAGS).reduce((sum, [name, bit]) => sum | (isOn(name) ? bit : 0), 0);
    }
    filters.shows = (state) => states[state & 7] && (!mask || (state & mask) !== 0);
    filters.chosen = () =>
      buttons.filter((each) => each.getAttribute("aria-pressed") === "true").map((each) => each.dataset.filter);
    filters.isPlain = () => !mask && dispatch.STATES.every((name, code) => name === "absent" || states[code]);
    filters.choose = function (names) {
      for (const each of buttons) each.setAttribute("aria-pressed", String(names.includes(each.dataset.filter)));
      read();
    };
    for (const each of buttons)
      each.addEventListener("click", () => {
        each.setAttribute("aria-pressed", String(each.getAttribute("aria-pressed") !== "true"));
        read();
        filters.changed();
      });
    read();
    return filters;
  }

  function tools(context, view) {
    const does = {
      in: () => view.nearer(1),
      out: () => view.nearer(-1),
      city: () => view.city(),
      picked: () => view.picked >= 0 && view.pick(view.picked, null, { fly: true }),
    };
    for (const [name, act] of Object.entries(does))
      context.root.querySelector(`.tools [data-does=${name}]`).addEventListener("click", act);
  }
})();
