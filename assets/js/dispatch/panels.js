/* What stands around the map: the queue of alarms, what happens just now, the drawer. The server draws queue and drawer when it
   is asked through a property of a Store; this script asks and finds its way in them. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const { dom, formats } = boshu;
  const QUEUE_MS = 1500;
  const PAST_MS = 1000; // a replay moves on without rest: what stood at its moments is asked for this often
  const ANSWER_MS = 8000;
  const EVENTS = 40;

  const ask = (id, data) => window.dash_clientside.set_props(id, { data });

  /* ---- queue ---- */

  /* `opened(row)` is called with the data of the row that is opened. */
  dispatch.queue = function (context, opened) {
    const place = context.root.querySelector("#insight-dispatch-queue");
    const queue = { chosen: null };
    const answer = context.root.querySelector("[data-part=answer]"); // not there for who may not acknowledge
    let at = null; // the moment looked back at, ISO; null: now
    let asked = "";
    let timer = null;
    let skip = 0; // alarms on the pages before
    let turned = 0; // a page was asked for by its reader: 1 the one after, -1 the one before
    let question = 0; // how often was asked; the page that answers says which it answers
    const rows = () => [...place.querySelectorAll("[data-alarm], [data-turn]")];
    const nameOf = (row) => row.dataset.alarm || `turn-${row.dataset.turn}`;

    function mark() {
      for (const row of rows()) dom.attribute(row, "aria-selected", String(nameOf(row) === queue.chosen));
      if (answer) answer.hidden = !waiting();
    }

    /* The chosen alarm, when it is one of now that nobody sees to yet. */
    const waiting = () =>
      at === null && rows().find((row) => row.dataset.waits === "yes" && nameOf(row) === queue.chosen);

    queue.acknowledge = function () {
      const row = answer && waiting();
      if (row) ask("insight-dispatch-acknowledged", { lang: context.root.dataset.lang, alarm: row.dataset.alarm });
    };
    if (answer) {
      answer.querySelector("button").addEventListener("click", queue.acknowledge);
      new MutationObserver(refresh).observe(document.getElementById("insight-dispatch-answered"), { childList: true, characterData: true, subtree: true });
    }

    function refresh() {
      clearTimeout(timer);
      timer = null;
      question += 1;
      ask("insight-dispatch-refreshed", { lang: context.root.dataset.lang, at, skip, n: question });
    }

    function turn(row) {
      turned = Number(row.dataset.turn) > skip ? 1 : -1;
      skip = Number(row.dataset.turn);
      refresh();
    }

    /* Begin a page that was asked for with its first alarm, or coming back from the one after with its last; what changes on
       the page before until then, as the ages do, is not it. */
    function begin() {
      const page = place.querySelector("[data-question]");
      if (!page || Number(page.dataset.question) !== question) return;
      skip = Number(page.dataset.skipped);
      if (at !== null) count(page.dataset.counts.split(",").map(Number));
      const alarms = rows().filter((row) => row.dataset.alarm);
      if (!turned || !alarms.length) return;
      const row = alarms[turned > 0 ? 0 : alarms.length - 1];
      turned = 0;
      queue.chosen = nameOf(row);
      if (row === alarms[0]) place.scrollTop = 0;
      else row.scrollIntoView({ block: "nearest" });
    }

    /* Ask for the queue when the alarms of the stream changed, not more often than its readers can read. */
    queue.hear = function () {
      const alarms = context.picture && context.picture.alarms;
      if (!alarms || at !== null) return;
      count([alarms.p1, alarms.p2, alarms.p3]);
      const said = JSON.stringify([alarms.p1, alarms.p2, alarms.p3, alarms.rows]);
      if (said === asked) return;
      const isFirst = asked === "";
      asked = said;
      if (!timer) timer = setTimeout(refresh, isFirst ? 0 : QUEUE_MS);
    };

    const count = (counts) => counts.forEach((n, i) => dom.text(context.place(`alarms-${i + 1}`), formats.whole(n)));

    /* Show the alarms of a moment of the past, in milliseconds, with null those of now again. */
    queue.look = function (ms) {
      const wasNow = at === null;
      at = ms === null ? null : new Date(ms).toISOString();
      if (wasNow !== (at === null)) mark();
      [asked, skip] = ["", 0];
      if (at === null) queue.hear();
      else if (!timer) timer = setTimeout(refresh, PAST_MS);
    };

    queue.beat = function () {
      const now = at === null ? context.now() : Date.parse(at);
      for (const node of place.querySelectorAll("time[datetime]")) {
        const s = Math.max(0, (now - Date.parse(node.dateTime)) / 1000);
        dom.text(node, s < 86400 ? formats.stopwatch(s) : context.span(s));
      }
    };

    queue.step = function (by) {
      const list = rows();
      if (!list.length) return;
      const at = list.findIndex((row) => nameOf(row) === queue.chosen);
      const next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by))];
      queue.chosen = nameOf(next);
      mark();
      next.scrollIntoView({ block: "nearest" });
    };

    queue.open = function () {
      const row = rows().find((each) => nameOf(each) === queue.chosen);
      if (row) choose(row);
      return Boolean(row);
    };

    place.addEventListener("click", (event) => {
      const row = event.target.closest("[data-alarm], [data-turn]");
      if (!row) return;
      queue.chosen = nameOf(row);
      mark();
      choose(row);
    });

    function choose(row) {
      if (row.dataset.turn) turn(row);
      else opened(row.dataset);
    }

    queue.choose = function (alarm) {
      queue.chosen = alarm;
      mark();
    };
    new MutationObserver(() => {
      begin();
      mark();
      queue.beat();
    }).observe(place, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-question", "data-alarm", "data-turn"] });
    return queue;
  };

  /* ---- what happens just now ---- */

  dispatch.events = function (context, chosen) {
    const place = context.place("events");
    let held = [];
    let isPast = false;

    function row(event) {
      const node = dom.node("button", `event event--${event.kind}`);
      Object.assign(node.dataset, { site: event.site || "", space: event.space || "" });
      const where = siteName(context, event.site);
      const what = context.words.events[event.kind] || context.words.states[event.kind] || event.kind;
      node.append(
        dom.node("time", "event__time num", context.city(Date.parse(event.at)).clock),
        dom.node("i", "event__sign"),
        dom.node("span", "event__where", event.space ? `${where} ${event.space}` : where),
        dom.node("span", "event__what", formats.fill(what, { money: formats.money(event.fen) })),
      );
      return node;
    }

    function take(rows) {
      held = [...rows.slice(-EVENTS).reverse(), ...held].slice(0, EVENTS);
      place.prepend(...rows.slice(-EVENTS).reverse().map(row));
      while (place.children.length > EVENTS) place.lastElementChild.remove();
    }

    place.addEventListener("click", (event) => {
      const node = event.target.closest(".event");
      if (node && node.dataset.space) chosen(node.dataset.site, node.dataset.space);
    });

    return {
      hear({ type, data }) {
        if (type === "events" && !isPast) take(data.rows);
        if (type !== "replayed") return;
        if (isPast !== Boolean(data) || (data && data.isJump)) place.replaceChildren((held = []) && "");
        isPast = Boolean(data);
        dom.text(context.place("events-note"), isPast ? context.words.lookingBack : "");
        if (data && data.rows.length) take(data.rows);
      },
    };
  };

  function siteName(context, code) {
    const site = context.places && context.places.sites.find((each) => each.code === code);
    return site ? context.name(site) : code || "";
  }
  dispatch.siteName = siteName;

  /* ---- drawer ---- */

  /* `drawn()` is called when the berth asked for stands in the drawer. */
  dispatch.drawer = function (context, drawn) {
    const root = context.root.querySelector("[data-part=drawer]");
    const place = context.root.querySelector("#insight-dispatch-berth");
    const drawer = { site: null, space: null, at: null };
    let question = 0;
    let timer = null;

    const look = (state) => dom.look(root, "drawer", state, ["none", "waiting", "failed", "berth"]);

    function send() {
      clearTimeout(timer);
      question += 1;
      const { site, space, at } = drawer;
      ask("insight-dispatch-asked", { site, space, at, lang: context.root.dataset.lang, n: question });
      timer = setTimeout(() => {
        look("failed");
        timer = setTimeout(send, ANSWER_MS);
      }, ANSWER_MS);
    }

    /* Show a berth, now or at an ISO instant; the old one goes at once when it is another. */
    drawer.show = function (site, space, at) {
      const isSame = drawer.site === site && drawer.space === space;
      Object.assign(drawer, { site, space, at });
      if (!isSame) look("waiting");
      send();
    };

    drawer.again = () => drawer.site && send();
    drawer.close = function () {
      const wasOpen = Boolean(drawer.site);
      clearTimeout(timer);
      Object.assign(drawer, { site: null, space: null, at: null });
      look("none");
      return wasOpen;
    };
    /* Lengths and ages of now go on between two answers. */
    drawer.beat = function () {
      if (!drawer.site || drawer.at !== null) return;
      const ageOf = (iso) => Math.max(0, (context.now() - Date.parse(iso)) / 1000);
      for (const node of place.querySelectorAll("[data-since]"))
        dom.text(node, formats.length(ageOf(node.dataset.since), context.words.lengths));
      for (const node of place.querySelectorAll("[data-ago]"))
        dom.text(node, context.fill("ago", { span: context.span(ageOf(node.dataset.ago)) }));
    };
    drawer.plate = () => {
      const first = place.querySelector(".facts__value");
      return first && place.querySelectorAll(".facts__one").length > 3 ? first.textContent : "";
    };

    new MutationObserver(() => {
      const inside = place.querySelector("[data-question]");
      if (!inside || Number(inside.dataset.question) !== question || !drawer.site) return;
      clearTimeout(timer);
      look("berth");
      drawn();
    }).observe(place, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-question"] });
    return drawer;
  };
})();
