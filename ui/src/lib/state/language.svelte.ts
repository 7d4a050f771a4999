/** The language of the screen and the texts in it. Whatever reads a text is drawn again when the language changes. */
import type { NameView, Problem } from '../generated/api';
import { type Language, type MessageKey, message, nameIn, problemSentence } from '../messages';

class Texts {
  language = $state<Language>('zh');
}

const texts = new Texts();

/** The language of the screen. */
export function language(): Language {
  return texts.language;
}

/** Switches the whole screen to a language. */
export function speak(next: Language): void {
  texts.language = next;
  document.documentElement.lang = next === 'zh' ? 'zh-Hans' : 'en';
}

type Rest<K extends MessageKey> = Parameters<typeof message<K>> extends [unknown, unknown, ...infer R] ? R : never;

/** The text of a key. */
export function t<K extends MessageKey>(key: K, ...values: Rest<K>): string {
  return message(texts.language, key, ...(values as never));
}

/** A product's, person's or shop's name. */
export function named(name: NameView): string {
  return nameIn(texts.language, name);
}

/** The sentence of a refusal. */
export function sentence(problem: Problem): string {
  return problemSentence(texts.language, problem);
}
