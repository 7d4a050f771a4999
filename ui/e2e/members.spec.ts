import { expect, test, WATER } from './counter';

/** A number of its own for each run, so that the shared terminal may know others. */
function number(): string {
  return `139${String(Date.now()).slice(-8)}`;
}

test('a member is taken in at the counter, earns points, is looked up and erased', async ({ counter, page }) => {
  test.setTimeout(180_000);
  const phone = number();
  await counter.signIn('manager');
  await counter.press('F8');
  await expect(page.locator('#member-find')).toBeFocused();
  await counter.checkScreen();
  await page.locator('#member-find').fill(phone);
  await counter.press('Enter');
  await expect(page.getByText(counter.text('members.none'))).toBeVisible();

  await page.locator('#member-new').click();
  await page.locator('#member-phone').fill('12');
  await page.locator('#member-name').fill('Wang');
  await counter.button('members.create').click();
  await expect(page.locator('#member-problem')).toContainText('is not a phone number');
  await page.locator('#member-phone').fill(phone);
  await counter.button('members.create').click();
  await expect(page.locator('#member-problem')).toContainText('nobody becomes a member without agreeing');
  await page.getByRole('switch', { name: counter.text('members.consent.membership') }).click();
  await counter.checkScreen();
  await counter.button('members.create').click();
  const onOrder = page.locator('[data-order-member]');
  await expect(onOrder).toContainText('Wang');
  const code = (await onOrder.getAttribute('data-order-member')) ?? '';
  expect(code).toMatch(/^TBM/);

  await counter.ringUp('2.00', WATER.code);
  await expect(onOrder).toContainText('earns 2');
  await counter.checkScreen();
  await page.getByRole('button', { name: counter.text('members.detach') }).click();
  await expect(onOrder).toHaveCount(0);
  await counter.scan(code);
  await expect(onOrder).toContainText('Wang');
  await counter.toPayment();
  await counter.press('Enter');
  await expect(page.locator('#receipt-text')).toContainText('Points earned');

  await counter.press('F7');
  await page.locator('[data-place="members"]').click();
  await page.locator('#member-find').fill(phone);
  await counter.press('Enter');
  await page.locator(`[data-member="${code}"]`).click();
  await expect(page.locator('#member-name')).toHaveText('Wang');
  await counter.checkScreen();
  const download = page.waitForEvent('download');
  await page.locator('#member-export').click();
  expect((await download).suggestedFilename()).toBe(`member-${code}.json`);

  await page.locator('#member-edit').click();
  await page.locator('#member-name').fill('Wang Wu');
  await counter.primary.click();
  await expect(page.locator('#member-name')).toHaveText('Wang Wu');

  await page.locator('#member-erase').click();
  await counter.checkScreen();
  await page.locator('#erase-confirm').fill('TBM');
  await page.locator('#erase-submit').click();
  await expect(page.getByRole('alert')).toContainText('nothing was erased');
  await page.locator('#erase-confirm').fill(code);
  await page.locator('#erase-submit').click();
  await expect(page.getByText(counter.text('members.pickHint'))).toBeVisible();
  await page.locator('#member-find').fill(phone);
  await page.locator('#member-find').press('Enter');
  await expect(page.getByText(counter.text('members.none'))).toBeVisible();
  await counter.press('Escape');
  await expect(page.locator('#receipt-number')).toBeVisible();
});

test('a misread member code is said, and nothing is rung up', async ({ counter }) => {
  await counter.signIn('cashier');
  await counter.scan('TBM000000001');
  await expect(counter.notices).toContainText('misread');
  await expect(counter.total).toHaveText('¥0.00');
});
