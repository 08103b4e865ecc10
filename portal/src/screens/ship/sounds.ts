import type { Sound } from './line.ts';

/** Hertz and seconds, one after the other. Right goes up, wrong goes down. */
const tones: Readonly<Record<Sound, readonly (readonly [hertz: number, seconds: number])[]>> = {
  opened: [[880, 0.06]],
  recorded: [
    [880, 0.06],
    [1320, 0.09],
  ],
  ask: [
    [660, 0.12],
    [660, 0.12],
  ],
  wrong: [
    [330, 0.18],
    [196, 0.34],
  ],
};
const shakes: Readonly<Record<Sound, readonly number[]>> = {
  opened: [30],
  recorded: [60],
  ask: [120, 60, 120],
  wrong: [300, 100, 300],
};
const loudness = 0.15;

let context: AudioContext | undefined;

/** Beeps and vibrates. A browser that may not, before the first press of a key, stays silent. */
export function play(sound: Sound): void {
  if (!navigator.userActivation.hasBeenActive) return;
  // Not all browsers have it.
  if ('vibrate' in navigator) navigator.vibrate([...shakes[sound]]);
  try {
    context ??= new AudioContext();
    beep(context, tones[sound]);
  } catch {
    // A machine without sound: the screen says it.
  }
}

function beep(audio: AudioContext, sequence: (typeof tones)[Sound]): void {
  const volume = new GainNode(audio, { gain: loudness });
  volume.connect(audio.destination);
  let at = audio.currentTime;
  for (const [frequency, seconds] of sequence) {
    const tone = new OscillatorNode(audio, { type: 'square', frequency });
    tone.connect(volume);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds + 0.02;
  }
}
