/** Language, appearance and sound: shown at once, kept by the terminal. */
import type { SettingsView } from '../generated/api';
import type { Language } from '../messages';
import type { Desk } from '../state/desk.svelte';
import { language, speak } from '../state/language.svelte';

/** Paints the page light, dark, or as the system is. */
export function paint(theme: string): void {
  const { dataset } = document.documentElement;
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  else delete dataset.theme;
}

/** Shows the preferences that the terminal keeps, and tells it a language that was chosen before it could answer. */
export function follow(desk: Desk, settings: SettingsView): void {
  const language = desk.wishedLanguage;
  desk.wishedLanguage = undefined;
  if (language && language !== settings.language) {
    void prefer(desk, { language });
    return;
  }
  speak(settings.language);
  paint(settings.theme);
  desk.sounds.on = settings.sound;
}

/** Keeps a preference; it is shown before the terminal has answered, for it changes nothing but the screen. */
export async function prefer(
  desk: Desk,
  change: Partial<Pick<SettingsView, 'language' | 'theme' | 'sound'>>,
): Promise<void> {
  const settings = desk.terminal.app?.settings;
  if (!settings) {
    if (change.language) speak(change.language);
    desk.wishedLanguage = change.language;
    return;
  }
  const next = { ...settings, ...change };
  follow(desk, next);
  const saved = await desk.attempt('settings', async () => {
    await desk.terminal.setSettings(next);
    return true;
  });
  if (!saved && desk.terminal.app) follow(desk, { ...desk.terminal.app.settings, language: next.language });
}

/** Switches to the other language. */
export function switchLanguage(desk: Desk): void {
  const other: Language = language() === 'zh' ? 'en' : 'zh';
  void prefer(desk, { language: other });
}
