/* Collectors: who took most today, and who is there. A wall names them by number. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const ROWS = 3;

  const make = () =>
    dom.node(
      "li",
      "collector",
      dom.node("span", "collector__name"),
      dom.node("span", "collector__group"),
      dom.node("em", "collector__sum num"),
      dom.node("span", "duty", dom.node("i", "duty__sign"), dom.node("span", "")),
    );

  boshu.staff = function (context) {
    const place = context.place("collectors");
    const note = place.closest("[data-panel]").querySelector("[data-note]");
    return function (tile) {
      const rows = (tile.rows || []).slice(0, ROWS);
      dom.children(place, rows.length, make).forEach((node, i) => {
        const [name, group, sum, duty] = node.children;
        dom.text(name, rows[i].name);
        dom.text(group, (context.root.dataset.lang === "en" ? rows[i].group_en : rows[i].group) || "");
        dom.text(sum, formats.yuan(rows[i].fen));
        duty.className = `duty duty--${rows[i].state.replace("_", "-")}`;
        dom.text(duty.lastElementChild, context.words.duties[rows[i].state] || "");
      });
      const counted = { n: formats.whole(tile.signed_in), of: formats.whole(tile.scheduled) };
      const said = tile.scheduled === 0 ? context.words.noShift : context.fill("signedIn", counted);
      note.dataset.note = note.dataset.back = said;
    };
  };
})();
