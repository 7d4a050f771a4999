/**
 * What a physical key writes on the US layout that scanners type on. The letters a layout or an input method makes of the
 * same key (`KeyboardEvent.key`) are of no use for a barcode: `code` names the key itself.
 */

const shifted: Readonly<Record<string, readonly [plain: string, shift: string]>> = {
  Digit0: ['0', ')'],
  Digit1: ['1', '!'],
  Digit2: ['2', '@'],
  Digit3: ['3', '#'],
  Digit4: ['4', '$'],
  Digit5: ['5', '%'],
  Digit6: ['6', '^'],
  Digit7: ['7', '&'],
  Digit8: ['8', '*'],
  Digit9: ['9', '('],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  IntlBackslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Backquote: ['`', '~'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
  Space: [' ', ' '],
  NumpadAdd: ['+', '+'],
  NumpadSubtract: ['-', '-'],
  NumpadMultiply: ['*', '*'],
  NumpadDivide: ['/', '/'],
  NumpadDecimal: ['.', '.'],
};

/** GS, which ends a field of variable length in GS1 codes; a keyboard types it as Ctrl+]. */
export const GROUP_SEPARATOR = '\u001d';

export interface PhysicalKey {
  /** `KeyboardEvent.code`. */
  code: string;
  shift: boolean;
  ctrl: boolean;
}

/** The character of a key on the US layout; undefined for keys that write nothing. */
export function characterOf({ code, shift, ctrl }: PhysicalKey): string | undefined {
  if (ctrl) return code === 'BracketRight' ? GROUP_SEPARATOR : undefined;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shift ? letter : letter.toLowerCase();
  const digit = /^Numpad([0-9])$/.exec(code)?.[1];
  if (digit) return digit;
  return shifted[code]?.[shift ? 1 : 0];
}

/** True for keys that only change others and come between the characters of a scan. */
export function isModifier(code: string): boolean {
  return /^(Shift|Control|Alt|Meta)(Left|Right)$|^CapsLock$/.test(code);
}
