import { expect, test } from 'vitest';
import { runs } from './columns';

test('Chinese characters and full-width signs take two columns, the rest one', () => {
  expect(runs('纯牛奶 1L￥12.90')).toEqual([
    { text: '纯牛奶', wide: true },
    { text: ' 1L', wide: false },
    { text: '￥', wide: true },
    { text: '12.90', wide: false },
  ]);
});

test('an empty line has no runs', () => {
  expect(runs('')).toEqual([]);
});
