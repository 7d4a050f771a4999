import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { beforeEach, expect, test } from 'vitest';
import type { CustomerOrderView, RefundSaleView } from './lib/generated/api';
import type { CommandName } from './lib/transport';
import { Counter, MILK } from './testing/counter';
import { yuan } from './testing/shop';

let counter: Counter;
/** Answers of commands that the fake terminal does not know by itself. */
let answers: Partial<Record<CommandName, (args: never) => unknown>>;

beforeEach(() => {
  counter = new Counter();
  answers = {};
  const { terminal } = counter;
  const known = terminal.call.bind(terminal);
  terminal.call = (async (name: CommandName, args: never) => {
    const answer = answers[name];
    if (!answer) return known(name, args);
    terminal.calls.push({ name, args });
    return answer(args);
  }) as typeof terminal.call;
});

const sale: RefundSaleView = {
  sale: 'sale-7',
  receipt: 'S1-2-000007',
  at: '2026-11-24 10:00',
  store: 'S2',
  total: yuan(3870),
  left: yuan(2580),
  lines: [
    {
      line: 0,
      sku: 'milk',
      name: { zh: '牛奶', en: 'Whole milk' },
      whole: true,
      sold: '3',
      left: '2',
      unit_price: yuan(1290),
      payable: yuan(2580),
    },
  ],
  tenders: [{ kind: 'cash', reference: null, left: yuan(2580) }],
  checked: false,
};

test('a scanned receipt opens the sale; what is chosen comes back for a reason', async () => {
  answers.refund_lookup = () => sale;
  answers.refund_preview = () => ({ total: yuan(1290), payments: [], back: yuan(1290) });
  answers.refund = () => ({
    order: 'refund-8',
    receipt: 'S1-1-000008',
    kind: 'refund',
    at: '2026-11-24 11:00',
    text: 'REFUND',
    total: yuan(1290),
    change: yuan(0),
    synced: false,
    print: 'none',
  });
  await counter.open('supervisor');
  counter.scan('S1-2-000007');
  expect(await screen.findByText('2 of 3 left', { exact: false })).toBeVisible();
  expect(screen.getByText('The hub does not answer', { exact: false })).toBeVisible();
  await fireEvent.click(screen.getByRole('button', { name: 'One more: Whole milk' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Faulty' }));
  await waitFor(() => expect(document.getElementById('refund-back')).toHaveTextContent('¥12.90'));
  await fireEvent.click(document.getElementById('primary') as HTMLElement);
  expect(await screen.findByText('REFUND')).toBeVisible();
  expect(counter.said('refund')).toEqual([
    { lines: [{ line: 0, quantity: '1' }], reason: 'Faulty', tender: 'as_paid', reference: '', print: null },
  ]);
});

test('giving an order up needs a reason, and says it', async () => {
  await counter.open('cashier');
  counter.scan(MILK);
  await counter.total('¥12.90');
  await fireEvent.click(screen.getByRole('button', { name: 'Empty' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Rung up by mistake' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Empty the order' }));
  await counter.total('¥0.00');
  expect(counter.said('clear')).toEqual([{ reason: 'Rung up by mistake' }]);
});

test('the order at hand is kept as a presale with its deposit', async () => {
  const placed: CustomerOrderView = {
    order: '01940000-0000-7000-8000-0000000000ab',
    short: '0000AB',
    kind: 'presale',
    state: 'placed',
    valid_until: '',
    overdue: false,
    note: '',
    lines: 1,
    total: yuan(1290),
    deposit: yuan(500),
    due: yuan(790),
    charge: yuan(0),
    returned: yuan(500),
    text: 'PRESALE',
  };
  answers.customer_orders = () => ({ orders: counter.said('place_order').length > 0 ? [placed] : [], complete: true });
  answers.place_order = () => placed;
  await counter.open('cashier');
  counter.scan(MILK);
  await counter.total('¥12.90');
  await fireEvent.click(screen.getByRole('button', { name: 'Quote or presale' }));
  await fireEvent.input(screen.getByLabelText('Take a deposit'), { target: { value: '5' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(await screen.findByText('PRESALE')).toBeVisible();
  expect(counter.said('place_order')).toEqual([
    { kind: 'presale', valid_until: '', deposit: '5', tender: 'cash', reference: '' },
  ]);
  expect(await screen.findByText('¥7.90 to pay')).toBeVisible();
});
