/* A place drawn on the map, a field of forms: a line (a street, in several pieces where crossings part it), an area or a point.
   A click adds a corner, dragging moves it, a right click or Delete takes it away; the corners stand as text below for whoever
   types. The value is GeoJSON in WGS-84, or null where nothing is drawn. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom } = boshu;
  const MODES = ["line", "area", "point"];
  const EARTH_M = 6371008.8;
  const PLACES = 7;
  const [NEAREST, FARTHEST] = [20, 11];
  const AROUND = 0.0005;

  /* ---- GeoJSON to pieces of corners and back; corners are [lon, lat] ---- */

  /* Of several areas the first can be drawn on; all are kept until it is. */
  function piecesOf(geometry) {
    if (!geometry) return { mode: "line", pieces: [[]] };
    const { type, coordinates } = geometry;
    if (type === "Point") return { mode: "point", pieces: [[coordinates]] };
    if (type === "LineString") return { mode: "line", pieces: [coordinates] };
    if (type === "MultiLineString") return { mode: "line", pieces: coordinates };
    const ring = type === "Polygon" ? coordinates[0] : coordinates[0][0];
    return { mode: "area", pieces: [ring.slice(0, -1)] };
  }

  function geometryOf(mode, pieces) {
    const drawn = pieces.filter((piece) => piece.length);
    if (!drawn.length) return null;
    if (mode === "point") return { type: "Point", coordinates: drawn[0][0] };
    if (mode === "area") return { type: "Polygon", coordinates: [[...drawn[0], drawn[0][0]]] };
    if (drawn.length === 1) return { type: "LineString", coordinates: drawn[0] };
    return { type: "MultiLineString", coordinates: drawn };
  }

  const radians = (degrees) => (degrees * Math.PI) / 180;
  function metres([lonA, latA], [lonB, latB]) {
    const east = radians(lonB - lonA) * Math.cos(radians((latA + latB) / 2));
    return Math.hypot(east, radians(latB - latA)) * EARTH_M;
  }
  const lengthOf = (piece) => piece.slice(1).reduce((sum, corner, i) => sum + metres(piece[i], corner), 0);

  const written = (pieces) => pieces.map((piece) => piece.map((corner) => corner.join(", ")).join("\n")).join("\n\n");

  /* Corners as they were typed: one a line, longitude first; a blank line begins the next piece. Null where it cannot be read. */
  function readText(text) {
    const pieces = text.trim().split(/\n\s*\n/).map((piece) => piece.trim().split("\n").filter(Boolean));
    const corners = pieces.map((piece) => piece.map((line) => line.split(/[,\s]+/).filter(Boolean).map(Number)));
    const isPoint = ([lon, lat, ...more]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 85 && !more.length;
    return corners.flat().every(isPoint) ? corners : null;
  }

  const rounded = ({ lng, lat }) => [lng, lat].map((each) => Number(each.toFixed(PLACES)));

  /* ---- the field ---- */

  boshu.fields = boshu.fields || {};
  boshu.fields.geometry = function (place, value, changed) {
    const words = JSON.parse(document.querySelector("[data-words]").dataset.words).drawing;
    let kept = value || null; // as the server told it, until something is drawn
    let { mode, pieces } = piecesOf(kept);

    const tools = Object.fromEntries(MODES.map((name) => [name, button(words[name], () => choose(name))]));
    const next = button(words.next, () => pieces[pieces.length - 1].length && pieces.push([]) && turn());
    const undo = button(words.undo, takeBack);
    const clear = button(words.clear, () => draw([[]]));
    const told = dom.node("span", "drawing__told num");
    told.setAttribute("role", "status");
    const ground = dom.node("div", "drawing__map");
    const typed = Object.assign(dom.node("textarea", "field__input drawing__typed"), { rows: 5, spellcheck: false });
    typed.setAttribute("aria-label", words.corners);
    const details = dom.node("details", "drawing__text", dom.node("summary", "", words.corners), typed);
    const bar = dom.node("div", "drawing__bar", ...Object.values(tools), next, undo, clear, told);
    const zoom = [["+", words.closer, 1], ["−", words.farther, -1]].map(([sign, label, by]) => {
      const node = button(sign, () => chart.zoom(by));
      node.setAttribute("aria-label", label);
      return Object.assign(node, { title: label });
    });
    place.classList.add("drawing");
    place.append(bar, dom.node("div", "drawing__ground", ground, dom.node("div", "drawing__zoom", ...zoom)), dom.node("small", "drawing__hint", words.hint), details);
    typed.addEventListener("change", () => {
      const corners = readText(typed.value);
      typed.setAttribute("aria-invalid", String(!corners));
      if (corners) draw(corners);
    });

    const chart = chartOf(ground, {
      add(corner) {
        if (mode === "point") return draw([[corner]]);
        pieces[pieces.length - 1].push(corner);
        return draw(pieces);
      },
      move(piece, i, corner) {
        pieces[piece][i] = corner;
        draw(pieces);
      },
      drop(piece, i) {
        pieces[piece].splice(i, 1);
        draw(pieces.filter((each, j) => each.length || j === pieces.length - 1));
      },
      insert(piece, i, corner) {
        pieces[piece].splice(i, 0, corner);
        draw(pieces);
      },
    });
    turn();
    chart.show(kept);

    function choose(name) {
      if (name === mode) return;
      const corners = pieces.flat();
      mode = name;
      draw([name === "point" ? corners.slice(0, 1) : corners]);
    }

    function takeBack() {
      if (!pieces[pieces.length - 1].length && pieces.length > 1) pieces.pop();
      pieces[pieces.length - 1].pop();
      draw(pieces);
    }

    function draw(corners) {
      pieces = corners.length ? corners : [[]];
      kept = geometryOf(mode, pieces);
      turn();
      changed();
    }

    function turn() {
      for (const [name, tool] of Object.entries(tools)) tool.setAttribute("aria-pressed", String(name === mode));
      next.hidden = mode !== "line";
      const corners = pieces.flat().length;
      clear.disabled = undo.disabled = !corners;
      const long = mode === "line" ? pieces.reduce((sum, piece) => sum + lengthOf(piece), 0) : 0;
      const length = long ? boshu.formats.fill(words.length, { m: boshu.formats.whole(Math.round(long)) }) : "";
      dom.text(told, corners ? [boshu.formats.fill(words.n, { n: corners }), length].filter(Boolean).join(" · ") : words.none);
      typed.value = written(pieces);
      chart.draw(mode, pieces);
    }

    return {
      read: () => kept,
      write(geometry) {
        kept = geometry || null;
        ({ mode, pieces } = piecesOf(kept));
        turn();
        chart.show(kept);
      },
    };
  };

  function button(label, does) {
    const node = Object.assign(dom.node("button", "button button--small", label), { type: "button" });
    node.addEventListener("click", does);
    return node;
  }

  /* ---- the map: the city's ground as the dispatch map draws it, the drawing above ---- */

  function chartOf(node, { add, move, drop, insert }) {
    const { L } = window;
    const leaflet = L.map(node, {
      attributionControl: false, zoomControl: false, zoomSnap: 0.5, minZoom: FARTHEST, maxZoom: NEAREST, zoom: 14, center: [0, 0], doubleClickZoom: false,
    });
    const root = document.querySelector(".desk") || document.body;
    const ink = boshu.dispatch.inks(root);
    const name = (each) => (root.dataset.lang === "en" && each.name_en) || each.name;
    let paint = null;
    let box = null; // what shall be seen, once the map has a size
    let isPlaced = false;
    const canvas = boshu.dispatch.canvas(leaflet, "ground", 150, (g, at) => paint && paint(g, at, ink, name));
    const shapes = L.layerGroup().addTo(leaflet);
    const corners = L.layerGroup().addTo(leaflet);
    leaflet.on("click", (event) => add(rounded(event.latlng)));
    new ResizeObserver(() => {
      leaflet.invalidateSize({ animate: false });
      look();
    }).observe(node);
    learn();

    /* The city's ground; without it the drawing stands on a plain one. */
    async function learn() {
      const known = await read("/live/places.json");
      const folder = known && known.city && known.city.map && `/assets/map/${known.city.map}`;
      const [base, labels] = folder ? await Promise.all(["basemap", "labels"].map((each) => read(`${folder}/${each}.geojson`))) : [];
      if (base && labels) paint = boshu.dispatch.ground(base, labels, known.sites);
      const points = known ? known.sites.flatMap(({ centre }) => (centre ? [[centre[1], centre[0]]] : [])) : [];
      if (!isPlaced && !box && points.length) box = L.latLngBounds(points);
      look();
      canvas.soon();
    }

    function look() {
      if (!box || !node.clientWidth) return;
      leaflet.fitBounds(box, { padding: [10, 10], animate: false });
      [box, isPlaced] = [null, true];
    }

    return {
      zoom: (by) => leaflet.setZoom(leaflet.getZoom() + by),
      show(geometry) {
        const found = geometry && piecesOf(geometry).pieces.flat();
        if (!found || !found.length) return;
        const whole = L.latLngBounds(found.map(([lon, lat]) => [lat, lon])).pad(0.2);
        const { lat, lng } = whole.getCenter();
        box = whole.extend(L.latLngBounds([lat - AROUND, lng - AROUND], [lat + AROUND, lng + AROUND]));
        look();
      },
      draw(mode, pieces) {
        shapes.clearLayers();
        corners.clearLayers();
        const style = { color: ink("brand"), weight: 4, fillOpacity: 0.18, interactive: false };
        pieces.forEach((piece, p) => {
          const points = piece.map(([lon, lat]) => [lat, lon]);
          if (mode === "line" && points.length > 1) L.polyline(points, style).addTo(shapes);
          if (mode === "area" && points.length > 1) L.polygon(points, style).addTo(shapes);
          piece.forEach((corner, i) => corners.addLayer(handle(corner, p, i)));
          if (mode !== "point") between(piece, mode).forEach(([corner, i]) => corners.addLayer(middle(corner, p, i)));
        });
      },
    };

    function handle([lon, lat], piece, i) {
      const marker = L.marker([lat, lon], { draggable: true, icon: mark(""), keyboard: true, alt: `${piece + 1}.${i + 1}` });
      marker.on("dragend", () => move(piece, i, rounded(marker.getLatLng())));
      marker.on("contextmenu", () => drop(piece, i));
      marker.on("keydown", ({ originalEvent }) => {
        if (["Delete", "Backspace"].includes(originalEvent.key)) drop(piece, i);
      });
      return marker;
    }

    function middle([lon, lat], piece, i) {
      const marker = L.marker([lat, lon], { icon: mark(" drawing__corner--new"), keyboard: false });
      marker.on("click", () => insert(piece, i, rounded(marker.getLatLng())));
      return marker;
    }
  }

  const mark = (more) => window.L.divIcon({ className: `drawing__corner${more}`, iconSize: [14, 14] });

  /* The middles between corners, where one can be put in. */
  function between(piece, mode) {
    const ends = mode === "area" && piece.length > 2 ? [...piece, piece[0]] : piece;
    return ends.slice(1).map((corner, i) => [[0, 1].map((k) => Number(((ends[i][k] + corner[k]) / 2).toFixed(PLACES))), i + 1]);
  }

  async function read(address) {
    try {
      const answer = await fetch(address);
      return answer.ok ? await answer.json() : null;
    } catch (error) {
      if (error instanceof TypeError || error instanceof SyntaxError) return null; // away, or not for this reader
      throw error;
    }
  }
})();
