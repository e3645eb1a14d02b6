/* The month's money: how far its bills are paid, and whose days the note names. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;

  boshu.month = function (context) {
    const place = context.place("month");
    const note = place.closest("[data-panel]").querySelector("[data-note]");
    return function (tile) {
      const shares = ["received", "arrears"].map((kind) => [`hue--${kind}`, tile[`${kind}_fen`]]);
      dom.bar(
        place,
        shares.filter(([, fen]) => fen > 0),
      );
      note.dataset.note = note.dataset.back = days(context);
    };
  };

  /* The days of the month so far. */
  function days(context) {
    const [, month, day] = context.city().day.split("-").map(Number);
    return context.fill("month", { month: context.words.months[month - 1], day });
  }

  /* Whether one of a tile's sums needs the larger unit; then all of them have it, so that one panel never mixes two. */
  boshu.isLarge = (tile) => Object.entries(tile).some(([key, fen]) => key.endsWith("_fen") && fen >= formats.LARGE_FEN);
})();
