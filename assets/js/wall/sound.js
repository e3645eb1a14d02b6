/* The sound of an urgent alarm: two tones of 0.3 s, every 30 s while somebody must acknowledge it, for five minutes at most;
   only another urgent alarm sounds again after that. Quiet in quiet hours and where the address says `sound=off`. Where the
   browser refuses sound the head shows a crossed speaker, and a press on it allows it. */
(function () {
  "use strict";

  const boshu = (window.boshu = window.boshu || {});
  const TONES_HZ = [880, 660];
  const TONE_S = 0.3;
  const EVERY_S = 30;
  const AT_MOST_S = 300;
  const LOUD = 0.25;
  const SOFT_S = 0.02; // tones begin and end without a crack

  boshu.sound = function (context, mute) {
    const isOff = context.asked("sound") === "off";
    const loud = LOUD * (Number(context.asked("volume") ?? 100) / 100);
    const quiet = boshu.between(context.asked("quiet") ?? context.root.dataset.quiet);
    let audio = null;
    let known = new Set();
    let sinceS = null; // seconds since the newest urgent alarm came; null when there is none

    mute.addEventListener("click", () => {
      audio = audio || new AudioContext();
      ring();
    });

    /* Once a second with the names of the urgent alarms that wait for somebody. */
    function beat(names) {
      const isNew = names.some((name) => !known.has(name));
      known = new Set(names);
      sinceS = names.length === 0 ? null : isNew ? 0 : sinceS + 1;
      const isDue = sinceS !== null && sinceS <= AT_MOST_S && sinceS % EVERY_S === 0;
      if (isDue && !isOff && !quiet(context.city().minute)) ring();
      if (sinceS === null) mute.hidden = true;
    }

    function ring() {
      if (!audio && !mayPlay()) {
        mute.hidden = false;
        return;
      }
      audio = audio || new AudioContext();
      audio
        .resume()
        .then(() => TONES_HZ.forEach((hz, i) => tone(audio, hz, audio.currentTime + i * TONE_S, loud)))
        .catch(() => {})
        .finally(show);
      show();
    }

    /* A refused context stays suspended, and its promise waits for a gesture. */
    function show() {
      mute.hidden = audio.state === "running";
    }

    return { beat };
  };

  /* Ask without making a sound context, which complains in the console each time it is refused: an empty piece of music that
     may not begin stays where it is. */
  function mayPlay() {
    const probe = Object.assign(new Audio(), { srcObject: new MediaStream() });
    probe.play().catch(() => {});
    const isAllowed = !probe.paused;
    probe.pause();
    return isAllowed;
  }

  function tone(audio, hz, at, loud) {
    const [voice, volume] = [audio.createOscillator(), audio.createGain()];
    voice.frequency.value = hz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(loud, at + SOFT_S);
    volume.gain.setValueAtTime(loud, at + TONE_S - SOFT_S);
    volume.gain.linearRampToValueAtTime(0, at + TONE_S);
    voice.connect(volume).connect(audio.destination);
    voice.start(at);
    voice.stop(at + TONE_S);
    boshu.rungAt = Date.now();
  }

  /* Return whether a time of day such as `23:10` lies in hours such as `22:00-07:00`, which may pass midnight. */
  boshu.between = function (hours) {
    const found = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(hours || "");
    if (!found) return () => false;
    const [, from, to] = found;
    return (minute) => (from <= to ? minute >= from && minute < to : minute >= from || minute < to);
  };
})();
