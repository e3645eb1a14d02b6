/* Shared by all tabs of a browser: holds the one live stream and hands every message to every tab. */
"use strict";
importScripts("live-stream.js");

const tabs = new Set();
let stream = null;

onconnect = (event) => {
  const tab = event.ports[0];
  tabs.add(tab);
  tab.onmessage = (message) => message.data === "bye" && tabs.delete(tab);
  tab.postMessage({ type: "here" });
  if (stream && stream.snapshot) tab.postMessage({ type: "snapshot", data: stream.snapshot });
  if (!stream) stream = boshuStream((message) => tabs.forEach((each) => each.postMessage(message)));
};
