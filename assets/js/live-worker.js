/* Shared by all tabs of a browser: holds the one live stream, of every topic that any of them wants, and hands each its own.
   A tab says {topics: [...]} when it begins and "bye" when it goes. */
"use strict";
importScripts("live-stream.js");

const tabs = new Map(); // a tab's port, and the topics it wants
const TOPIC = {
  snapshot: "wall",
  delta: "wall",
  "berths-snapshot": "berths",
  "berths-delta": "berths",
  events: "events",
};
let stream = null;

const union = () => [...new Set([...tabs.values()].flat())].sort();

function tell(message) {
  for (const [tab, topics] of tabs) {
    if (!TOPIC[message.type] || topics.includes(TOPIC[message.type])) tab.postMessage(message);
  }
}

/* What is known already, for a tab that has just begun. */
function begin(tab, topics) {
  if (topics.includes("wall") && stream.snapshot) tab.postMessage({ type: "snapshot", data: stream.snapshot });
  if (topics.includes("berths") && stream.berths) {
    const states = self.boshu.packStates(stream.berths.states);
    tab.postMessage({ type: "berths-snapshot", data: { ...stream.berths, states } });
  }
  if (topics.includes("events") && stream.events.length) tab.postMessage({ type: "events", data: { rows: stream.events } });
}

onconnect = (event) => {
  const tab = event.ports[0];
  tab.onmessage = ({ data }) => {
    if (data === "bye") {
      tabs.delete(tab);
      if (tabs.size) stream.ask(union());
      return;
    }
    tabs.set(tab, data.topics);
    if (stream) {
      begin(tab, data.topics);
      stream.ask(union());
    } else stream = boshuStream(tell, union());
  };
  tab.postMessage({ type: "here" });
};
