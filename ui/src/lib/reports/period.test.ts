import { expect, test } from 'vitest';
import { isDay, moved } from './period';

test('days are counted across months and leap years', () => {
  expect(moved('2026-11-24', -1)).toBe('2026-11-23');
  expect(moved('2026-03-01', -1)).toBe('2026-02-28');
  expect(moved('2028-03-01', -1)).toBe('2028-02-29');
  expect(moved('2026-12-31', 1)).toBe('2027-01-01');
});

test('a day that does not exist is none', () => {
  expect(isDay('2026-11-24')).toBe(true);
  for (const text of ['', '2026-02-30', '24.11.2026', '2026-11-24T10:00']) expect(isDay(text), text).toBe(false);
});
