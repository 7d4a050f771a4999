/** A shift from its float to its Z, by keyboard and by finger, with nothing on the way that keeps anybody out. */
import type { Page } from '@playwright/test';
import { type Counter, expect, MILK, people, test, WATER } from './counter';

async function toShift(page: Page): Promise<void> {
  await page.locator('#shift').click();
  await expect(page.locator('main[data-shift]')).toBeVisible();
}

/** Types a count: how many hundreds, and what is loose. */
async function count(page: Page, hundreds: string, loose: string): Promise<void> {
  await page.locator('[id="coin-100.00"]').fill(hundreds);
  await page.locator('#loose').fill(loose);
}

/** Closes whatever another journey has left, so that a shift can be opened. */
async function closeWhatIsOpen(counter: Counter, page: Page): Promise<void> {
  await toShift(page);
  await page.locator('[data-task="close"]').click();
  const cancel = page
    .locator('[data-unfinished]')
    .first()
    .getByRole('button', { name: counter.text('shift.cancelOrder') });
  while (await cancel.isVisible()) {
    const before = await page.locator('[data-unfinished]').count();
    await cancel.click();
    await expect(page.locator('[data-unfinished]')).toHaveCount(before - 1);
  }
  await count(page, '', '');
  await counter.primary.click();
  await expect(page.locator('#result')).toBeVisible();
  await counter.primary.click();
  await expect(page.locator('#report')).toBeVisible();
}

test('a shift is opened, worked and closed blind, and its Z can be read again', async ({ counter, page }) => {
  await counter.signIn('manager');
  await closeWhatIsOpen(counter, page);
  await counter.button('header.checkout').click();

  // Offered while none is open, by keyboard from then on.
  await expect(page.locator('#shift-offer')).toBeVisible();
  await counter.checkScreen();
  await page
    .locator('#shift-offer')
    .getByRole('button', { name: counter.text('shift.task.open') })
    .click();
  await expect(page.locator('[id="coin-100.00"]')).toBeFocused();
  await counter.type('2');
  await page.keyboard.press('Enter');
  await expect(page.locator('[id="coin-50.00"]')).toBeFocused();
  await counter.press('ArrowUp', 'ArrowUp', 'ArrowDown');
  await expect(counter.primary).toContainText('¥250.00');
  await counter.checkScreen();
  await counter.primary.click();
  await expect(page.locator('#shift-offer')).toHaveCount(0);

  await counter.ringUp('3.50', MILK.code);
  await counter.toPayment();
  await counter.press('Enter');
  await expect(page.locator('#receipt-text')).toBeVisible();

  // F10 opens the drawer, and asks why.
  await counter.press('F10');
  await counter.checkScreen();
  await expect(counter.primary).toBeDisabled();
  await counter.button('shift.why.makeChange').click();
  await counter.primary.click();
  await expect(page.locator('[data-task="x"]')).toBeVisible();

  await page.locator('[data-task="safe_drop"]').click();
  await page.locator('#amount').fill('100');
  await page.locator('#reason').fill('too full');
  await counter.primary.click();
  await expect(page.locator('#expected')).toHaveText('¥153.50');
  await page.locator('[data-task="x"]').click();
  await expect(page.locator('#report')).toContainText('153.50');
  await counter.checkScreen();

  // A held order stands in the way, with what can be done about it.
  await counter.button('header.checkout').click();
  await counter.ringUp('2.00', WATER.code);
  await counter.press('F4', 'Enter');
  await expect(counter.total).toHaveText('¥0.00');
  await toShift(page);
  await page.locator('[data-task="close"]').click();
  await expect(page.locator('[data-unfinished="held"]')).toHaveCount(1);
  await counter.checkScreen();
  await page
    .locator('[data-unfinished="held"]')
    .getByRole('button', { name: counter.text('shift.cancelOrder') })
    .click();

  await count(page, '1', '53');
  await expect(counter.primary).toContainText('¥153.00');
  await counter.checkScreen();
  await counter.primary.click();
  await expect(page.locator('#difference')).toHaveText('¥0.50');
  await expect(page.locator('#result')).toContainText(counter.text('shift.verdict.short'));
  await counter.checkScreen();
  await page.locator('#taken-out').fill('153');
  await counter.primary.click();
  await expect(page.locator('#report')).toContainText('-0.50');
  await expect(page.locator('#shift-state')).toHaveText(counter.text('shift.state.closed'));
  await counter.checkScreen();

  await page.locator('[data-z]').first().click();
  await expect(page.locator('#report')).toContainText('COPY');
  await counter.speak('zh');
  await expect(page.locator('h1')).toHaveText(counter.text('menu.shift'));
  await counter.speak('en');
});

test('a cashier counts before anything is told, and hands over', async ({ counter, page }) => {
  await counter.signIn('cashier');
  await toShift(page);
  await expect(page.locator('[data-task="open"]')).toBeVisible();
  await expect(page.locator('#expected')).toHaveCount(0);
  await page.locator('[data-task="open"]').click();
  await count(page, '1', '');
  await counter.primary.click();
  await toShift(page);
  await expect(page.locator('#expected')).toHaveCount(0);

  await page.locator('[data-task="hand_over"]').click();
  await page.locator(`[data-to="${people.supervisor.name}"]`).click();
  await count(page, '1', '');
  await expect(counter.primary).toContainText('¥100.00');
  await counter.checkScreen();
  await counter.primary.click();
  await expect(page.locator('#shift-state')).toContainText(people.supervisor.name);

  await page.locator('[data-task="close"]').click();
  await count(page, '1', '');
  await counter.primary.click();
  await page.locator('#taken-out').fill('100');
  await counter.primary.click();
  await expect(page.locator('#report')).toBeVisible();
});
