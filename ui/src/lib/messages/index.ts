/** Texts of the screens. A key that is missing in a language, or whose places differ, does not compile. */
import type { NameView, Problem, SettingsView } from '../generated/api';
import { en } from './en';
import { fill, type Places } from './fill';
import { problems } from './problems';
import { zh } from './zh';

export type Language = SettingsView['language'];
export type MessageKey = keyof typeof zh;
type Values<K extends MessageKey> = [Places<(typeof zh)[K]>] extends [never]
  ? []
  : [values: Record<Places<(typeof zh)[K]>, string | number>];

type SamePlaces = {
  [K in MessageKey as [Places<(typeof zh)[K]>, Places<(typeof en)[K]>] extends [
    Places<(typeof en)[K]>,
    Places<(typeof zh)[K]>,
  ]
    ? never
    : K]: 'the two languages have different places';
};
type SameProblemPlaces = {
  [C in Problem['code'] as [Places<(typeof problems.zh)[C]>, Places<(typeof problems.en)[C]>] extends [
    Places<(typeof problems.en)[C]>,
    Places<(typeof problems.zh)[C]>,
  ]
    ? never
    : C]: 'the two languages have different places';
};
({}) satisfies SamePlaces & SameProblemPlaces;

const languages = { zh, en };

/** The message of a key in a language. */
export function message<K extends MessageKey>(language: Language, key: K, ...values: Values<K>): string {
  return fill(languages[language][key], values[0] ?? {});
}

const roles = ['cashier', 'supervisor', 'manager', 'owner'] as const;

/** The sentence of a refusal in a language. */
export function problemSentence(language: Language, problem: Problem): string {
  const role = roles.find((known) => known === problem.params.role);
  const params = role ? { ...problem.params, role: message(language, `role.${role}`) } : problem.params;
  const sentence = problems[language][problem.code] ?? problems[language].internal;
  return fill(sentence, params);
}

/** A name in a language, or in the other one where it has none. */
export function nameIn(language: Language, name: NameView): string {
  return name[language] || name.zh || name.en;
}
