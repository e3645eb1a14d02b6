/* The strip: six rates with the tick of their target; a rate that misses it is amber. The sensors' own tile, told every
   second, wins over their row. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const ROOM = 1.6; // how far beyond value and target the bar of a rate that should be low reaches

  boshu.rates = function (context) {
    const cells = Object.fromEntries(
      [...context.root.querySelectorAll("[data-rate]")].map((node) => [node.dataset.rate, node]),
    );
    let rows = [];
    let online = null;
    const rowOf = (kpi) => rows.find((row) => row.kpi === kpi) || { kpi, pct: null, target_pct: null };
    return {
      take(tile) {
        rows = tile.rows || [];
        for (const kpi of Object.keys(cells))
          write(cells[kpi], kpi === "sensors_online" ? { ...rowOf(kpi), pct: online } : rowOf(kpi));
      },
      takeOnline(tile) {
        online = tile.pct ?? null;
        write(cells.sensors_online, { ...rowOf("sensors_online"), pct: online });
      },
    };
  };

  /* Tell whether a rate reaches its target; unknown rates and rates without one do not miss it. */
  boshu.misses = ({ pct, target_pct: target, better }) =>
    formats.known(pct) && formats.known(target) && (better === "down" ? pct > target : pct < target);

  /* Where value and target stand on the bar, in per cent of it. */
  boshu.onBar = function ({ pct, target_pct: target, better }) {
    const whole = better === "down" ? Math.max(pct || 0, target || 0) * ROOM || 1 : 100;
    return [pct, target].map((value) => (formats.known(value) ? formats.share((100 * value) / whole) : null));
  };

  function write(cell, row) {
    const [, value, bar] = cell.children;
    const [fill, goal] = bar.children;
    const [width, left] = boshu.onBar(row);
    cell.classList.toggle("rate--missed", boshu.misses(row));
    dom.roll(value, formats.percent(row.pct), formats.known(row.pct) ? "%" : "");
    fill.style.width = `${width ?? 0}%`;
    goal.hidden = left === null;
    goal.style.left = `${left ?? 0}%`;
  }
})();
