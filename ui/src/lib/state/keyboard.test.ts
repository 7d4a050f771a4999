import { describe, expect, test, vi } from 'vitest';
import { type Key, Keyboard } from './keyboard';

function key(what: Key['what'], codes: string[], run: Key['run'], more: Partial<Key> = {}): Key {
  return { what, codes, shown: codes, run, ...more };
}

function press(keyboard: Keyboard, code: string, init: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { code, cancelable: true, ...init });
  keyboard.pressed(event);
  return event;
}

describe('the registry of keys', () => {
  test('asks the newest screen first and goes on where a key does not apply', () => {
    const keyboard = new Keyboard();
    const below = vi.fn();
    keyboard.add({ keys: [key('keys.back', ['Escape'], below)] });
    const stop = keyboard.add({ keys: [key('keys.back', ['Escape'], () => false)] });
    expect(press(keyboard, 'Escape').defaultPrevented).toBe(true);
    expect(below).toHaveBeenCalledOnce();
    stop();
    expect(press(keyboard, 'F4').defaultPrevented).toBe(false);
  });

  test('tells a key with Ctrl from the same key without', () => {
    const keyboard = new Keyboard();
    const undo = vi.fn();
    keyboard.add({ keys: [key('keys.undo', ['KeyZ'], undo, { ctrl: true })] });
    press(keyboard, 'KeyZ');
    expect(undo).not.toHaveBeenCalled();
    press(keyboard, 'KeyZ', { ctrlKey: true });
    expect(undo).toHaveBeenCalledOnce();
  });

  test('shows on the map exactly what it would do, each once', () => {
    const keyboard = new Keyboard();
    keyboard.add({ keys: [key('keys.back', ['Escape'], vi.fn()), key('keys.menu', ['F7'], vi.fn())] });
    keyboard.add({ keys: [key('keys.pay', ['F9'], vi.fn()), key('keys.back', ['Escape'], vi.fn())] });
    expect(keyboard.shown().map(({ what }) => what)).toEqual(['keys.pay', 'keys.back', 'keys.menu']);
  });

  test('does what a scanned command stands for on the screen at hand, and nothing else', () => {
    const keyboard = new Keyboard();
    const pay = vi.fn();
    keyboard.add({ keys: [key('keys.pay', ['F9'], pay, { command: 'PAY' })] });
    expect(keyboard.command('PAY')).toBe(true);
    expect(pay).toHaveBeenCalledWith('F9');
    expect(keyboard.command('HOLD')).toBe(false);
  });
});
