/* The session: when it is over, its page leads back to the entrance; a wall screen tells that it lives. */
(function () {
  "use strict";

  if (document.querySelector("[data-entrance]")) return;

  const OVER = 401;
  const FAILED = 500;
  const CALLBACKS = "/_dash-update-component";
  const LOOK_S = 60;
  const ask = window.fetch.bind(window);
  const isScreen = /(?:^|; )boshu-is-screen=1/.test(document.cookie);

  function leave() {
    const here = window.location.pathname + window.location.search;
    window.location.replace(`/sign-in?over=1&next=${encodeURIComponent(here)}`);
  }

  /* Whatever a page asks for: an answer that nobody is signed in ends it; one that something went wrong is said. */
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (answer.status === OVER) leave();
    if (answer.status >= FAILED && String(asked[0].url || asked[0]).includes(CALLBACKS)) window.boshu.failed(answer);
    return answer;
  };

  function look() {
    if (document.visibilityState === "visible" && !isScreen) window.fetch("/session", { cache: "no-store" }).catch(() => {});
  }

  function beat() {
    const token = /(?:^|; )_csrf_token=([^;]+)/.exec(document.cookie);
    const heap = performance.memory ? Math.round(performance.memory.usedJSHeapSize / 1048576) : null;
    const viewport = `${window.innerWidth}x${window.innerHeight}`;
    const told = { heap_mb: heap, viewport, version: window.boshu.live.build() || "", ...window.boshu.live.shown };
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token ? token[1] : "" };
    return window.fetch("/screen/beat", { method: "POST", headers, body: JSON.stringify(told) }).catch(() => {});
  }

  window.boshu = Object.assign(window.boshu || {}, { beat });

  /* All scripts are there: the page has one timer, which is not ours. */
  document.addEventListener("DOMContentLoaded", () => {
    const work = isScreen ? beat : look;
    let seconds = 0;
    window.boshu.live.every(() => {
      seconds += 1;
      if (seconds % LOOK_S === 1) work();
    });
    document.addEventListener("visibilitychange", look);
  });
})();
