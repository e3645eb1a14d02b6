/* Figures and bars of the tiles: what the stream says, written to the places the skeleton names. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const HERO_DIGITS = 7; // 999,999 fills the hero's place; more is written smaller
  const LEAST_SHARE = 0.014; // a state that exists is seen in the bar

  boshu.tiles = function (context) {
    const places = placesOf(context.root);
    const curve = boshu.curve(context.place("curve"), context.words);
    const rates = boshu.rates(context);
    const flanks = boshu.flanks(context);
    const painters = {
      berths: (tile) => berths(context, tile),
      occupancy_curve: (tile) => curve(tile, minuteOf(context.city().clock)),
      durations_today: boshu.lengths(context),
      month_money: boshu.month(context),
      ranking: (tile) => boshu.ranking(context, context.place("ranking"), tile.rows || [], 0),
      payment_mix: (tile) => mix(context, tile.rows || []),
      collectors: boshu.staff(context),
      rates: rates.take,
      sensors_online: rates.takeOnline,
    };
    /* Write one tile. */
    function writeTile(key, told) {
      const tile = key === "berths" ? withSilent(told) : told;
      for (const { node, path, style } of places[key] || [])
        write(node, style === "sum" ? sum(context, tile, path) : formats[style](tile[path]), tile[path], style);
      if (painters[key]) painters[key](tile);
      flanks.write(key, tile);
    }
    return { write: writeTile, all: flanks.all, beat: flanks.beat };
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

  const sum = (context, tile, path) => formats.sum(tile[path], boshu.isLarge(tile), context.large);

  function write(node, text, value, style) {
    if (style === "change" || style === "points") {
      const shown = formats.known(value) ? Number(value.toFixed(1)) : 0;
      node.classList.toggle("figure__delta--good", shown > 0);
      node.classList.toggle("figure__delta--bad", shown < 0);
    }
    const hero = node.closest(".figure__value--hero");
    if (hero) hero.classList.toggle("figure__value--long", text.length > HERO_DIGITS);
    dom.roll(node, text, style === "percent" && formats.known(value) ? "%" : "");
  }

  /* Berths whose state is unknown for another reason than a fault: the device is silent, or was never heard. Where no berth
     is known at all, nobody can tell a fault from silence. */
  function withSilent(tile) {
    const { unknown, occupied } = tile;
    const fault = formats.known(occupied) ? tile.fault : null;
    return { ...tile, fault, silent: formats.known(unknown) ? unknown - (fault || 0) : null };
  }

  function berths(context, tile) {
    const least = (tile.total || 0) * LEAST_SHARE;
    const seen = ["occupied", "free", "reserved", "fault", "silent"]
      .map((state) => [state, tile[state]])
      .filter(([, n]) => n > 0);
    dom.bar(
      context.place("berths"),
      seen.map(([state, n]) => [`fill--${state}`, Math.max(n, least)]),
    );
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
