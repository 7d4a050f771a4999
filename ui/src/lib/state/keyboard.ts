/**
 * Who gets a key. Screens and panels put themselves on a stack while they are shown; the newest is asked first. Characters
 * come from the scanner's listener, which has already taken scans out of them.
 */
import type { MessageKey } from '../messages';
import { focusedField } from '../scanner/document-scanner';

/** A message that says what a key does. */
export type KeyHelp = Extract<MessageKey, `keys.${string}`>;

/** A key with what it does: the one place that acts on it and shows it on the key map. */
export interface Key {
  /** Where it lies (`KeyboardEvent.code`); empty for what is typed as a character. */
  readonly codes: readonly string[];
  /** With Ctrl (on a Mac: Command). */
  readonly ctrl?: boolean;
  /** What is written on it. */
  readonly shown: readonly string[];
  readonly what: KeyHelp;
  /** The name of the scanner command that does the same: `PAY` for `TB:PAY`. */
  readonly command?: string;
  /** Does it; false: it does not apply now, somebody else may take the key. */
  readonly run: (code: string) => unknown;
}

export interface KeyTaker {
  /** What its keys do; asked before `pressed`. */
  readonly keys?: readonly Key[];
  /** A character typed with the focus in no field; true when it was taken. */
  typed?(character: string): boolean;
  /** The last characters taken were a scan after all. */
  untyped?(count: number): void;
  /** A key by its place on the keyboard (`KeyboardEvent.code`); true when it was taken. */
  pressed?(code: string, event: KeyboardEvent): boolean;
}

/** Keys that work wherever the focus is, even in a field. */
const everywhere = /^(F[0-9]+|Escape)$/;

export class Keyboard {
  readonly #takers: KeyTaker[] = [];
  #lastTyped: KeyTaker | undefined;

  /** Asks `taker` first from now on; gives back how to stop. */
  add(taker: KeyTaker): () => void {
    this.#takers.push(taker);
    return () => {
      const at = this.#takers.indexOf(taker);
      if (at >= 0) this.#takers.splice(at, 1);
      if (this.#lastTyped === taker) this.#lastTyped = undefined;
    };
  }

  typed(character: string): void {
    this.#lastTyped = this.#takers.findLast((taker) => taker.typed?.(character));
  }

  untyped(count: number): void {
    this.#lastTyped?.untyped?.(count);
  }

  /** Hands a key that writes nothing to whoever wants it. */
  pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    if (!everywhere.test(event.code) && belongsToFocus(event)) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const taken = this.#takers.findLast((taker) => {
      const key = taker.keys?.find((one) => one.codes.includes(event.code) && (one.ctrl ?? false) === ctrl);
      if (key && key.run(event.code) !== false) return true;
      return !ctrl && taker.pressed?.(event.code, event);
    });
    if (taken) event.preventDefault();
  }

  /** Does what the scanner command `name` stands for here; false where it stands for nothing. */
  command(name: string): boolean {
    return this.#takers.toReversed().some((taker) => {
      const key = taker.keys?.find(({ command }) => command === name);
      return key !== undefined && key.run(key.codes[0] ?? '') !== false;
    });
  }

  /** Every key that does something now, the newest screen's first; of two that do the same, the one. */
  shown(): Key[] {
    const keys = this.#takers.toReversed().flatMap((taker) => taker.keys ?? []);
    return keys.filter((key, at) => keys.findIndex(({ what }) => what === key.what) === at);
  }
}

/** True for keys that mean something to what has the focus: editing in a field, pressing a button. */
function belongsToFocus(event: KeyboardEvent): boolean {
  if (focusedField(event.target)) return true;
  const element = event.target instanceof Element ? event.target : undefined;
  const presses = event.code === 'Enter' || event.code === 'NumpadEnter' || event.code === 'Space';
  return presses && element?.closest('button, a, summary, select, input, [role=switch], [role=radio]') != null;
}

/** True for either Enter key. */
export function isEnter(code: string): boolean {
  return code === 'Enter' || code === 'NumpadEnter';
}
