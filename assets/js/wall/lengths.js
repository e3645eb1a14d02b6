/* How long those who left today had stayed: a bar for each band, the fullest in full colour. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const ROOM = 1.05; // the highest bar leaves room for its figure

  const make = () =>
    dom.node(
      "div",
      "length",
      dom.node("b", "length__pct num"),
      dom.node("i", "length__bar"),
      dom.node("span", "length__name"),
    );

  boshu.lengths = function (context) {
    const place = context.place("lengths");
    const note = place.closest("[data-panel]").querySelector("[data-note]");
    return function (tile) {
      const bands = tile.bands || [];
      const most = Math.max(...bands.map((band) => band.pct || 0), 1);
      dom.children(place, bands.length, make).forEach((node, i) => {
        const [pct, bar, name] = node.children;
        const { pct: share } = bands[i];
        node.className = `length${share > 0 && share === most ? " length--most" : i ? "" : " length--short"}`;
        dom.text(pct, formats.known(share) ? `${share.toFixed(0)}%` : formats.UNKNOWN);
        bar.style.setProperty("--share", String(formats.known(share) ? share / most / ROOM : 0));
        dom.text(name, nameOf(bands, i, context.words.upto));
      });
      note.dataset.note = note.dataset.back = formats.known(tile.median_min)
        ? context.fill("median", { n: formats.whole(tile.median_min) })
        : formats.UNKNOWN;
    };
  };

  function nameOf(bands, i, named) {
    const upto = bands[i].upto_min;
    if (!formats.known(upto)) return formats.fill(named.over, { n: bands[i - 1].upto_min / 60 });
    return upto < 60 ? formats.fill(named.min, { n: upto }) : formats.fill(named.h, { n: upto / 60 });
  }
})();
