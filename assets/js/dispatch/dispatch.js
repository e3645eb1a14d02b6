/* The dispatch page: brings map, queue, drawer, search and replay together; keys and the address. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const { dom } = boshu;
  const ADDRESS_MS = 350;
  const AGAIN_MS = 30000; // how often an open drawer is drawn anew, beside every change of its berth
  const REPLAY_AFTER_MS = 2500;

  boshu.desk.at("dispatch", function begin(context) {
    mapOf(context.root, (leaflet) => run(context, leaflet));
  });

  /* Dash makes the map when its own scripts are ready. */
  function mapOf(root, then) {
    const found = () => {
      const node = root.querySelector(".leaflet-container");
      return node && node.boshuMap;
    };
    if (found()) return then(found());
    const wait = setInterval(() => {
      if (!found()) return;
      clearInterval(wait);
      then(found());
    }, 30);
    return undefined;
  }
  if (window.L) {
    window.L.Map.addInitHook(function () {
      this.getContainer().boshuMap = this;
    });
  }

  function run(context, leaflet) {
    const { root } = context;
    const here = new URLSearchParams(window.location.search);
    let writing = null;

    const drawer = dispatch.drawer(context, drawn);
    const view = dispatch.streets(context, leaflet, choose, moved);
    const replay = dispatch.replay(context, view, settled);
    const queue = dispatch.queue(context, opened);
    const events = dispatch.events(context, choose);
    context.opened = opened; // a hit of the search is shown here
    /* The moment looked back at, or the one to come; null: now. */
    function moment(coming = null) {
      const ms = replay.at === null ? coming : replay.at;
      return ms === null ? null : new Date(ms).toISOString();
    }
    Object.assign(dispatch, { view, replayed: replay, seqOf: () => view.berths.seq });

    /* ---- choosing ---- */

    function choose(site, space, { fly = false } = {}) {
      const i = view.berths.find(site, space);
      view.pick(i, i === undefined ? "" : view.berths.codes[i], { fly });
      drawer.show(site, space, moment());
      moved();
    }

    /* Open a hit or an alarm: its berth, else its place on the map. */
    async function opened({ site, space, at, lon, lat, alarm }) {
      if (at && !alarm) await replay.seek(Date.parse(at));
      if (space) return choose(site, space, { fly: true });
      if (lon && lat) view.go(Number(lat), Number(lon), Math.max(17.5, leaflet.getZoom()));
      return undefined;
    }

    function close() {
      if (!drawer.close()) return false;
      view.pick(-1);
      moved();
      return true;
    }

    function drawn() {
      const i = view.picked;
      if (i >= 0) view.say([view.berths.codes[i], drawer.plate()].filter(Boolean).join("  "));
      replay.cross();
    }

    /* The moment shown stands still: draw the berth as it was then. */
    function settled(at) {
      if (drawer.site) drawer.show(drawer.site, drawer.space, at === null ? null : new Date(at).toISOString());
      moved();
    }

    /* ---- the address tells what is seen ---- */

    function moved() {
      clearTimeout(writing);
      writing = setTimeout(write, ADDRESS_MS);
    }

    function write() {
      const now = new URLSearchParams(window.location.search);
      const centre = leaflet.getCenter();
      const said = {
        berth: drawer.site ? `${drawer.site}/${drawer.space}` : null,
        at: moment(replay.asked),
        z: String(leaflet.getZoom()),
        lat: centre.lat.toFixed(5),
        lon: centre.lng.toFixed(5),
        states: view.filters.isPlain() ? null : view.filters.chosen().join(","),
        find: null,
      };
      for (const [name, value] of Object.entries(said)) value === null ? now.delete(name) : now.set(name, value);
      window.history.replaceState(window.history.state, "", `?${now}`);
    }

    /* Once berths are known: what the address asked for. */
    view.first = async function () {
      const known = ["z", "lat", "lon"].map((name) => Number(here.get(name) ?? NaN));
      if (known.every(Number.isFinite)) leaflet.setView([known[1], known[2]], known[0], { animate: false });
      else view.city();
      if (here.has("states")) view.filters.choose(here.get("states").split(","));
      const at = Date.parse((here.get("at") || "").trim().replace(" ", "+"));
      if (!Number.isNaN(at)) await replay.seek(at);
      const [site, space] = (here.get("berth") || "").split("/");
      if (space) choose(site, space, { fly: !known.every(Number.isFinite) });
      if (here.get("find")) context.find(here.get("find"));
      setTimeout(replay.preload, REPLAY_AFTER_MS);
    };

    /* ---- the stream ---- */

    let berthAt = 0;
    context.hear((message) => {
      view.berths.hear(message);
      events.hear(message);
      if (message.type === "places") boshu.desk.insist(() => view.learn(message.data).then(cityOnce));
      if (message.type === "replayed") {
        queue.look(message.data && message.data.at);
        view.alarms(message.data ? message.data.alarms : alarmsNow());
      }
      if (message.type === "snapshot" || message.type === "delta") {
        queue.hear();
        if (!view.berths.past) view.alarms(alarmsNow());
        if (!view.berths.past && leaflet.getZoom() < 17.5) view.repaint();
      }
      if (message.type === "berths-delta" && isMine(message.data)) redraw();
    });

    const alarmsNow = () => (context.picture && context.picture.alarms && context.picture.alarms.rows) || [];
    const isMine = ({ changes }) => view.picked >= 0 && replay.at === null && changes.some(([i]) => i === view.picked);
    function redraw() {
      berthAt = Date.now();
      drawer.again();
    }

    /* The whole city, when its places came after its berths and nothing else was asked for. */
    function cityOnce() {
      if (view.isPlaced && !here.has("z") && !here.has("berth") && leaflet.getZoom() < 15) view.city();
    }

    view.alarmed = (row) => {
      queue.choose(row.id);
      opened({ ...row, site: row.place, alarm: row.id });
    };

    setInterval(() => {
      queue.beat();
      drawer.beat();
      replay.beat();
      stale();
      if (drawer.site && replay.at === null && Date.now() - berthAt > AGAIN_MS && !document.hidden) redraw();
    }, 1000);

    function stale() {
      const isStale = root.dataset.fresh === "stale" && replay.at === null;
      root.querySelector("[data-part=streets]").classList.toggle("streets--stale", isStale);
      const silence = boshu.live.silence() / 1000;
      const oldest = silence > context.staleS ? silence : null;
      dom.text(
        context.place("flag"),
        !isStale
          ? ""
          : oldest
            ? context.fill("noData", { span: context.span(oldest) })
            : context.place("fresh").textContent,
      );
    }

    keys();

    /* ---- keys ---- */

    function keys() {
      const does = {
        j: () => queue.step(1),
        k: () => queue.step(-1),
        Enter: () => queue.open(),
        a: () => queue.acknowledge(),
        ArrowLeft: () => view.pan(-1, 0),
        ArrowRight: () => view.pan(1, 0),
        ArrowUp: () => view.pan(0, -1),
        ArrowDown: () => view.pan(0, 1),
        "+": () => view.nearer(1),
        "=": () => view.nearer(1),
        "-": () => view.nearer(-1),
        0: () => view.city(),
        " ": () => replay.toggle(),
        "[": () => replay.alarm(-1),
        "]": () => replay.alarm(1),
        1: () => replay.pace(1),
        2: () => replay.pace(60),
        3: () => replay.pace(600),
        Escape: () => replay.leave() || close(),
      };
      document.addEventListener("keydown", (event) => {
        if (
          event.ctrlKey ||
          event.metaKey ||
          event.altKey ||
          boshu.desk.isTyping() ||
          document.querySelector("dialog[open]")
        )
          return;
        const isButton = document.activeElement && /^(BUTTON|A)$/.test(document.activeElement.tagName);
        if (isButton && (event.key === "Enter" || event.key === " ")) return;
        const act = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (!act) return;
        event.preventDefault();
        act();
      });
    }
  }
})();
