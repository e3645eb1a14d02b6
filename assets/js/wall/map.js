/* The wall's map: our own SVG. The ground is drawn once from the city's GeoJSON, at the place its canvas names; segments and
   lots are drawn once over it and only change their class, so an update repaints no street that did not change. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const GROUND = ["park", "b1", "b2", "b3", "river", "lake"];
  const LINES = ["rail", "minor", "arterial", "diagonal", "ring"];
  const RING = 17; // radius of a lot's gauge
  const CLEAR = { left: 580, right: 1340, top: 372, foot: 800 }; // where a callout covers no panel
  const MARKS = 3; // moving things at most

  /* Class of a share in per cent: 1 below 50, 2 below 70, 3 below 85, 4 below 95, 5 from 95 up; na when unknown. */
  const step = (pct) => (boshu.formats.known(pct) ? 1 + [50, 70, 85, 95].filter((edge) => pct >= edge).length : "na");

  function projection(canvas) {
    const [left, top, width, height] = canvas.view_box;
    const put = ([lon, lat]) => [(lon - canvas.lon_0) / canvas.lon_per_px, (lat - canvas.lat_0) / canvas.lat_per_px];
    const seen = (points) =>
      ["0", "1"].every((axis) => {
        const values = points.map((point) => point[axis]);
        const [low, size] = axis === "0" ? [left, width] : [top, height];
        return Math.max(...values) >= low && Math.min(...values) <= low + size;
      });
    const trace = (line) => line.map((point) => point.map((value) => value.toFixed(1)).join(",")).join(" ");
    const lines = (list, end) =>
      list
        .map((line) => line.map(put))
        .filter(seen)
        .map((line) => `M${trace(line)}${end}`)
        .join("");
    return { put, lines, top, viewBox: canvas.view_box.join(" ") };
  }

  const linesOf = (geometry) => (geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates]);

  function ground(place, base, labels, project, name) {
    const svg = boshu.svg("svg", { viewBox: project.viewBox, "aria-hidden": "true" });
    const geometry = Object.fromEntries(base.features.map((feature) => [feature.properties.layer, feature.geometry]));
    for (const layer of GROUND.filter((each) => geometry[each])) {
      svg.append(boshu.svg("path", { class: `map__layer--${layer}`, d: project.lines(linesOf(geometry[layer]).flat(), "Z") }));
    }
    for (const layer of LINES.filter((each) => geometry[each])) {
      const d = project.lines(linesOf(geometry[layer]), "");
      svg.append(boshu.svg("path", { class: `map__line map__line--${layer}`, d }));
      if (layer === "ring") svg.append(boshu.svg("path", { class: "map__line map__line--median", d }));
    }
    for (const feature of labels.features) {
      const [x, y] = project.put(feature.geometry.coordinates);
      const text = boshu.svg("text", { class: "map__name", x, y });
      text.textContent = name(feature.properties);
      svg.append(text);
    }
    place.replaceChildren(svg);
  }

  function segment(site, project) {
    const d = project.lines(linesOf(site.geometry), "");
    const group = boshu.svg("g", { class: "segment segment--na" });
    for (const stroke of ["glow", "bed", "ink", "core"]) group.append(boshu.svg("path", { class: `segment__${stroke}`, d }));
    return group;
  }

  function lot(point) {
    const group = boshu.svg("g", { class: "lot lot--na", transform: `translate(${point.join(" ")})` });
    const sign = boshu.svg("text", { class: "lot__sign", y: 7 });
    sign.textContent = "P";
    group.append(
      boshu.svg("circle", { class: "lot__bed", r: 24 }),
      boshu.svg("circle", { class: "lot__track", r: RING }),
      boshu.svg("circle", { class: "lot__ring", r: RING, transform: "rotate(-90)", "stroke-dasharray": `0 ${2 * Math.PI * RING}` }),
      sign,
    );
    return group;
  }

  /* The middle of the longest stroke of a segment, or a lot's own place. */
  function anchor(geometry, project) {
    if (geometry.type === "Point") return project.put(geometry.coordinates);
    const strokes = linesOf(geometry).map((line) => line.map(project.put));
    const length = (line) => Math.hypot(line[line.length - 1][0] - line[0][0], line[line.length - 1][1] - line[0][1]);
    const line = strokes.reduce((best, each) => (length(each) > length(best) ? each : best));
    const [from, to] = [line[Math.floor((line.length - 1) / 2)], line[Math.ceil((line.length - 1) / 2)]];
    const half = line.length % 2 ? to : [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return half;
  }

  /* Draw the map; return what paints loads and alarms on it. */
  boshu.map = function (places, geo, name, words) {
    const project = projection(geo.base.canvas);
    const drawn = {};
    ground(places.ground, geo.base, geo.labels, project, name);
    const svg = boshu.svg("svg", { viewBox: project.viewBox, role: "img" });
    const leader = boshu.svg("g", {});
    for (const site of geo.sites.filter((each) => each.geometry)) {
      const isLot = site.geometry.type === "Point";
      const at = anchor(site.geometry, project);
      const node = isLot ? lot(at) : segment(site, project);
      node.dataset.site = site.code;
      drawn[site.code] = { site, node, at: [at[0], at[1] - project.top], isLot };
    }
    const all = Object.values(drawn);
    svg.append(...all.filter((each) => !each.isLot).map((each) => each.node), ...all.filter((each) => each.isLot).map((each) => each.node), leader);
    places.roads.replaceChildren(svg);

    function loads(tile) {
      for (const [code, pct] of [...(tile.segments || []), ...(tile.lots || [])]) {
        const { node, isLot } = drawn[code] || {};
        if (!node) continue;
        node.setAttribute("class", `${isLot ? "lot lot" : "segment segment"}--${step(pct)}`);
        const round = 2 * Math.PI * RING;
        if (isLot) node.children[2].setAttribute("stroke-dasharray", `${(round * Math.min(100, pct || 0)) / 100} ${round}`);
      }
    }

    function marks(rows) {
      const shown = rows.filter((row) => row.priority < 3 && drawn[row.site]).slice(0, MARKS);
      places.marks.replaceChildren(...shown.map((row) => mark(row, drawn[row.site].at)));
      return shown.filter((row) => row.priority === 1);
    }

    function callouts(tile, urgent) {
      const taken = urgent.slice(0, 1).map((row) => ({ at: drawn[row.site].at, row }));
      const cards = taken.map(({ at, row }) => card(at, name(drawn[row.site].site), words.rules[row.rule] || row.rule, "1", null));
      const fullest = (tile.segments || [])
        .filter(([code, pct]) => boshu.formats.known(pct) && drawn[code] && isClear(drawn[code].at, taken))
        .sort((a, b) => b[1] - a[1])[0];
      leader.replaceChildren();
      if (fullest && fullest[1] >= 50) {
        const [code, pct, free] = fullest;
        const values = { pct: pct.toFixed(0), free };
        const text = boshu.formats.known(free) ? boshu.formats.fill(free > 0 ? words.free : words.full, values) : `${values.pct}%`;
        cards.push(card(drawn[code].at, name(drawn[code].site), text, String(step(pct)), leader, project.top));
      }
      places.callouts.replaceChildren(...cards);
    }

    return {
      /* Paint the tile and the alarms; `isStale`: loads are old, so nothing is called out. */
      paint(tile, rows, isStale) {
        loads(tile);
        const urgent = marks(rows);
        if (!isStale) return callouts(tile, urgent);
        leader.replaceChildren();
        places.callouts.replaceChildren();
      },
    };
  };

  const isClear = ([x, y], taken) =>
    x > CLEAR.left && x < CLEAR.right && y > CLEAR.top && y < CLEAR.foot && taken.every(({ at }) => Math.hypot(at[0] - x, (at[1] - y) * 3) > 420);

  function mark(row, [x, y]) {
    const node = document.createElement("div");
    node.className = `mark mark--${row.priority}`;
    node.style.left = `${x}px`;
    node.style.top = `${y}px`;
    const pulse = document.createElement("i");
    pulse.className = "mark__pulse";
    const sign = boshu.glyph(`mark-${row.priority}`);
    sign.setAttribute("class", "mark__sign");
    node.append(pulse, sign);
    return node;
  }

  /* A card beside a place; with `leader` a line leads from the place to a card above it. */
  function card([x, y], title, figure, look, leader, top) {
    const node = document.createElement("div");
    node.className = `callout callout--${look}`;
    const [label, value] = [document.createElement("b"), document.createElement("em")];
    label.textContent = title;
    value.className = "callout__figure";
    value.textContent = figure;
    node.append(label, value);
    const toLeft = x > 1080;
    const [dx, dy] = leader ? [68, -27] : [28, 0];
    node.style.top = `${y + dy - 22}px`;
    node.style[toLeft ? "right" : "left"] = `${toLeft ? 1920 - x + dx : x + dx}px`;
    if (leader) {
      const side = toLeft ? -1 : 1;
      const d = `M${x} ${y + top}L${x + 28 * side} ${y + top + dy}H${x + dx * side}`;
      leader.append(boshu.svg("path", { class: "leader", d }), boshu.svg("circle", { class: "leader__dot", cx: x, cy: y + top, r: 4.5 }));
    }
    return node;
  }
})();
