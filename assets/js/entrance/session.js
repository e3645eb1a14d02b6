/* The session: when it is over, its page leads back to the entrance; a wall screen tells that it lives. */
(function () {
  "use strict";

  if (document.querySelector("[data-entrance]")) return;

  const OVER = 401;
  const LOOK_MS = 60000;
  const ask = window.fetch.bind(window);
  const isScreen = /(?:^|; )boshu-is-screen=1/.test(document.cookie);

  function leave() {
    const here = window.location.pathname + window.location.search;
    window.location.replace(`/sign-in?over=1&next=${encodeURIComponent(here)}`);
  }

  /* Whatever a page asks for: an answer that nobody is signed in ends it. */
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (answer.status === OVER) leave();
    return answer;
  };

  function look() {
    if (document.visibilityState === "visible" && !isScreen) window.fetch("/session", { cache: "no-store" }).catch(() => {});
  }

  function beat() {
    const token = /(?:^|; )_csrf_token=([^;]+)/.exec(document.cookie);
    const heap = performance.memory ? Math.round(performance.memory.usedJSHeapSize / 1048576) : null;
    const told = { heap_mb: heap, scene: window.location.pathname, version: document.documentElement.dataset.version || "" };
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token ? token[1] : "" };
    window.fetch("/screen/beat", { method: "POST", headers, body: JSON.stringify(told) }).catch(() => {});
  }

  if (isScreen) setInterval(beat, LOOK_MS);
  if (isScreen) beat();
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_MS);
})();
