/* The wall's map: our own SVG. The ground is drawn once from the city's GeoJSON, at the place its canvas names; segments and
   lots are drawn once over it and only change their class, so an update repaints no street that did not change. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const GROUND = ["park", "b1", "b2", "b3", "river", "lake"];
  const LINES = ["rail", "minor", "arterial", "diagonal", "ring"];
  const RING = 17; // radius of a lot's gauge
  const AROUND = 2 * Math.PI * RING;
  const MIDDLE = [960, 560]; // of the clear part of the canvas
  const CLEAR = { map: [1560, 600] }; // what is clear of panels, in pixels; else
  const CLEAR_ELSE = [760, 420];
  const LARGEST = 2.2; // a part of the city is drawn at most so many times as large

  /* Class of a share in per cent: 1 below 50, 2 below 70, 3 below 85, 4 below 95, 5 from 95 up; na when unknown. */
  boshu.load = (pct) => (boshu.formats.known(pct) ? 1 + [50, 70, 85, 95].filter((edge) => pct >= edge).length : "na");

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
    const view = boshu.svg("g", { class: "map__view" });
    const geometry = Object.fromEntries(base.features.map((feature) => [feature.properties.layer, feature.geometry]));
    for (const layer of GROUND.filter((each) => geometry[each])) {
      view.append(
        boshu.svg("path", { class: `map__layer--${layer}`, d: project.lines(linesOf(geometry[layer]).flat(), "Z") }),
      );
    }
    for (const layer of LINES.filter((each) => geometry[each])) {
      const d = project.lines(linesOf(geometry[layer]), "");
      view.append(boshu.svg("path", { class: `map__line map__line--${layer}`, d }));
      if (layer === "ring") view.append(boshu.svg("path", { class: "map__line map__line--median", d }));
    }
    for (const feature of labels.features) {
      const [x, y] = project.put(feature.geometry.coordinates);
      const text = boshu.svg("text", { class: "map__name", x, y });
      text.textContent = name(feature.properties);
      view.append(text);
    }
    svg.append(view);
    place.replaceChildren(svg);
    return view;
  }

  function segment(site, project) {
    const d = project.lines(linesOf(site.geometry), "");
    const group = boshu.svg("g", { class: "segment segment--na" });
    for (const stroke of ["glow", "bed", "ink", "core"])
      group.append(boshu.svg("path", { class: `segment__${stroke}`, d }));
    return group;
  }

  function lot(point) {
    const group = boshu.svg("g", { class: "lot lot--na", transform: `translate(${point.join(" ")})` });
    const sign = boshu.svg("text", { class: "lot__sign", y: 7 });
    sign.textContent = "P";
    group.append(
      boshu.svg("circle", { class: "lot__bed", r: 24 }),
      boshu.svg("circle", { class: "lot__track", r: RING }),
      boshu.svg("circle", {
        class: "lot__ring",
        r: RING,
        transform: "rotate(-90)",
        "stroke-dasharray": `0 ${AROUND}`,
      }),
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

  /* Draw every place; return by code its site, node and anchor on the canvas. */
  function draw(sites, project) {
    const drawn = {};
    for (const site of sites.filter((each) => each.geometry)) {
      const isLot = site.geometry.type === "Point";
      const [x, y] = anchor(site.geometry, project);
      const node = isLot ? lot([x, y]) : segment(site, project);
      node.dataset.site = site.code;
      drawn[site.code] = { site, node, isLot, home: [x, y - project.top], at: [x, y - project.top] };
    }
    return drawn;
  }

  /* Where on the canvas an alarm is: at its own place, else at its site; nowhere when neither is on the map. */
  function located({ lon, lat, site }, drawn, project, canvas, frame) {
    if (boshu.formats.known(lon) && boshu.formats.known(lat)) {
      const [x, y] = project.put([lon, lat]);
      const at = frame.put([x, y - project.top]);
      if (at[0] > 0 && at[0] < canvas.width && at[1] > 0 && at[1] < canvas.height) return at;
    }
    return drawn[site] ? drawn[site].at : null;
  }

  function paint({ node, isLot }, pct) {
    boshu.dom.attribute(node, "class", `${isLot ? "lot lot" : "segment segment"}--${boshu.load(pct)}`);
    if (isLot) {
      const length = (AROUND * boshu.formats.share(pct)) / 100;
      boshu.dom.attribute(node.children[2], "stroke-dasharray", `${length.toFixed(1)} ${AROUND.toFixed(1)}`);
    }
  }

  /* How the places that are shown are laid on the canvas: all of a city as it is, a part of it larger and in the middle. */
  function framed(homes, kind) {
    const [x, y] = [0, 1].map((axis) => homes.map((home) => home[axis]));
    const [left, right, top, foot] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
    const [wide, high] = CLEAR[kind] || CLEAR_ELSE;
    const by = homes.length ? Math.min(LARGEST, wide / Math.max(1, right - left), high / Math.max(1, foot - top)) : 1;
    if (by <= 1.05) return { by: 1, move: [0, 0], put: (point) => point };
    const move = [MIDDLE[0] - ((left + right) / 2) * by, MIDDLE[1] - ((top + foot) / 2) * by];
    return { by, move, put: (point) => point.map((value, axis) => value * by + move[axis]) };
  }

  /* Draw the map; return what paints loads and alarms on it. */
  boshu.map = function (places, geo, name, words) {
    const project = projection(geo.base.canvas);
    const drawn = draw(geo.sites, project);
    const svg = boshu.svg("svg", { viewBox: project.viewBox, "aria-hidden": "true" });
    const leader = boshu.svg("g", { transform: `translate(0 ${project.top})` });
    const [lots, streets] = [true, false].map((isLot) => Object.values(drawn).filter((each) => each.isLot === isLot));
    const below = ground(places.ground, geo.base, geo.labels, project, name);
    const above = boshu.svg("g", { class: "map__view" });
    above.append(...streets.map((each) => each.node), ...lots.map((each) => each.node));
    svg.append(above, leader);
    places.roads.replaceChildren(svg);
    let frame = framed([]);
    let framedFor = "";
    const locate = (alarm) => located(alarm, drawn, project, geo.base.canvas, frame);

    /* Lay out those of the places that a picture tells of; the others stand back. */
    function lay(codes, kind) {
      const known = codes.filter((code) => drawn[code]);
      const isFor = `${kind} ${known.join(" ")}`;
      if (isFor === framedFor) return;
      framedFor = isFor;
      frame = framed(
        known.map((code) => drawn[code].home),
        kind,
      );
      const { by, move } = frame;
      const transform = `translate(${move[0]} ${move[1] + project.top * (1 - by)}) scale(${by})`;
      for (const view of [below, above]) view.setAttribute("transform", transform);
      const shown = new Set(known);
      for (const [code, each] of Object.entries(drawn)) {
        each.at = frame.put(each.home);
        if (!shown.has(code)) boshu.dom.attribute(each.node, "class", each.isLot ? "lot lot--beyond" : "segment segment--beyond");
      }
    }

    const callouts = boshu.callouts({ ...places, leader }, drawn, { locate, name, words });
    return {
      /* Paint the tile and the alarms; `isStale`: loads are old, so nothing is called out. */
      paint(tile, alarms, isStale, kind) {
        const told = [...(tile.segments || []), ...(tile.lots || [])].map(([code]) => code);
        if (told.length) lay(told, kind);
        for (const [code, pct] of [...(tile.segments || []), ...(tile.lots || [])]) {
          if (drawn[code]) paint(drawn[code], pct);
        }
        callouts(tile.segments || [], alarms, isStale);
      },
    };
  };
})();
