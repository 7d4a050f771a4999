/** What is being typed on the number pad, and what it will change. */
import type { CartLineView, Problem } from '../generated/api';
import { Draft } from './drafts.svelte';
import type { Terminal } from './terminal.svelte';

export type Field = 'quantity' | 'price' | 'percent' | 'amount';
export type Scope = 'line' | 'order';

const LONGEST = 12;

export class Entry {
  /** True while the pad is asked for where it is not always shown. */
  open = $state(false);
  scope = $state<Scope>('line');
  field = $state<Field>('quantity');
  /** Why what was typed was refused; it stays until it is typed over. */
  problem = $state.raw<Problem>();
  readonly #typed = new Draft('entry');
  readonly #times = new Draft('times');
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get text(): string {
    return this.#typed.text;
  }

  /** How often the next item is rung up; empty: once. */
  get multiplier(): string {
    return this.#times.text;
  }

  /** Takes a digit or a point (a comma is one too); false for anything else. */
  type(character: string): boolean {
    const mark = character === ',' || character === '。' || character === '，' ? '.' : character;
    if (!/^[0-9.]$/.test(mark)) return false;
    this.problem = undefined;
    if (this.text.length < LONGEST && !(mark === '.' && this.text.includes('.'))) this.#typed.text += mark;
    return true;
  }

  erase(count = 1): void {
    this.problem = undefined;
    this.#typed.text = this.text.slice(0, Math.max(0, this.text.length - count));
  }

  /** Makes what was typed the multiplier of the next item; false when nothing was typed. */
  times(): boolean {
    if (this.text === '') return false;
    this.#times.text = this.text;
    this.clear();
    return true;
  }

  /** The multiplier for an item that is being rung up now; the item after it is single again. */
  takeMultiplier(): string {
    const quantity = this.multiplier;
    this.#times.text = '';
    return quantity;
  }

  clear(): void {
    this.#typed.text = '';
    this.problem = undefined;
  }

  clearMultiplier(): void {
    this.#times.text = '';
  }

  /** Back to the quantity of the line: what the next item begins with. */
  rest(): void {
    this.clear();
    this.field = 'quantity';
    this.scope = 'line';
  }

  choose(scope: Scope, field: Field): void {
    this.problem = undefined;
    this.scope = scope;
    this.field = scope === 'order' && (field === 'quantity' || field === 'price') ? 'percent' : field;
  }

  /** Sends what was typed, or takes the discount or price back where `text` is empty. */
  async apply(line: CartLineView | undefined, text = this.text): Promise<void> {
    const discount = this.field === 'percent' && text !== '' ? `${text}%` : text;
    if (this.scope === 'order') await this.#terminal.change('set_order_discount', { discount });
    else if (line) await this.#applyToLine(line.id, text, discount);
  }

  async #applyToLine(line: number, text: string, discount: string): Promise<void> {
    if (this.field === 'quantity') await this.#terminal.change('set_quantity', { line, quantity: text });
    else if (this.field === 'price') await this.#terminal.change('set_price', { line, price: text });
    else await this.#terminal.change('set_line_discount', { line, discount });
  }
}
