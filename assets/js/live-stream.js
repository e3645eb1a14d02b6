/* One connection to the live stream, for a shared worker and, where there is none, for the page itself.

   boshuStream(tell, topics, scene) opens it for some topics (wall, berths, events, headline), of a scene's part of the city
   where one is named, and calls tell({type, ...}) with
     snapshot  data: the whole wall                     delta  data: what changed, already merged into `stream.snapshot`
     berths-snapshot  data: every state, base64         berths-delta  data: [[place, state], ...], already in `stream.berths`
     events    data: rows that were not told before
     headline  data: what concerns it of all it may see, whatever the scene
     call      data: what this screen alone is to do
     link      attempt: failed attempts since the last message, 0 when the stream is heard
   stream.ask(topics, scene) opens it anew where others are wanted.
   Server-Sent Events come first; where they do not get through, the whole snapshot is fetched instead. A connection that
   failed for any reason, refused, 401, 502 or silent, is opened anew after two to three seconds, for ever. */
(function (scope) {
  "use strict";

  const EVENTS = "/live/stream?topics=";
  const WHOLES = { wall: "/live/wall.json", berths: "/live/berths.json" };
  const RETRY_MS = 2000;
  const SILENT_MS = 9000; // a half-open connection says nothing: open anew
  const POLL_MS = 2000;
  const EVENTS_AGAIN_MS = 30000; // while polling, how often the stream is tried again
  const REMEMBERED = 100; // events told last
  const DEAF_AFTER = 2; // streams in a row without one message, before fetching is tried

  /* A picture with what changed in it: of sources and tiles the changed ones, of the rest all. */
  const merged = (picture, change) => ({
    ...picture,
    ...change,
    sources: { ...picture.sources, ...change.sources },
    tiles: { ...picture.tiles, ...change.tiles },
  });
  /* State bytes from and to base64, one byte a berth. */
  const unpacked = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const packed = (states) => btoa(Array.from(states, (byte) => String.fromCharCode(byte)).join(""));
  scope.boshu = Object.assign(scope.boshu || {}, { merge: merged, unpackStates: unpacked, packStates: packed });

  scope.boshuStream = function (tell, topics = ["wall"], scene = "") {
    const stream = { snapshot: null, berths: null, events: [], ask };
    let wanted = [...topics];
    let part = scene;
    let source = null;
    let timer = null;
    let heardAt = Date.now();
    let attempt = 0;
    let deaf = 0;
    let reachable = false; // a fetch got through although the stream did not

    function heard() {
      heardAt = Date.now();
      deaf = 0;
      if (attempt) tell({ type: "link", attempt: (attempt = 0) });
    }

    function whole(data) {
      heard();
      stream.snapshot = data;
      tell({ type: "snapshot", data });
    }

    function change(data) {
      const held = stream.snapshot;
      if (!held) return;
      if (data.seq !== held.seq + 1) return again("hole");
      heard();
      stream.snapshot = merged(held, data);
      tell({ type: "delta", data });
    }

    function berths(data) {
      heard();
      stream.berths = { seq: data.seq, version: data.version, at: data.at, states: unpacked(data.states) };
      tell({ type: "berths-snapshot", data });
    }

    function berthsChange(data) {
      const held = stream.berths;
      if (!held) return;
      if (data.seq !== held.seq + 1) return again("hole");
      heard();
      [held.seq, held.at] = [data.seq, data.at];
      for (const [place, state] of data.changes) held.states[place] = state;
      tell({ type: "berths-delta", data });
    }

    /* A new connection begins with what the server remembers; what was told before is not told again. */
    function events(data) {
      heard();
      const told = new Set(stream.events.map((row) => JSON.stringify(row)));
      const rows = data.rows.filter((row) => !told.has(JSON.stringify(row)));
      stream.events = [...stream.events, ...rows].slice(-REMEMBERED);
      if (rows.length) tell({ type: "events", data: { ...data, rows } });
    }

    function ask(others, scene = "") {
      const isSame = others.length === wanted.length && others.every((topic) => wanted.includes(topic));
      if (isSame && scene === part) return;
      wanted = [...others];
      if (!wanted.includes("berths") || scene !== part) stream.berths = null;
      if (!wanted.includes("wall") || scene !== part) stream.snapshot = null;
      part = scene;
      close();
      deaf = 0;
      open();
    }

    function close() {
      if (source) source.close();
      source = null;
      clearTimeout(timer);
    }

    function again(why) {
      close();
      if (why !== "hole") tell({ type: "link", attempt: (attempt += 1) });
      timer = setTimeout(open, why === "hole" ? 0 : RETRY_MS + 1000 * Math.random());
    }

    function open() {
      heardAt = Math.max(heardAt, Date.now() - SILENT_MS / 2); // leave the new connection time to speak
      if (!scope.EventSource || deaf >= DEAF_AFTER) return poll(Date.now() + EVENTS_AGAIN_MS);
      deaf += 1;
      source = new EventSource(EVENTS + wanted.join(",") + (part ? `&scene=${part}` : ""));
      const through = (take) => (event) => {
        reachable = false;
        take(JSON.parse(event.data));
      };
      source.addEventListener("snapshot", through(whole));
      source.addEventListener("delta", through(change));
      source.addEventListener("berths-snapshot", through(berths));
      source.addEventListener("berths-delta", through(berthsChange));
      source.addEventListener("events", through(events));
      source.addEventListener("headline", through((data) => tell({ type: "headline", data })));
      source.addEventListener("call", through((data) => tell({ type: "call", data })));
      source.onerror = () => again("error");
    }

    const TAKE = { wall: whole, berths };

    function poll(until) {
      const [stop, asked] = [new AbortController(), part];
      const limit = setTimeout(() => stop.abort(), SILENT_MS / 2);
      const fetched = (topic) =>
        fetch(WHOLES[topic] + (part ? `?scene=${part}` : ""), { cache: "no-store", signal: stop.signal })
          .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
          .then((data) => wanted.includes(topic) && asked === part && TAKE[topic](data));
      Promise.all(wanted.filter((topic) => WHOLES[topic]).map(fetched))
        .then(() => {
          deaf = reachable && Date.now() < until ? DEAF_AFTER : DEAF_AFTER - 1;
          timer = setTimeout(() => (deaf < DEAF_AFTER ? open() : poll(until)), reachable ? POLL_MS : 0);
          reachable = true;
        })
        .catch(() => {
          reachable = false;
          deaf = 0; // neither way got through: begin with the stream again
          again("error");
        })
        .finally(() => clearTimeout(limit));
    }

    setInterval(() => source && Date.now() - heardAt > SILENT_MS && again("silent"), 1000);
    open();
    return stream;
  };
})(self);
