/** What is scanned while nobody is signed in, scanner commands, and leave by another person. */
import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { Counter, MILK, WATER } from './testing/counter';

let counter: Counter;
beforeEach(() => {
  counter = new Counter();
});

describe('a scan', () => {
  test('while locked is kept, offered after the sign-in, and sold only then', async () => {
    await counter.open();
    counter.scan(MILK);
    counter.scan(WATER);
    expect(await screen.findByText('Sign in first, then scan. 2 scans are kept.')).toBeVisible();
    expect(counter.said('scan')).toEqual([]);
    screen.getByRole('button', { name: /Lin/ }).click();
    counter.type('1111');
    counter.press('Enter');
    (await screen.findByRole('button', { name: 'Add them' })).click();
    await waitFor(() => expect(counter.said('scan')).toHaveLength(2));
  });
});
