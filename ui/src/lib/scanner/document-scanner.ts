/**
 * Listens to the whole page before anything else does. A scan is taken wherever the focus is, never stays in a field, and
 * its Enter presses nothing. Keys that turn out to be a person's go where they were meant to go.
 *
 * In a text field the first key passes at once and the ones that follow too quickly are kept back until it is clear what
 * they are. Elsewhere characters are kept back for that moment too and then given to `typed`.
 */
import { characterOf } from './physical-keys';
import { type Scan, Wedge } from './wedge';

export interface ScannerSink {
  scanned(scan: Scan): void;
  /** A character typed by a person with the focus in no field. */
  typed(character: string): void;
  /** The last `count` characters given to `typed` were a scan after all. */
  untyped(count: number): void;
}

type TextField = HTMLInputElement | HTMLTextAreaElement;

const textTypes = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'number']);

/** The text field that has the focus, if one has. */
export function focusedField(target: EventTarget | null): TextField | undefined {
  if (target instanceof HTMLTextAreaElement) return target;
  if (target instanceof HTMLInputElement && textTypes.has(target.type)) return target;
  return undefined;
}

function write(field: TextField, value: string, caret: number): void {
  field.value = value;
  field.setSelectionRange(caret, caret);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

export class DocumentScanner {
  readonly wedge = new Wedge();
  #field: TextField | undefined;
  #before = { value: '', caret: 0 };
  #kept = '';
  #given = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly sink: ScannerSink) {}

  /** Begins to listen; gives back how to stop. */
  listen(target: Document): () => void {
    const heard = (event: KeyboardEvent) => this.#heard(event);
    target.addEventListener('keydown', heard, { capture: true });
    return () => {
      target.removeEventListener('keydown', heard, { capture: true });
      clearTimeout(this.#timer);
    };
  }

  #heard(event: KeyboardEvent): void {
    const { code, shiftKey, ctrlKey, altKey, metaKey } = event;
    const command = altKey || metaKey;
    const verdict = command
      ? ({ kind: 'other' } as const)
      : this.wedge.press({ code, shift: shiftKey, ctrl: ctrlKey }, event.timeStamp);
    switch (verdict.kind) {
      case 'modifier':
        return;
      case 'scan':
        this.#stop(event);
        this.#takeBack();
        this.sink.scanned(verdict.scan);
        return;
      case 'other':
        if (command) this.wedge.forget();
        this.#release();
        return;
      case 'first':
        this.#release();
        this.#begin(event);
        return;
      case 'burst':
        this.#keep(event);
    }
  }

  #begin(event: KeyboardEvent): void {
    this.#field = focusedField(event.target);
    this.#given = 0;
    this.#kept = '';
    if (this.#field) {
      this.#before = { value: this.#field.value, caret: this.#field.selectionStart ?? this.#field.value.length };
    } else if (!event.ctrlKey && event.code !== 'Space') {
      this.#keep(event);
    }
  }

  #keep(event: KeyboardEvent): void {
    const composed = event.isComposing || event.key === 'Process';
    // What an input method composes in a field cannot be kept back; it is taken back when it was a scan.
    if (composed && this.#field) return;
    this.#stop(event);
    if (composed) this.#kept += characterOf({ code: event.code, shift: event.shiftKey, ctrl: event.ctrlKey }) ?? '';
    else if (event.key.length === 1 && !event.ctrlKey) this.#kept += event.key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#release(), this.wedge.longestGap);
  }

  /** Gives kept keys to where they were typed. */
  #release(): void {
    clearTimeout(this.#timer);
    const kept = this.#kept;
    this.#kept = '';
    if (kept === '') return;
    if (this.#field) {
      const { value, selectionStart, selectionEnd } = this.#field;
      const from = selectionStart ?? value.length;
      const text = value.slice(0, from) + kept + value.slice(selectionEnd ?? from);
      write(this.#field, text, from + kept.length);
      return;
    }
    for (const character of kept) this.sink.typed(character);
    this.#given += kept.length;
  }

  /** Removes what a scan has left behind before it was known to be one. */
  #takeBack(): void {
    clearTimeout(this.#timer);
    this.#kept = '';
    const field = this.#field;
    if (field?.isConnected) {
      if (document.activeElement === field) {
        // Leaving the field ends a composition that the scan began.
        field.blur();
        field.focus({ preventScroll: true });
      }
      if (field.value !== this.#before.value) write(field, this.#before.value, this.#before.caret);
    } else if (this.#given > 0) {
      this.sink.untyped(this.#given);
    }
    this.#field = undefined;
    this.#given = 0;
  }

  #stop(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
