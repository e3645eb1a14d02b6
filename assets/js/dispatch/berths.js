/* Every berth in typed arrays: where it stands, in which state it is. The stream patches the live states; a replay shows
   others in their place. Index i of a berth holds for one version of the registry. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const dispatch = (boshu.dispatch = boshu.dispatch || { lastPaintedSeq: 0 });
  const STATES = ["unknown", "free", "occupied", "reserved", "fault", "offline", "absent", "absent"];
  const FLAGS = { overstay: 8, evasion: 16, low_battery: 32, disagree: 64 };
  const NOWHERE = -2147483648;
  const NO_BEARING = -32768;
  Object.assign(dispatch, { STATES, FLAGS });

  /* WGS-84 degrees to the unit square of the Mercator map. */
  dispatch.unit = function (lon, lat) {
    const phi = (lat * Math.PI) / 180;
    return [(lon + 180) / 360, (1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2];
  };

  /* Read what `/live/berths.bin` sends: a header as JSON, then columns. */
  function parsed(buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const { n } = head;
    let from = 4 + length;
    const column = (Type) => {
      const values = new Type(buffer, from, n);
      from += n * Type.BYTES_PER_ELEMENT;
      return values;
    };
    const [lon, lat, bearing, site] = [column(Int32Array), column(Int32Array), column(Int16Array), column(Uint16Array)];
    const live = column(Uint8Array).slice();
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    const angle = new Float32Array(n);
    for (let i = 0; i < n; i += 1) {
      [x[i], y[i]] = lon[i] === NOWHERE ? [NaN, NaN] : dispatch.unit(lon[i] / 1e6, lat[i] / 1e6);
      angle[i] = bearing[i] === NO_BEARING ? 0 : ((bearing[i] / 10 - 90) * Math.PI) / 180;
    }
    const places = new Map(head.codes.map((code, i) => [`${head.sites[site[i]].code}/${code}`, i]));
    return { ...head, lon, lat, site, live, x, y, angle, places };
  }

  const unpacked = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));

  /* Hold the berths; `turned(indices)` is told which states changed, with null when all may have. */
  dispatch.berths = function (turned) {
    const held = { n: 0, version: null, seq: 0, codes: [], sites: [], past: null, isLoaded: false };
    let loading = null;
    let waiting = null; // the snapshot that came before its berths, and what changed since

    held.states = () => held.past || held.live;
    held.state = (i) => STATES[held.states()[i] & 7];
    held.find = (site, space) => held.places && held.places.get(`${site}/${space}`);
    held.siteOf = (i) => held.sites[held.site[i]];

    async function load() {
      const answer = await fetch("/live/berths.bin");
      if (!answer.ok) throw new Error(String(answer.status));
      Object.assign(held, parsed(await answer.arrayBuffer()), { isLoaded: true });
      if (waiting && waiting.version === held.version) apply(waiting);
      waiting = null;
      turned(null);
    }

    held.load = function () {
      loading = loading || load().finally(() => (loading = null));
      return loading;
    };

    function apply(snapshot) {
      const states = unpacked(snapshot.states);
      if (states.length !== held.n) return;
      for (const [i, state] of snapshot.later || []) states[i] = state;
      [held.live, held.seq] = [states, snapshot.seq];
    }

    held.hear = function ({ type, data }) {
      if (type === "berths-snapshot") {
        if (held.version !== data.version) {
          waiting = { ...data, later: [] };
          boshu.desk.insist(held.load);
          return;
        }
        waiting = null;
        apply(data);
        if (!held.past) turned(null);
      } else if (type === "berths-delta" && waiting) {
        waiting.later.push(...data.changes);
        waiting.seq = data.seq;
      } else if (type === "berths-delta" && held.isLoaded) {
        for (const [i, state] of data.changes) held.live[i] = state;
        held.seq = data.seq;
        if (!held.past) turned(data.changes.map(([i]) => i));
      }
    };

    /* Show states of the past; null shows those of now again. */
    held.show = function (states, changed) {
      held.past = states;
      turned(changed || null);
    };

    /* How many berths are in each state and carry each flag. */
    held.counts = function () {
      const [bare, flagged] = [new Array(8).fill(0), Object.fromEntries(Object.keys(FLAGS).map((flag) => [flag, 0]))];
      const states = held.states() || [];
      for (let i = 0; i < held.n; i += 1) {
        bare[states[i] & 7] += 1;
        if (states[i] > 7 && (states[i] & 7) < 6)
          for (const flag in FLAGS) if (states[i] & FLAGS[flag]) flagged[flag] += 1;
      }
      return { ...Object.fromEntries(STATES.slice(0, 6).map((name, code) => [name, bare[code]])), ...flagged };
    };
    return held;
  };
})();
