/* Alarms and events: the chips of the foot, the banner of what is urgent and nobody has acknowledged, its sound, the ticker. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const SHOWN = 3;
  const TICKER_S = 6; // the ticker turns its page
  const BANNER_S = 10; // the banner turns to the next urgent alarm

  boshu.alarms = function (context) {
    const sound = boshu.sound(context, context.place("mute"));
    let beats = 0;
    return {
      /* Write the counts, and the urgent alarm whose turn it is. */
      write() {
        const alarms = context.alarms();
        for (const rank of [1, 2, 3]) dom.text(context.place(`alarms-${rank}`), formats.whole(alarms[`p${rank}`]));
        banner(context, turn());
      },
      /* The alarm's age runs, the banner and the ticker turn, the sound repeats. */
      beat() {
        const urgent = waiting(context.alarms());
        if (beats % BANNER_S === 0) banner(context, turn());
        if (urgent.length) dom.text(context.place("alarm-age"), formats.stopwatch(context.age(turn().row.raised_at)));
        if (beats % TICKER_S === 0 && context.tile("ticker")) ticker(context, context.tile("ticker").rows || []);
        trim(context.place("ticker"));
        if (!context.past) sound.beat(urgent.map(nameOf));
        beats += 1;
      },
    };

    function turn() {
      const urgent = waiting(context.alarms());
      const i = urgent.length ? Math.floor(beats / BANNER_S) % urgent.length : 0;
      return { row: urgent[i], i, urgent };
    }
  };

  /* Urgent alarms that nobody has acknowledged yet; what is acknowledged only counts in the foot. */
  const waiting = (alarms) => (alarms.rows || []).filter((row) => row.priority === 1 && !row.acknowledged);
  const nameOf = (row) => row.id || `${row.rule} ${row.site} ${row.raised_at}`;

  /* Where an alarm is: a site, a district, or nowhere; with the space when it is about one. */
  boshu.whereOf = function (context, row) {
    const area = context.root.dataset.lang === "en" ? row.area_en : row.area;
    const where = row.site ? context.site(row.site) : area || "";
    return [where, row.space].filter(Boolean).join(" ");
  };
  boshu.whatOf = (context, row) => context.words.rules[row.rule] || row.title || row.rule;

  function banner(context, { row, i, urgent }) {
    context.place("alarm").hidden = !row;
    if (!row) return;
    const { words } = context;
    const count = row.n > 1 ? ` · ${context.fill("affected", { n: formats.whole(row.n) })}` : "";
    const turn = urgent.length > 1 ? [context.fill("turn", { n: i + 1, of: urgent.length })] : [];
    dom.text(
      context.place("alarm-title"),
      `${[boshu.whereOf(context, row), boshu.whatOf(context, row)].filter(Boolean).join(" ")}${count}`,
    );
    dom.text(context.place("alarm-note"), [words.urgent, words.waiting, ...turn].join(" · "));
  }

  /* Newest first, three at most. */
  function ticker(context, all) {
    const place = context.place("ticker");
    const rows = all.slice(0, SHOWN);
    const make = () =>
      dom.node(
        "span",
        "ticker__item",
        dom.node("time", "ticker__at"),
        dom.node("b", "ticker__site"),
        dom.node("span", "ticker__what"),
      );
    const items = dom.children(place, rows.length, make);
    const before = place.textContent;
    items.forEach((node, i) => {
      const [at, where, what] = node.children;
      const told = boshu.happened(context, rows[i]);
      dom.text(at, told.at);
      dom.text(where, told.where);
      dom.text(what, told.what);
    });
    trim(place);
    if (before !== place.textContent) dom.turn(place);
  }

  /* Hide what does not fit; the counts and names beside the ticker may have grown meanwhile. By boxes: while it turns, the ticker
     is what its items' offsets count from. */
  function trim(place) {
    const items = [...place.children];
    const right = (node) => node.getBoundingClientRect().right;
    const end = right(place);
    const isCut = (node) => node.classList.contains("ticker__item--cut");
    for (const node of items.filter(isCut)) node.classList.remove("ticker__item--cut");
    const first = items.findIndex((node) => right(node) > end);
    for (const node of first < 0 ? [] : items.slice(first)) node.classList.add("ticker__item--cut");
  }

  const clockOf = (context, at) => (/^\d\d:\d\d:\d\d$/.test(at) ? at : context.city(at).clock);

  /* Tell an event: when, where and what. */
  boshu.happened = function (context, row) {
    const { kinds, short } = context.words;
    const kind = row.kind === "departed" && !row.fen ? "free" : row.kind;
    const what = formats.fill(kinds[kind] || context.words.rules[row.kind] || row.kind, {
      money: formats.money(row.fen),
      span: formats.known(row.minutes) ? formats.hoursAndMinutes(row.minutes, short) : "",
    });
    return { at: clockOf(context, row.at), where: boshu.whereOf(context, row), what };
  };
})();
