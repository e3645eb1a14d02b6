/* Figures and bars of the tiles: what the stream says, written to the places the skeleton names. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const RANKED = 5;
  const HERO_DIGITS = 7; // 999,999 fills the hero's place; more is written smaller
  const LEAST_SHARE = 0.014; // a state that exists is seen in the bar

  boshu.tiles = function (context) {
    const places = placesOf(context.root);
    const curve = boshu.curve(context.place("curve"), context.words);
    const painters = {
      berths: (tile) => berths(context, tile),
      occupancy_curve: (tile) => curve(tile, minuteOf(context.city().clock)),
      ranking: (tile) => ranking(context, tile.rows || []),
      payment_mix: (tile) => mix(context, tile.rows || []),
      sensors_online: (tile) => (context.place("online").firstElementChild.style.width = `${formats.share(tile.pct)}%`),
    };
    /* Write one tile. */
    return function (key, told) {
      const tile = key === "berths" ? { ...told, unheard: unheard(told) } : told;
      for (const { node, path, style } of places[key] || []) write(node, tile[path], style);
      if (painters[key]) painters[key](tile);
    };
  };

  const minuteOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

  /* Where the values of each tile stand. */
  function placesOf(root) {
    const found = {};
    for (const node of root.querySelectorAll("[data-live]")) {
      const key = node.closest("[data-tile]").dataset.tile;
      (found[key] = found[key] || []).push({ node, path: node.dataset.live, style: node.dataset.style });
    }
    return found;
  }

  function write(node, value, style) {
    if (style === "change" || style === "points") {
      const shown = formats.known(value) ? Number(value.toFixed(1)) : 0;
      node.classList.toggle("figure__delta--good", shown > 0);
      node.classList.toggle("figure__delta--bad", shown < 0);
    }
    const hero = node.closest(".figure__value--hero");
    if (hero) hero.classList.toggle("figure__value--long", formats[style](value).length > HERO_DIGITS);
    dom.roll(node, formats[style](value), style === "percent" && formats.known(value) ? "%" : "");
  }

  /* Berths whose state is unknown although no device is known to be silent or faulty. */
  const unheard = ({ unknown, fault, offline }) =>
    [unknown, fault, offline].every(formats.known) ? unknown - fault - offline : null;

  function berths(context, tile) {
    const least = (tile.total || 0) * LEAST_SHARE;
    const seen = ["occupied", "free", "fault", "offline", "unheard"]
      .map((state) => [state, tile[state]])
      .filter(([, n]) => n > 0);
    dom.bar(
      context.place("berths"),
      seen.map(([state, n]) => [`fill--${state}`, Math.max(n, least)]),
    );
  }

  /* The first five; equal sums share a rank. */
  function ranking(context, all) {
    const rows = all.slice(0, RANKED);
    const make = () =>
      dom.node(
        "li",
        "rank",
        dom.node("b", "rank__no"),
        dom.node("span", "rank__name"),
        dom.node("em", "rank__sum num"),
        dom.node("i", "rank__bar"),
      );
    dom.children(context.place("ranking"), rows.length, make).forEach((node, i) => {
      const [no, name, sum, bar] = node.children;
      dom.text(no, String(rows.findIndex((row) => row.fen === rows[i].fen) + 1));
      dom.text(name, context.site(rows[i].site));
      dom.text(sum, formats.yuan(rows[i].fen));
      bar.style.transform = `scaleX(${rows[0].fen > 0 ? rows[i].fen / rows[0].fen : 0})`;
    });
  }

  /* Shares of the amount, largest first. */
  function mix(context, all) {
    const rows = all.filter((row) => row.fen > 0).sort((a, b) => b.fen - a.fen);
    const sum = rows.reduce((total, row) => total + row.fen, 0);
    dom.bar(
      context.place("mix"),
      rows.map((row) => [`hue--${row.channel}`, row.fen]),
    );
    const make = () =>
      dom.node(
        "li",
        "mix__item",
        dom.node("i", "mix__key"),
        dom.node("span", "mix__name"),
        dom.node("b", "mix__share"),
      );
    dom.children(context.place("mix-list"), rows.length, make).forEach((node, i) => {
      const [key, name, share] = node.children;
      key.className = `mix__key hue--${rows[i].channel}`;
      dom.text(name, context.words.channels[rows[i].channel] || rows[i].channel);
      dom.text(share, `${formats.percent((100 * rows[i].fen) / sum)}%`);
    });
  }
})();
