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

  let isLeft = false; // several answers may say so at once, and one departure is enough

  function leave() {
    if (isLeft) return;
    isLeft = true;
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

  window.addEventListener("pageshow", () => (isLeft = false));

  /* Send something to the server, with the word that says that a page of ours asks. */
  function post(path, { body, type } = {}) {
    const token = /(?:^|; )_csrf_token=([^;]+)/.exec(document.cookie);
    const headers = { "X-CSRFToken": token ? token[1] : "" };
    if (type) headers["Content-Type"] = type;
    return window.fetch(path, { method: "POST", headers, body });
  }

  const postJson = (path, told) => post(path, { body: JSON.stringify(told), type: "application/json" });

  /* Ask whether the session is still good; the answer that it is not ends the page. */
  const look = () => window.fetch("/session", { cache: "no-store" }).catch(() => {});

  function beat() {
    const heap = performance.memory ? Math.round(performance.memory.usedJSHeapSize / 1048576) : null;
    const viewport = `${window.innerWidth}x${window.innerHeight}`;
    const told = { heap_mb: heap, viewport, version: window.boshu.live.build() || "", ...window.boshu.live.shown };
    return postJson("/screen/beat", told).catch(() => {});
  }

  window.boshu = Object.assign(window.boshu || {}, { beat, look, post, postJson });

  /* All scripts are there: the page has one timer, which is not ours. */
  document.addEventListener("DOMContentLoaded", () => {
    const lookWhenSeen = () => document.visibilityState === "visible" && !isScreen && look();
    const work = isScreen ? beat : lookWhenSeen;
    let seconds = 0;
    window.boshu.live.every(() => {
      seconds += 1;
      if (seconds % LOOK_S === 1) work();
    });
    document.addEventListener("visibilitychange", lookWhenSeen);
  });
})();
