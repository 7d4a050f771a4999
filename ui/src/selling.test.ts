import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { Counter, MILK, TOAST, WATER } from './testing/counter';

let counter: Counter;
beforeEach(() => {
  counter = new Counter();
});

async function order(...codes: string[]): Promise<void> {
  for (const code of codes) counter.scan(code);
  await waitFor(() => expect(counter.said('scan')).toHaveLength(codes.length));
}

describe('signing in', () => {
  test('by keys: a name once, then the PIN and Enter', async () => {
    await counter.open();
    await fireEvent.click(await screen.findByRole('button', { name: /Lin/ }));
    counter.type('1111');
    counter.press('Enter');
    await screen.findByText('Scan or tap a product to begin');
  });

  test('says how many tries are left and empties the PIN', async () => {
    await counter.open();
    await fireEvent.click(await screen.findByRole('button', { name: /Lin/ }));
    counter.type('1234');
    counter.press('Enter');
    expect(await screen.findByText('Wrong PIN. 4 tries left.')).toBeVisible();
    expect(screen.getByLabelText('PIN of Lin')).toHaveValue('');
  });
});

describe('searching', () => {
  test('begins with a letter typed anywhere; Enter adds the first found', async () => {
    await counter.open('cashier');
    counter.type('xj');
    counter.press('Enter');
    await counter.total('¥6.98');
    expect(screen.getByLabelText('Search products')).toHaveValue('');
  });

  test('adds what belongs to the text as it stands, not to what was found before', async () => {
    await counter.open('cashier');
    counter.press('F2');
    counter.type('c');
    await screen.findByText('Results for “c”');
    counter.terminal.delay = () => new Promise((resolve) => setTimeout(resolve, 20));
    counter.type('nn');
    counter.press('Enter');
    await counter.total('¥12.90');
  });

  test('finds Chinese and English alike', async () => {
    await counter.open('cashier');
    const search = screen.getByLabelText('Search products');
    await fireEvent.input(search, { target: { value: '牛奶' } });
    expect(await screen.findByRole('button', { name: /Whole milk/ })).toBeVisible();
    await fireEvent.input(search, { target: { value: 'egg tart' } });
    await waitFor(() => expect(screen.queryByRole('button', { name: /Add Whole milk/ })).toBeNull());
    expect(screen.getByRole('button', { name: /Egg tart/ })).toBeVisible();
  });

  test('keeps what was typed when nothing is found, and says so', async () => {
    await counter.open('cashier');
    const search = screen.getByLabelText('Search products');
    await fireEvent.input(search, { target: { value: 'qqqq' } });
    expect(await screen.findByText('Nothing found for “qqqq”')).toBeVisible();
    expect(search).toHaveValue('qqqq');
  });
});

describe('the order', () => {
  test('takes a quantity typed in digits for the chosen line', async () => {
    await counter.open('cashier');
    await order(WATER, MILK);
    counter.press('ArrowUp');
    counter.type('4');
    counter.press('Enter');
    await counter.total('¥20.90');
  });

  test('keeps an absurd quantity in sight with the reason', async () => {
    await counter.open('cashier');
    await order(WATER);
    counter.type('99999');
    counter.press('Enter');
    expect(await screen.findByText('A quantity of 99999 is too large. Please check it.')).toBeVisible();
    expect(document.getElementById('entry')).toHaveTextContent('99999');
    await counter.total('¥2.00');
  });

  test('steps by plus and minus, each press counted', async () => {
    await counter.open('cashier');
    await order(WATER);
    counter.terminal.delay = () => new Promise((resolve) => setTimeout(resolve, 10));
    counter.type('+++-');
    counter.press('ArrowUp');
    await counter.total('¥6.00');
  });

  test('gives back a removed line with its discount', async () => {
    await counter.open('supervisor');
    await order(MILK);
    counter.press('F6');
    counter.type('10');
    counter.press('Enter');
    await counter.total('¥11.61');
    counter.press('Delete');
    await counter.total('¥0.00');
    await fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await counter.total('¥11.61');
  });

  test('refuses a discount beyond the role, in words, and keeps what was typed', async () => {
    await counter.open('cashier');
    await order(MILK);
    counter.press('F6');
    counter.type('50');
    counter.press('Enter');
    expect(await screen.findByText('Your role may not do this. Ask the Supervisor.')).toBeVisible();
    expect(document.getElementById('entry')).toHaveTextContent('50%');
    await counter.total('¥12.90');
  });

  test('takes a discount on the whole when the discount key is pressed again', async () => {
    await counter.open('supervisor');
    await order(MILK, TOAST);
    counter.press('F6');
    counter.press('F6');
    counter.type('10');
    counter.press('Enter');
    await counter.total('¥19.26');
    expect(counter.said('set_order_discount')).toEqual([{ discount: '10%' }]);
  });

  test('is put aside under a name and taken up again', async () => {
    await counter.open('cashier');
    await order(MILK);
    counter.press('F4');
    const label = await screen.findByLabelText('Name (optional)');
    await fireEvent.input(label, { target: { value: 'red coat' } });
    await fireEvent.submit(label.closest('form') as HTMLFormElement);
    await counter.total('¥0.00');
    counter.press('F4');
    expect(await screen.findByText('red coat')).toBeVisible();
    await fireEvent.click(screen.getByRole('button', { name: 'Take up' }));
    await counter.total('¥12.90');
  });

  test('is emptied only after a question', async () => {
    await counter.open('cashier');
    await order(MILK);
    await fireEvent.click(screen.getByRole('button', { name: 'Empty' }));
    counter.press('Escape');
    await waitFor(() => expect(screen.queryByText('Empty the whole order?')).toBeNull());
    await counter.total('¥12.90');
    await fireEvent.click(screen.getByRole('button', { name: 'Empty' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Empty the order' }));
    await counter.total('¥0.00');
  });
});

describe('paying', () => {
  async function toPayment(...codes: string[]) {
    await counter.open('cashier');
    await order(...codes);
    counter.press('F9');
    return screen.findByLabelText<HTMLInputElement>('Cash received');
  }

  test('one press of a likely amount finishes and shows the change', async () => {
    await toPayment(MILK);
    await fireEvent.click(screen.getByRole('button', { name: '¥20.00' }));
    await screen.findByRole('heading', { name: 'Sale complete' });
    expect(document.getElementById('change')).toHaveTextContent('¥7.10');
  });

  test('an amount typed with letters is refused in words and stays', async () => {
    const given = await toPayment(MILK);
    await fireEvent.input(given, { target: { value: '5o' } });
    counter.press('Enter');
    expect(await screen.findByText('“5o” is not an amount. Type a number such as 12.50.')).toBeVisible();
    expect(given).toHaveValue('5o');
  });

  test('less than the total leaves the rest to pay, by card with its reference', async () => {
    const given = await toPayment(MILK);
    counter.type('10');
    counter.press('Enter');
    await waitFor(() => expect(document.getElementById('due')).toHaveTextContent('¥2.90'));
    await waitFor(() => expect(given).toHaveValue(''));
    await fireEvent.click(screen.getByRole('button', { name: 'Card' }));
    await fireEvent.click(screen.getByRole('button', { name: /Card was accepted/ }));
    expect(await screen.findByText('Type the reference from the card slip.')).toBeVisible();
    await fireEvent.input(screen.getByLabelText('Reference on the card slip'), { target: { value: 'R-7719' } });
    counter.press('Enter');
    await screen.findByRole('heading', { name: 'Sale complete' });
    expect(counter.said('tender_card')).toEqual([{ amount: '', reference: 'R-7719' }]);
  });

  test('going back asks first when money was received', async () => {
    await toPayment(MILK);
    counter.type('10');
    counter.press('Enter');
    await waitFor(() => expect(document.getElementById('due')).toHaveTextContent('¥2.90'));
    counter.press('Escape');
    const question = await screen.findByRole('group', { name: /Part of the money was received/ });
    expect(counter.said('cancel_payment')).toHaveLength(0);
    await fireEvent.click(within(question).getByRole('button', { name: 'Cancel and go back' }));
    expect(await screen.findByText('Payment cancelled. The order is still here.')).toBeVisible();
    await counter.total('¥12.90');
  });

  test('a sale that cannot be kept stays on the screen and can be finished again', async () => {
    await toPayment(MILK);
    counter.terminal.fail = (name) =>
      name === 'finish' ? { code: 'disk_full', params: {}, detail: 'disk full' } : undefined;
    counter.press('Enter');
    expect(
      await screen.findByText('The disk is full, so this step was not saved. Make room and try again.'),
    ).toBeVisible();
    counter.terminal.fail = () => undefined;
    await fireEvent.click(screen.getByRole('button', { name: /Finish/ }));
    await screen.findByRole('heading', { name: 'Sale complete' });
    expect(counter.terminal.receipts).toHaveLength(1);
  });

  test('pressing Enter twice takes the money once', async () => {
    await toPayment(MILK);
    counter.terminal.delay = () => new Promise((resolve) => setTimeout(resolve, 20));
    counter.press('Enter');
    counter.press('Enter');
    await screen.findByRole('heading', { name: 'Sale complete' });
    expect(counter.said('tender_cash')).toHaveLength(1);
  });
});

describe('the screen', () => {
  test('switches its language at once, everywhere', async () => {
    await counter.open('cashier');
    await fireEvent.click(screen.getByRole('button', { name: '切换到中文' }));
    expect(screen.getByText('扫描或点选商品开始')).toBeVisible();
    expect(screen.getByRole('button', { name: '加入 纯牛奶 1 升，¥12.90' })).toBeVisible();
    expect(document.documentElement.lang).toBe('zh-Hans');
  });

  test('keeps a language chosen before the terminal answered', async () => {
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    counter.terminal.delay = () => answered;
    await counter.open();
    await fireEvent.click(screen.getByRole('button', { name: 'Switch to English' }));
    counter.terminal.settings = { ...counter.terminal.settings, language: 'zh' };
    answer();
    expect(await screen.findByText('Who is at the till?')).toBeVisible();
    await waitFor(() => expect(counter.terminal.settings.language).toBe('en'));
  });

  test('shows the keys on a question mark and closes them on Esc', async () => {
    await counter.open('cashier');
    counter.press('Slash', '?');
    counter.press('F1', 'F1', 400);
    counter.press('F1', 'F1', 400);
    expect(await screen.findByRole('dialog', { name: 'Keyboard keys' })).toBeVisible();
    counter.press('Escape');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('says in words that sales wait to be sent', async () => {
    await counter.open('cashier');
    counter.terminal.emit({ type: 'sync', data: { ...counter.terminal.sync, state: 'offline', unsent: 3 } });
    await fireEvent.click(await screen.findByRole('button', { name: 'Sync status: Offline · 3 unsent' }));
    expect(screen.getByText(/3 entries are safe on this till/)).toBeVisible();
  });

  test('shows settings a cashier may not change as such', async () => {
    await counter.open('cashier');
    await fireEvent.click(screen.getByRole('button', { name: 'Settings' }));
    expect(screen.getByLabelText('Printer address')).toBeDisabled();
    expect(screen.getByText('A manager has to change these.')).toBeVisible();
  });

  test('keeps settings typed and refused, with the reason beside them', async () => {
    await counter.open('manager');
    await fireEvent.click(screen.getByRole('button', { name: 'Settings' }));
    await fireEvent.input(screen.getByLabelText('Printer address'), { target: { value: 'kitchen printer' } });
    await fireEvent.click(screen.getByRole('button', { name: /Save/ }));
    expect(await screen.findByText(/“kitchen printer” is not a printer address/, { selector: 'p' })).toBeVisible();
    expect(screen.getByLabelText('Printer address')).toHaveValue('kitchen printer');
  });
});
