/* A wall screen: what people set on it, and what it is called to do. Its settings come as a cookie with each sign of life, in
   the words of an address (`sound=off&quiet=22:00-07:00`), so that a wall begins with them also while the server is away. What
   the address itself says goes before. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const MESSAGE_S = 60;
  const AGAIN_MS = 3000;
  const FAILED = 500;
  const kept = (name) => (new RegExp(`(?:^|; )${name}=([^;]*)`).exec(document.cookie) || [])[1];
  const isScreen = kept("boshu-is-screen") === "1";

  const settings = () => new URLSearchParams(decodeURIComponent(kept("boshu-screen-set") || ""));
  const screen = (boshu.screen = {
    /* Return a setting of this screen; null where there is none, and in browsers that are no screens. */
    asked: (name) => (isScreen ? settings().get(name) : null),
    is: isScreen,
    hear,
  });

  /* A call comes with every stream until it was heard, and is obeyed by the one who is first to say so. */
  const known = new Set();
  let before = Promise.resolve();

  function hear(call) {
    if (known.has(call.id)) return;
    known.add(call.id);
    before = before.catch(() => {}).then(() => take(call));
  }

  async function take(call) {
    const answer = await boshu.postJson("/screen/heard", { call: call.id }).catch(() => null);
    if (answer && answer.ok && (await answer.json()).obey) return obey(call);
    if (answer && answer.status < FAILED) return undefined;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    return take(call);
  }

  function obey({ call, text }) {
    if (call === "reload") boshu.live.reload();
    else if (call === "settings") boshu.beat().then(() => boshu.live.reload());
    else if (call === "scene" && boshu.turnTo) boshu.turnTo(text);
    else if (call === "message") say(text);
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

  document.addEventListener("DOMContentLoaded", () => {
    if (!isScreen || !boshu.live) return;
    boshu.live.every(hush);
  });
})();
