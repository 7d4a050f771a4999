import { readFile } from 'node:fs/promises';
import { expect, MILK, test, WATER } from './counter';

test('a day’s figures open their entries, their receipts and their proof', async ({ counter, page }) => {
  await counter.signIn('supervisor');
  await counter.ringUp('5.50', WATER.code, MILK.code);
  await counter.toPayment();
  await counter.press('Enter');
  await expect(page.locator('#receipt-number')).toContainText(counter.text('mark.synced'));

  await counter.press('F7');
  await page.locator('[data-place="reports"]').click();
  await expect(page.locator('[data-report]')).toBeVisible();
  await expect(page.locator('[data-section="hour"] [data-key]').first()).toBeVisible();
  await counter.checkScreen();

  await page.locator('[data-figure="Net sales"]').click();
  const first = page.locator('[data-entry]').first();
  await expect(first).toContainText('¥5.50');
  await expect(first).toContainText(counter.text('reports.signed'));
  await page.locator('#prove').click();
  await expect(page.locator('[data-verdict="equal"]')).toBeVisible();
  await counter.checkScreen();

  await first.click();
  await expect(page.locator('#receipt-text')).toContainText('5.50');
  await counter.checkScreen();
  await counter.press('Escape', 'Escape', 'Escape');
  await expect(page.locator('#receipt-number')).toBeVisible();
});

test('a report is exported for spreadsheets, and other days can be asked for', async ({ counter, page }) => {
  await counter.speak('zh');
  await counter.signIn('manager');
  await counter.press('F7');
  await page.locator('[data-place="reports"]').click();
  await expect(page.locator('[data-report]')).toBeVisible();
  const [csv] = await Promise.all([page.waitForEvent('download'), page.locator('[data-export="csv"]').click()]);
  expect(await readFile(await csv.path(), 'utf8')).toContain('净销售额');
  const [xlsx] = await Promise.all([page.waitForEvent('download'), page.locator('[data-export="xlsx"]').click()]);
  expect(xlsx.suggestedFilename()).toMatch(/^报表-.*\.xlsx$/);
  await page.getByRole('button', { name: counter.text('reports.yesterday'), exact: true }).click();
  await expect(page.getByText(counter.text('reports.none'))).toBeVisible();
  await counter.checkScreen();
  await counter.press('Escape');
});

test('a cashier is not offered reports', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await counter.press('F7');
  await expect(page.locator('[data-place="sales"]')).toBeVisible();
  await expect(page.locator('[data-place="reports"]')).toHaveCount(0);
  await counter.press('Escape');
});
