import { type Counter, expect, MILK, test, WATER } from './counter';

/** Sells a water and a milk for cash and opens that sale to give something of it back. */
async function soldAndOpened(counter: Counter): Promise<void> {
  const { page } = counter;
  await counter.ringUp('5.50', WATER.code, MILK.code);
  await counter.toPayment();
  await counter.press('Enter');
  await expect(page.locator('#receipt-text')).toBeVisible();
  await page.locator('#sales').click();
  await expect(page.locator('[data-receipt]').first()).toBeVisible();
  await page.locator('#give-back').click();
  await expect(page.locator('[data-refund-line="0"]')).toBeVisible();
}

test('a part of a sale is given back, and no more than is left', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await soldAndOpened(counter);
  await page.getByRole('button', { name: `One more: ${WATER.en}` }).click();
  await expect(page.locator('#refund-back')).toHaveText('¥2.00');
  await counter.primary.click();
  await expect(counter.notices).toContainText('reason');
  await counter.button('refund.reason.broken').click();
  await counter.checkScreen();
  await counter.primary.click();
  await expect(page.getByText('REFUND', { exact: true })).toBeVisible();
  await page.locator('#sales').click();
  await page.locator('[data-receipt]').nth(1).click();
  await page.locator('#give-back').click();
  await expect(page.locator('[data-refund-line="0"]')).toContainText('All of it was given back');
  await counter.checkScreen();
});

test('an exchange pays for new goods', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await soldAndOpened(counter);
  await page.getByRole('button', { name: `One more: ${WATER.en}` }).click();
  await counter.button('refund.reason.wrong').click();
  await expect(page.locator('#refund-back')).toHaveText('¥2.00');
  await page.locator('#exchange').click();
  await counter.ringUp('3.50', MILK.code);
  await expect(page.locator('#balance')).toHaveText('¥1.50');
  await counter.checkScreen();
  await counter.toPayment();
  await expect(page.locator('#due')).toHaveText('¥1.50');
  await counter.checkScreen();
  await counter.press('Enter');
  await expect(page.locator('#receipt-text')).toBeVisible();
});

test('a presale keeps a deposit until it is cancelled', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await counter.ringUp('2.00', WATER.code);
  await page.locator('#place-button').click();
  await counter.checkScreen();
  await page.locator('#order-deposit').fill('0.50');
  await page.locator('#order-place').click();
  await expect(page.locator('[data-order]')).toContainText('¥1.50');
  await counter.checkScreen();
  await page.locator('#order-cancel').click();
  await counter.button('orders.reason.changed').click();
  await counter.checkScreen();
  await page.locator('#cancel-confirm').click();
  await expect(page.locator('[data-order]')).toHaveCount(0);
});
