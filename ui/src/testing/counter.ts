/** A counter to test at: the whole screen over a fake terminal, with a scanner, a keyboard and a finger. */
import { render, screen, waitFor } from '@testing-library/svelte';
import App from '../App.svelte';
import type { StaffView } from '../lib/generated/api';
import { FakeTerminal } from './fake-terminal';
import { people } from './shop';

const SCANNER_MS = 4;
const FINGER_MS = 180;

export class Counter {
  readonly terminal = new FakeTerminal();
  #now = 100_000;

  /** Opens the screen with somebody signed in, or nobody. */
  async open(role?: StaffView['role']): Promise<void> {
    sessionStorage.clear();
    localStorage.clear();
    this.terminal.settings = { ...this.terminal.settings, language: 'en' };
    this.terminal.staff = people.find((person) => person.role === role);
    render(App, { transport: this.terminal });
    await screen.findByRole('main');
    if (role) await screen.findByRole('button', { name: 'Add Whole milk 1 l, ¥12.90' });
  }

  /** A key by its place; a character goes to the field that has the focus, unless it was stopped. */
  press(code: string, key = code, gap = FINGER_MS): boolean {
    this.#now += gap;
    const target = document.activeElement ?? document.body;
    const event = new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true });
    Object.defineProperty(event, 'timeStamp', { value: this.#now });
    const passed = target.dispatchEvent(event);
    if (passed && key.length === 1 && target instanceof HTMLInputElement) {
      target.setRangeText(key, target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end');
      target.dispatchEvent(new Event('input', { bubbles: true }));
    }
    if (passed && target instanceof HTMLButtonElement && (key === 'Enter' || key === ' ')) target.click();
    return passed;
  }

  /** A person types, one key after the other. */
  type(text: string): void {
    for (const character of text) this.press(codeOf(character), character);
  }

  /** The scanner reads a code; gives back whether its Enter was left to the page. */
  scan(code: string): boolean {
    this.#now += 300;
    for (const character of code) this.press(codeOf(character), character, SCANNER_MS);
    return this.press('Enter', 'Enter', SCANNER_MS);
  }

  /** What the terminal was told to do, by name. */
  said(name: string): unknown[] {
    return this.terminal.calls.filter((call) => call.name === name).map((call) => call.args);
  }

  async total(amount: string): Promise<void> {
    await waitFor(() => {
      if (document.getElementById('total')?.textContent !== amount) {
        throw new Error(`the total is ${document.getElementById('total')?.textContent}, not ${amount}`);
      }
    });
  }
}

function codeOf(character: string): string {
  if (/[0-9]/.test(character)) return `Digit${character}`;
  if (/[a-z]/i.test(character)) return `Key${character.toUpperCase()}`;
  return (
    { '.': 'Period', '-': 'Minus', '*': 'NumpadMultiply', '+': 'NumpadAdd', '?': 'Slash' }[character] ?? 'Unidentified'
  );
}

/** Codes of the fake shop. */
export const MILK = '6901234500001';
export const WATER = '6901234500002';
export const TOAST = '6901234500006';
export const UNKNOWN = '4006381333931';
