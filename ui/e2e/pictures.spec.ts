/**
 * Pictures of every screen in every size, look and language, for people to look at: `PICTURES=1 npm run e2e -- pictures`
 * leaves them in e2e/screenshots.
 */
import { join } from 'node:path';
import { expect, MILK, test, UNKNOWN, WATER, WINE } from './counter';

const sizes = [
  [1024, 768],
  [1280, 800],
  [1920, 1080],
] as const;

for (const [width, height] of sizes) {
  for (const theme of ['light', 'dark'] as const) {
    for (const language of ['zh', 'en'] as const) {
      test(`${width}×${height} ${theme} ${language}`, async ({ counter, page }) => {
        const take = (name: string) => {
          const path = join(import.meta.dirname, 'screenshots', `${name}-${width}-${theme}-${language}.png`);
          return page.screenshot({ path, animations: 'disabled' });
        };
        await page.setViewportSize({ width, height });
        await counter.speak(language);
        await take('sign-in');
        await counter.signIn('manager');
        await page.locator('#settings').click();
        await page.getByRole('button', { name: counter.text(`settings.theme.${theme}`), exact: true }).click();
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        await take('settings');
        await counter.press('Escape');
        await expect(page.locator('[data-product] img').first()).toBeVisible();
        await take('checkout-empty');
        await counter.ringUp('77.50', WATER.code, MILK.code, WINE.code, WATER.code, WATER.code);
        await take('checkout');
        await counter.scan(UNKNOWN);
        await expect(counter.notices).toHaveCount(1);
        await take('unknown');
        await counter.press('Escape', 'F6');
        await counter.type('12');
        await take('pad');
        await counter.press('Escape', 'Escape');
        await page.locator('#search').fill('牛奶');
        await expect(page.locator('[data-product="DA002"]')).toBeVisible();
        await take('search');
        await counter.press('Escape');
        await page.locator('#sync').click();
        await take('sync');
        await counter.press('Escape', 'F1');
        await expect(page.getByRole('dialog')).toBeVisible();
        await take('keys');
        await counter.press('Escape');
        await counter.toPayment();
        await take('payment');
        await page.locator('#given').fill('100');
        await counter.press('Enter');
        await expect(page.locator('#receipt-number')).toContainText(counter.text('mark.synced'));
        await take('receipt');
        await page.locator('#sales').click();
        await expect(page.locator('[data-receipt]').first()).toBeVisible();
        await take('sales');
        await page.locator('#menu').click();
        const places = page.locator('[data-place]');
        await expect(places.first()).toBeVisible();
        await take('menu');
        const names = await places.evaluateAll((found) =>
          found.map((place) => (place as HTMLElement).dataset.place ?? ''),
        );
        for (const name of names) {
          await page.locator(`[data-place="${name}"]`).click();
          await expect(page.locator('main')).toBeVisible();
          await page.waitForLoadState('networkidle');
          await take(`place-${name}`);
          await page.locator('#menu').click();
        }
      });
    }
  }
}
