/** Sounds of the counter, made on the spot. Each has a visible twin where it is played; none carries meaning alone. */
export type Sound = 'found' | 'missing' | 'refused' | 'done';

type Note = readonly [hertz: number, startMs: number, lengthMs: number, shape: OscillatorType];

const melodies: Readonly<Record<Sound, readonly Note[]>> = {
  found: [[1320, 0, 55, 'sine']],
  missing: [
    [233, 0, 140, 'square'],
    [233, 190, 200, 'square'],
  ],
  refused: [
    [392, 0, 110, 'triangle'],
    [262, 120, 180, 'triangle'],
  ],
  done: [
    [784, 0, 90, 'sine'],
    [988, 90, 90, 'sine'],
    [1319, 180, 200, 'sine'],
  ],
};

const LOUDNESS: Readonly<Record<OscillatorType, number>> = {
  sine: 0.22,
  square: 0.06,
  triangle: 0.24,
  sawtooth: 0.06,
  custom: 0,
};

export class Sounds {
  on = true;
  #context: AudioContext | undefined;

  play(sound: Sound): void {
    if (!this.on || typeof AudioContext === 'undefined') return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    for (const note of melodies[sound]) playNote(context, note);
  }
}

function playNote(context: AudioContext, [hertz, startMs, lengthMs, shape]: Note): void {
  const start = context.currentTime + startMs / 1000;
  const end = start + lengthMs / 1000;
  const oscillator = new OscillatorNode(context, { type: shape, frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS[shape], start + 0.006);
  gain.gain.exponentialRampToValueAtTime(0.0008, end);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
