/* Pages with a table: ages and moments that run on. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom, formats } = boshu;
  const AREAS = ["parking", "devices", "finance", "system"];

  function begin(context) {
    boshu.register.begin(context);
    const paint = () => ages(context);
    context.hear(paint);
    new MutationObserver(paint).observe(context.root, { childList: true, subtree: true });
    setInterval(paint, 1000);
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
