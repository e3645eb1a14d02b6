/* A wall screen: what people set on it, and what it is called to do. Its settings come as a cookie with each sign of life, in
   the words of an address (`sound=off&quiet=22:00-07:00`), so that a wall begins with them also while the server is away. What
   the address itself says goes before. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const MESSAGE_S = 60;
  const kept = (name) => (new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie) || [])[1];
  const isScreen = kept("boshu-is-screen") === "1";

  const settings = () => new URLSearchParams(decodeURIComponent(kept("boshu-screen-set") || ""));
  const screen = (boshu.screen = {
    /* Return a setting of this screen; null where there is none, and in browsers that are no screens. */
    asked: (name) => (isScreen ? settings().get(name) : null),
    obey,
  });

  function obey({ call, text }) {
    if (call === "reload") boshu.live.reload();
    else if (call === "settings") boshu.beat().then(() => boshu.live.reload());
    else if (call === "scene") go(text);
    else if (call === "message") say(text);
  }

  /* Show another page, but only when the server answers: a wall never shows a browser's error page. */
  function go(path) {
    if (window.location.pathname === path) return;
    fetch("/healthz", { cache: "no-store" })
      .then((answer) => answer.ok && window.location.assign(path))
      .catch(() => {});
  }

  let message = null;
  let untilS = 0;

  function say(text) {
    if (!message) {
      message = document.createElement("div");
      message.className = "screen-message";
      message.setAttribute("role", "status");
      document.body.append(message);
    }
    message.textContent = text;
    message.hidden = false;
    untilS = MESSAGE_S;
  }

  function hush() {
    if (untilS > 0 && --untilS === 0) message.hidden = true;
  }

  /* Scenes follow each other, each for its time. */
  let shownS = 0;

  function turn() {
    const paths = (screen.asked("scenes") || "").split(" ").filter(Boolean);
    if (paths.length < 2) return;
    shownS += 1;
    if (shownS < Number(screen.asked("each"))) return;
    shownS = 0;
    go(paths[(paths.indexOf(window.location.pathname) + 1) % paths.length]);
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!isScreen || !boshu.live) return;
    boshu.live.every(hush);
    boshu.live.every(turn);
  });
})();
