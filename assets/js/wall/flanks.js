/* What a wall of three screens has room for beside the overview, and one screen in a scene of its own: every alarm, the feeds,
   loads by district, segment and lot, sums behind the rates, and what just happened. Painted only where it is seen. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const LONG = 11; // rows of a panel from head to foot
  const SHORT = 7;
  const FEW = 4; // of a panel of a scene that holds three above each other
  const EVENTS = 5;
  const BILLS = ["receivable", "received", "arrears", "recovered", "discount", "refund"];

  boshu.flanks = function (context) {
    const isWide = () => context.root.dataset.layout === "wide" || !["overview", "map"].includes(context.scene.kind);
    const painters = {
      map: (tile) => loads(context, tile),
      payment_mix: (tile) => ways(context, tile.rows || []),
      ranking: (tile) => boshu.ranking(context, context.place("next"), tile.rows || [], 5),
      month_money: (tile) => bills(context, tile),
      rates: (tile) => goals(context, tile.rows || []),
      ticker: (tile) => events(context, tile.rows || []),
    };
    return {
      write: (key, tile) => isWide() && painters[key] && painters[key](tile),
      /* Everything anew: the layout or the names changed. */
      all() {
        if (isWide()) for (const key of Object.keys(painters)) if (context.tile(key)) painters[key](context.tile(key));
      },
      beat: () => isWide() && queue(context),
    };
  };

  /* ---- a name, a bar, a figure ---- */

  const makeLoad = () =>
    dom.node(
      "li",
      "load",
      dom.node("span", "load__name"),
      dom.node("span", "load__bar", dom.node("i", "load__fill")),
      dom.node("b", "load__figure num"),
    );

  function bars(place, rows) {
    dom.children(place, rows.length, makeLoad).forEach((node, i) => {
      const [name, bar, figure] = node.children;
      dom.text(name, rows[i].name);
      bar.firstElementChild.className = `load__fill ${rows[i].look}`;
      bar.firstElementChild.style.width = `${formats.share(rows[i].share)}%`;
      dom.text(figure, rows[i].figure);
    });
  }

  const steps = (pct) => `load__fill--${boshu.load(pct)}`;

  function loads(context, tile) {
    const most = context.root.dataset.layout !== "wide" && context.scene.kind === "berths" ? FEW : SHORT;
    const fullest = (rows) =>
      rows
        .filter(([code, pct]) => context.sites[code] && formats.known(pct))
        .sort((a, b) => b[1] - a[1])
        .slice(0, most)
        .map(([code, pct, free]) => ({
          name: context.site(code),
          share: pct,
          look: steps(pct),
          figure: formats.whole(free),
        }));
    bars(context.place("lots"), fullest(tile.lots || []));
    bars(context.place("full"), fullest(tile.segments || []));
    bars(context.place("areas"), areas(context, tile.segments || []).slice(0, most));
  }

  /* Occupied of known berths in each district, from the berths left and the load of its segments. */
  function areas(context, segments) {
    const sums = {};
    for (const [code, pct, free] of segments) {
      const site = context.sites[code];
      if (!site || !formats.known(pct) || !formats.known(free)) continue;
      const name = (context.root.dataset.lang === "en" ? site.area_en : site.area) || site.area;
      const known = pct < 100 ? free / (1 - pct / 100) : site.spaces;
      const sum = (sums[name] = sums[name] || { known: 0, free: 0 });
      sum.known += known;
      sum.free += free;
    }
    return Object.entries(sums)
      .filter(([, { known }]) => known > 0)
      .map(([name, { known, free }]) => [name, 100 * (1 - free / known)])
      .sort((a, b) => b[1] - a[1])
      .map(([name, pct]) => ({ name, share: pct, look: steps(pct), figure: `${pct.toFixed(0)}%` }));
  }

  function bills(context, tile) {
    const most = Math.max(...BILLS.map((kind) => tile[`${kind}_fen`] || 0), 1);
    const row = (kind) => ({
      name: context.words.bills[kind],
      share: (100 * (tile[`${kind}_fen`] || 0)) / most,
      look: `hue--${kind}`,
      figure: formats.sum(tile[`${kind}_fen`], boshu.isLarge(tile), context.large),
    });
    bars(context.place("bills"), BILLS.map(row));
  }

  /* ---- a method of payment: what it brought, and in how many payments ---- */

  const makeWay = () =>
    dom.node(
      "li",
      "way",
      dom.node("i", "way__key"),
      dom.node("span", "way__name"),
      dom.node("span", "way__n"),
      dom.node("b", "way__sum num"),
    );

  function ways(context, all) {
    const rows = all.filter((row) => row.fen > 0).sort((a, b) => b.fen - a.fen);
    dom.children(context.place("ways"), rows.length, makeWay).forEach((node, i) => {
      const [key, name, count, sum] = node.children;
      key.className = `way__key hue--${rows[i].channel}`;
      dom.text(name, context.words.channels[rows[i].channel] || rows[i].channel);
      dom.text(count, context.fill("payments", { n: formats.whole(rows[i].n) }));
      dom.text(sum, formats.yuan(rows[i].fen));
    });
  }

  /* ---- a rate, its target, and how far from it ---- */

  const makeGoal = () =>
    dom.node(
      "li",
      "goal",
      dom.node("span", "goal__name"),
      dom.node("b", "goal__gap num"),
      dom.node("span", "bullet", dom.node("i", "bullet__fill"), dom.node("i", "bullet__goal")),
      dom.node("span", "goal__target"),
    );

  function goals(context, rows) {
    dom.children(context.place("goals"), rows.length, makeGoal).forEach((node, i) => {
      const { kpi, pct, target_pct: target } = rows[i];
      const [name, gap, bar, goal] = node.children;
      const [width, left] = boshu.onBar(rows[i]);
      const strip = context.root.querySelector(`[data-rate="${kpi}"] .rate__name`);
      const isJudged = formats.known(pct) && formats.known(target);
      node.classList.toggle("goal--missed", isJudged && boshu.misses(rows[i]));
      node.classList.toggle("goal--reached", isJudged && !boshu.misses(rows[i]));
      dom.text(name, strip ? strip.textContent : kpi);
      dom.text(gap, formats.points(isJudged ? pct - target : null));
      dom.text(goal, context.fill("target", { pct: formats.percent(target) }));
      bar.firstElementChild.style.width = `${width ?? 0}%`;
      bar.lastElementChild.hidden = left === null;
      bar.lastElementChild.style.left = `${left ?? 0}%`;
    });
  }

  /* ---- alarms that stand, and what just happened ---- */

  const makeEntry = () =>
    dom.node(
      "li",
      "entry",
      dom.node("span", "entry__sign"),
      dom.node("b", "entry__what"),
      dom.node("em", "entry__at num"),
      dom.node("span", "entry__where"),
    );

  function entries(place, rows) {
    dom.children(place, rows.length, makeEntry).forEach((node, i) => {
      const [sign, what, at, where] = node.children;
      if (sign.dataset.glyph !== rows[i].sign) {
        sign.dataset.glyph = rows[i].sign;
        sign.replaceChildren(boshu.glyph(rows[i].sign));
      }
      dom.text(what, rows[i].what);
      dom.text(at, rows[i].at);
      dom.text(where, rows[i].where);
    });
  }

  function queue(context) {
    const alarms = context.alarms();
    const counts = [alarms.p1, alarms.p2, alarms.p3];
    const many = counts.every(formats.known) ? counts.reduce((sum, n) => sum + n, 0) : null;
    dom.text(context.place("queue-note"), context.fill("open", { n: formats.whole(many) }));
    const row = (alarm) => ({
      sign: `alarm-${alarm.priority}`,
      what: `${boshu.whatOf(context, alarm)}${alarm.n > 1 ? ` ×${formats.whole(alarm.n)}` : ""}`,
      at: formats.stopwatch(context.age(alarm.raised_at)),
      where: [boshu.whereOf(context, alarm), alarm.acknowledged && context.words.seen].filter(Boolean).join(" · "),
    });
    context.place("queue").dataset.empty = many === 0 ? context.words.calm : formats.UNKNOWN;
    entries(context.place("queue"), (alarms.rows || []).slice(0, LONG).map(row));
  }

  const SIGN = { paid: "paid", departed: "free", overstay: "alarm-2" };

  function events(context, all) {
    const row = (event) => {
      const { at, where, what } = boshu.happened(context, event);
      return { sign: SIGN[event.kind] || "alarm-3", what, at, where };
    };
    const most = context.root.dataset.layout === "wide" ? LONG : EVENTS;
    context.place("events").dataset.empty = context.words.calmNow;
    entries(context.place("events"), all.slice(0, most).map(row));
  }
})();
