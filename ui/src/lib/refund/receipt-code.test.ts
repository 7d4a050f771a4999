import { expect, test } from 'vitest';
import { isOrderCode, isReceiptCode } from './receipt-code';

test('a receipt’s code is told from goods and orders', () => {
  expect(isReceiptCode('S1-2-000123')).toBe(true);
  expect(isReceiptCode('6999017480018')).toBe(false);
  expect(isReceiptCode('tea-1-2')).toBe(false);
  expect(isOrderCode('01940000-0000-7000-8000-000000000001')).toBe(true);
  expect(isOrderCode('S1-2-000123')).toBe(false);
});
