/* Sites by what they received today. A row belongs to its site: when the order changes, rows move to their new place. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const ROWS = 5;

  const make = (code) => {
    const node = dom.node(
      "li",
      "rank",
      dom.node("b", "rank__no"),
      dom.node("span", "rank__name"),
      dom.node("em", "rank__sum num"),
      dom.node("i", "rank__bar"),
    );
    node.dataset.of = code;
    return node;
  };

  /* Show five of the sites from the one at `first`; equal sums share a rank. */
  boshu.ranking = function (context, place, all, first) {
    const rows = all.slice(first, first + ROWS);
    const held = new Map([...place.children].map((node) => [node.dataset.of, node]));
    const nodes = rows.map((row) => held.get(row.site) || make(row.site));
    for (const node of held.values()) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, i) => {
      const [no, name, sum, bar] = node.children;
      const rank = all.findIndex((row) => row.fen === rows[i].fen) + 1;
      if (node.parentElement !== place) place.append(node);
      node.style.setProperty("--row", String(i));
      node.classList.toggle("rank--first", rank <= 3);
      dom.text(no, String(rank));
      dom.text(name, context.site(rows[i].site));
      dom.text(sum, formats.yuan(rows[i].fen));
      bar.style.transform = `scaleX(${all[0].fen > 0 ? rows[i].fen / all[0].fen : 0})`;
    });
  };
})();
