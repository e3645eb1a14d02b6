/* How fresh everything is, told once a second: each tile, each feed, the head, and the banner that names what is missing.

   A tile is as fresh as its sources and as the way to the server. Live needs no words; late shows its age; stale is hatched
   and says since when; what cannot be known shows a dash. A moment of the past is not judged. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom, live } = boshu;
  const STATES = ["loading", "live", "late", "stale", "unknown", "past"];
  const GRAVITY = { live: 0, late: 1, stale: 2, unknown: 3 };
  const LOST_MS = 4000; // the server is missed after three ticks

  /* `turned` is called with the key of a tile whose state changed. */
  boshu.freshness = function (context, turned) {
    const tiles = [...context.root.querySelectorAll("[data-look]")];
    const feeds = [...context.root.querySelectorAll("[data-source]")];
    return {
      stateOf: (tile) => stateOf(context, tile),
      beat() {
        for (const node of tiles) tileLook(context, node, turned);
        for (const node of feeds) feedLook(context, node);
        head(context);
        if (!context.past) banner(context);
      },
    };
  };

  /* The state of a tile or a feed, or that of the way to the server when that is worse. */
  function stateOf(context, judged) {
    if (!judged) return "loading";
    if (context.past) return "past";
    const silence = live.silence() / 1000;
    const way = silence > context.staleS ? "stale" : silence > context.lateS ? "late" : "live";
    return GRAVITY[way] > (GRAVITY[judged.state] ?? 0) ? way : judged.state;
  }

  /* What a node's state is read from: its tile, or of a tile of rows the row that has a state of its own. */
  function judgedOf(node, tile) {
    const row = tile && node.dataset.rate && (tile.rows || []).find(({ kpi }) => kpi === node.dataset.rate);
    return row && row.state && row.state !== "past" ? { ...tile, state: row.state } : tile;
  }

  function tileLook(context, node, turned) {
    const tile = context.tile(node.dataset.tile);
    const state = stateOf(context, judgedOf(node, tile));
    if (dom.look(node, node.dataset.look, state, STATES)) turned(node.dataset.tile);
    if (!tile || !tile.as_of) return;
    const told = { at: context.at(tile.as_of), span: context.span(context.age(tile.as_of)) };
    node.title = context.fill("until", { at: context.city(tile.as_of).clock });
    const say = (part, sentence) => node.querySelector(part) && dom.text(node.querySelector(part), sentence);
    const note = node.querySelector("[data-note]");
    if (note)
      dom.text(
        note,
        { late: context.fill("ago", told), unknown: context.words.unknown, past: note.dataset.back }[state] ||
          note.dataset.note,
      );
    say("[data-flag=gap]", context.fill("noNews", told));
    say("[data-flag=until]", context.fill("until", told));
    say("[data-age]", context.fill(state === "late" ? "ago" : "lateTile", told));
  }

  /* ---- feeds: in the strip with their age, in the foot with their name ---- */

  const ageOf = (context, source) => (source.last_at ? context.age(source.last_at) : source.age_s);

  function feedLook(context, node) {
    const source = context.picture && context.picture.sources[node.dataset.source];
    const isHeard = live.silence() / 1000 <= context.staleS; // else nothing is known of what feeds say to the server
    const state =
      source && source.state !== "unknown" && !context.past && !isHeard ? "unknown" : stateOf(context, source);
    const age = state === "live" || state === "late" || state === "stale" ? ageOf(context, source) : null;
    node.querySelector(".lamp").className = `lamp lamp--${state}`;
    const named = { source: context.words.sources[node.dataset.source] };
    node.title = formats.known(age)
      ? context.fill("late", { ...named, span: context.span(age) })
      : context.fill("silent", named);
    if (!node.classList.contains("feed")) return;
    dom.look(node, "feed", state, STATES);
    const [n, unit] = formats.known(age) ? formats.measure(age) : [formats.UNKNOWN, null];
    const [number, small] = node.querySelector("[data-paint=age]").children;
    dom.text(number, String(n));
    dom.text(small, unit ? context.words.short[unit] : "");
    node.querySelector(".bullet__fill").style.width =
      `${formats.known(age) ? formats.share((100 * age) / context.staleS) : 0}%`;
  }

  /* ---- head: the worst to be said of the data, else how fresh the slowest feed is ---- */

  function head(context) {
    const isLost = !context.past && (context.picture ? live.silence() > LOST_MS : live.attempt > 0);
    context.root.classList.toggle("wall--lost", isLost);
    const [state, sentence] = isLost ? ["late", lost(context)] : verdict(context);
    const place = context.place("fresh");
    place.parentElement.className = `fresh fresh--${state}`;
    place.previousElementSibling.className = `lamp lamp--${state}`;
    dom.text(place, sentence);
  }

  const lost = (context) =>
    context.fill("lost", { span: formats.stopwatch(live.silence() / 1000), attempt: Math.max(1, live.attempt) });

  const feedsOf = (context) =>
    Object.entries((context.picture && context.picture.sources) || {}).filter(([key]) => context.words.sources[key]);

  function verdict(context) {
    const feeds = feedsOf(context);
    if (!feeds.length) return ["loading", context.words.loading];
    const bad = feeds.filter(([, { state }]) => state === "late" || state === "stale");
    const [worst] = bad.sort(
      ([, a], [, b]) => GRAVITY[b.state] - GRAVITY[a.state] || ageOf(context, b) - ageOf(context, a),
    );
    if (worst)
      return [
        worst[1].state,
        context.fill("late", { source: context.words.sources[worst[0]], span: context.span(ageOf(context, worst[1])) }),
      ];
    const ages = feeds
      .filter(([key, { state }]) => state === "live" && key !== "database")
      .map(([, source]) => ageOf(context, source));
    return ages.length
      ? ["live", context.fill("fresh", { span: context.span(Math.max(...ages)) })]
      : ["unknown", context.words.empty];
  }

  function banner(context) {
    const gone = feedsOf(context).filter(([, { state }]) => state === "stale");
    context.place("warning").hidden = gone.length === 0;
    if (!gone.length) return;
    const names = (feeds) => feeds.map(([key]) => context.words.sources[key]).join(context.words.comma);
    const since = gone
      .map(([, { last_at: at }]) => at)
      .filter(Boolean)
      .sort()[0];
    dom.text(
      context.place("warning-title"),
      context.fill("gap", { source: names(gone), at: since ? context.at(since) : formats.UNKNOWN }),
    );
    const well = feedsOf(context).filter(([key, { state }]) => state === "live" && key !== "database");
    dom.text(context.place("warning-note"), well.length ? context.fill("stillLive", { sources: names(well) }) : "");
  }
})();
