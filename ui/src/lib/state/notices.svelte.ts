/** Messages that stay until somebody has seen them, and short confirmations that leave by themselves. */
import type { Problem } from '../generated/api';

/** What a notice says; the words are chosen when it is drawn, so it follows the language. */
export type Saying = { problem: Problem } | { text: () => string };

export type Tone = 'bad' | 'warn' | 'ok';

export interface Notice {
  id: number;
  tone: Tone;
  saying: Saying;
  /** How often it happened in a row. */
  times: number;
  /** Notices about the same thing replace each other. */
  about: string;
  action?: { label: 'app.undo' | 'app.retry' | 'app.add'; run: () => void; leave?: () => void };
}

const MOST = 3;
const SHORT_MS = 6000;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Says something that stays. The same thing again counts up instead of piling up. */
  stay(about: string, tone: Tone, saying: Saying): void {
    const same = this.list.find((notice) => notice.about === about && sameSaying(notice.saying, saying));
    this.#put({ id: same?.id ?? this.#next++, tone, saying, about, times: (same?.times ?? 0) + 1 });
  }

  /** Says something that leaves after a moment; an action stays within reach for as long. */
  brief(about: string, text: () => string, action?: Notice['action']): void {
    const notice: Notice = { id: this.#next++, tone: 'ok', saying: { text }, about, times: 1 };
    if (action) notice.action = action;
    this.#put(notice);
    this.#timers.set(
      notice.id,
      setTimeout(() => this.dismiss(notice.id), SHORT_MS),
    );
  }

  /** Says something that stays, with something to do about it. Dismissed by a person it is left. */
  offer(about: string, tone: Tone, text: () => string, action: NonNullable<Notice['action']>): void {
    this.#put({ id: this.#next++, tone, saying: { text }, about, times: 1, action });
  }

  /** A person has seen it. */
  leave(notice: Notice): void {
    notice.action?.leave?.();
    this.dismiss(notice.id);
  }

  dismiss(id: number): void {
    this.#forget(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Takes away what was said about something that has been put right. */
  settle(about: string): void {
    for (const notice of this.list) if (notice.about === about) this.dismiss(notice.id);
  }

  /** Takes the newest away; false when there is none. */
  dismissNewest(): boolean {
    const newest = this.list.at(-1);
    if (newest) this.leave(newest);
    return newest !== undefined;
  }

  #put(notice: Notice): void {
    for (const old of this.list) if (old.about === notice.about) this.#forget(old.id);
    this.list = [...this.list.filter((old) => old.about !== notice.about), notice].slice(-MOST);
  }

  #forget(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}

function sameSaying(one: Saying, other: Saying): boolean {
  return 'problem' in one && 'problem' in other && JSON.stringify(one.problem) === JSON.stringify(other.problem);
}
