import { expect, MILK, test, WATER, WINE } from './counter';

test('part cash, part card', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.toPayment();
  await page.locator('#given').fill('50');
  await counter.press('Enter');
  await expect(page.locator('#due')).toHaveText('¥18.00');
  await expect(page.locator('[data-payment="cash"]')).toContainText('¥50.00');
  await page.locator('#tender-card').click();
  await page.locator('#card-reference').fill('R-771902');
  await counter.press('Enter');
  await expect(page.locator('#change')).toBeVisible();
  for (const text of ['R-771902', '50.00', '18.00']) {
    await expect(page.locator('#receipt-text')).toContainText(text);
  }
});

test('a payment is taken back, and leaving payment asks when money was received', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.toPayment();
  await page.locator('#given').fill('20');
  await counter.press('Enter');
  await expect(page.locator('#due')).toHaveText('¥48.00');
  await page.getByRole('button', { name: 'Take back Cash ¥20.00' }).click();
  await expect(page.locator('#due')).toHaveText('¥68.00');
  await page.locator('#given').fill('20');
  await counter.press('Enter');
  await expect(page.locator('#due')).toHaveText('¥48.00');
  await counter.press('Escape');
  await page.getByRole('button', { name: counter.text('pay.dropYes') }).click();
  await expect(counter.total).toHaveText('¥68.00');
  await expect(page.locator('#due')).toHaveCount(0);
});

test('a scan on the payment screen adds nothing and types into no amount', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('2.00', WATER.code);
  await counter.toPayment();
  await counter.scan(MILK.code);
  await expect(counter.notices).toContainText('the scan was not added');
  await expect(page.locator('#given')).toHaveValue('');
  await expect(page.locator('#due')).toHaveText('¥2.00');
});

test('what cannot be an amount is refused in words and stays', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.toPayment();
  for (const [typed, said] of [
    ['5o', '“5o” is not an amount.'],
    ['0', 'The amount must be above zero.'],
    ['1.005', 'is not an amount.'],
  ] as const) {
    await page.locator('#given').fill(typed);
    await counter.press('Enter');
    await expect(page.locator('#given-problem')).toContainText(said);
    await expect(page.locator('#given')).toHaveValue(typed);
  }
  await expect(page.locator('#due')).toHaveText('¥68.00');
});

test('a card takes no more than is due, and never a card number', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.toPayment();
  await page.locator('#tender-card').click();
  await counter.primary.click();
  await expect(page.locator('#card-problem')).toHaveText('Type the reference from the card slip.');
  await page.locator('#card-reference').fill('4111 1111 1111 1111');
  await counter.primary.click();
  await expect(page.locator('#card-problem')).toContainText('looks like a card number');
  await page.locator('#card-reference').fill('R-1');
  await page.locator('#card-amount').fill('100');
  await counter.primary.click();
  await expect(page.locator('#card-problem')).toContainText('Only ¥68.00 is left to pay.');
  await expect(page.locator('#card-amount')).toHaveValue('100');
});
