import { expect, MILK, test, UNKNOWN, WATER } from './counter';

test('a wrong PIN says how many tries are left', async ({ counter, page }) => {
  await page.locator('[data-staff="Lin"]').click();
  await page.locator('#pin').fill('0000');
  await counter.press('Enter');
  await expect(page.locator('#pin-problem')).toContainText('Wrong PIN.');
  await expect(page.locator('#pin')).toHaveValue('');
  await counter.signIn('cashier');
});

test('a scan before signing in says so', async ({ counter, page }) => {
  await counter.scan(WATER.code);
  await expect(counter.notices).toContainText('Sign in first, then scan.');
  await expect(page.locator('#pin')).toHaveValue('');
});

test('the language switches at once and everywhere', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('2.00', WATER.code);
  await counter.scan(UNKNOWN);
  await expect(counter.notices).toContainText('No product has the barcode');
  await counter.speak('zh');
  await expect(counter.notices).toContainText(`没有条码为 ${UNKNOWN} 的商品。`);
  await expect(counter.lines).toContainText(WATER.zh);
  await expect(counter.primary).toContainText('收款');
  await page.reload();
  await expect(counter.primary).toContainText('收款');
});

test('settings beyond the role are shown but closed; a wrong printer address is refused in words', async ({
  counter,
  page,
}) => {
  await counter.signIn('cashier');
  await page.locator('#settings').click();
  await expect(page.locator('#printer')).toBeDisabled();
  await page.locator('#lock').click();
  await counter.signIn('manager');
  await page.locator('#settings').click();
  await page.locator('#printer').fill('not a printer');
  await counter.primary.click();
  await expect(page.locator('#printer-hint')).toContainText('is not a printer address');
  await expect(page.locator('#printer')).toHaveValue('not a printer');
});

for (const theme of ['light', 'dark'] as const) {
  test(`every screen is open to everybody, ${theme}`, async ({ counter, page }) => {
    test.setTimeout(180_000);
    await counter.checkScreen();
    await counter.signIn('manager');
    await page.locator('#settings').click();
    await page.getByRole('button', { name: theme === 'light' ? 'Light' : 'Dark', exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await counter.checkScreen();
    await counter.press('Escape');
    await counter.checkScreen();
    await counter.ringUp('5.50', WATER.code, MILK.code);
    await counter.scan(UNKNOWN);
    await expect(counter.notices).toHaveCount(1);
    await counter.press('F6');
    await counter.checkScreen();
    await counter.press('Escape', 'Escape');
    await page.locator('#search').fill('牛');
    await expect(page.getByText('Results for “牛”')).toBeVisible();
    await counter.checkScreen();
    await counter.press('Escape');
    await page.locator('#sync').click();
    await counter.checkScreen();
    await counter.press('Escape', 'F1');
    await expect(page.getByRole('dialog')).toBeVisible();
    await counter.checkScreen();
    await counter.press('Escape');
    await counter.toPayment();
    await counter.checkScreen();
    await page.locator('#tender-card').click();
    await counter.checkScreen();
    await page.locator('#tender-cash').click();
    await counter.press('Enter');
    await expect(page.locator('#receipt-text')).toBeVisible();
    await counter.checkScreen();
    await page.locator('#sales').click();
    await expect(page.locator('[data-receipt]').first()).toBeVisible();
    await counter.checkScreen();
  });
}

for (const [width, height] of [
  [1024, 768],
  [1280, 800],
  [1920, 1080],
] as const) {
  for (const language of ['zh', 'en'] as const) {
    test(`fits ${width}×${height} in ${language}, and targets are large enough`, async ({ counter, page }) => {
      await page.setViewportSize({ width, height });
      await counter.speak(language);
      await counter.signIn('supervisor');
      await counter.ringUp('5.50', WATER.code, MILK.code);
      const small = await page.getByRole('button').evaluateAll((buttons) =>
        buttons
          .filter((button) => (button as HTMLElement).offsetParent !== null)
          .map((button) => ({ box: button.getBoundingClientRect(), name: button.textContent || button.ariaLabel }))
          .filter(({ box }) => box.height < 48 || box.width < 48)
          .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
      );
      expect(small).toEqual([]);
      await counter.checkScreen();
    });
  }
}
