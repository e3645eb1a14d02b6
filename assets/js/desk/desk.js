/* The desk: what its pages share. Whose city, how old the data is, language, keys; and one place where a page's own script
   hears the live stream. A page's script registers with boshu.desk.at(area, begin), or for several areas. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom, live } = boshu;
  const YEAR_S = 31536000;
  const AGAIN_MS = 3000;
  const NOTICE = "app-notice";
  const NOTICE_MS = 8000;
  const LOST_MS = 4000; // the server is missed after three ticks
  const GRAVITY = { live: 0, late: 1, stale: 2 };
  const scripts = {};

  const desk = (boshu.desk = {
    at(areas, begin) {
      for (const area of [areas].flat()) (scripts[area] = scripts[area] || []).push(begin);
    },
  });

  /* What scripts of a page know: root, words, places by name, the newest picture of the stream, the city's time. */
  function contextOf(root) {
    const hearers = [];
    const context = {
      root,
      words: JSON.parse(root.dataset.words),
      lateS: Number(root.dataset.lateS),
      staleS: Number(root.dataset.staleS),
      picture: null,
      places: null,
      offset: Number(root.dataset.offsetMin) || 0, // until the stream says it
      skew: 0,
      hear: (take) => hearers.push(take),
      told: (message) => hearers.forEach((take) => take(message)),
    };
    context.place = (name) => root.querySelector(`[data-paint="${name}"]`);
    context.now = () => Date.now() + context.skew;
    context.city = (ms) => formats.city(ms === undefined ? context.now() : ms, context.offset);
    context.name = (thing) => (root.dataset.lang === "en" ? thing.name_en : thing.name) || thing.code;
    context.fill = (key, values) => formats.fill(context.words[key], values);
    context.span = (seconds) => formats.span(seconds, context.words.units);
    return context;
  }

  function begin(root) {
    const context = (desk.context = contextOf(root));
    tongue(root);
    signs(root);
    desk.menu(context);
    desk.side(context);
    desk.search(context);
    desk.files(context);
    keys(context);
    notices();
    insist(() => learn(context));
    const topics = root.dataset.topics.split(",").filter(Boolean);
    if (topics.length) live.listen((message) => hear(context, message), { topics });
    for (const start of scripts[root.dataset.desk] || []) start(context);
    if (topics.length) setInterval(() => beat(context), 1000);
    new MutationObserver(() => signs(root)).observe(root, { childList: true, subtree: true });
  }

  function hear(context, message) {
    if (message.type === "snapshot") context.picture = message.data;
    if (message.type === "delta" && context.picture) context.picture = boshu.merge(context.picture, message.data);
    if (message.data && message.data.at) clock(context, message.data.at);
    if (context.picture && message.type === "snapshot") context.place("demo").hidden = !context.picture.demo;
    context.told(message);
    if (message.type === "link" || message.type === "snapshot" || message.type === "delta") beat(context);
  }

  function clock(context, at) {
    context.offset = formats.offset(at);
    const drift = Date.parse(at) - Date.now();
    if (Math.abs(drift - context.skew) > 500) context.skew = drift;
  }

  async function learn(context) {
    const answer = await fetch("/live/places.json");
    if (!answer.ok) throw new Error(String(answer.status));
    context.places = await answer.json();
    const { city } = context.places;
    dom.text(context.place("city"), city ? context.fill("city", { city: context.name(city) }) : context.words.product);
    context.told({ type: "places", data: context.places });
  }

  /* Do what the server may refuse for a while, until it is done. */
  function insist(work) {
    work().catch(() => setTimeout(() => insist(work), AGAIN_MS));
  }
  desk.insist = insist;

  /* ---- notices: what was refused stands for a while ---- */

  desk.say = (text) => window.dash_clientside.set_props(NOTICE, { children: text });

  function notices() {
    const place = document.getElementById(NOTICE);
    let timer = null;
    new MutationObserver(() => {
      clearTimeout(timer);
      place.hidden = false;
      timer = setTimeout(() => (place.hidden = true), NOTICE_MS);
    }).observe(place, { childList: true, characterData: true, subtree: true });
  }

  /* ---- how old the data is ---- */

  function beat(context) {
    const place = context.place("fresh");
    const [state, sentence] = verdict(context);
    place.parentElement.className = `desk__age desk__age--${state}`;
    place.previousElementSibling.className = `lamp lamp--${state}`;
    dom.text(place, sentence);
    context.root.dataset.fresh = state;
    const stale = context.place("stale");
    if (stale) dom.text(stale, state === "stale" ? context.words.stale : "");
  }

  function verdict(context) {
    const { picture, words } = context;
    const isLost = picture ? live.silence() > LOST_MS : live.attempt > 0;
    if (isLost) {
      const span = formats.stopwatch(live.silence() / 1000);
      const state = live.silence() / 1000 > context.staleS ? "stale" : "late";
      return [state, context.fill("lost", { span, attempt: Math.max(1, live.attempt) })];
    }
    if (!picture) return ["loading", words.loading];
    const feeds = Object.entries(picture.sources || {}).filter(([key]) => words.sources[key] && key !== "database");
    const age = ({ last_at: at, age_s: s }) => (at ? Math.max(0, (context.now() - Date.parse(at)) / 1000) : s);
    const [worst] = feeds
      .filter(([, source]) => GRAVITY[source.state] > 0)
      .sort(([, a], [, b]) => GRAVITY[b.state] - GRAVITY[a.state] || age(b) - age(a));
    if (worst)
      return [
        worst[1].state,
        context.fill("late", { source: words.sources[worst[0]], span: context.span(age(worst[1])) }),
      ];
    const ages = feeds.filter(([, { state }]) => state === "live").map(([, source]) => age(source));
    return ages.length
      ? ["live", context.fill("fresh", { span: context.span(Math.max(...ages)) })]
      : ["unknown", words.empty];
  }

  /* ---- language, signs ---- */

  /* Remember a language the address names; let the other one keep the rest of the address. */
  function tongue(root) {
    const here = new URLSearchParams(window.location.search);
    if (here.has("lang"))
      document.cookie = `${root.dataset.cookie}=${root.dataset.lang}; path=/; max-age=${YEAR_S}; samesite=lax`;
    document.documentElement.lang = root.lang;
    const other = root.querySelector("[data-tongue]");
    other.addEventListener("click", () => {
      const now = new URLSearchParams(window.location.search);
      now.set("lang", other.dataset.tongue);
      other.href = `?${now}`;
    });
  }

  function signs(root) {
    for (const node of root.querySelectorAll("[data-glyph]:empty"))
      node.replaceChildren(boshu.glyph(node.dataset.glyph));
  }

  /* ---- keys of every page ---- */

  const isTyping = (node) => node && (node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName));
  desk.isTyping = () => isTyping(document.activeElement);

  function keys(context) {
    const help = context.place("keys");
    desk.help = () => help.showModal();
    context.root.querySelector("[data-does=help]").addEventListener("click", desk.help);
    help.addEventListener("click", (event) => event.target === help && help.close());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || desk.isTyping() || help.open) return;
      if (event.key === "/" && context.search) context.search.focus();
      else if (event.key === "?") desk.help();
      else return;
      event.preventDefault();
    });
  }

  /* Dash draws the page when its own scripts are ready. */
  const watch = new MutationObserver(start);
  function start() {
    const root = document.querySelector("[data-desk]");
    if (!root) return;
    watch.disconnect();
    begin(root);
  }
  watch.observe(document.documentElement, { childList: true, subtree: true });
  start();
})();
