/* Signs of the wall: each state has a shape of its own, so that colour is never the only witness. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const SPACE = "http://www.w3.org/2000/svg";

  /* Return an SVG node with its attributes. */
  boshu.svg = function (name, attributes) {
    const node = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };

  const TRIANGLE = [
    ["path", { class: "ink--fault", d: "M11 1.8 21 19.6H1Z" }],
    ["path", { class: "ink--mark-line", d: "M11 8v5.4", "stroke-width": 2.2 }],
    ["circle", { class: "ink--mark", cx: 11, cy: 16.6, r: 1.3 }],
  ];
  const SIGNS = {
    occupied: [["rect", { class: "ink--occupied", x: 2.5, y: 2.5, width: 17, height: 17, rx: 4.5 }]],
    free: [["circle", { class: "ink--free", cx: 11, cy: 11, r: 7.5 }]],
    reserved: [["path", { class: "ink--reserved", d: "M11 2 20 11 11 20 2 11Z" }]],
    fault: TRIANGLE,
    paid: [
      ["circle", { class: "ink--paid", cx: 11, cy: 11, r: 8 }],
      ["path", { class: "ink--paid", d: "M7.5 6.6 11 11l3.5-4.4M11 11v5.6M7.6 12.6h6.8" }],
    ],
    mute: [
      ["path", { class: "ink--mute-body", d: "M3 8.4h3.6L11.4 4v14l-4.8-4.4H3Z" }],
      ["path", { class: "ink--mute", d: "M14.4 8.2 20 13.8M20 8.2 14.4 13.8" }],
    ],
    offline: [
      ["circle", { class: "ink--offline ink--offline-ring", cx: 11, cy: 11, r: 8 }],
      ["path", { class: "ink--offline", d: "M5 17 17 5" }],
    ],
    unheard: [
      ["rect", { class: "ink--unheard", x: 2.5, y: 2.5, width: 17, height: 17, rx: 4.5, "stroke-dasharray": "3 4" }],
      ["path", { class: "ink--unheard", d: "M8 11h6" }],
    ],
    lots: [
      ["rect", { class: "ink--unheard", x: 2, y: 2, width: 18, height: 18, rx: 5 }],
      ["path", { class: "ink--unheard", d: "M8.6 16.4V6.2h3.2a3 3 0 0 1 0 6H8.6" }],
    ],
    "alarm-1": TRIANGLE,
    "alarm-2": [["path", { class: "ink--alarm-2", d: "M11 1 21 11 11 21 1 11Z" }]],
    "alarm-3": [["circle", { class: "ink--alarm-3", cx: 11, cy: 11, r: 7.6 }]],
    "alarm-banner": [
      ["path", { class: "ink--mark", d: "M11 2 21 19.5H1Z" }],
      ["path", { class: "ink--alarm-1-line", d: "M11 8.5v5", "stroke-width": 2.2 }],
      ["circle", { class: "ink--alarm-1", cx: 11, cy: 16.5, r: 1.3 }],
    ],
    "mark-1": [
      ["path", { class: "ink--alarm-1 ink--edge", d: "M0-17 17 13H-17Z" }],
      ["path", { class: "ink--mark-line", d: "M0-6v8", "stroke-width": 3.4 }],
      ["circle", { class: "ink--mark", cy: 7.6, r: 1.9 }],
    ],
    "mark-2": [["path", { class: "ink--alarm-2 ink--edge", d: "M0-13 13 0 0 13-13 0Z" }]],
  };

  /* Return the sign of a state; a mark on the map is centred, the others fill 22 by 22. */
  boshu.glyph = function (name) {
    const svg = boshu.svg("svg", {
      viewBox: name.startsWith("mark-") ? "-20 -20 40 40" : "0 0 22 22",
      "aria-hidden": "true",
    });
    svg.append(...SIGNS[name].map(([tag, attributes]) => boshu.svg(tag, attributes)));
    return svg;
  };
})();
