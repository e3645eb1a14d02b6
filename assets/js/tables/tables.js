/* Pages with a table: ages and moments that run on. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { dom, formats } = boshu;
  const AREAS = ["parking", "devices", "billing", "finance", "system"];

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
      dom.text(node, day === today ? clock : said(day, clock, today));
    }
  }

  /* Another day of this year, to the second; of another year, to the minute. */
  function said(day, clock, today) {
    return day.slice(0, 4) === today.slice(0, 4) ? `${day.slice(5)} ${clock}` : `${day} ${clock.slice(0, 5)}`;
  }

  AREAS.forEach((area) => boshu.desk.at(area, begin));
})();
