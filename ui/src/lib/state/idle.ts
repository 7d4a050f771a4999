/** Locks a screen at which nobody did anything for as long as the settings say, and tells the terminal that somebody is there. */
import type { Desk } from './desk.svelte';

const LOOK_MS = 1000;
/** The terminal hears of a person who types or looks around no more often than this. */
const TELL_MS = 20_000;
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

export class IdleLock {
  #last = Date.now();
  #told = Date.now();

  constructor(private readonly desk: Desk) {}

  /** Begins to watch; gives back how to stop. */
  watch(): () => void {
    const seen = () => this.#seen();
    for (const sign of SIGNS) window.addEventListener(sign, seen, { capture: true, passive: true });
    const timer = setInterval(() => this.#look(), LOOK_MS);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, seen, { capture: true });
    };
  }

  get #minutes(): number {
    const { app, session } = this.desk.terminal;
    return session ? (app?.settings.auto_lock_minutes ?? 0) : 0;
  }

  #seen(): void {
    const now = Date.now();
    this.#last = now;
    if (this.#minutes === 0 || now - this.#told < TELL_MS) return;
    this.#told = now;
    void this.desk.terminal.ask('still_here', {}).catch(() => undefined);
  }

  #look(): void {
    const minutes = this.#minutes;
    if (minutes === 0) {
      this.#last = Date.now();
      return;
    }
    if (Date.now() - this.#last > minutes * 60_000) void this.desk.lock();
  }
}
