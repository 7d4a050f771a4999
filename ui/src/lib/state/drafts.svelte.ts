/** What was typed and not yet sent, kept across a reload of the page; it goes with the tab and never holds a PIN. */
const PREFIX = 'draft.';

function read(key: string): string {
  try {
    return sessionStorage.getItem(PREFIX + key) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, text);
  } catch {
    // A browser that keeps nothing only loses the convenience.
  }
}

/** One field's text. */
export class Draft {
  #text = $state('');
  readonly #key: string;

  constructor(key: string, start = '') {
    this.#key = key;
    this.#text = read(key) || start;
  }

  get text(): string {
    return this.#text;
  }

  set text(next: string) {
    this.#text = next;
    write(this.#key, next);
  }
}
