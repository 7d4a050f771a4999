import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DocumentScanner } from './document-scanner';

const sink = { scanned: vi.fn(), typed: vi.fn(), untyped: vi.fn() };
let stop: () => void;
let now = 1000;

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  now += 10_000;
  stop = new DocumentScanner(sink).listen(document);
  document.body.innerHTML = '<input id="field" value="ab" /><button id="button">Pay</button>';
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

interface Options {
  composing?: boolean;
  key?: string;
}

/** A key as a browser would deliver it: the field gets the character unless the key was stopped. */
function press(target: HTMLElement, code: string, gap: number, options: Options = {}): boolean {
  now += gap;
  vi.advanceTimersByTime(gap);
  const key = options.key ?? (/^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1] || code);
  const event = new KeyboardEvent('keydown', {
    code,
    key,
    bubbles: true,
    cancelable: true,
    isComposing: options.composing ?? false,
  });
  Object.defineProperty(event, 'timeStamp', { value: now });
  const passed = target.dispatchEvent(event);
  if (passed && target instanceof HTMLInputElement && (key.length === 1 || options.composing)) {
    target.setRangeText(key.length === 1 ? key : '，', target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end');
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return passed;
}

function element<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

function digits(target: HTMLElement, text: string, gap: number, options: Options = {}): void {
  for (const digit of text) press(target, `Digit${digit}`, gap, options);
}

describe('a scan', () => {
  test('with the focus in a field leaves the field as it was', () => {
    const field = element<HTMLInputElement>('field');
    field.focus();
    field.setSelectionRange(1, 1);
    digits(field, '6901234567892', 5);
    const passed = press(field, 'Enter', 5);
    expect(passed).toBe(false);
    expect(field.value).toBe('ab');
    expect(field.selectionStart).toBe(1);
    expect(sink.scanned).toHaveBeenCalledExactlyOnceWith({ data: '6901234567892', aim: '' });
  });

  test('with the focus on a button does not press it', () => {
    const button = element('button');
    button.focus();
    digits(button, '6901234567892', 5);
    expect(press(button, 'Enter', 5)).toBe(false);
    expect(sink.scanned).toHaveBeenCalledOnce();
    expect(sink.typed).not.toHaveBeenCalled();
  });

  test('is read by the physical keys while an input method composes', () => {
    const field = element<HTMLInputElement>('field');
    field.focus();
    digits(field, '6901234567892', 5, { composing: true, key: 'Process' });
    press(field, 'Enter', 5, { composing: true, key: 'Process' });
    expect(sink.scanned).toHaveBeenCalledExactlyOnceWith({ data: '6901234567892', aim: '' });
    expect(field.value).toBe('ab');
  });

  test('after a digit that was already given takes that digit back', () => {
    digits(document.body, '6', 500);
    now += 70;
    vi.advanceTimersByTime(70);
    now -= 65;
    digits(document.body, '901234567892', 5);
    press(document.body, 'Enter', 5);
    expect(sink.scanned).toHaveBeenCalledExactlyOnceWith({ data: '6901234567892', aim: '' });
    expect(sink.typed).toHaveBeenCalledExactlyOnceWith('6');
    expect(sink.untyped).toHaveBeenCalledExactlyOnceWith(1);
  });
});

describe('typing', () => {
  test('reaches the field in order, also where two keys come quickly', () => {
    const field = element<HTMLInputElement>('field');
    field.focus();
    field.setSelectionRange(2, 2);
    digits(field, '1', 200);
    digits(field, '23', 40);
    digits(field, '4', 200);
    vi.advanceTimersByTime(100);
    expect(field.value).toBe('ab1234');
    expect(sink.scanned).not.toHaveBeenCalled();
  });

  test('outside a field is handed on a moment later, before the Enter that follows', () => {
    digits(document.body, '12', 150);
    expect(press(document.body, 'Enter', 30)).toBe(true);
    expect(sink.typed.mock.calls).toEqual([['1'], ['2']]);
  });

  test('outside a field is read by the physical keys when an input method has the keyboard', () => {
    press(document.body, 'Digit7', 200, { key: 'Process' });
    vi.advanceTimersByTime(100);
    expect(sink.typed).toHaveBeenCalledExactlyOnceWith('7');
  });

  test('on a button leaves its Enter alone', () => {
    expect(press(element('button'), 'Enter', 500)).toBe(true);
  });
});
