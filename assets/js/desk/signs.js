/* Signs of the desk beside those of the wall: states of a berth, alarms, and why a piece shows nothing. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { svg } = boshu;
  const ink = { fill: "none", stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round" };
  const path = (d, more) => ["path", { ...ink, d, ...more }];
  const ring = (r, more) => ["circle", { ...ink, cx: 22, cy: 22, r, ...more }];

  /* 44 by 44, drawn in the colour of the text. */
  const BLANKS = {
    "blank-empty": [path("M8 17h28v17H8zM8 17l5-8h18l5 8M17 17v4h10v-4")],
    "blank-loading": [ring(14, { "stroke-dasharray": "50 40" })],
    "blank-failed": [path("M22 7 39 36H5Z"), path("M22 17v9M22 31v.2", { "stroke-width": 2.6 })],
    "blank-stale": [ring(15), path("M22 13v9l6 5")],
    "blank-forbidden": [path("M12 20h20v15H12zM16 20v-5a6 6 0 0 1 12 0v5")],
    "blank-picture": [path("M7 12h30v21H7zM7 28l9-8 7 6 5-4 9 8"), ["circle", { ...ink, cx: 29, cy: 18, r: 2.4 }]],
  };

  /* 22 by 22. */
  const SIGNS = {
    "desk-reserved": [["path", { class: "ink--booked", d: "M11 2 20 11 11 20 2 11Z" }]],
    "desk-unknown": [
      ["rect", { ...ink, class: "ink--unheard", x: 3, y: 3, width: 16, height: 16, rx: 4, "stroke-dasharray": "3 4" }],
    ],
    "desk-attention": [
      ["path", { class: "ink--attention", d: "M11 1.5 20.5 11 11 20.5 1.5 11Z" }],
      ["path", { class: "ink--on-attention", d: "M11 6.4v5.4", "stroke-width": 2.2 }],
      ["circle", { class: "ink--on-attention-dot", cx: 11, cy: 15, r: 1.3 }],
    ],
    "desk-locate": [
      ["circle", { ...ink, cx: 11, cy: 11, r: 5 }],
      ["path", { ...ink, d: "M11 1v4M11 17v4M1 11h4M17 11h4" }],
    ],
    "desk-city": [["path", { ...ink, d: "M3 19V9l5-3v13M8 19V3l7 3v13M15 19v-8l4 2v6M1 19h20" }]],
    "desk-play": [["path", { fill: "currentColor", d: "M5 3 18 11 5 19Z" }]],
    "desk-pause": [["path", { fill: "currentColor", d: "M5 3h4v16H5zM13 3h4v16h-4z" }]],
  };

  const known = boshu.glyph;
  boshu.glyph = function (name) {
    const parts = BLANKS[name] || SIGNS[name];
    if (!parts) return known(name);
    const node = svg("svg", { viewBox: BLANKS[name] ? "0 0 44 44" : "0 0 22 22", "aria-hidden": "true" });
    node.append(...parts.map(([tag, attributes]) => svg(tag, attributes)));
    return node;
  };
})();
