/* The ground of the map, drawn from the city's GeoJSON with the tokens: water, parks, blocks, streets, names. Nearer, streets
   get kerbs and lane marks, blocks fall into houses, parks get trees. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const HOUSES_FROM = 16; // zoom
  const MARKS_FROM = 16.5;
  const TREES_FROM = 16.5;
  const NAMES_FROM = 15.5;
  const BESIDE_M = 11.5;
  const APART = 24; // pixels between two names at least
  const TREE_STEP = 17 / 40075016; // of the unit square, about fifteen metres

  /* Width in metres, least width in pixels, and width of the pavement beside it in metres. */
  const STREETS = {
    minor: { road: 12.4, least: 1.1, walk: 34, ink: "map-road" },
    arterial: { road: 15.5, least: 2.4, walk: 46, ink: "map-art" },
    diagonal: { road: 15.5, least: 2.6, walk: 46, ink: "map-art" },
    ring: { road: 27, least: 3.4, walk: 44, ink: "map-ring" },
  };

  const linesOf = (geometry) => (geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates]);
  dispatch.linesOf = linesOf;

  /* A line or ring as flat coordinates of the unit square with the box around it. */
  function shape(points) {
    const flat = new Float64Array(points.length * 2);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    points.forEach(([lon, lat], i) => {
      const [x, y] = dispatch.unit(lon, lat);
      [flat[2 * i], flat[2 * i + 1]] = [x, y];
      [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
      [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
    });
    return { flat, box };
  }
  dispatch.shape = shape;

  const seen = ({ box }, view, margin) =>
    box[0] - margin < view.right &&
    box[2] + margin > view.left &&
    box[1] - margin < view.bottom &&
    box[3] + margin > view.top;

  function trace(path, { flat }, view, isClosed) {
    path.moveTo(view.x(flat[0]), view.y(flat[1]));
    for (let i = 2; i < flat.length; i += 2) path.lineTo(view.x(flat[i]), view.y(flat[i + 1]));
    if (isClosed) path.closePath();
  }
  dispatch.trace = trace;

  /* Always the same number for the same seed, in [0, 1). */
  function chance(seed) {
    const value = Math.sin(seed * 12.9898) * 43758.5453;
    return value - Math.floor(value);
  }

  /* Split a block of four corners into houses with gaps between; other blocks stay whole. */
  function housesOf(ring, seed) {
    if (ring.length !== 5) return [ring];
    const [a, b, c, d] = ring;
    const at = (u, v) => [0, 1].map((k) => (1 - v) * ((1 - u) * a[k] + u * b[k]) + v * ((1 - u) * d[k] + u * c[k]));
    const cuts = (n, salt) => {
      const weights = Array.from({ length: n }, (_each, i) => 0.7 + 0.6 * chance(seed * 7 + salt + i));
      const whole = weights.reduce((sum, each) => sum + each, 0);
      let from = 0;
      return weights.map((each) => [from, (from += each / whole)]);
    };
    const [columns, rows] = [
      cuts(2 + Math.floor(2 * chance(seed)), 11),
      cuts(2 + Math.floor(2 * chance(seed + 5)), 29),
    ];
    const gap = 0.03;
    const houses = [];
    for (const [u0, u1] of columns)
      for (const [v0, v1] of rows) {
        if (chance(seed + 31 * u0 + 17 * v0) < 0.12) continue;
        const [u, v] = [
          [u0 + gap, u1 - gap],
          [v0 + gap, v1 - gap],
        ];
        houses.push([at(u[0], v[0]), at(u[1], v[0]), at(u[1], v[1]), at(u[0], v[1]), at(u[0], v[0])]);
      }
    return houses;
  }

  function treesOf(park) {
    const path = new Path2D();
    const far = { x: (x) => (x - park.box[0]) / TREE_STEP, y: (y) => (y - park.box[1]) / TREE_STEP };
    trace(path, park, far, true);
    const ink = document.createElement("canvas").getContext("2d");
    const trees = [];
    const [wide, high] = [far.x(park.box[2]), far.y(park.box[3])];
    for (let column = 0; column < wide; column += 1)
      for (let row = 0; row < high; row += 1) {
        const seed = column * 131 + row * 17;
        const [x, y] = [column + chance(seed), row + chance(seed + 3)];
        if (chance(seed + 9) < 0.55 && ink.isPointInPath(path, x, y))
          trees.push([park.box[0] + x * TREE_STEP, park.box[1] + y * TREE_STEP, 2.4 + 2.6 * chance(seed + 1)]);
      }
    return trees;
  }

  /* Read the base map once. */
  function landOf(base, labels, sites) {
    const layers = Object.fromEntries(base.features.map(({ properties, geometry }) => [properties.layer, geometry]));
    const rings = (name) => (layers[name] ? linesOf(layers[name]).map((rings_) => shape(rings_[0])) : []);
    const blocks = {};
    const houses = {};
    for (const name of ["b1", "b2", "b3"]) {
      blocks[name] = rings(name);
      houses[name] = (layers[name] ? linesOf(layers[name]) : []).flatMap(([ring], i) =>
        housesOf(ring, i + 1).map(shape),
      );
    }
    return {
      water: [...rings("river"), ...rings("lake")],
      parks: rings("park").map((park) => ({ ...park, trees: null })),
      blocks,
      houses,
      rail: (layers.rail ? linesOf(layers.rail) : []).map(shape),
      streets: Object.fromEntries(
        Object.keys(STREETS).map((name) => [name, layers[name] ? linesOf(layers[name]).map(shape) : []]),
      ),
      labels: labels.features.map(({ properties, geometry }) => ({
        ...properties,
        at: dispatch.unit(...geometry.coordinates),
      })),
      names: namesOf(sites),
    };
  }

  /* Where a street's name is written: about the middle of each of its lines, along it. */
  function namesOf(sites) {
    const names = [];
    for (const site of sites.filter((each) => each.geometry && each.geometry.type !== "Point"))
      for (const line of linesOf(site.geometry)) {
        const { flat } = shape(line);
        for (const share of line.length > 3 ? [0.18, 0.5, 0.82] : [0.25, 0.75]) {
          const [x, y, angle] = along(flat, share);
          names.push({ name: site.road_name || site.name, name_en: site.road_name_en || site.name_en, x, y, angle });
        }
      }
    return names;
  }

  function along(flat, share) {
    const lengths = [];
    for (let i = 2; i < flat.length; i += 2) lengths.push(Math.hypot(flat[i] - flat[i - 2], flat[i + 1] - flat[i - 1]));
    let left = share * lengths.reduce((sum, each) => sum + each, 0);
    let piece = 0;
    while (piece < lengths.length - 1 && left > lengths[piece]) left -= lengths[piece++];
    const [x0, y0, x1, y1] = flat.slice(2 * piece, 2 * piece + 4);
    const part = lengths[piece] ? left / lengths[piece] : 0;
    let angle = Math.atan2(y1 - y0, x1 - x0);
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle <= -Math.PI / 2) angle += Math.PI;
    return [x0 + part * (x1 - x0), y0 + part * (y1 - y0), angle];
  }

  /* Return what paints the ground: `paint(context, view, ink, name)`. */
  dispatch.ground = function (base, labels, sites) {
    const land = landOf(base, labels, sites);
    return function (g, view, ink, name) {
      surfaces(g, view, ink, land);
      if (view.zoom >= HOUSES_FROM) pavements(g, view, ink, land);
      fills(g, view, view.zoom >= HOUSES_FROM ? land.houses : land.blocks, ink);
      streets(g, view, ink, land);
      if (view.zoom >= MARKS_FROM) marks(g, view, ink, land);
      if (view.zoom >= TREES_FROM) trees(g, view, ink, land);
      words(g, view, ink, land, name);
    };
  };

  function fill(g, view, shapes, colour) {
    const path = new Path2D();
    for (const each of shapes) if (seen(each, view, 0)) trace(path, each, view, true);
    g.fillStyle = colour;
    g.fill(path);
    return path;
  }

  function surfaces(g, view, ink, land) {
    g.fillStyle = ink("map-land");
    g.fillRect(0, 0, view.width, view.height);
    fill(g, view, land.water, ink("map-water"));
    fill(g, view, land.parks, ink("map-park"));
  }

  function fills(g, view, kinds, ink) {
    const isNear = view.zoom >= HOUSES_FROM;
    for (const [name, shapes] of Object.entries(kinds)) {
      const path = fill(g, view, shapes, ink(isNear ? `house-${name[1]}` : `map-${name}`));
      if (!isNear) continue;
      [g.strokeStyle, g.lineWidth] = [ink("block-line"), 1];
      g.stroke(path);
    }
  }

  function strokes(g, view, shapes, colour, width, dash) {
    const path = new Path2D();
    const margin = width / view.scale;
    for (const each of shapes) if (seen(each, view, margin)) trace(path, each, view, false);
    [g.strokeStyle, g.lineWidth, g.lineCap, g.lineJoin] = [colour, width, dash ? "butt" : "round", "round"];
    g.setLineDash(dash || []);
    g.stroke(path);
    g.setLineDash([]);
  }

  function pavements(g, view, ink, land) {
    for (const [name, { walk }] of Object.entries(STREETS))
      strokes(g, view, land.streets[name], ink("kerb"), walk * view.pixels);
    for (const shapes of Object.values(land.blocks)) fill(g, view, shapes, ink("map-plot"));
  }

  function streets(g, view, ink, land) {
    strokes(g, view, land.rail, ink("map-rail"), Math.max(1.6, 4 * view.pixels), [10, 7]);
    const isNear = view.zoom >= HOUSES_FROM;
    for (const [name, { road, least, ink: token }] of Object.entries(STREETS)) {
      const width = Math.max(least * Math.max(1, (view.zoom - 11.5) / 2), road * view.pixels);
      strokes(g, view, land.streets[name], ink(isNear && name !== "ring" ? "map-street" : token), width);
      if (name === "ring" && !isNear) strokes(g, view, land.streets[name], ink("map-land"), 1.2);
    }
  }

  /* Lane marks: dashes between lanes of small streets, a line between the directions of large ones. */
  function marks(g, view, ink, land) {
    const thin = Math.max(1, 0.32 * view.pixels);
    strokes(g, view, land.streets.minor, ink("lane-mark"), thin, [12, 10]);
    for (const name of ["arterial", "diagonal", "ring"])
      strokes(g, view, land.streets[name], ink("lane-art"), thin * 1.3);
  }

  function trees(g, view, ink, land) {
    g.fillStyle = ink("tree");
    for (const park of land.parks.filter((each) => seen(each, view, 0))) {
      park.trees = park.trees || treesOf(park);
      g.beginPath();
      for (const [x, y, size] of park.trees) {
        if (x < view.left || x > view.right || y < view.top || y > view.bottom) continue;
        const [cx, cy, r] = [view.x(x), view.y(y), size * view.pixels];
        g.moveTo(cx + r, cy);
        g.arc(cx, cy, r, 0, 7);
      }
      g.fill();
    }
  }

  function words(g, view, ink, land, name) {
    [g.textAlign, g.textBaseline, g.lineJoin] = ["center", "middle", "round"];
    const family = getComputedStyle(document.body).fontFamily;
    if (view.zoom < NAMES_FROM) {
      g.letterSpacing = "4px";
      for (const label of land.labels) {
        g.font = `500 ${label.kind === "river" ? 13 : 15}px ${family}`;
        written(g, name(label), view.x(label.at[0]), view.y(label.at[1]), ink("map-label"), ink("map-halo"));
      }
    } else {
      g.letterSpacing = "3px";
      g.font = `400 ${view.zoom >= 18 ? 14 : 12.5}px ${family}`;
      const taken = [];
      for (const label of land.names) {
        const [x, y] = [view.x(label.x), view.y(label.y)];
        if (x < -60 || y < -60 || x > view.width + 60 || y > view.height + 60) continue;
        const half = g.measureText(name(label)).width / 2;
        if (taken.some((other) => Math.hypot(other.x - x, other.y - y) < other.half + half + APART)) continue;
        taken.push({ x, y, half });
        g.save();
        g.translate(x, y);
        g.rotate(label.angle);
        written(g, name(label), 0, -BESIDE_M * view.pixels, ink("map-name"), ink("kerb")); // on the pavement, not on berths
        g.restore();
      }
    }
    g.letterSpacing = "0px";
  }

  function written(g, text, x, y, colour, halo) {
    [g.strokeStyle, g.lineWidth, g.fillStyle] = [halo, 4, colour];
    g.strokeText(text, x, y);
    g.fillText(text, x, y);
  }
})();
