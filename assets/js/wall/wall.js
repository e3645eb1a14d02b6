/* The wall: writes what the stream says to the page. One clock drives everything that moves; nothing here is a
   property of Dash. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, dom, live } = boshu;
  const DRIFT_MS = 500; // less than this is the way of the message, not the clock
  const AGAIN_MS = 3000;
  const NODES = 6000; // more elements than a wall ever has
  const YEAR_S = 31536000;
  const TOPICS = ["wall", "headline"]; // of a wall with scenes

  function wall(root) {
    const context = boshu.context(root);
    const stage = boshu.stage(context);
    const tiles = boshu.tiles(context);
    const alarms = boshu.alarms(context);
    const freshness = boshu.freshness(context, turned);
    let map = null;
    let placesKnown = null; // the version of the places on the map
    let stream = null; // of its own, where scenes follow each other
    const hasScenes = !context.past && (boshu.screen.is || new URLSearchParams(window.location.search).has("scene"));
    const carousel = hasScenes ? boshu.carousel(context, { draw: redraw, ask }) : null;

    function hear(message) {
      if (message.type === "headline") return carousel && carousel.take(message.data.headline);
      if (message.type === "snapshot") {
        context.picture = message.data;
        if (carousel) carousel.arrived();
        return take(message.data, message.data.tiles);
      }
      if (message.type !== "delta" || !context.picture) return undefined;
      return take(boshu.merge(context.picture, message.data), message.data.tiles || {});
    }

    /* Ask for a scene's part of the city; the first question opens the stream. */
    function ask(part) {
      if (stream) stream.ask(TOPICS, part);
      else stream = live.listen(hear, { topics: TOPICS, isOwn: true, scene: part });
    }

    /* Paint everything anew: the scene is another. */
    function redraw() {
      stage.fit();
      if (context.picture) take(context.picture, context.picture.tiles);
      tiles.all();
    }

    function take(picture, changed) {
      context.picture = picture;
      live.shown.picture_at = picture.at;
      root.dataset.seq = picture.seq;
      context.offset = formats.offset(picture.at);
      const drift = Date.parse(picture.at) - Date.now();
      if (Math.abs(drift - context.skew) > DRIFT_MS) context.skew = drift;
      root.classList.remove("wall--loading");
      context.place("demo").hidden = !picture.demo;
      for (const key of Object.keys(changed)) tiles.write(key, changed[key]);
      alarms.write();
      if (placesKnown !== null && picture.places !== undefined && picture.places !== placesKnown) learn();
      roads();
      beat();
    }

    function roads() {
      const tile = context.tile("map");
      const isStale = freshness.stateOf(tile) === "stale";
      if (map && tile) map.paint(tile, context.alarms().rows || [], isStale, context.scene.kind);
    }

    /* A tile turned fresher or staler: the map loses its callouts, and a rate over silent sensors cannot be known. */
    function turned(key) {
      if (key === "map") roads();
      const tile = context.tile(key);
      const isKnown = !["stale", "unknown"].includes(freshness.stateOf(tile));
      if (key === "sensors_online" && tile) tiles.write(key, isKnown ? tile : { ...tile, pct: null });
    }

    /* Once a second, whatever the server does. */
    function beat() {
      if (context.picture) clock();
      freshness.beat();
      alarms.beat();
      tiles.beat();
      if (context.picture) stage.beat();
      if (carousel && live.attempt === 0) carousel.beat();
    }

    function clock() {
      const city = context.city();
      const day = context.words.days[city.weekday];
      dom.text(context.place("clock"), city.clock);
      dom.text(context.place("date"), city.day);
      dom.text(context.place("weekday"), context.words.weekdays[city.weekday]);
      for (const node of root.querySelectorAll("[data-versus]"))
        dom.text(node, formats.fill(context.words.versus[node.dataset.versus], { day }));
      const compared = root.querySelector("[data-panel=occ] [data-note]").dataset;
      compared.note = compared.back = formats.fill(context.words.versus.day, { day });
      live.reloadDaily(city.clock, context.asked("reload") ?? root.dataset.reloadAt);
    }

    async function learnPlaces() {
      const known = await fetched("/live/places.json");
      placesKnown = known.version;
      context.sites = Object.fromEntries(known.sites.map((site) => [site.code, site]));
      dom.text(
        context.place("city"),
        known.city ? context.fill("title", { city: context.name(known.city) }) : context.words.product,
      );
      if (known.city && known.city.map) map = await boshu.drawnMap(context, known);
      if (context.picture) take(context.picture, context.picture.tiles);
    }

    /* Learn the places once more when they changed, never twice at the same time. */
    function learn() {
      placesKnown = null;
      insist(learnPlaces);
    }

    async function lookBack() {
      root.classList.add("wall--past");
      dom.text(context.place("past"), context.past);
      const answer = await fetch(`/live/wall.json?at=${encodeURIComponent(context.past)}`, { cache: "no-store" });
      if (!answer.ok && answer.status !== 400) throw new Error(String(answer.status));
      const body = await answer.json();
      if (answer.status === 400) return refuse(body.error);
      take(body, body.tiles);
      return dom.text(context.place("past"), `${context.city().day} ${context.city().minute}`);
    }

    function refuse(why) {
      context.place("warning").hidden = false;
      dom.text(context.place("warning-title"), context.fill("badMoment", { why }));
    }

    signs(root);
    address(root, context);
    const kpiOf = (key) => (context.tile(key) || {}).kpi || key;
    const dated = (key) => (context.tile(key) || context.tile("rates") || {}).as_of;
    const dataTime = (key) =>
      dated(key) ? context.at(dated(key)) : context.words.unknown;
    boshu.meaning(context.stage, root.dataset.lang, context.words, kpiOf, dataTime);
    learn();
    if (context.past) insist(lookBack);
    else if (!carousel) live.listen(hear);
    live.every(beat);
    live.watch({ nodes: NODES });
    window.addEventListener("resize", () => tiles.all());
  }

  async function fetched(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  /* Draw the map of a city from its folder of GeoJSON. */
  boshu.drawnMap = async function (context, known) {
    const folder = `/assets/map/${known.city.map}`;
    const [base, labels] = await Promise.all([
      fetched(`${folder}/basemap.geojson`),
      fetched(`${folder}/labels.geojson`),
    ]);
    const places = Object.fromEntries(
      ["ground", "roads", "marks", "callouts"].map((name) => [name, context.place(name)]),
    );
    return boshu.map(places, { base, labels, sites: known.sites }, context.name, context.words);
  };

  /* Do what the server may refuse for a while, until it is done. */
  function insist(work) {
    work().catch(() => setTimeout(() => insist(work), AGAIN_MS));
  }

  function signs(root) {
    for (const node of root.querySelectorAll("[data-glyph]")) node.replaceChildren(boshu.glyph(node.dataset.glyph));
  }

  /* Remember a language the address names; let the links keep the rest of the address. */
  function address(root, context) {
    const here = new URLSearchParams(window.location.search);
    if (here.has("lang") && !here.has("scene"))
      document.cookie = `${root.dataset.cookie}=${root.dataset.lang}; path=/; max-age=${YEAR_S}; samesite=lax`;
    document.documentElement.lang = root.lang;
    const other = root.querySelector("[data-tongue]");
    here.set("lang", other.dataset.tongue);
    other.href = `?${here}`;
    here.set("lang", root.dataset.lang);
    here.delete("at");
    context.place("return").href = `?${here}`;
  }

  /* Dash draws the skeleton when its own scripts are ready. */
  function begin() {
    const root = document.querySelector('[data-live-page="wall"]');
    if (root) wall(root);
    return root !== null;
  }
  if (!begin()) {
    const watch = new MutationObserver(() => begin() && watch.disconnect());
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }
})();
