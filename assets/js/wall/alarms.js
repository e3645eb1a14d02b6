/* Alarms and events: the chips of the foot, the banner of what is urgent, the ticker. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom } = boshu;
  const SHOWN = 3;
  const TURN_S = 6; // the ticker turns a page

  boshu.alarms = function (context) {
    let turnsIn = 0;
    return {
      /* Write the counts and the first urgent alarm. */
      write() {
        const alarms = context.alarms();
        for (const rank of [1, 2, 3]) dom.text(context.place(`alarms-${rank}`), formats.whole(alarms[`p${rank}`]));
        banner(context, alarms);
      },
      /* The alarm's age runs, the ticker turns. */
      beat() {
        const first = urgent(context.alarms());
        if (first) dom.text(context.place("alarm-age"), formats.stopwatch(context.age(first.raised_at)));
        turnsIn -= 1;
        if (turnsIn > 0 || !context.tile("ticker")) return;
        turnsIn = TURN_S;
        ticker(context, (context.tile("ticker").rows || []).slice(0, SHOWN));
      },
    };
  };

  const urgent = (alarms) => (alarms.rows || []).find((row) => row.priority === 1);

  function banner(context, alarms) {
    const first = urgent(alarms);
    context.place("alarm").hidden = !first;
    if (!first) return;
    const site = context.sites[first.site] ? `${context.site(first.site)} ` : "";
    const count = first.n > 1 ? ` · ${context.fill("affected", { n: formats.whole(first.n) })}` : "";
    dom.text(context.place("alarm-title"), `${site}${context.words.rules[first.rule] || first.rule}${count}`);
    dom.text(
      context.place("alarm-note"),
      alarms.p1 > 1 ? context.fill("more", { rank: context.words.urgent, n: alarms.p1 }) : context.words.urgent,
    );
  }

  /* Newest first; what does not fit is not shown, rather than cut. */
  function ticker(context, rows) {
    const place = context.place("ticker");
    const make = () =>
      dom.node(
        "span",
        "ticker__item",
        dom.node("time", "ticker__at"),
        dom.node("b", "ticker__site"),
        dom.node("span", "ticker__what"),
      );
    const items = dom.children(place, rows.length, make);
    items.forEach((node, i) => {
      node.className = "ticker__item";
      const [at, where, what] = node.children;
      dom.text(at, clockOf(context, rows[i].at));
      dom.text(where, [context.site(rows[i].site), rows[i].space].filter(Boolean).join(" "));
      dom.text(what, happened(context, rows[i]));
    });
    const first = items.findIndex((node) => node.offsetLeft + node.offsetWidth > place.offsetLeft + place.offsetWidth);
    for (const node of first < 0 ? [] : items.slice(first)) node.className = "ticker__item ticker__item--cut";
  }

  const clockOf = (context, at) => (/^\d\d:\d\d:\d\d$/.test(at) ? at : context.city(at).clock);

  function happened(context, row) {
    const { kinds, short } = context.words;
    const kind = row.kind === "departed" && !row.fen ? "free" : row.kind;
    return formats.fill(kinds[kind] || row.kind, {
      money: formats.money(row.fen),
      span: formats.known(row.minutes) ? formats.hoursAndMinutes(row.minutes, short) : "",
    });
  }
})();
