/* What every live page needs: the messages of the stream, how long ago the server was heard, a guarded reload,
   a trimmed history. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const WORKER = new URL("live-worker.js", document.currentScript.src).pathname;
  const WORKER_SPEAKS_MS = 5000;
  const HOUR_MS = 3600000;

  const live = (boshu.live = { heardAt: null, attempt: 0, startedAt: Date.now() });

  /* Call `hear` with every message of the stream: of the shared worker, or of a stream of this page's own. */
  live.listen = function (hear) {
    function take(message) {
      if (message.type === "link") live.attempt = message.attempt;
      else if (message.data) [live.heardAt, live.attempt] = [Date.now(), 0];
      if (message.data && reloadedFor(message.data.version)) return;
      hear(message);
    }
    if (!window.SharedWorker) return boshuStream(take);
    let own = null;
    const alone = () => (own = own || boshuStream(take));
    const silence = setTimeout(alone, WORKER_SPEAKS_MS);
    try {
      const worker = new SharedWorker(WORKER, { name: "boshu-live" });
      worker.onerror = alone;
      worker.port.onmessage = (event) => {
        clearTimeout(silence);
        if (!own) take(event.data);
      };
      worker.port.start();
      window.addEventListener("pagehide", () => worker.port.postMessage("bye"));
      window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
    } catch {
      alone();
    }
    return null;
  };

  /* Milliseconds since the server was last heard; since the page began, when it never was. */
  live.silence = () => Date.now() - (live.heardAt || live.startedAt);

  /* Load the page anew, but only when the server answers, so that a wall never shows a browser's error page. */
  live.reload = function () {
    fetch("/healthz", { cache: "no-store" })
      .then((answer) => answer.ok && window.location.reload())
      .catch(() => {});
  };

  /* Dash keeps every change of every property for ever; nothing here undoes, so the past goes once an hour. */
  live.trim = function () {
    for (const store of window.dash_stores || []) store.getState().history.past.length = 0;
  };
  setInterval(live.trim, HOUR_MS);

  /* At a time of day such as `04:30`, city time, load the page anew; off unless the address says `reload=`. */
  live.reloadDaily = function (clock) {
    const at = new URLSearchParams(window.location.search).get("reload");
    if (/^\d\d:\d\d$/.test(at || "") && clock === `${at}:00` && Date.now() - live.startedAt > 2 * 60000) live.reload();
  };

  let build = null;
  function reloadedFor(version) {
    if (!version || version === build) return false;
    const known = build !== null;
    build = version;
    if (known) live.reload();
    return known;
  }
})();
