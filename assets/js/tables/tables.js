/* Pages with a table: ages that run on, and rows that are read again on the stream's tick or when somebody asks. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom, formats } = boshu;
  const AGAIN_MS = 15000;

  const AREAS = ["parking", "devices", "finance", "system"];

  function begin(context) {
    boshu.register.begin(context);
    let readAt = Date.now();
    const again = () => {
      const button = context.root.querySelector("[data-reload]");
      if (!button || !window.dash_ag_grid) return;
      readAt = Date.now();
      reread(button.dataset.reload);
    };
    const paint = () => ages(context);
    context.root.addEventListener("click", (event) => event.target.closest("[data-reload]") && again());
    context.hear((message) => {
      const isTick = message.type === "snapshot" || message.type === "delta";
      if (isTick && !document.hidden && Date.now() - readAt > AGAIN_MS) again();
      paint();
    });
    new MutationObserver(paint).observe(context.root, { childList: true, subtree: true });
    setInterval(paint, 1000);
  }

  /* Read the blocks again that the reader has before him; the rows stay until the new ones are here. */
  function reread(name) {
    window.dash_ag_grid.getApiAsync(name).then((api) => api.refreshInfiniteCache());
  }

  function ages({ root, words, now, city }) {
    for (const node of root.querySelectorAll("[data-since]")) {
      const seconds = (now() - Number(node.dataset.since)) / 1000;
      dom.text(node, formats.fill(words.ago, { span: formats.span(seconds, words.units) }));
    }
    const today = city().day;
    for (const node of root.querySelectorAll("[data-moment]")) {
      const { day, clock } = city(Number(node.dataset.moment));
      dom.text(node, day === today ? clock : `${day.slice(5)} ${clock}`);
    }
  }

  AREAS.forEach((area) => boshu.desk.at(area, begin));
})();
