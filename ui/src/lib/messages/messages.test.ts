import { describe, expect, test } from 'vitest';
import { en } from './en';
import { fill } from './fill';
import { message, problemSentence } from './index';
import { problems } from './problems';
import { zh } from './zh';

describe('a sentence', () => {
  test('chooses the word that goes with its number', () => {
    expect(message('en', 'cart.count', { n: 1 })).toBe('1 item');
    expect(message('en', 'cart.count', { n: 3 })).toBe('3 items');
    expect(fill('{n} {n|try|tries} left', { n: '2' })).toBe('2 tries left');
  });

  test('names a role in the reader’s language', () => {
    const problem = { code: 'not_allowed', params: { role: 'manager' }, detail: '' } as const;
    expect(problemSentence('zh', problem)).toBe('你的权限不够，请经理来操作。');
    expect(problemSentence('en', problem)).toBe('Your role may not do this. Ask the Manager.');
  });

  test('stands for a problem that this version does not know', () => {
    const unknown = { code: 'from_the_future', params: {}, detail: '' } as never;
    expect(problemSentence('en', unknown)).toBe(problems.en.internal);
  });
});

describe('the languages', () => {
  test('are both complete', () => {
    const blank = (texts: Record<string, string>) => Object.keys(texts).filter((key) => texts[key] === '');
    expect(blank(zh)).toEqual(['unit.piece']);
    expect(blank(en)).toEqual(['unit.piece']);
  });

  test('Chinese is Chinese: no sentence was left in English', () => {
    const latin = Object.entries({ ...zh, ...problems.zh }).filter(([, text]) => text && !/\p{Script=Han}/u.test(text));
    expect(latin.map(([key]) => key)).toEqual(['app.name', 'header.language', 'header.languageShort']);
  });
});
