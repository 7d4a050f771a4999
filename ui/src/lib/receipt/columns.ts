/** Tells the characters that take two columns of a receipt from those that take one. */

/** East Asian wide and full-width characters, as printers with a Chinese character set count them. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export interface Run {
  text: string;
  wide: boolean;
}

/** A line cut into runs of equal width. */
export function runs(line: string): Run[] {
  const cut: Run[] = [];
  for (const character of line) {
    const isWide = wide.test(character);
    const last = cut.at(-1);
    if (last?.wide === isWide) last.text += character;
    else cut.push({ text: character, wide: isWide });
  }
  return cut;
}
