/** Settings that were changed on the screen and not saved yet; kept across a reload. */
import type { SettingsView } from '../generated/api';
import { Draft } from '../state/drafts.svelte';

type Change = Partial<SettingsView>;

export class SettingsDraft {
  readonly #kept = new Draft('settings');

  get #change(): Change {
    try {
      return this.#kept.text === '' ? {} : (JSON.parse(this.#kept.text) as Change);
    } catch {
      return {};
    }
  }

  get changed(): boolean {
    return Object.keys(this.#change).length > 0;
  }

  /** The settings with what was changed on the screen. */
  over(settings: SettingsView): SettingsView {
    return { ...settings, ...this.#change };
  }

  /** Remembers a change; one that is back at what is saved is forgotten. */
  set(change: Change, saved: SettingsView): void {
    const all = { ...this.#change, ...change };
    const left = Object.entries(all).filter(
      ([key, value]) => JSON.stringify(saved[key as keyof SettingsView]) !== JSON.stringify(value),
    );
    this.#kept.text = left.length > 0 ? JSON.stringify(Object.fromEntries(left)) : '';
  }

  clear(): void {
    this.#kept.text = '';
  }
}
