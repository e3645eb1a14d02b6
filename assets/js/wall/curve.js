/* Today's occupancy against the same weekday: a still SVG, redrawn whole with as many nodes as before. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const WIDTH = 420;
  const HEIGHT = 230;
  const BOX = { left: 50, right: WIDTH - 26, top: 26, foot: HEIGHT - 32 };
  const DAY_MIN = 1440;
  const PEAK = 90; // room of the peak's words
  const FIGURE = 75; // room the newest figure takes to its left at the end of the day
  const GAP = 14;

  const x = (minute) => BOX.left + ((BOX.right - BOX.left) * minute) / DAY_MIN;
  const y = (pct) => BOX.foot - ((BOX.foot - BOX.top) * Math.min(100, Math.max(0, pct))) / 100;
  const minuteOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

  /* Draw the still parts once; return what changes. */
  function frame(place, hoursText) {
    const svg = boshu.svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" });
    const fade = boshu.svg("linearGradient", { id: "curve-fade", x1: 0, y1: 0, x2: 0, y2: 1 });
    fade.append(
      boshu.svg("stop", { offset: 0, class: "curve__fade-top" }),
      boshu.svg("stop", { offset: 1, class: "curve__fade-foot" }),
    );
    const defs = boshu.svg("defs", {});
    defs.append(fade);
    svg.append(defs);
    for (const pct of [50, 100]) {
      svg.append(boshu.svg("path", { class: "curve__grid", d: `M${BOX.left} ${y(pct)}H${BOX.right}` }));
      svg.append(label(BOX.left - 10, y(pct) + 7, "end", String(pct)));
    }
    for (const hour of [0, 6, 12, 18, 24]) {
      svg.append(
        label(x(hour * 60), HEIGHT - 4, "middle", hour === 24 ? boshu.formats.fill(hoursText, { hour }) : String(hour)),
      );
    }
    const parts = {
      area: boshu.svg("path", { class: "curve__area", fill: "url(#curve-fade)" }),
      then: boshu.svg("path", { class: "curve__then" }),
      now: boshu.svg("path", { class: "curve__now" }),
      dot: boshu.svg("circle", { class: "curve__dot", r: 6.5 }),
      peak: label(0, 0, "middle", ""),
      figure: boshu.svg("text", { class: "curve__figure" }),
    };
    svg.append(...Object.values(parts));
    place.replaceChildren(svg);
    return parts;
  }

  function label(left, foot, anchor, text) {
    const node = boshu.svg("text", { class: "curve__tick", x: left, y: foot, "text-anchor": anchor });
    node.textContent = text;
    return node;
  }

  function write(node, text, left, foot) {
    boshu.dom.text(node, text);
    boshu.dom.attribute(node, "x", String(left));
    boshu.dom.attribute(node, "y", String(foot));
  }

  /* Cut a series at what is unknown: runs of [minute, per cent]. */
  function runs(values, step, last) {
    const found = [[]];
    values.forEach((pct, i) => {
      if (boshu.formats.known(pct) && i * step <= last) found[found.length - 1].push([i * step, pct]);
      else if (found[found.length - 1].length) found.push([]);
    });
    return found.filter((run) => run.length);
  }

  /* A smooth line through the points that never swings beyond them (Fritsch and Carlson). */
  function smooth(run) {
    const points = run.map(([minute, pct]) => [x(minute), y(pct)]);
    const slope = points.slice(1).map(([px, py], i) => (py - points[i][1]) / (px - points[i][0]));
    const tangent = points.map((_, i) => {
      const [a, b] = [slope[i - 1], slope[i]];
      if (a === undefined || b === undefined) return a ?? b ?? 0;
      return a * b <= 0 ? 0 : (2 * a * b) / (a + b);
    });
    return points.reduce((path, [px, py], i) => {
      if (!i) return `M${px.toFixed(1)} ${py.toFixed(1)}`;
      const [qx, qy] = points[i - 1];
      const third = (px - qx) / 3;
      const bend = [qx + third, qy + tangent[i - 1] * third, px - third, py - tangent[i] * third, px, py];
      return `${path}C${bend.map((value) => value.toFixed(1)).join(" ")}`;
    }, "");
  }

  boshu.curve = function (place, words) {
    const parts = frame(place, words.hours);
    /* Draw the tile as it is at a minute of the city's day. */
    return function (tile, minute) {
      const step = tile.step_min || 15;
      const today = runs(tile.today || [], step, minute);
      const known = boshu.formats.known(tile.now_pct);
      const last = today[today.length - 1];
      if (known && last && minute > last[last.length - 1][0] && minute - last[last.length - 1][0] <= 2 * step)
        last.push([minute, tile.now_pct]);
      parts.now.setAttribute("d", today.map(smooth).join(""));
      parts.area.setAttribute(
        "d",
        today.map((run) => `${smooth(run)}L${x(run[run.length - 1][0])} ${BOX.foot}H${x(run[0][0])}Z`).join(""),
      );
      parts.then.setAttribute(
        "d",
        runs(tile.baseline || [], step, DAY_MIN)
          .map(smooth)
          .join(""),
      );
      mark(tile, minute, known);
    };

    function mark(tile, minute, known) {
      const [left, foot] = [x(minute), y(tile.now_pct || 0)];
      const isNearEnd = left > 290;
      parts.dot.toggleAttribute("hidden", !known);
      boshu.dom.attribute(parts.dot, "cx", String(left));
      boshu.dom.attribute(parts.dot, "cy", String(foot));
      boshu.dom.attribute(parts.figure, "text-anchor", isNearEnd ? "end" : "start");
      const beside = isNearEnd ? Math.min(left + 10, WIDTH - 6) : Math.max(left - 6, BOX.left);
      write(parts.figure, known ? `${boshu.formats.percent(tile.now_pct)}%` : "", beside, Math.max(20, foot - 16));
      peak(tile, known ? left - (isNearEnd ? FIGURE : GAP) : BOX.right);
    }

    /* The day's highest, left of the newest figure; where there is no room for its words it is left out. */
    function peak(tile, edge) {
      const middle = Math.max((tile.peak_at ? x(minuteOf(tile.peak_at)) : 0) - 20, BOX.left + PEAK / 2);
      const isSeen = boshu.formats.known(tile.peak_pct) && middle + PEAK / 2 <= edge;
      const text = isSeen ? boshu.formats.fill(words.peak, { pct: tile.peak_pct.toFixed(0) }) : "";
      write(parts.peak, text, middle, Math.max(18, y(tile.peak_pct || 0) - 16));
    }
  };
})();
