import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseScan, type Scan, type Verdict, Wedge } from './wedge';

const symbols: Record<string, [code: string, shift: boolean]> = {
  ']': ['BracketRight', false],
  '-': ['Minus', false],
  '~': ['Backquote', true],
};

function keyOf(character: string) {
  if (/[0-9]/.test(character)) return { code: `Digit${character}`, shift: false, ctrl: false };
  if (/[A-Za-z]/.test(character)) {
    return { code: `Key${character.toUpperCase()}`, shift: character !== character.toLowerCase(), ctrl: false };
  }
  const [code, shift] = symbols[character] ?? ['Unidentified', false];
  return { code, shift, ctrl: false };
}

const enter = { code: 'Enter', shift: false, ctrl: false };

/** Types `text` and Enter with all gaps equal; the verdict on Enter. */
function type(text: string, totalMs: number, wedge = new Wedge(), last = enter): Verdict {
  const gap = totalMs / text.length;
  [...text].forEach((character, index) => {
    wedge.press(keyOf(character), 1000 + index * gap);
  });
  return wedge.press(last, 1000 + totalMs);
}

function scanOf(verdict: Verdict): Scan | undefined {
  return verdict.kind === 'scan' ? verdict.scan : undefined;
}

const vectors = resolve(import.meta.dirname, '../../../../../shared/vectors/barcodes.json');

interface WedgeVector {
  keys: string;
  total_ms: number;
  is_scan: boolean;
  aim?: string;
  data?: string;
}

describe.runIf(existsSync(vectors))('the shared wedge timings', () => {
  const rows: WedgeVector[] = existsSync(vectors) ? JSON.parse(readFileSync(vectors, 'utf8')).wedge : [];
  test.each(rows)('$keys in $total_ms ms: scan is $is_scan', (row) => {
    const text = row.keys.replace('<Enter>', '');
    const scan = scanOf(type(text, row.total_ms));
    expect(scan !== undefined).toBe(row.is_scan);
    if (row.aim) expect(scan?.aim).toBe(row.aim);
    if (row.data) expect(scan?.data).toBe(row.data);
  });
});
if (!existsSync(vectors)) console.warn(`skipping the shared wedge timings: ${vectors} is not there`);

describe('a wedge', () => {
  test('set to Tab takes no Enter for the end, and the other way round', () => {
    const tab = { code: 'Tab', shift: false, ctrl: false };
    const set = (kind: 'enter' | 'tab') => Object.assign(new Wedge(), { suffix: { kind } });
    expect(type('6901234567892', 90, set('tab')).kind).toBe('other');
    expect(scanOf(type('6901234567892', 90, set('tab'), tab))?.data).toBe('6901234567892');
    expect(type('6901234567892', 90, set('enter'), tab).kind).toBe('other');
    expect(scanOf(type('6901234567892', 90, set('enter')))?.data).toBe('6901234567892');
  });

  test('set to a text of its own ends with that text and needs no Enter', () => {
    const wedge = Object.assign(new Wedge('~'), { suffix: { kind: 'text' as const, text: '-~' } });
    let verdict: Verdict = { kind: 'other' };
    [...'~6901234567892-~'].forEach((character, index) => {
      verdict = wedge.press(keyOf(character), 1000 + index * 5);
    });
    expect(scanOf(verdict)).toEqual({ data: '6901234567892', aim: '' });
    expect(wedge.press(enter, 1090).kind).toBe('other');
  });

  test('is as patient as it is set to be', () => {
    const slow = Object.assign(new Wedge(), { gap: 50 });
    expect(scanOf(type('12345678', 8 * 45, slow))?.data).toBe('12345678');
    expect(type('12345678', 8 * 12, Object.assign(new Wedge(), { gap: 10 })).kind).toBe('other');
  });

  test('reads a code that ends in Tab', () => {
    const verdict = type('6901234567892', 90, new Wedge(), { code: 'Tab', shift: false, ctrl: false });
    expect(scanOf(verdict)?.data).toBe('6901234567892');
  });

  test('takes three quick digits for fingers', () => {
    expect(type('123', 15).kind).toBe('other');
  });

  test('refuses a burst with one long pause in it', () => {
    const wedge = new Wedge();
    [...'69012345'].forEach((character, index) => {
      wedge.press(keyOf(character), index * 2 + (index >= 5 ? 100 : 0));
    });
    expect(wedge.press(enter, 120).kind).toBe('other');
  });

  test('refuses a mean gap of 30 ms, takes one just below', () => {
    expect(type('12345678', 8 * 30).kind).toBe('other');
    expect(type('12345678', 8 * 29).kind).toBe('scan');
  });

  test('does not take an Enter pressed long after the last character', () => {
    const wedge = new Wedge();
    [...'69012345'].forEach((character, index) => {
      wedge.press(keyOf(character), index * 2);
    });
    expect(wedge.press(enter, 500).kind).toBe('other');
  });

  test('reads two scans in a row as two', () => {
    const wedge = new Wedge();
    expect(scanOf(type('11112222', 40, wedge))?.data).toBe('11112222');
    expect(scanOf(type('33334444', 40, wedge))?.data).toBe('33334444');
  });

  test('goes by the physical key, so capital letters and Ctrl+] come through', () => {
    const wedge = new Wedge();
    const keys = [
      ...[...'AB12'].map(keyOf),
      { code: 'BracketRight', shift: false, ctrl: true },
      ...[...'7x'].map(keyOf),
    ];
    keys.forEach((key, index) => {
      wedge.press({ code: 'ShiftLeft', shift: true, ctrl: false }, index * 5);
      wedge.press(key, index * 5 + 1);
    });
    expect(scanOf(wedge.press(enter, 40))?.data).toBe('AB12\u001d7x');
  });

  test('is broken off by a key that writes nothing', () => {
    const wedge = new Wedge();
    [...'690123'].forEach((character, index) => {
      wedge.press(keyOf(character), index * 5);
    });
    wedge.press({ code: 'ArrowLeft', shift: false, ctrl: false }, 32);
    expect(wedge.press(enter, 36).kind).toBe('other');
  });
});

describe('what was scanned', () => {
  test('loses the prefix the shop has set, and may then be short', () => {
    expect(parseScan('~12', '~')).toEqual({ data: '12', aim: '' });
    expect(parseScan('6901234567892', '~')).toEqual({ data: '6901234567892', aim: '' });
  });

  test('loses its symbology identifier', () => {
    expect(parseScan('~]E06901234567892', '~')).toEqual({ data: '6901234567892', aim: 'E0' });
  });

  test('is nothing below four characters', () => {
    expect(parseScan('123', '')).toBeUndefined();
  });
});
