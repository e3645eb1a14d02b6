/* How the wall writes figures. Values come raw: fen, per cent, seconds, instants with the offset of the city;
   null is unknown. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const UNKNOWN = "—";
  const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
  const grouped1 = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const known = (value) => typeof value === "number" && Number.isFinite(value);
  const or = (write) => (value) => (known(value) ? write(value) : UNKNOWN);

  const formats = (boshu.formats = { UNKNOWN, known });

  formats.whole = or((n) => grouped.format(n));
  formats.percent = or((pct) => pct.toFixed(1));
  /* Whole yuan; half a yuan and more counts up. */
  formats.yuan = or((fen) => grouped.format(Math.round(fen / 100)));
  /* Whole yuan, or where a panel holds more than fits, ten thousands or millions with the unit a language counts them in. */
  formats.LARGE_FEN = 1e9;
  formats.sum = (fen, isLarge, { unit, by }) =>
    isLarge && known(fen) ? `${grouped1.format(fen / 100 / by)} ${unit}` : formats.yuan(fen);
  formats.money = or((fen) => (fen / 100).toFixed(2));
  formats.change = or((pct) => `${arrow(pct)}${Math.abs(pct).toFixed(1)}%`);
  formats.points = or((points) => `${arrow(points)}${Math.abs(points).toFixed(1)}`);

  /* Length of a bar, 0 to 100. */
  formats.share = (pct) => (known(pct) ? Math.min(100, Math.max(0, pct)) : 0);

  function arrow(value) {
    const shown = Number(value.toFixed(1));
    return shown > 0 ? "▲ " : shown < 0 ? "▼ " : "± ";
  }

  /* Fill `%(name)s` of a text. */
  formats.fill = (text, values) => text.replace(/%\((\w+)\)s/g, (hole, name) => (name in values ? values[name] : hole));

  /* Return a length of time as its number and the name of its unit: s, min, h or d. */
  formats.measure = function (seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return [s, "s"];
    if (s < 3600) return [Math.floor(s / 60), "min"];
    return s < 172800 ? [Math.floor(s / 3600), "h"] : [Math.floor(s / 86400), "d"];
  };
  formats.span = function (seconds, units) {
    const [n, unit] = formats.measure(seconds);
    return formats.fill(units[unit], { n });
  };
  /* A length of time in its two largest units, as the server writes it. */
  formats.length = function (seconds, lengths) {
    const s = Math.max(0, Math.floor(seconds));
    const [min, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86400)];
    if (d >= 2) return formats.fill(lengths.d, { d, h: h % 24 });
    if (h) return formats.fill(lengths.h, { h, min: min % 60 });
    return min ? formats.fill(lengths.min, { min, s: s % 60 }) : formats.fill(lengths.s, { n: s });
  };
  formats.hoursAndMinutes = function (minutes, short) {
    const [h, min] = [Math.floor(minutes / 60), Math.floor(minutes % 60)];
    return `${h ? `${h} ${short.h} ` : ""}${min} ${short.min}`;
  };
  /* 02:14, or 1:02:14 from an hour on. */
  formats.stopwatch = function (seconds) {
    const s = Math.max(0, Math.floor(seconds));
    const tail = [Math.floor(s / 60) % 60, s % 60].map((part) => String(part).padStart(2, "0")).join(":");
    return s < 3600 ? tail : `${Math.floor(s / 3600)}:${tail}`;
  };

  /* The city's clock: an instant in milliseconds and the offset of an ISO time such as 2026-11-20T14:32:08+08:00. */
  formats.offset = function (iso) {
    const found = /([+-])(\d\d):?(\d\d)$/.exec(iso);
    return found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
  };
  formats.city = function (ms, offset) {
    const iso = new Date(ms + offset * 60000).toISOString();
    const day = iso.slice(0, 10);
    return {
      day,
      clock: iso.slice(11, 19),
      minute: iso.slice(11, 16),
      weekday: (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7,
    };
  };
})();
