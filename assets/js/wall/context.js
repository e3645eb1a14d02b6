/* What every piece of the wall knows: the page, its words, the newest picture, the city's time. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats } = boshu;

  boshu.context = function (root) {
    const context = {
      root,
      stage: root.firstElementChild,
      words: JSON.parse(root.dataset.words),
      lateS: Number(root.dataset.lateS),
      staleS: Number(root.dataset.staleS),
      past: momentAsked(),
      picture: null, // the newest snapshot with all deltas in it
      scene: { id: "", kind: "overview", part: "", light: "clock" }, // what is shown of the city, and how
      sites: {},
      offset: 0, // minutes the city is ahead of UTC
      skew: 0, // milliseconds the server is ahead of this machine
    };
    const { words } = context;

    /* In which unit a language counts large sums: 1.2 万, 0.1 M. */
    context.large = { unit: words.large, by: root.dataset.lang === "en" ? 1e6 : 1e4 };
    /* What the address says, such as `night=on`, or what was set on this screen; null when neither does. */
    const address = new URLSearchParams(window.location.search);
    context.asked = (name) => address.get(name) ?? boshu.screen.asked(name);
    context.place = (name) => root.querySelector(`[data-paint="${name}"]`);
    context.tile = (key) => (context.picture && context.picture.tiles[key]) || null;
    context.alarms = () => (context.picture && context.picture.alarms) || { rows: [] };
    context.name = (thing) => (root.dataset.lang === "en" ? thing.name_en : thing.name) || thing.code;
    context.site = (code) => (context.sites[code] ? context.name(context.sites[code]) : code);
    context.fill = (key, values) => formats.fill(words[key], values);

    context.now = () => (context.past && context.picture ? Date.parse(context.picture.at) : Date.now() + context.skew);
    context.city = (iso) => formats.city(iso ? Date.parse(iso) : context.now(), context.offset);
    context.age = (iso) => Math.max(0, (context.now() - Date.parse(iso)) / 1000);
    context.span = (seconds) => formats.span(seconds, words.units);
    /* Hour and minute of an instant; with its day when that is not today. */
    context.at = function (iso) {
      const then = context.city(iso);
      return then.day === context.city().day ? then.minute : `${then.day.slice(5)} ${then.minute}`;
    };
    return context;
  };

  /* `?at=`: the moment to look back at; a plus sign of the zone may have become a space on the way. */
  function momentAsked() {
    const at = new URLSearchParams(window.location.search).get("at");
    return at && at.trim().replace(" ", "+");
  }
})();
