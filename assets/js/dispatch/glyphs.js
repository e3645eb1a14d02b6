/* How berths, segments and lots are drawn on the map: each state has a shape of its own, attention is a ring. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const [UNKNOWN, FREE, OCCUPIED, RESERVED, FAULT, OFFLINE] = [0, 1, 2, 3, 4, 5];
  const TOKENS = ["st-unknown-line", "st-free", "st-occupied", "st-reserved", "st-fault", "st-offline"];
  const LENGTH_M = 8; // drawn a little larger than a berth is, to be told apart
  const SHAPES_FROM_PX = 13;
  const WIDTHS = { na: 4.5, 1: 4.5, 2: 5, 3: 5.8, 4: 6.8, 5: 8.4 };
  const DIM = 0.14;
  const EDGE = 6; // pixels between a name and the edge of the map

  /* One berth, its middle at the origin and its length along x; `w` and `h` are pixels. */
  function shapeOf(g, state, w, h, ink) {
    const line = Math.max(1, w * 0.085);
    const rect = (inset, round) => {
      g.beginPath();
      g.roundRect(-w / 2 + inset, -h / 2 + inset, w - 2 * inset, h - 2 * inset, round);
    };
    const outline = (token, bed, dash) => {
      rect(line / 2, w * 0.1);
      if (bed) [g.fillStyle, g.lineWidth] = [ink(bed), line];
      if (bed) g.fill();
      [g.strokeStyle, g.lineWidth] = [ink(token), line];
      g.setLineDash(dash ? [w * 0.16, w * 0.11] : []);
      g.stroke();
      g.setLineDash([]);
    };
    if (state === OCCUPIED) {
      rect(0, w * 0.14);
      g.fillStyle = ink("st-occupied");
      g.fill();
      g.beginPath();
      g.roundRect(-w * 0.18, -h * 0.33, w * 0.38, h * 0.66, w * 0.09);
      g.fillStyle = ink("car-roof");
      g.fill();
    } else if (state === FREE) outline("st-free", "st-free-bed");
    else if (state === RESERVED) {
      outline("st-reserved", "st-reserved-bed");
      g.beginPath();
      g.moveTo(0, -h * 0.42);
      g.lineTo(h * 0.42, 0);
      g.lineTo(0, h * 0.42);
      g.lineTo(-h * 0.42, 0);
      g.closePath();
      g.fillStyle = ink("st-reserved");
      g.fill();
    } else if (state === FAULT) {
      rect(0, w * 0.12);
      g.fillStyle = ink("st-fault");
      g.fill();
      g.fillStyle = ink("on-state");
      g.fillRect(-w * 0.045, -h * 0.32, w * 0.09, h * 0.36);
      g.fillRect(-w * 0.045, h * 0.16, w * 0.09, h * 0.15);
    } else if (state === OFFLINE) {
      outline("st-offline-line", "st-offline-bed", true);
      g.beginPath();
      g.moveTo(-w * 0.24, h * 0.38);
      g.lineTo(w * 0.24, -h * 0.38);
      g.stroke();
    } else {
      outline("st-unknown-line", null, true);
      g.beginPath();
      g.moveTo(-w * 0.12, 0);
      g.lineTo(w * 0.12, 0);
      g.stroke();
    }
  }

  /* Shapes drawn once for a size and a theme, upright, and copied from there. */
  function sheetOf(w, h, ink, dots) {
    const cell = Math.ceil(w + 4);
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [cell * 6 * dots, cell * dots];
    const g = sheet.getContext("2d");
    for (let state = 0; state < 6; state += 1) {
      g.setTransform(dots, 0, 0, dots, (state + 0.5) * cell * dots, 0.5 * cell * dots);
      shapeOf(g, state, w, h, ink);
    }
    return { sheet, cell };
  }

  let kept = {};
  dispatch.forget = () => (kept = {});
  function sheet(w, h, ink, dots) {
    const key = `${w.toFixed(1)}/${dots}`;
    if (kept.key !== key) kept = { key, ...sheetOf(w, h, ink, dots) };
    return kept;
  }

  dispatch.berthSize = function (view) {
    const w = Math.max(4, LENGTH_M * view.pixels);
    return [w, Math.max(2.6, w * 0.44)];
  };

  /* Paint every berth in view that `shows` lets through; others stay as a shade. */
  dispatch.paintBerths = function (g, view, ink, dots, held, shows) {
    const [w, h] = dispatch.berthSize(view);
    const states = held.states();
    const margin = (2 * w) / view.scale;
    const isShaped = w >= SHAPES_FROM_PX;
    const { sheet: from, cell } = isShaped ? sheet(w, h, ink, dots) : {};
    const rings = [];
    for (let i = 0; i < held.n; i += 1) {
      const [x, y] = [held.x[i], held.y[i]];
      if (!(x > view.left - margin && x < view.right + margin && y > view.top - margin && y < view.bottom + margin))
        continue;
      const state = states[i] & 7;
      if (state > OFFLINE) continue;
      const [px, py] = [view.x(x), view.y(y)];
      const isShown = shows(states[i]);
      g.globalAlpha = isShown ? 1 : DIM;
      const [cos, sin] = [Math.cos(held.angle[i]) * dots, Math.sin(held.angle[i]) * dots];
      g.setTransform(cos, sin, -sin, cos, px * dots, py * dots);
      if (isShaped)
        g.drawImage(from, state * cell * dots, 0, cell * dots, cell * dots, -cell / 2, -cell / 2, cell, cell);
      else {
        g.fillStyle = ink(TOKENS[state]);
        if (state === UNKNOWN || state === OFFLINE) g.fillRect(-w / 2, -h / 4, w, h / 2);
        else g.fillRect(-w / 2, -h / 2, w, h);
      }
      if (isShown && states[i] & (8 | 16 | 64)) rings.push(i);
    }
    g.globalAlpha = 1;
    for (const i of rings) ring(g, view, dots, held, i, w, h, states[i] & 8 ? [] : [4, 3], ink("ring"), 2);
    g.setTransform(dots, 0, 0, dots, 0, 0);
  };

  function ring(g, view, dots, held, i, w, h, dash, colour, width, away = 2.6) {
    const [cos, sin] = [Math.cos(held.angle[i]) * dots, Math.sin(held.angle[i]) * dots];
    g.setTransform(cos, sin, -sin, cos, view.x(held.x[i]) * dots, view.y(held.y[i]) * dots);
    g.beginPath();
    g.roundRect(-w / 2 - away, -h / 2 - away, w + 2 * away, h + 2 * away, 4.5);
    [g.strokeStyle, g.lineWidth] = [colour, width];
    g.setLineDash(dash);
    g.stroke();
    g.setLineDash([]);
  }

  dispatch.paintPicked = function (g, view, ink, dots, held, i) {
    if (!(i >= 0) || Number.isNaN(held.x[i])) return;
    const [w, h] = dispatch.berthSize(view);
    ring(g, view, dots, held, i, w, h, [], ink("picked"), 2.4, 6);
    g.fillStyle = ink("picked-bed");
    g.fill();
    g.setTransform(dots, 0, 0, dots, 0, 0);
  };

  /* ---- city zoom: segments by their load, lots as rings ---- */

  dispatch.paintSegments = function (g, view, ink, sites, loads) {
    const grow = Math.max(0.75, Math.min(1.7, 1 + (view.zoom - 13.5) * 0.2));
    [g.lineCap, g.lineJoin] = ["round", "round"];
    const drawn = sites
      .filter(({ shapes }) => shapes)
      .map((site) => ({ site, step: boshu.load(loads(site.code)) }))
      .sort((a, b) => (WIDTHS[a.step] || 0) - (WIDTHS[b.step] || 0));
    for (const { site, step } of drawn) {
      const path = new Path2D();
      for (const shape of site.shapes) dispatch.trace(path, shape, view, false);
      const width = WIDTHS[step] * grow;
      [g.strokeStyle, g.lineWidth] = [ink("map-bed"), width + 5];
      g.stroke(path);
      if (step === "na") g.setLineDash([3, 8]);
      [g.strokeStyle, g.lineWidth] = [ink(`sat-${step}`), width];
      g.stroke(path);
      g.setLineDash([]);
      if (String(step) !== "5") continue;
      [g.strokeStyle, g.lineWidth] = [ink("sat-core"), 2.2 * grow];
      g.stroke(path);
    }
  };

  dispatch.paintLots = function (g, view, ink, sites, loads, label) {
    const family = getComputedStyle(document.body).fontFamily;
    const r = view.zoom >= 15 ? 15 : 12;
    [g.textAlign, g.textBaseline] = ["center", "middle"];
    for (const site of sites.filter(({ point }) => point)) {
      const [x, y] = [view.x(site.point[0]), view.y(site.point[1])];
      if (x < -80 || y < -40 || x > view.width + 80 || y > view.height + 40) continue;
      const pct = loads(site.code);
      const arc = (share, colour, width) => {
        g.beginPath();
        g.arc(x, y, r - 2, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI);
        [g.strokeStyle, g.lineWidth] = [colour, width];
        g.stroke();
      };
      g.beginPath();
      g.arc(x, y, r + 2, 0, 7);
      g.fillStyle = ink("map-bed");
      g.fill();
      arc(1, ink("track"), 3.6);
      g.lineCap = "round";
      if (boshu.formats.known(pct)) arc(boshu.formats.share(pct) / 100, ink(`sat-${boshu.load(pct)}`), 3.6);
      [g.fillStyle, g.font] = [ink("text-1"), `600 ${r}px ${family}`];
      g.fillText("P", x, y + 1);
      if (view.zoom < 15) continue;
      [g.font, g.strokeStyle, g.lineWidth] = [`500 12.5px ${family}`, ink("map-halo"), 4];
      const [text, below] = [label(site), y + r + 13];
      const half = g.measureText(text).width / 2 + EDGE;
      const middle = x < 0 || x > view.width ? x : Math.min(view.width - half, Math.max(half, x)); // whole, as long as its sign is
      g.strokeText(text, middle, below);
      g.fillStyle = ink("map-name");
      g.fillText(text, middle, below);
    }
  };

  /* ---- a hull around neighbours that share a fault ---- */

  dispatch.paintHull = function (g, view, ink, held, group) {
    const [w, h] = dispatch.berthSize(view);
    const corners = group.flatMap((i) => {
      const [cos, sin] = [Math.cos(held.angle[i]), Math.sin(held.angle[i])];
      const [x, y] = [view.x(held.x[i]), view.y(held.y[i])];
      return [
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ].map(([a, b]) => {
        const [dx, dy] = [a * (w / 2 + 7), b * (h / 2 + 7)];
        return [x + dx * cos - dy * sin, y + dx * sin + dy * cos];
      });
    });
    const hull = around(corners);
    g.beginPath();
    hull.forEach(([x, y], i) => (i ? g.lineTo(x, y) : g.moveTo(x, y)));
    g.closePath();
    [g.strokeStyle, g.lineWidth, g.lineJoin] = [ink("al-2"), 1.8, "round"];
    g.setLineDash([6, 4]);
    g.stroke();
    g.setLineDash([]);
    return hull;
  };

  /* The convex hull of points, counter-clockwise. */
  function around(points) {
    const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
    const turn = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    const half = (list) => {
      const chain = [];
      for (const point of list) {
        while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), point) <= 0) chain.pop();
        chain.push(point);
      }
      return chain.slice(0, -1);
    };
    return [...half(sorted), ...half(sorted.reverse())];
  }
})();
