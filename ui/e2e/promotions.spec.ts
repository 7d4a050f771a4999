import { expect, test, WATER, WINE } from './counter';

/** Coupons of the demo shop, each to be used once. */
const FIVE_OFF = ['CPNEWBECARJKEYP', 'CPNEWPWRMH68XXD', 'CPNEW2C60BTVCXK'] as const;
const CANS = { code: '6999012580065', price: '2.80' };

test('a scanned coupon is on its line with its name, and the line says why', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.ringUp('63.00', FIVE_OFF[0]);
  await expect(counter.lines).toContainText('5 off for newcomers');
  await expect(page.locator(`[data-coupon="${FIVE_OFF[0]}"]`)).toBeVisible();
  await page.getByRole('button', { name: /^Why this price/ }).click();
  await expect(page.locator('[data-trace]')).toContainText('¥63.00');
  await counter.checkScreen();
  await page.getByRole('button', { name: /^Take off coupon/ }).click();
  await expect(counter.total).toHaveText('¥68.00');
  await counter.empty();
});

test('a coupon is typed, used once, and refused in words the second time', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await page.locator('#coupon').click();
  await page.locator('#coupon-code').fill('CPNEW0000000000');
  await counter.press('Enter');
  await expect(page.locator('#coupon-problem')).toContainText('a character is wrong');
  await counter.checkScreen();
  await page.locator('#coupon-code').fill(FIVE_OFF[1].toLowerCase());
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥63.00');
  await counter.toPayment();
  await page.locator('#given').fill('63');
  await counter.press('Enter');
  await expect(counter.primary).toBeVisible();
  await expect(page.getByText('5 off for newcomers').first()).toBeVisible();
  await counter.press('Enter');
  await counter.ringUp('68.00', WINE.code);
  await counter.scan(FIVE_OFF[1]);
  // Whether the sale has reached the hub by now or not: it is not given twice.
  await expect(page.getByText(/was used on|is on another order/).first()).toBeVisible();
  await expect(counter.total).toHaveText('¥68.00');
  await counter.empty();
});

test('any three cans cost less together, whatever comes between', async ({ counter }) => {
  await counter.signIn('cashier');
  await counter.ringUp(CANS.price, CANS.code);
  await counter.ringUp('4.80', WATER.code);
  await counter.ringUp('7.60', CANS.code);
  await counter.ringUp('9.50', CANS.code);
  await expect(counter.lines.first()).toContainText('Any three soda cans for 7.50');
  await counter.empty();
});

test('a manager drafts a promotion, tries it, publishes it and ends it', async ({ counter, page }) => {
  await counter.signIn('manager');
  await page.locator('#menu').click();
  await page.getByRole('button', { name: new RegExp(counter.text('menu.promotions')) }).click();
  await expect(page.locator('[data-promotion="5 off for newcomers"]')).toBeVisible();
  await counter.checkScreen();
  await page.locator('#promo-new').click();
  await page.locator('#promo-name_en').fill('Soda week');
  await page.locator('#promo-percent').fill('150');
  await page.locator('#promo-products').fill('DR003');
  await page.locator('#trial-start').click();
  await expect(page.locator('#promo-percent')).toHaveValue('150');
  await page.locator('#promo-percent').fill('50');
  await page.locator('#trial-start').click();
  await expect(page.locator('#trial-touched')).toBeVisible();
  await counter.checkScreen();
  await page.locator('#promo-save').click();
  await expect(page.locator('#promo-end')).toBeVisible();
  await counter.primary.click();
  await page
    .getByRole('button', { name: counter.text('promo.publish'), exact: true })
    .first()
    .click();
  await expect(page.getByText(counter.text('promo.fixed'))).toBeVisible();
  await page.locator('#promo-end').click();
  await page
    .getByRole('group')
    .getByRole('button', { name: counter.text('promo.end'), exact: true })
    .click();
  await expect(page.locator('[data-promotion="Soda week"]')).toContainText(counter.text('promo.state.ended'));
  await counter.press('Escape');
  await expect(counter.total).toBeVisible();
});
