/** Filling of a sentence's places: `{name}`, and `{n|item|items}` for a word that follows a number. */

/** The names of the places in a sentence. */
export type Places<S extends string> = S extends `${string}{${infer Place}}${infer Rest}`
  ? (Place extends `${infer Name}|${string}` ? Name : Place) | Places<Rest>
  : never;

/** The sentence with its places filled; a place without a value stays empty. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replaceAll(/\{([^{}]+)\}/g, (_, place: string) => {
    const [name = '', one, other] = place.split('|');
    const value = String(values[name] ?? '');
    if (one === undefined || other === undefined) return value;
    return value === '1' ? one : other;
  });
}
