/* The last day once more: the states at its beginning and every change since, played at 1, 60 or 600 times the pace. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const { dom, formats, svg } = boshu;
  const DAY_S = 86400;
  const BACK_S = 3600; // where play begins when the cursor stands at now
  const FRAME_MS = 50;
  const KEEP_MS = 600000; // a day loaded longer ago is loaded anew
  const PRELOAD_BERTHS = 20000;
  const SHOWN = 50;

  function parsed(buffer, n) {
    const length = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    let from = 4 + length;
    const first = new Uint8Array(buffer, from, n);
    from += Math.ceil(n / 4) * 4;
    const m = head.n_changes;
    const [seconds, index] = [new Uint32Array(buffer, from, m), new Uint32Array(buffer, from + 4 * m, m)];
    return { ...head, m, first, seconds, index, state: new Uint8Array(buffer, from + 8 * m, m) };
  }

  /* `view` is the map; `settled(at)` is called when the moment shown stands still, with null back at now. */
  dispatch.replay = function (context, view, settled) {
    const { root, words } = context;
    const replay = { isOn: false, isPlaying: false, at: null, asked: null }; // asked: to be shown when the day is loaded
    const strip = context.place("replay-strip");
    let day = null;
    let loading = null;
    let applied = 0;
    let states = null;
    let speed = 60;
    let timer = null;
    let shownAt = 0;

    const iso = (ms) => new Date(ms).toISOString();
    const beginMs = () => (day ? Date.parse(day.from) : context.now() - DAY_S * 1000);
    const endMs = () => (day && replay.isOn ? Date.parse(day.to) : context.now());

    async function load() {
      const to = Math.floor(context.now() / 1000) * 1000;
      const answer = await fetch(`/live/replay.bin?from=${iso(to - DAY_S * 1000)}&to=${iso(to)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const next = parsed(await answer.arrayBuffer(), view.berths.n);
      if (next.version !== view.berths.version) throw new Error("version");
      day = { ...next, loadedMs: Date.now() };
      draw();
    }
    replay.load = () => (loading = loading || load().finally(() => (loading = null)));
    const fresh = () => day && Date.now() - day.loadedMs < KEEP_MS;

    /* ---- the strip: how full the city was, alarms, the cursor ---- */

    function draw() {
      const pieces = [];
      const share = (i) => (formats.known(day.load[i]) ? 30 - 24 * day.load[i] : null);
      let run = [];
      const flush = (end) => {
        if (run.length) pieces.push(`M${run[0][0]},30L${run.map((point) => point.join(",")).join("L")}L${end},30Z`);
        run = [];
      };
      day.load.forEach((_each, i) => {
        const y = share(i);
        if (y === null) return flush((i / day.load.length) * 960);
        return run.push([((i / day.load.length) * 960).toFixed(1), y.toFixed(1)]);
      });
      flush(960);
      const picture = svg("svg", { viewBox: "0 0 960 34", preserveAspectRatio: "none", "aria-hidden": "true" });
      picture.append(svg("path", { class: "replay__load", d: pieces.join("") || "M0,30" }));
      picture.append(svg("path", { class: "replay__floor", d: "M0,30H960" }));
      for (const alarm of [...day.alarms].sort((a, b) => b.priority - a.priority)) {
        const x = ((960 * (Date.parse(alarm.at) - beginMs())) / (DAY_S * 1000)).toFixed(1);
        if (alarm.priority < 3)
          picture.append(svg("path", { class: `replay__tick replay__tick--${alarm.priority}`, d: `M${x},4V30` }));
      }
      const cursor = dom.node("i", "replay__cursor");
      strip.replaceChildren(picture, cursor);
      point();
    }

    function point() {
      const ms = replay.at === null ? context.now() : replay.at;
      const share = Math.min(1, Math.max(0, (ms - beginMs()) / (DAY_S * 1000)));
      const cursor = strip.querySelector(".replay__cursor");
      if (cursor) cursor.style.left = `${(100 * share).toFixed(3)}%`;
      const city = context.city(ms);
      dom.text(context.place("replay-clock"), city.clock);
      dom.attribute(strip, "aria-valuetext", `${city.day} ${city.clock}`);
      dom.attribute(strip, "aria-valuenow", String(Math.round(100 * share)));
      const past = replay.isOn ? `${words.lookingBack} ${city.day.slice(5)} ${city.clock}` : "";
      dom.text(context.place("past"), replay.asked === null ? past : words.loading);
      cross(ms);
    }

    /* The cursor of the drawer's timeline. */
    function cross(ms) {
      const line = root.querySelector(".timeline");
      if (!line) return;
      const [from, to] = [Date.parse(line.dataset.starts), Date.parse(line.dataset.ends)];
      const share = (ms - from) / (to - from);
      line.classList.toggle("timeline--crossed", replay.isOn && share >= 0 && share <= 1);
      line.style.setProperty("--at", `${(100 * share).toFixed(3)}%`);
    }

    /* ---- moving through the day ---- */

    function rebuild() {
      states = day.first.slice();
      applied = 0;
    }

    /* Bring the states to a moment; return the newest changes on the way. */
    function bring(ms) {
      const second = Math.floor((ms - beginMs()) / 1000);
      if (!states || (applied > 0 && day.seconds[applied - 1] > second)) rebuild();
      const from = applied;
      while (applied < day.m && day.seconds[applied] <= second) {
        states[day.index[applied]] = day.state[applied];
        applied += 1;
      }
      return [from, applied];
    }

    function happened([from, to]) {
      const rows = [];
      for (let k = Math.max(from, to - SHOWN); k < to; k += 1) {
        const i = day.index[k];
        const site = view.berths.siteOf(i).code;
        const kind = { 1: "freed", 2: "occupied", 3: "reserved", 4: "fault", 5: "offline", 0: "unknown" }[
          day.state[k] & 7
        ];
        if (kind) rows.push({ at: iso(beginMs() + day.seconds[k] * 1000), site, space: view.berths.codes[i], kind });
      }
      return rows;
    }

    /* The alarms that stood at a moment and have a place. */
    const standing = (ms) =>
      day.alarms.filter((each) => Date.parse(each.at) <= ms && (each.until === null || Date.parse(each.until) > ms));

    function show(ms) {
      replay.at = Math.min(endMs(), Math.max(beginMs(), ms));
      const moved = bring(replay.at);
      view.berths.show(states);
      view.reckon();
      const data = { at: replay.at, rows: happened(moved), isJump: moved[0] === 0, alarms: standing(replay.at) };
      context.told({ type: "replayed", data });
      point();
    }

    /* Look back at a moment, in milliseconds. */
    replay.seek = async function (ms, { play = false } = {}) {
      try {
        if (!day || (!fresh() && !replay.isOn)) {
          replay.asked = ms;
          point();
          await replay.load();
        }
      } catch {
        return boshu.desk.say(words.replayFails);
      } finally {
        replay.asked = null;
        point();
      }
      replay.isOn = true;
      root.classList.add("desk--past");
      show(ms);
      if (play) replay.play();
      else if (!replay.isPlaying) settled(replay.at);
      look();
      return undefined;
    };

    replay.play = function () {
      if (!replay.isOn) return replay.seek(context.now() - BACK_S * 1000, { play: true });
      if (replay.at >= endMs() - 1000) show(endMs() - BACK_S * 1000);
      replay.isPlaying = true;
      shownAt = performance.now();
      clearInterval(timer);
      timer = setInterval(step, FRAME_MS);
      return look();
    };

    function step() {
      const now = performance.now();
      show(replay.at + (now - shownAt) * speed);
      shownAt = now;
      if (replay.at >= endMs()) replay.pause();
    }

    replay.pause = function () {
      clearInterval(timer);
      if (!replay.isPlaying) return;
      replay.isPlaying = false;
      look();
      settled(replay.at);
    };

    replay.toggle = () => (replay.isPlaying ? replay.pause() : replay.play());

    replay.leave = function () {
      if (!replay.isOn) return false;
      clearInterval(timer);
      Object.assign(replay, { isOn: false, isPlaying: false, at: null });
      root.classList.remove("desk--past");
      view.berths.show(null);
      context.told({ type: "replayed", data: null });
      look();
      point();
      settled(null);
      return true;
    };

    replay.pace = function (times) {
      speed = times;
      for (const each of root.querySelectorAll("[data-speed]"))
        each.setAttribute("aria-pressed", String(Number(each.dataset.speed) === times));
    };

    /* Go to the alarm before (-1) or after (1) the moment shown. */
    replay.alarm = async function (way) {
      if (!day) await replay.load().catch(() => {});
      if (!day) return;
      const here = replay.at === null ? context.now() : replay.at;
      const times = day.alarms
        .filter(({ priority }) => priority < 3)
        .map(({ at }) => Date.parse(at) + 1000) // told to the second: when it is over the alarm stands
        .sort((a, b) => a - b);
      const next = way > 0 ? times.find((ms) => ms > here + 1000) : times.reverse().find((ms) => ms < here - 1000);
      if (next !== undefined) replay.seek(next);
    };

    /* ---- buttons ---- */

    function look() {
      const button = root.querySelector("[data-does=replay]");
      dom.text(context.place("replay-word"), replay.isPlaying ? words.pause : words.replay);
      button.querySelector("[data-glyph]").replaceChildren(boshu.glyph(replay.isPlaying ? "desk-pause" : "desk-play"));
      root.querySelector("[data-does=live]").hidden = !replay.isOn;
    }

    function pointed(event) {
      const box = strip.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      replay.seek(beginMs() + share * DAY_S * 1000);
    }

    strip.addEventListener("pointerdown", (event) => {
      strip.setPointerCapture(event.pointerId);
      pointed(event);
    });
    strip.addEventListener("pointermove", (event) => event.buttons && pointed(event));
    strip.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -60, ArrowRight: 60, PageDown: -600, PageUp: 600 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      replay.seek((replay.at === null ? context.now() : replay.at) + by * 1000);
    });
    root.querySelector("[data-does=replay]").addEventListener("click", replay.toggle);
    root.querySelector("[data-does=live]").addEventListener("click", replay.leave);
    for (const each of root.querySelectorAll("[data-speed]"))
      each.addEventListener("click", () => replay.pace(Number(each.dataset.speed)));

    replay.beat = () => !replay.isOn && point();
    replay.cross = () => point();
    replay.preload = () =>
      !day && view.berths.n > 0 && view.berths.n <= PRELOAD_BERTHS && replay.load().catch(() => {});
    return replay;
  };
})();
