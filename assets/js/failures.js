/* A callback that failed: a notice with the number under which the log has it; where no page came at all, that in its place. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const AWAY = 503;
  const NOTICE = "app-notice";
  const PLACE = "app-failed";
  const DRAWN_MS = 300; // a page that is on its way is drawn by then

  boshu.failed = function (answer) {
    const number = answer.headers.get("X-Request-Id") || "";
    document.dispatchEvent(new Event("boshu-failed")); // for parts that wait
    setTimeout(() => say(answer.status === AWAY, number), DRAWN_MS);
  };

  function say(isAway, number) {
    const place = document.getElementById(PLACE);
    if (!place || document.querySelector(".wall")) return; // a wall says itself how old its figures are
    if (document.querySelector("[data-desk]")) {
      const children = [isAway ? place.dataset.away : place.dataset.bug, isAway ? "" : number].filter(Boolean).join(" ");
      window.dash_clientside.set_props(NOTICE, { children });
      return;
    }
    place.hidden = false;
    place.querySelector("[data-paint=number]").textContent = number;
    for (const sign of place.querySelectorAll("[data-glyph]:empty")) sign.replaceChildren(boshu.glyph(sign.dataset.glyph));
    place.querySelector("[data-does=reload]").addEventListener("click", () => window.location.reload());
  }
})();
