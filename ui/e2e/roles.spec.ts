import { expect, test, WATER, WINE } from './counter';

test('another person allows once what the role does not', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.ringUp('68.00', WINE.code);
  await counter.press('F6');
  await counter.type('30');
  await counter.press('Enter');
  const dialog = page.locator('#override');
  await expect(dialog).toBeVisible();
  await counter.checkScreen();
  await page.locator('[data-person="Mei"]').click();
  await page.locator('#override-pin').fill('0000');
  await page.locator('#override-reason').fill('shelf price');
  await page.locator('#override-allow').click();
  await expect(page.locator('#override-problem')).toContainText('Wrong PIN');
  await expect(page.locator('#override-reason')).toHaveValue('shelf price');
  await page.locator('#override-pin').fill('2222');
  await counter.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(counter.total).toHaveText('¥47.60');
  await counter.press('Control+z');
  await expect(counter.total).toHaveText('¥68.00');
  await counter.empty();
});

test('a scan while locked is neither sold nor lost', async ({ counter, page }) => {
  await counter.scan(WATER.code, WATER.code);
  await expect(counter.notices).toContainText('2 scans are kept');
  await counter.signIn('cashier');
  await expect(counter.total).toHaveText('¥0.00');
  await page.getByRole('button', { name: 'Add them' }).click();
  await expect(counter.total).toHaveText('¥4.00');
  await counter.empty();
});

test('training is marked everywhere, drilled, left by anybody, and told in the journal', async ({ counter, page }) => {
  test.setTimeout(120_000);
  await counter.signIn('supervisor');
  await counter.press('F7');
  await page.locator('[data-place="training"]').click();
  await counter.checkScreen();
  await counter.primary.click();
  await expect(page.locator('#training-leave')).toBeVisible();
  await counter.checkScreen();
  await page.locator('[data-fault="network_gone"]').click();
  await expect(page.locator('#sync')).toContainText('Offline');
  await counter.ringUp('2.00', WATER.code);
  await counter.checkScreen();
  await counter.toPayment();
  await counter.press('Enter');
  await expect(page.locator('#receipt-text')).toContainText('TRAINING');
  await page.locator('#training-faults').click();
  await counter.primary.click();
  await expect(page.locator('[data-drill="network_gone"]').first()).toContainText('Passed');
  await page.locator('#training-leave').click();
  await expect(page.locator('#training-leave')).toBeHidden();
  await counter.signIn('manager');
  await expect(counter.total).toHaveText('¥0.00');

  await counter.press('F7');
  await page.locator('[data-place="audit"]').click();
  await expect(page.locator('[data-kind="training_ended"]').first()).toBeVisible();
  await expect(page.locator('[data-kind="drill_completed"]').first()).toContainText('passed');
  await counter.checkScreen();
  await page.locator('#audit-text').fill('network_gone');
  await counter.press('Enter');
  await expect(page.locator('[data-entry]')).toHaveCount(await page.locator('[data-kind="drill_completed"]').count());
  await page.locator('#audit-text').fill('');
  await counter.press('Enter');
});

test('the key map names what the screen can do, and the guide is seen once', async ({ counter, page }) => {
  await page.evaluate(() => {
    sessionStorage.setItem('guide.wanted', '1');
    localStorage.removeItem('guide.seen');
  });
  await page.reload();
  await counter.signIn('cashier');
  await page.locator('#guide-start').click();
  await counter.checkScreen();
  for (let step = 0; step < 6; step += 1) await page.locator('#guide-next').click();
  await expect(page.locator('#guide-start')).toBeHidden();
  await counter.press('F1');
  await expect(page.getByRole('dialog')).toContainText('TB:PAY');
  await counter.press('Escape', 'F7');
  await page.locator('[data-place="help"]').click();
  await expect(page.locator('[data-code="TB:PAY"]')).toBeVisible();
  await counter.checkScreen();
});
