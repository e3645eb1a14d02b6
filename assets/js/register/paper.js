/* A list on paper: its rows came as one text, and are written into the table when it stands on the page. */
(function () {
  "use strict";

  const { dom } = window.boshu;

  function write(body) {
    const sides = body.dataset.sides.split(",");
    const cell = (text, i) => dom.node("td", sides[i], text);
    body.append(...JSON.parse(body.dataset.lines).map((line) => dom.node("tr", "", ...line.map(cell))));
    body.removeAttribute("data-lines");
  }

  new MutationObserver(() => {
    const body = document.querySelector("[data-paint=paper][data-lines]");
    if (body) write(body);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
