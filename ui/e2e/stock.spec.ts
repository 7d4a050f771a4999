import { expect, test, WATER } from './counter';

/** What the demo shop's scale prints: apples of PLU 00101. */
const WEIGHED = '2200101007355';
const PRICED = '2100101018808';

test('a weighed label is sold by its weight, a priced one comes to its price', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.scan(`${WEIGHED.slice(0, 12)}${digit(WEIGHED)}`);
  await expect(counter.lines.first()).toContainText('0.735');
  await counter.empty();
  await counter.scan(`${PRICED.slice(0, 12)}${digit(PRICED)}`);
  await expect(counter.total).toHaveText('¥18.80');
  await counter.empty();
  await expect(page.locator('#total')).toHaveText('¥0.00');
});

test('a product in variants asks which one', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await page.locator('#search').fill('HH900');
  await page.locator('[data-product]').first().click();
  await expect(page.locator('[data-variant="HH902"]')).toBeVisible();
  await counter.checkScreen();
  await page.locator('[data-variant="HH902"]').click();
  await expect(counter.lines.first()).toContainText('navy');
  await counter.empty();
});

test('goods are received, counted and adjusted by scanner and keys; the ledger tells it', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await counter.press('F7');
  await page.locator('[data-place="stock"]').click();
  await counter.scan(WATER.code, WATER.code);
  await expect(page.locator('[data-goods="DR001"] input').last()).toHaveValue('2');
  await page.locator('#supplier').fill('Spring');
  await counter.checkScreen();
  await counter.primary.click();
  await expect(page.locator('[data-goods]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Adjust', exact: true }).click();
  await page.locator('#goods-code').fill('DR001');
  await counter.press('Enter');
  await page.locator('[data-goods="DR001"] input').last().fill('-2');
  await counter.primary.click();
  await expect(counter.notices.first()).toContainText('Type a reason.');
  await page.locator('#reason').fill('given away');
  await counter.primary.click();
  await expect(page.locator('[data-goods]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Low stock', exact: true }).click();
  await expect(page.locator('[data-low="HH903"]')).toBeVisible();
  await counter.checkScreen();
  await page.getByRole('button', { name: 'Take in', exact: true }).click();
  await expect(page.getByText('Nothing is on its way.')).toBeVisible();
  await page.getByRole('button', { name: 'Receive', exact: true }).click();
  await counter.press('F7');
  await page.locator('[data-place="catalogue"]').click();
  await page.locator('#goods-find').fill('DR001');
  await page.locator('[data-sku="DR001"]').click();
  await expect(page.locator('#stock-ledger [data-kind="adjusted"]').first()).toContainText('given away');
  await expect(page.locator('#stock-ledger [data-kind="received"]').first()).toContainText('Spring');
  await counter.checkScreen();
});

test('a file with errors names each row; a right one is imported whole', async ({ counter, page }) => {
  await counter.signIn('manager');
  await counter.press('F7');
  await page.locator('[data-place="catalogue"]').click();
  await page.locator('#import-open').click();
  const wrong = 'sku,name_en,price,tax\nZZ1,Soap,five,VAT13\nZZ2,Brush,3,NOPE\n';
  await page.locator('#import-file').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(wrong) });
  await expect(page.locator('#import-state')).toHaveAttribute('data-state', 'wrong');
  await expect(page.locator('#import-errors [data-row="2"]')).toContainText('five');
  await expect(page.locator('#import-errors [data-row="3"]')).toContainText('NOPE');
  await counter.checkScreen();
  const right = '货号,英文名,售价,税类,在售\nZZ1,Soap,5.00,VAT13,no\n';
  await page.locator('#import-file').setInputFiles({ name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from(right) });
  await expect(page.locator('#import-state')).toHaveAttribute('data-state', 'ready');
  await page.locator('#import-commit').click();
  await expect(page.locator('#import-state')).toHaveAttribute('data-state', 'done');
});

/** The last digit of an EAN-13, from the others. */
function digit(code: string): string {
  const sum = [...code.slice(0, 12)].reduce((all, one, at) => all + Number(one) * (at % 2 === 0 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}
