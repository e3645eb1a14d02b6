/* What every live page needs: the messages of the stream, how long ago the server was heard, the page's one timer, a watch
   over what the page holds, a guarded reload, a trimmed history. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const WORKER = new URL("live-worker.js", document.currentScript.src).pathname;
  const WORKER_SPEAKS_MS = 5000;
  const AGAIN_MS = 3000;
  const HOUR_S = 3600;
  const WATCH_S = 10; // how often the page is looked at
  const HEAP_BYTES = 400 * 1048576;
  const UNPAINTED_MS = 60000;
  const RELOAD_APART_MS = 600000; // a page that grows at once must not load anew without end

  /* `shown`: what a wall tells of itself with each sign of life, its scene and the instant of its newest picture. */
  const live = (boshu.live = { heardAt: null, attempt: 0, startedAt: Date.now(), shown: {} });

  /* Call `hear` with every message on some topics (wall, berths, events): of the shared worker, or of a stream of this
     page's own, which is returned. A wall that turns from scene to scene has its own (`isOwn`), and begins with `scene`. */
  live.listen = function (hear, { topics = ["wall"], isOwn = false, scene = "" } = {}) {
    function take(message) {
      if (message.type === "call") return boshu.screen.hear(message.data);
      if (message.type === "link") linked(message.attempt);
      else if (message.data) [live.heardAt, live.attempt] = [Date.now(), 0];
      if (message.type === "snapshot" && reloadedFor(message.data.version)) return;
      hear(message);
    }
    if (isOwn || !window.SharedWorker) return boshuStream(take, topics, scene);
    let own = null;
    const alone = () => (own = own || boshuStream(take, topics));
    const silence = setTimeout(alone, WORKER_SPEAKS_MS);
    try {
      const worker = new SharedWorker(WORKER, { name: "boshu-live" });
      worker.onerror = alone;
      worker.port.onmessage = (event) => {
        clearTimeout(silence);
        if (!own) take(event.data);
      };
      worker.port.start();
      worker.port.postMessage({ topics });
      window.addEventListener("pagehide", () => worker.port.postMessage("bye"));
      window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
    } catch {
      alone();
    }
    return null;
  };

  /* A stream that ends may be the end of the session: ask at once, so that who is shown out leaves within seconds. */
  function linked(attempt) {
    live.attempt = attempt;
    if (attempt === 1) boshu.look();
  }

  /* Milliseconds since the server was last heard; since the page began, when it never was. */
  live.silence = () => Date.now() - (live.heardAt || live.startedAt);

  let onward = null;

  /* Leave the page as soon as the server answers, so that a wall never shows a browser's error page; who asks last is heard. */
  live.leave = function (go) {
    const isAsking = onward !== null;
    onward = go;
    if (!isAsking) askToLeave();
  };

  function askToLeave() {
    fetch("/healthz", { cache: "no-store" })
      .then((answer) => (answer.ok ? onward() : Promise.reject(new Error(String(answer.status)))))
      .catch(() => setTimeout(askToLeave, AGAIN_MS));
  }

  live.reload = () => live.leave(() => window.location.reload());

  /* The same for a fault of the page itself, at most once in ten minutes. */
  live.reloadFor = function (why) {
    if (Date.now() - Number(window.sessionStorage.getItem("boshu-reloaded") || 0) < RELOAD_APART_MS) return;
    window.sessionStorage.setItem("boshu-reloaded", String(Date.now()));
    window.sessionStorage.setItem("boshu-reloaded-for", why);
    live.reload();
  };

  /* Dash keeps every change of every property for ever; nothing here undoes, so the past goes once an hour. */
  live.trim = function () {
    for (const store of window.dash_stores || []) store.getState().history.past.length = 0;
  };

  /* At a time of day such as `04:30`, city time, load the page anew; `at` is empty where nobody asked for it. */
  live.reloadDaily = function (clock, at) {
    if (/^\d\d:\d\d$/.test(at || "") && clock === `${at}:00` && Date.now() - live.startedAt > 2 * 60000) live.reload();
  };

  /* ---- one timer for the whole page ---- */

  const works = [];
  let beats = 0;

  /* Do a piece of work once a second, for as long as the page lives. */
  live.every = (work) => works.push(work);

  setInterval(() => {
    beats += 1;
    for (const work of works) work();
    if (beats % HOUR_S === 0) live.trim();
  }, 1000);

  /* ---- watch: a page that grows too large, or paints no more, is loaded anew ---- */

  live.paintedAt = Date.now();

  /* Return what is wrong with the page: `heap`, `nodes`, `paint`, or nothing. A hidden page paints nothing and need not. */
  live.fault = function (most) {
    if (window.performance.memory && window.performance.memory.usedJSHeapSize > (most.heap || HEAP_BYTES)) return "heap";
    if (document.getElementsByTagName("*").length > most.nodes) return "nodes";
    return !document.hidden && Date.now() - live.paintedAt > UNPAINTED_MS ? "paint" : null;
  };

  /* Watch the page from now on; `most.nodes` and `most.heap`, in bytes, are what it may hold. */
  live.watch = function (most) {
    let untilLook = WATCH_S;
    const painted = () => (live.paintedAt = Date.now());
    document.addEventListener("visibilitychange", painted);
    window.addEventListener("webglcontextlost", () => live.reloadFor("webgl"), true);
    live.every(() => {
      window.requestAnimationFrame(painted);
      untilLook -= 1;
      if (untilLook > 0) return;
      untilLook = WATCH_S;
      const why = live.fault(most);
      if (why) live.reloadFor(why);
    });
  };

  let build = null;
  live.build = () => build;
  function reloadedFor(version) {
    if (!version || version === build) return false;
    const known = build !== null;
    build = version;
    if (known) live.reload();
    return known;
  }
})();
