/**
 * Who gets a key. Screens and panels put themselves on a stack while they are shown; the newest is asked first. Characters
 * come from the scanner's listener, which has already taken scans out of them.
 */
import { focusedField } from '../scanner/document-scanner';

export interface KeyTaker {
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
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!everywhere.test(event.code) && belongsToFocus(event)) return;
    if (this.#takers.findLast((taker) => taker.pressed?.(event.code, event))) event.preventDefault();
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
