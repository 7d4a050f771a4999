import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { Counter, MILK, TOAST, UNKNOWN, WATER } from './testing/counter';

let counter: Counter;
beforeEach(async () => {
  counter = new Counter();
  await counter.open('supervisor');
});

describe('a scan', () => {
  test('rings up wherever the focus is, and its Enter presses nothing', async () => {
    screen.getByRole('button', { name: 'Settings' }).focus();
    expect(counter.scan(MILK)).toBe(false);
    await counter.total('¥12.90');
    expect(screen.getByRole('heading', { name: /Current order/ })).toBeVisible();
  });

  test('never stays in the field it was typed into', async () => {
    const search = screen.getByLabelText<HTMLInputElement>('Search products');
    search.focus();
    counter.scan(MILK);
    await counter.total('¥12.90');
    expect(search.value).toBe('');
  });

  test('follows the one before it however slow the answers are, and none is dropped', async () => {
    counter.terminal.delay = () => new Promise((resolve) => setTimeout(resolve, 15));
    for (const code of [MILK, WATER, TOAST, MILK, WATER, TOAST, MILK, WATER]) counter.scan(code);
    await waitFor(() => expect(counter.said('scan')).toHaveLength(8));
    expect(counter.said('scan').map((args) => (args as { code: string }).code)).toEqual([
      MILK,
      WATER,
      TOAST,
      MILK,
      WATER,
      TOAST,
      MILK,
      WATER,
    ]);
    await counter.total('¥61.70');
  });

  test('of an unknown code says so until it was seen, and does not swallow the next', async () => {
    counter.scan(UNKNOWN);
    counter.scan(MILK);
    await counter.total('¥12.90');
    expect(screen.getByText(`No product has the barcode ${UNKNOWN}.`)).toBeVisible();
    counter.press('Escape');
    await waitFor(() => expect(screen.queryByText(`No product has the barcode ${UNKNOWN}.`)).toBeNull());
  });

  test('of the same unknown code twice is one message that counts', async () => {
    counter.scan(UNKNOWN);
    counter.scan(UNKNOWN);
    expect(await screen.findByText('(2 times)')).toBeVisible();
  });

  test('is multiplied by the number typed before the star, once', async () => {
    counter.type('3*');
    counter.press('ArrowUp');
    expect(await screen.findByText('Next item × 3')).toBeVisible();
    counter.scan(WATER);
    counter.scan(WATER);
    await counter.total('¥8.00');
  });

  test('takes back the digits typed before it without a star', async () => {
    counter.type('7');
    counter.scan(WATER);
    await counter.total('¥2.00');
    await waitFor(() => expect(screen.queryByText('7')).toBeNull());
  });

  test('on the payment screen adds nothing and types into no amount', async () => {
    counter.scan(MILK);
    await counter.total('¥12.90');
    counter.press('F9');
    const given = await screen.findByLabelText<HTMLInputElement>('Cash received');
    counter.scan(WATER);
    expect(await screen.findByText(/the scan was not added/, { selector: 'p' })).toBeVisible();
    expect(given.value).toBe('');
    expect(counter.said('scan')).toHaveLength(1);
    expect(counter.said('tender_cash')).toHaveLength(0);
  });

  test('on the receipt begins the next order', async () => {
    counter.scan(MILK);
    await counter.total('¥12.90');
    counter.press('F9');
    await screen.findByLabelText('Cash received');
    counter.press('Enter');
    await screen.findByRole('heading', { name: 'Sale complete' });
    counter.scan(WATER);
    await counter.total('¥2.00');
  });
});

describe('when the terminal stops answering', () => {
  test('what was scanned meanwhile is rung up once it answers again', async () => {
    counter.scan(MILK);
    await counter.total('¥12.90');
    counter.terminal.up = false;
    counter.scan(WATER);
    counter.scan(TOAST);
    expect(await screen.findByText(/not answering/)).toHaveTextContent('2 steps are waiting');
    counter.terminal.plug(true);
    await counter.total('¥23.40');
    expect(screen.queryByText(/not answering/)).toBeNull();
  });

  test('an answer lost on the way does not ring up twice', async () => {
    let lost = false;
    counter.terminal.fail = (name) => {
      if (name !== 'scan' || lost) return undefined;
      lost = true;
      return 'lost';
    };
    counter.scan(MILK);
    await counter.total('¥12.90');
    expect(counter.said('scan')).toHaveLength(1);
  });

  test('a sale whose answer was lost is shown as made', async () => {
    counter.scan(MILK);
    await counter.total('¥12.90');
    let lost = false;
    counter.terminal.fail = (name) => {
      if (name !== 'finish' || lost) return undefined;
      lost = true;
      return 'lost';
    };
    counter.press('F9');
    await screen.findByLabelText('Cash received');
    counter.press('Enter');
    await screen.findByRole('heading', { name: 'Sale complete' });
    expect(counter.terminal.receipts).toHaveLength(1);
    expect(counter.said('finish')).toHaveLength(1);
  });
});
