/**
 * Tells a scanner that types like a keyboard from a person's fingers, by the time between keys alone. Knows nothing of
 * pages and fields; `document-scanner.ts` ties it to them.
 */
import { characterOf, isModifier, type PhysicalKey } from './physical-keys';

/** Gaps in milliseconds; from what scanners do (1 to 16) and people do not. A shop may set another mean; the longest is twice it. */
export const MEAN_GAP_BELOW = 30;
export const LONGEST_GAP = 60;
export const FEWEST_CHARACTERS = 4;

export interface Scan {
  /** What the scanner read, without prefix and symbology identifier. */
  data: string;
  /** The AIM symbology identifier without its bracket, such as `E0`; empty where the scanner sends none. */
  aim: string;
}

export type Verdict =
  /** Not part of a burst: somebody's key. */
  | { kind: 'other' }
  /** A shift or control key: says nothing. */
  | { kind: 'modifier' }
  /** A character after a pause: a person's key, or the first of a scan. */
  | { kind: 'first' }
  /** A character so soon after the one before that it may be a scan. */
  | { kind: 'burst' }
  /** The end of a scan. */
  | { kind: 'scan'; scan: Scan };

/** Takes prefix and symbology identifier off what was typed; undefined when it is too short for a barcode. */
export function parseScan(text: string, prefix: string): Scan | undefined {
  const prefixed = prefix !== '' && text.startsWith(prefix);
  const rest = prefixed ? text.slice(prefix.length) : text;
  const aim = /^\]([A-Za-z][0-9A-Za-z])/.exec(rest)?.[1] ?? '';
  const data = aim ? rest.slice(3) : rest;
  const fewest = prefixed || aim ? 1 : FEWEST_CHARACTERS;
  return data.length >= fewest ? { data, aim } : undefined;
}

/** What ends a code: a key, or a text that the scanner is set to send. */
export type Suffix = { kind: 'either' | 'enter' | 'tab' } | { kind: 'text'; text: string };

export class Wedge {
  suffix: Suffix = { kind: 'either' };
  /** The mean gap in milliseconds that a scanner stays below. */
  gap = MEAN_GAP_BELOW;
  #text = '';
  #began = 0;
  #last = Number.NEGATIVE_INFINITY;

  constructor(public prefix = '') {}

  /** The longest gap within a scan. */
  get longestGap(): number {
    return 2 * this.gap;
  }

  /** A key went down at `at` milliseconds. */
  press(key: PhysicalKey, at: number): Verdict {
    if (isModifier(key.code)) return { kind: 'modifier' };
    const soon = at - this.#last <= this.longestGap;
    if (key.code === 'Enter' || key.code === 'NumpadEnter' || key.code === 'Tab') {
      const ends = this.suffix.kind === 'either' || (this.suffix.kind === 'tab') === (key.code === 'Tab');
      const scan = soon && ends && this.suffix.kind !== 'text' ? this.#finished(at, this.#text) : undefined;
      this.forget();
      return scan ? { kind: 'scan', scan } : { kind: 'other' };
    }
    const character = characterOf(key);
    if (character === undefined) {
      this.forget();
      return { kind: 'other' };
    }
    this.#last = at;
    if (!soon || this.#text === '') {
      this.#text = character;
      this.#began = at;
      return { kind: 'first' };
    }
    this.#text += character;
    if (this.suffix.kind === 'text' && this.#text.endsWith(this.suffix.text)) {
      const scan = this.#finished(at, this.#text.slice(0, -this.suffix.text.length));
      if (scan) {
        this.forget();
        return { kind: 'scan', scan };
      }
    }
    return { kind: 'burst' };
  }

  /** What was typed so far belongs to nothing. */
  forget(): void {
    this.#text = '';
    this.#last = Number.NEGATIVE_INFINITY;
  }

  #finished(at: number, text: string): Scan | undefined {
    const meanGap = (at - this.#began) / this.#text.length;
    return meanGap < this.gap ? parseScan(text, this.prefix) : undefined;
  }
}
