import { Counter, expect, MILK, test, WATER } from './counter';

/** Settings of the terminal as they were, for every journey after this one. */
test.afterEach(async ({ page }) => {
  await page.evaluate(async () => {
    const call = (name: string, args: unknown) =>
      fetch(`/api/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Tillbridge': '1' },
        body: JSON.stringify(args),
      }).then((response) => response.json());
    const { settings } = await call('app', {});
    await call('set_settings', { settings: { ...settings, printer_address: '' } });
  });
});

test('the customer sees the order grow, what is to pay and the change, and no other customer does', async ({
  counter,
  page,
  browser,
}) => {
  await counter.signIn('cashier');
  const display = await page.context().newPage();
  await display.goto(new URL('/?view=customer', page.url()).href);
  await expect(display.locator('[data-customer="idle"]')).toBeVisible();
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(new URL('/?view=customer', page.url()).href);

  await counter.ringUp('2.00', WATER.code);
  await expect(display.locator('#customer-total')).toHaveText('¥2.00');
  await counter.ringUp('5.50', MILK.code);
  await expect(display.locator('[data-line]')).toHaveCount(2);
  await expect(display.locator('#customer-total')).toHaveText('¥5.50');
  await new Counter(display).checkScreen();
  await expect(display.getByText('Lin')).toHaveCount(0);
  await expect(display.getByRole('button')).toHaveCount(0);
  await counter.toPayment();
  await expect(display.locator('#customer-due')).toHaveText('¥5.50');
  await counter.type('10');
  await counter.press('Enter');
  await expect(display.locator('#customer-change')).toHaveText('¥4.50');
  await expect(display.locator('svg[role=img]')).toBeVisible();
  await new Counter(display).checkScreen();
  await expect(stranger.locator('[data-customer="idle"]')).toBeVisible();
  await stranger.context().close();
  await display.close();
});

test('what cannot be printed waits in the queue with its reason, and can be taken out', async ({ counter, page }) => {
  await counter.signIn('manager');
  await page.locator('#settings').click();
  await page.locator('#printer').fill('127.0.0.1:9');
  await counter.primary.click();
  await counter.button('settings.test').click();
  await counter.press('F7');
  await page.locator('[data-place="prints"]').click();
  await expect(page.locator('[data-state="failed"]')).toContainText('does not answer');
  await counter.checkScreen();
  await page.locator('[data-state="failed"] button').click();
  await expect(page.locator('#nothing-waits')).toBeVisible();
});
