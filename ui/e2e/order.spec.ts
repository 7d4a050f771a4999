import { expect, MILK, test, WATER, WINE } from './counter';

test('quantity: by digits, by plus and minus, by star', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('2.00', WATER.code);
  await counter.type('12');
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥24.00');
  await counter.type('-');
  await expect(counter.total).toHaveText('¥22.00');
  await counter.type('3*');
  await expect(page.getByText('Next item × 3')).toBeVisible();
  await counter.ringUp('32.50', MILK.code);
});

test('absurd quantities are refused in words and stay in sight', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('2.00', WATER.code);
  await counter.type('99999999');
  await counter.press('Enter');
  await expect(page.getByText(/too large/).first()).toBeVisible();
  await expect(page.locator('#entry')).toContainText('99999999');
  await counter.press('Escape');
  await counter.type('1.5');
  await counter.press('Enter');
  await expect(page.getByText(/sold by the piece/).first()).toBeVisible();
  await expect(counter.total).toHaveText('¥2.00');
});

test('a discount goes as far as the role', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.press('F6');
  await counter.type('30');
  await counter.press('Enter');
  await expect(page.getByText('Your role may not do this. Ask the Supervisor.').first()).toBeVisible();
  // Somebody else could allow it; nobody does.
  await counter.press('Escape');
  await expect(page.locator('#entry')).toContainText('30%');
  await expect(counter.total).toHaveText('¥68.00');
  await page.locator('#lock').click();

  await counter.signIn('supervisor');
  await expect(counter.total).toHaveText('¥68.00');
  // What the cashier typed is still there for whoever may.
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥47.60');
  await page.getByRole('button', { name: counter.text('pad.removeDiscount') }).click();
  await expect(counter.total).toHaveText('¥68.00');
});

test('a discount on the order, and rounding off', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await counter.ringUp('71.50', WINE.code, MILK.code);
  await counter.press('F6', 'F6');
  await counter.type('10');
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥64.35');
  await counter.button('cart.moLing').click();
  await expect(counter.total).toHaveText('¥64.00');
  await expect(page.getByText('Order discount 10%')).toBeVisible();
});

test('another price is for a supervisor, and letters are no price', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await counter.ringUp('68.00', WINE.code);
  await page.getByRole('button', { name: /^Change quantity, price or discount/ }).click();
  await page.getByRole('button', { name: 'Price', exact: true }).click();
  await counter.type('60');
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥60.00');
  await expect(counter.lines).toContainText('was ¥68.00');
});

test('an order is held under a name and taken up again', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('2.00', WATER.code);
  await counter.press('F4');
  await page.locator('#hold-label').fill('red coat');
  await counter.press('Enter');
  await expect(counter.total).toHaveText('¥0.00');
  await counter.ringUp('3.50', MILK.code);
  await page.locator('#held').click();
  const held = page.getByRole('listitem').filter({ hasText: 'red coat' });
  await held.getByRole('button', { name: counter.text('held.take') }).click();
  await expect(counter.total).toHaveText('¥2.00');
  // The order that was at hand is held in its place.
  await counter.empty();
  await page.locator('#held').click();
  await page
    .getByRole('listitem')
    .filter({ hasText: '¥3.50' })
    .getByRole('button', { name: counter.text('held.take') })
    .click();
  await expect(counter.total).toHaveText('¥3.50');
});

test('a removed line can be had back; emptying asks first', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('5.50', WATER.code, MILK.code);
  await counter.press('Delete');
  await expect(counter.total).toHaveText('¥2.00');
  await counter.button('app.undo').click();
  await expect(counter.total).toHaveText('¥5.50');
  await counter.button('cart.clear').click();
  await counter.press('Escape');
  await expect(page.getByText(counter.text('cart.clearAsk'))).toHaveCount(0);
  await counter.empty();
});

test('a reload keeps the order, what was typed and a payment begun', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('5.50', WATER.code, MILK.code);
  await page.locator('#search').fill('牛奶');
  await page.reload();
  await expect(counter.total).toHaveText('¥5.50');
  await expect(counter.lines).toHaveCount(2);
  await expect(page.locator('#search')).toHaveValue('牛奶');
  await counter.toPayment();
  await page.locator('#given').fill('20');
  await page.reload();
  await expect(page.locator('#due')).toHaveText('¥5.50');
  await expect(page.locator('#given')).toHaveValue('20');
});
