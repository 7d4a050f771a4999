/** A counter to walk through: somebody at a real terminal with a scanner, a keyboard and a finger. */
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, type CDPSession, expect, type Locator, type Page } from '@playwright/test';
import type { Language, MessageKey } from '../src/lib/messages';
import { en } from '../src/lib/messages/en';
import { zh } from '../src/lib/messages/zh';

const SCANNER_SECONDS = 0.004;

/** People of the demo shop. */
export const people = {
  cashier: { name: 'Lin', pin: '1111' },
  supervisor: { name: 'Mei', pin: '2222' },
  manager: { name: 'Chen', pin: '9999' },
} as const;

/** Codes of the demo shop. */
export const WATER = {
  code: '6999017480018',
  zh: '天然矿泉水 550ml',
  en: 'Natural mineral water 550 ml',
  price: '2.00',
};
export const MILK = { code: '6999023670021', zh: '纯牛奶 250ml', en: 'Whole milk 250 ml', price: '3.50' };
export const WINE = { code: '6999038120061', zh: '干红葡萄酒 750ml', en: 'Dry red wine 750 ml', price: '68.00' };
export const UNKNOWN = '4006381333931';

export class Counter {
  language: Language = 'en';
  #keys: CDPSession | undefined;

  constructor(readonly page: Page) {}

  get total(): Locator {
    return this.page.locator('#total');
  }

  get primary(): Locator {
    return this.page.locator('#primary');
  }

  get lines(): Locator {
    return this.page.locator('[data-line]');
  }

  get notices(): Locator {
    return this.page.locator('[data-notice]');
  }

  /** The text of a key without places to fill. */
  text(key: MessageKey): string {
    return { en, zh }[this.language][key];
  }

  button(key: MessageKey): Locator {
    return this.page.getByRole('button', { name: this.text(key), exact: true });
  }

  async open(): Promise<void> {
    await this.page.goto(address());
    await expect(this.page.locator('[data-staff]').first()).toBeVisible();
    await this.speak('en');
  }

  /** Switches the language by its button, where it is another one. */
  async speak(language: Language): Promise<void> {
    const wanted = language === 'zh' ? 'zh-Hans' : 'en';
    const page = this.page.locator('html');
    if ((await page.getAttribute('lang')) !== wanted) await this.page.locator('#language').click();
    await expect(page).toHaveAttribute('lang', wanted);
    this.language = language;
  }

  async signIn(role: keyof typeof people): Promise<void> {
    const { name, pin } = people[role];
    await this.page.locator(`[data-staff="${name}"]`).click();
    await this.page.locator('#pin').fill(pin);
    await this.page.keyboard.press('Enter');
    await expect(this.total).toBeVisible();
    await expect(this.page.locator('[data-product]').first()).toBeVisible();
  }

  /** The scanner reads a code: keys at its pace by their own time stamps, however busy this machine is. */
  async scan(...codes: string[]): Promise<void> {
    this.#keys ??= await this.page.context().newCDPSession(this.page);
    const keys = this.#keys;
    let at = Date.now() / 1000;
    const sent: Promise<unknown>[] = [];
    for (const code of codes) {
      for (const key of [...code].map(keyOf).concat({ code: 'Enter', key: 'Enter', text: '\r' })) {
        at += SCANNER_SECONDS;
        sent.push(keys.send('Input.dispatchKeyEvent', { type: 'keyDown', timestamp: at, ...key }));
        sent.push(keys.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp: at, code: key.code, key: key.key }));
      }
      at += 0.2;
    }
    await Promise.all(sent);
  }

  /** A person types, with the focus where it is. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 110 });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Scans and waits until the order comes to `total`. */
  async ringUp(total: string, ...codes: string[]): Promise<void> {
    await this.scan(...codes);
    await expect(this.total).toHaveText(`¥${total}`);
  }

  async empty(): Promise<void> {
    await this.button('cart.clear').click();
    await this.button('cart.clearYes').click();
    await expect(this.total).toHaveText('¥0.00');
  }

  async toPayment(): Promise<void> {
    await this.press('F9');
    await expect(this.page.locator('#due')).toBeVisible();
  }

  /** Nothing on the screen keeps anybody out, and the page itself does not scroll. */
  async checkScreen(): Promise<void> {
    const found = await new AxeBuilder({ page: this.page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(
      found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([]);
    const fits = await this.page.evaluate(() => {
      const { scrollHeight, scrollWidth } = document.documentElement;
      return scrollHeight <= innerHeight && scrollWidth <= innerWidth;
    });
    expect(fits, 'the page scrolls').toBe(true);
  }
}

function address(): string {
  const found = process.env.TILLBRIDGE_ADDRESS;
  if (!found) throw new Error('the terminal was not started');
  return found;
}

function keyOf(character: string): { code: string; key: string; text: string } {
  const code = /[0-9]/.test(character) ? `Digit${character}` : `Key${character.toUpperCase()}`;
  return { code, key: character, text: character };
}

/** A counter in a browser session of its own. Whatever a page complains of fails the journey. */
export const test = base.extend<{ counter: Counter }>({
  counter: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      // A refused command is an answer like any other; the browser logs its status all the same.
      if (message.type() === 'error' && !text.includes('Failed to load resource')) complaints.push(text);
    });
    // The first look round is offered to people; a journey asks for it.
    await page.addInitScript(() => {
      if (!sessionStorage.getItem('guide.wanted')) localStorage.setItem('guide.seen', '1');
    });
    const counter = new Counter(page);
    await counter.open();
    await use(counter);
    expect(complaints).toEqual([]);
  },
});

export { expect };
