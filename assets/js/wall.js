/* The wall: writes what the stream says to the page. One clock drives everything that moves; nothing here is a Dash property. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const { formats, live } = boshu;
  const LOST_MS = 4000; // the server is missed after three ticks
  const TURN_S = 6; // the ticker turns a page
  const CANVAS = [1920, 1080];
  const STATES = ["loading", "live", "late", "stale", "unknown", "past"];
  const RANK = { live: 0, past: 0, late: 1, stale: 2, unknown: 3 };

  function wall(root) {
    const stage = root.firstElementChild;
    const words = JSON.parse(root.dataset.words);
    const limits = { late: Number(root.dataset.lateS), stale: Number(root.dataset.staleS) };
    const past = moment();
    const paint = (name) => root.querySelectorAll(`[data-paint="${name}"]`);
    const one = (name) => paint(name)[0];
    const name = (thing) => (root.dataset.lang === "en" ? thing.name_en : thing.name) || thing.code;
    const curve = boshu.curve(one("curve"), words);
    const values = bound(root);
    let snapshot = null;
    let map = null;
    let sites = {};
    let offset = 0;
    let skew = 0;
    let turned = 0;

    const now = () => (past && snapshot ? Date.parse(snapshot.at) : Date.now() + skew);
    const atOf = (iso) => {
      const [then, today] = [formats.city(Date.parse(iso), offset), formats.city(now(), offset)];
      return then.day === today.day ? then.minute : `${then.day.slice(5)} ${then.minute}`;
    };
    const ageOf = (iso) => Math.max(0, (now() - Date.parse(iso)) / 1000);
    const span = (seconds) => formats.span(seconds, words.units);
    const tileOf = (key) => (snapshot && snapshot.tiles[key]) || null;

    /* ---- what comes in ---- */

    function hear(message) {
      if (message.type === "snapshot") take(message.data, message.data.tiles);
      else if (message.type === "delta" && snapshot) {
        const { sources, tiles, ...rest } = message.data;
        const merged = { ...snapshot, ...rest, sources: { ...snapshot.sources, ...sources }, tiles: { ...snapshot.tiles, ...tiles } };
        take(merged, tiles || {});
      }
    }

    function take(data, changed) {
      snapshot = data;
      offset = formats.offset(data.at);
      const drift = Date.parse(data.at) - Date.now();
      if (Math.abs(drift - skew) > 500) skew = drift;
      root.classList.remove("wall--loading");
      for (const key of Object.keys(changed)) tile(key, changed[key]);
      one("demo").hidden = !data.demo;
      alarms(data.alarms || { rows: [] });
      beat();
    }

    function tile(key, value) {
      for (const { node, path, style } of values[key] || []) write(node, value[path], style);
      if (PAINTERS[key]) PAINTERS[key](value);
    }

    /* ---- figures ---- */

    function write(node, value, style) {
      const text = formats[style](value);
      const unit = style === "percent" && formats.known(value) ? "%" : "";
      if (style === "change" || style === "points") tone(node, value);
      roll(node, text, unit);
    }

    function tone(node, value) {
      const shown = formats.known(value) ? Number(value.toFixed(1)) : 0;
      node.classList.toggle("figure__delta--good", shown > 0);
      node.classList.toggle("figure__delta--bad", shown < 0);
    }

    const percentOf = (pct) => (formats.known(pct) ? Math.min(100, Math.max(0, pct)) : 0);

    const PAINTERS = {
      berths(value) {
        const unheard = [value.unknown, value.fault, value.offline].every(formats.known) ? value.unknown - value.fault - value.offline : null;
        for (const row of values.berths.filter((each) => each.path === "unheard")) write(row.node, unheard, "whole");
        const shares = [["occupied", value.occupied], ["free", value.free], ["fault", value.fault], ["offline", value.offline], ["unheard", unheard]];
        const least = (value.total || 0) * 0.014;
        bar(one("berths"), shares.filter(([, n]) => n > 0).map(([state, n]) => [`fill--${state}`, Math.max(n, least)]));
      },
      occupancy_curve(value) {
        const { clock } = formats.city(now(), offset);
        curve(value, Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5)));
      },
      ranking(value) {
        const rows = (value.rows || []).slice(0, 5);
        const best = rows.length ? rows[0].fen : 0;
        children(one("ranking"), rows.length, ranked).forEach((node, i) => {
          const { site, fen } = rows[i];
          node.children[0].textContent = String(rows.findIndex((row) => row.fen === fen) + 1);
          node.children[1].textContent = sites[site] ? name(sites[site]) : site;
          node.children[2].textContent = formats.yuan(fen);
          node.children[3].style.transform = `scaleX(${best ? fen / best : 0})`;
        });
      },
      payment_mix(value) {
        const rows = (value.rows || []).filter((row) => row.fen > 0).sort((a, b) => b.fen - a.fen);
        const sum = rows.reduce((total, row) => total + row.fen, 0);
        bar(one("mix"), rows.map((row) => [`hue--${row.channel}`, row.fen]));
        children(one("mix-list"), rows.length, mixed).forEach((node, i) => {
          const { channel, fen } = rows[i];
          node.children[0].className = `mix__key hue--${channel}`;
          node.children[1].textContent = words.channels[channel] || channel;
          node.children[2].textContent = `${formats.percent((100 * fen) / sum)}%`;
        });
      },
      map: () => roads(),
      sensors_online(value) {
        one("online").firstElementChild.style.width = `${percentOf(value.pct)}%`;
      },
      ticker: () => (turned = 0),
    };

    function roads() {
      const value = tileOf("map");
      if (map && value) map.paint(value, (snapshot.alarms || {}).rows || [], stateOf(value) === "stale");
    }

    /* ---- how fresh it is ---- */

    /* A tile is as fresh as its sources and as the way to the server. */
    function stateOf(value) {
      if (!value) return "loading";
      if (past) return "past";
      const silence = live.silence() / 1000;
      const way = silence > limits.stale ? "stale" : silence > limits.late ? "late" : "live";
      return RANK[way] > RANK[value.state] ? way : value.state;
    }

    function looks() {
      for (const node of root.querySelectorAll("[data-look]")) {
        const value = tileOf(node.dataset.tile);
        const state = stateOf(value);
        if (node.dataset.state !== state) {
          for (const each of STATES) node.classList.toggle(`${node.dataset.look}--${each}`, each === state);
          node.dataset.state = state;
          if (node.dataset.tile === "map") roads();
        }
        if (value) ages(node, value, state);
      }
    }

    function ages(node, value, state) {
      const at = value.as_of ? atOf(value.as_of) : formats.UNKNOWN;
      const age = value.as_of ? ageOf(value.as_of) : null;
      node.title = formats.fill(words.until, { at: value.as_of ? formats.city(Date.parse(value.as_of), offset).clock : at });
      const note = node.querySelector("[data-note]");
      if (note) text(note, state === "late" && age !== null ? formats.fill(words.ago, { span: span(age) }) : state === "unknown" ? words.unknown : note.dataset.note);
      const flag = node.querySelector("[data-flag]");
      if (flag) text(flag, flag.dataset.flag === "until" || age === null ? formats.fill(words.until, { at }) : formats.fill(words.noNews, { span: span(age) }));
      const late = node.querySelector("[data-age]");
      if (late) text(late, state === "late" && age !== null ? formats.fill(words.ago, { span: span(age) }) : formats.fill(words.lateTile, { at }));
    }

    function sourceState(source) {
      const value = snapshot && snapshot.sources[source];
      if (!value) return "loading";
      return past ? "past" : value.state;
    }

    const sourceAge = (source) => (source.last_at ? ageOf(source.last_at) : source.age_s);

    function sources() {
      for (const node of root.querySelectorAll("[data-source]")) {
        const state = sourceState(node.dataset.source);
        const value = snapshot && snapshot.sources[node.dataset.source];
        const lamp = node.querySelector(".lamp");
        lamp.className = `lamp lamp--${state}`;
        const age = value && !past ? sourceAge(value) : null;
        node.title = formats.known(age) ? formats.fill(words.late, { source: words.sources[node.dataset.source], span: span(age) }) : words.unknown;
        if (!node.classList.contains("rate")) continue;
        for (const each of STATES) node.classList.toggle(`rate--${each}`, each === state);
        measured(node, age);
      }
    }

    /* The age of a feed: a number, its unit, and how far it is on the way to stale. */
    function measured(node, age) {
      const value = node.querySelector("[data-paint=source-age]");
      const [n, unit] = formats.known(age) ? formats.measure(age) : [formats.UNKNOWN, ""];
      text(value.firstElementChild, String(n));
      if (value.children.length < 2) value.append(Object.assign(document.createElement("small"), { className: "rate__unit" }));
      text(value.children[1], unit && words.units[{ s: "second", min: "minute", h: "hour", d: "day" }[unit]]);
      node.querySelector(".bullet__fill").style.width = `${formats.known(age) ? percentOf((100 * age) / limits.stale) : 0}%`;
    }

    /* The head: the worst thing to be said about the data, or how fresh the slowest feed is. */
    function fresh() {
      const chip = one("fresh").parentElement;
      const lost = !past && snapshot !== null && live.silence() > LOST_MS;
      root.classList.toggle("wall--lost", lost || (!past && snapshot === null && live.attempt > 0));
      const [state, sentence] = lost || (!snapshot && live.attempt > 0) ? ["late", away()] : worst();
      chip.className = `fresh fresh--${state}`;
      chip.firstElementChild.className = `lamp lamp--${state === "stale" ? "live" : state}`;
      text(one("fresh"), sentence);
    }

    const away = () => formats.fill(words.lost, { span: formats.stopwatch(live.silence() / 1000), attempt: live.attempt || 1 });

    function worst() {
      if (!snapshot) return ["loading", one("fresh").textContent];
      const all = Object.entries(snapshot.sources).filter(([key]) => words.sources[key]);
      const bad = all.filter(([, source]) => RANK[source.state] > 0).sort(([, a], [, b]) => RANK[b.state] % 3 - RANK[a.state] % 3 || sourceAge(b) - sourceAge(a))[0];
      if (bad && bad[1].state === "unknown") return ["unknown", formats.fill(words.silent, { source: words.sources[bad[0]] })];
      if (bad) return [bad[1].state, formats.fill(words.late, { source: words.sources[bad[0]], span: span(sourceAge(bad[1])) })];
      const ages = all.map(([, source]) => sourceAge(source)).filter((age) => formats.known(age) && age <= limits.stale);
      return ["live", formats.fill(words.fresh, { span: span(Math.max(0, ...ages)) })];
    }

    function warning() {
      const entries = past || !snapshot ? [] : Object.entries(snapshot.sources).filter(([key]) => words.sources[key]);
      const gone = entries.filter(([, source]) => source.state === "stale");
      const list = (found) => found.map(([key]) => words.sources[key]).join(words.comma);
      one("warning").hidden = gone.length === 0;
      if (!gone.length) return;
      const since = gone.map(([, source]) => source.last_at).filter(Boolean).sort()[0];
      text(one("warning-title"), since ? formats.fill(words.gap, { source: list(gone), at: atOf(since) }) : formats.fill(words.never, { source: list(gone) }));
      const going = entries.filter(([key, source]) => source.state === "live" && key !== "database");
      text(one("warning-note"), going.length ? formats.fill(words.stillLive, { sources: list(going) }) : "");
    }

    /* ---- alarms, ticker ---- */

    function alarms(found) {
      for (const rank of [1, 2, 3]) text(one(`alarms-${rank}`), formats.whole(found[`p${rank}`]));
      const first = (found.rows || []).find((row) => row.priority === 1);
      one("alarm").hidden = !first;
      if (first) {
        const site = sites[first.site];
        text(one("alarm-title"), [site && name(site), words.rules[first.rule] || first.rule].filter(Boolean).join(" "));
        text(one("alarm-note"), found.p1 > 1 ? formats.fill(words.more, { rank: words.urgent, n: found.p1 }) : words.urgent);
      }
      roads();
    }

    function alarmAge() {
      const first = snapshot && ((snapshot.alarms || {}).rows || []).find((row) => row.priority === 1);
      if (first) text(one("alarm-age"), formats.stopwatch(ageOf(first.raised_at)));
    }

    function ticker() {
      const value = tileOf("ticker");
      turned -= 1;
      if (!value || turned > 0) return;
      turned = TURN_S;
      const rows = (value.rows || []).slice(0, 3);
      const place = one("ticker");
      children(place, rows.length, tick).forEach((node, i) => {
        const row = rows[i];
        node.className = "ticker__item";
        text(node.children[0], row.at.length > 8 ? formats.city(Date.parse(row.at), offset).clock : row.at);
        text(node.children[1], [sites[row.site] ? name(sites[row.site]) : row.site, row.space].filter(Boolean).join(" "));
        text(node.children[2], happened(row));
      });
      for (const node of place.children) {
        if (node.offsetLeft + node.offsetWidth > place.offsetLeft + place.offsetWidth) node.className = "ticker__item ticker__item--cut";
      }
    }

    function happened(row) {
      const kind = row.kind === "departed" && !row.fen ? "free" : row.kind;
      return formats.fill(words.kinds[kind] || row.kind, {
        money: formats.money(row.fen),
        span: formats.known(row.minutes) ? formats.hoursAndMinutes(row.minutes, words.units) : "",
      });
    }

    /* ---- the clock: once a second, whatever the server does ---- */

    function beat() {
      const city = formats.city(now(), offset);
      if (snapshot) {
        text(one("clock"), city.clock);
        text(one("date"), city.day);
        text(one("weekday"), words.weekdays[city.weekday]);
        versus(city.weekday);
        live.reloadDaily(city.clock);
      }
      looks();
      sources();
      fresh();
      warning();
      alarmAge();
      ticker();
    }

    function versus(weekday) {
      const day = words.days[weekday];
      for (const node of root.querySelectorAll("[data-versus]")) text(node, formats.fill(words.versus[node.dataset.versus], { day }));
      const note = root.querySelector("[data-panel=occ] [data-note]");
      note.dataset.note = formats.fill(words.versusCurve, { day });
    }

    /* ---- beginning ---- */

    async function fetchPlaces() {
      const get = async (url) => {
        const answer = await fetch(url);
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      };
      const known = await get("/live/places.json");
      const folder = `/assets/map/${known.map}`;
      const [base, labels] = known.map ? await Promise.all([get(`${folder}/basemap.geojson`), get(`${folder}/labels.geojson`)]) : [null, null];
      sites = Object.fromEntries(known.sites.map((site) => [site.code, site]));
      text(one("city"), formats.fill(words.title, { city: name(known.city) }));
      const drawn = { ground: one("ground"), roads: one("roads"), marks: one("marks"), callouts: one("callouts") };
      if (base) map = boshu.map(drawn, { base, labels, sites: known.sites }, name, words);
      if (snapshot) take(snapshot, snapshot.tiles);
    }

    function retry(work, ms) {
      work().catch(() => setTimeout(() => retry(work, ms), ms));
    }

    /* `?at=`: the moment to look back at; a plus sign of the zone may have become a space on the way. */
    function moment() {
      const at = new URLSearchParams(window.location.search).get("at");
      return at && at.trim().replace(" ", "+");
    }

    async function lookBack() {
      root.classList.add("wall--past");
      text(one("past"), past);
      const answer = await fetch(`/live/wall.json?at=${encodeURIComponent(past)}`, { cache: "no-store" });
      const body = await answer.json();
      if (answer.status === 400) return refuse(body.error || body.message || String(answer.status));
      if (!answer.ok) throw new Error(String(answer.status));
      take(body, body.tiles);
      const city = formats.city(Date.parse(body.at), offset);
      return text(one("past"), `${city.day} ${city.minute}`);
    }

    function refuse(why) {
      one("warning").hidden = false;
      text(one("warning-title"), formats.fill(words.badMoment, { why }));
    }

    function address() {
      const here = new URLSearchParams(window.location.search);
      if (here.has("lang")) document.cookie = `${root.dataset.cookie}=${root.dataset.lang}; path=/; max-age=31536000; samesite=lax`;
      const other = root.querySelector("[data-tongue]");
      here.set("lang", other.dataset.tongue);
      other.href = `?${here}`;
      here.delete("at");
      here.set("lang", root.dataset.lang);
      one("return").href = `?${here}`;
      document.documentElement.lang = root.lang;
    }

    function fit() {
      const scale = Math.min(window.innerWidth / CANVAS[0], window.innerHeight / CANVAS[1]);
      const [left, top] = [(window.innerWidth - CANVAS[0] * scale) / 2, (window.innerHeight - CANVAS[1] * scale) / 2];
      stage.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
    }

    for (const node of root.querySelectorAll("[data-glyph]")) node.replaceChildren(boshu.glyph(node.dataset.glyph));
    address();
    fit();
    window.addEventListener("resize", fit);
    boshu.meaning(stage, root.dataset.lang, words, (key) => (tileOf(key) || {}).kpi || key, (key) => ((tileOf(key) || {}).as_of ? atOf(tileOf(key).as_of) : words.unknown));
    retry(fetchPlaces, 3000);
    if (past) retry(lookBack, 3000);
    else live.listen(hear);
    setInterval(beat, 1000);
  }

  /* ---- small things without state ---- */

  function bound(root) {
    const found = {};
    for (const node of root.querySelectorAll("[data-live]")) {
      const tile = node.closest("[data-tile]").dataset.tile;
      (found[tile] = found[tile] || []).push({ node, path: node.dataset.live, style: node.dataset.style });
    }
    return found;
  }

  function text(node, value) {
    if (node.textContent !== value) node.textContent = value;
  }

  /* Write a figure digit by digit, so that only digits that changed roll in; a digit's place counts from the right. */
  function roll(node, value, unit) {
    if (node.dataset.shown === value + unit) return;
    const before = node.dataset.shown ? [...node.dataset.digits].reverse() : null;
    const digits = [...value].map((digit, i) => {
      const isNew = before !== null && before[value.length - 1 - i] !== digit;
      return Object.assign(document.createElement("span"), { className: `roll__digit${isNew ? " roll__digit--new" : ""}`, textContent: digit });
    });
    const tail = unit ? [Object.assign(document.createElement("small"), { className: "unit", textContent: unit })] : [];
    node.replaceChildren(...digits, ...tail);
    [node.dataset.shown, node.dataset.digits] = [value + unit, value];
  }

  function bar(place, shares) {
    children(place, shares.length, () => document.createElement("i")).forEach((node, i) => {
      node.className = `stack__share ${shares[i][0]}`;
      node.style.flexGrow = String(shares[i][1]);
    });
  }

  /* Make a place have a number of children, keeping those it has. */
  function children(place, count, make) {
    while (place.children.length > count) place.lastElementChild.remove();
    while (place.children.length < count) place.append(make());
    return [...place.children];
  }

  const nodes = (tag, className, ...inside) => {
    const node = Object.assign(document.createElement(tag), { className });
    node.append(...inside);
    return node;
  };
  const ranked = () => nodes("li", "rank", nodes("b", "rank__no"), nodes("span", "rank__name"), nodes("em", "rank__sum num"), nodes("i", "rank__bar"));
  const mixed = () => nodes("li", "mix__item", nodes("i", "mix__key"), nodes("span", ""), nodes("b", "mix__share"));
  const tick = () => nodes("span", "ticker__item", nodes("time", "ticker__at"), nodes("b", "ticker__site"), nodes("span", "ticker__what"));

  /* Dash draws the skeleton when its own scripts are ready. */
  const found = () => document.querySelector('[data-live-page="wall"]');
  if (found()) return wall(found());
  const watch = new MutationObserver(() => {
    if (!found()) return;
    watch.disconnect();
    wall(found());
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
})();
