import { render, screen, waitFor } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import Customer from './lib/customer/Customer.svelte';
import type { CustomerSource } from './lib/customer/source';
import type { CustomerView } from './lib/generated/api';

const idle: CustomerView = {
  state: 'idle',
  shop: { zh: '渡口便利店', en: 'Ferry Corner Store' },
  language: 'en',
  theme: 'light',
  lines: [],
  last_line: null,
  discount: null,
  total: null,
  due: null,
  change: null,
  qr: null,
};
const yuan = (amount: string) => ({ amount, text: `¥${amount}` });

/** A terminal that tells what it is told to tell. */
class Told implements CustomerSource {
  tell: (view: CustomerView) => void = () => undefined;
  view = async () => idle;
  logo = async () => ({ png: '' });
  onChange(heard: (view: CustomerView) => void): () => void {
    this.tell = heard;
    return () => undefined;
  }
}

test('the display follows the order to the change, and there is nothing to press', async () => {
  const source = new Told();
  render(Customer, { source });
  expect(await screen.findByText('Welcome')).toBeVisible();
  const lines = [
    {
      id: 1,
      name: { zh: '纯牛奶', en: 'Milk' },
      detail: '2 × ¥3.50',
      discounts: [yuan('0.50')],
      payable: yuan('6.50'),
    },
  ];
  source.tell({ ...idle, state: 'ringing', lines, last_line: 1, discount: yuan('0.50'), total: yuan('6.50') });
  expect(await screen.findByText('Milk')).toBeVisible();
  expect(document.querySelector('#customer-total')).toHaveTextContent('¥6.50');
  expect(screen.getByText('You save')).toBeVisible();
  source.tell({ ...idle, state: 'paying', lines, total: yuan('6.50'), due: yuan('6.50'), change: yuan('0.00') });
  await waitFor(() => expect(document.querySelector('#customer-due')).toHaveTextContent('¥6.50'));
  source.tell({
    ...idle,
    state: 'done',
    total: yuan('6.50'),
    change: yuan('3.50'),
    qr: { text: 'S1-2-000001', rows: ['10', '01'] },
  });
  await waitFor(() => expect(document.querySelector('#customer-change')).toHaveTextContent('¥3.50'));
  expect(screen.getByRole('img', { name: 'QR S1-2-000001' })).toBeInTheDocument();
  expect(screen.queryAllByRole('button')).toEqual([]);
});

test('the display speaks its own language', async () => {
  const source = new Told();
  source.view = async () => ({ ...idle, language: 'zh' });
  render(Customer, { source });
  expect(await screen.findByText('欢迎光临')).toBeVisible();
  expect(document.documentElement.lang).toBe('zh-Hans');
});
