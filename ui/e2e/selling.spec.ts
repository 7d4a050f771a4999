import { expect, MILK, test, UNKNOWN, WATER, WINE } from './counter';

test('a sale from the first scan to the hub', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('5.50', WATER.code, MILK.code);
  await counter.ringUp('7.50', WATER.code);
  await expect(counter.lines).toHaveCount(2);

  await counter.toPayment();
  await expect(page.locator('#due')).toHaveText('¥7.50');
  await page.locator('[data-quick="10.00"]').click();
  await expect(page.locator('#change')).toHaveText('¥2.50');
  await expect(page.locator('#receipt-text')).toContainText('7.50');
  await expect(page.locator('#receipt-text')).toContainText('2.50');

  await expect(page.locator('#receipt-number')).toContainText(counter.text('mark.synced'));
  const number = (await page.locator('#receipt-number').getAttribute('data-number')) ?? 'no number';
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥0.00');

  await page.locator('#sales').click();
  const sale = page.locator(`[data-receipt="${number}"]`);
  await expect(sale).toContainText('¥7.50');
  await expect(sale).toContainText(counter.text('mark.synced'));
  await sale.click();
  await expect(page.locator('#receipt-text')).toContainText(number);
});

test('a receipt is found again by its number', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.toPayment();
  await counter.press('Enter');
  const number = (await page.locator('#receipt-number').getAttribute('data-number')) ?? 'no number';
  await page.locator('#sales').click();
  await page.locator('#find').fill(number);
  await counter.press('Enter');
  await expect(page.locator('#find')).toHaveValue('');
  await expect(page.locator('#receipt-text')).toContainText(number);
  await page.locator('#find').fill('DEMO-9-999999');
  await counter.press('Enter');
  await expect(counter.notices).toContainText('There is no such receipt.');
  await expect(page.locator('#find')).toHaveValue('DEMO-9-999999');
});

test('twenty quick scans are twenty items', async ({ counter }) => {
  await counter.signIn('cashier');
  const codes = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? WATER.code : MILK.code));
  await counter.ringUp('55.00', ...codes);
  await expect(counter.lines).toHaveCount(2);
});

test('a scan is taken wherever the focus is and presses nothing', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await page.locator('#search').fill('ab');
  await counter.ringUp('2.00', WATER.code);
  await expect(page.locator('#search')).toHaveValue('ab');
  await page.locator('#settings').focus();
  await counter.ringUp('4.00', WATER.code);
  await expect(page.locator('#settings')).not.toHaveAttribute('aria-current', 'page');
});

test('an unknown code stays in sight and the next scan counts', async ({ counter }) => {
  await counter.signIn('cashier');
  await counter.scan(UNKNOWN, WATER.code);
  await expect(counter.total).toHaveText('¥2.00');
  await expect(counter.notices).toContainText(`No product has the barcode ${UNKNOWN}.`);
  await counter.press('Escape');
  await expect(counter.notices).toHaveCount(0);
});

test('products are found in Chinese, by pinyin initials and in English', async ({ counter, page }) => {
  await counter.signIn('cashier');
  const first = page.locator('[data-product]').first();
  for (const text of ['纯牛奶', 'cnn', 'whole milk']) {
    await page.locator('#search').fill(text);
    await expect(first).toContainText('Whole milk');
  }
  await page.locator('#search').fill('纯牛奶 250');
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥3.50');
  await expect(page.locator('#search')).toHaveValue('');
});

test('a search begins with a letter typed anywhere', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.type('cnn');
  await expect(page.locator('#search')).toHaveValue('cnn');
  await expect(page.locator('[data-product]').first()).toContainText('Whole milk');
});

test('products are chosen by category and by finger', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await page.getByRole('tab', { name: 'Bakery' }).click();
  await page.locator('[data-product="BA003"]').click();
  await expect(counter.total).toHaveText('¥5.50');
});

test('what is scanned while the terminal cannot be reached is rung up once it can', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('2.00', WATER.code);
  await page.context().setOffline(true);
  await counter.scan(MILK.code, MILK.code);
  await expect(page.getByText(counter.text('app.lost'))).toBeVisible();
  await page.context().setOffline(false);
  await expect(counter.total).toHaveText('¥9.00');
  await expect(page.getByText(counter.text('app.lost'))).toHaveCount(0);
});
