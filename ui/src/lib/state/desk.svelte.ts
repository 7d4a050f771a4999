/**
 * What a person at the counter does: the one place where terminal, screens, sounds and messages meet. Screens call these
 * actions from fingers and keys; the scanner calls `scanned`.
 */
import { createContext } from 'svelte';
import type { CartLineView, CartView, Problem, ProductView, ScannedView, TenderingView } from '../generated/api';
import type { Language } from '../messages';
import { isReceiptCode } from '../refund/receipt-code';
import { commandOf, staffOf } from '../scanner/commands';
import type { Scan } from '../scanner/wedge';
import { Shift } from '../shift/shift.svelte';
import { Override } from '../signin/override.svelte';
import { Disconnected, Refused, type Transport } from '../transport';
import { Announcer } from './announcer.svelte';
import { Catalogue } from './catalogue.svelte';
import { Draft } from './drafts.svelte';
import { Entry, type Field } from './entry.svelte';
import { Keyboard } from './keyboard';
import { named, sentence, t } from './language.svelte';
import { Notices } from './notices.svelte';
import { Screens } from './screens.svelte';
import { type Sound, Sounds } from './sounds';
import { Terminal } from './terminal.svelte';

export class Desk {
  readonly terminal: Terminal;
  readonly catalogue: Catalogue;
  readonly entry: Entry;
  readonly screens: Screens;
  readonly notices = new Notices();
  readonly announcer = new Announcer();
  readonly sounds = new Sounds();
  readonly keyboard = new Keyboard();
  readonly override: Override = new Override(this);
  readonly shift: Shift = new Shift(this);
  /** The line that keys and pad change. */
  selected = $state<number>();
  /** Grows each time a line changes, so that it can be shown to have changed. */
  touched = $state(0);
  /** A payment is being recorded. */
  paying = $state(false);
  /** A screen that wants scans for itself; true when it took one. */
  onScan: ((scan: Scan) => boolean) | undefined;
  /** The product of which a variant is being chosen. */
  choosing = $state.raw<ProductView>();
  /** A language chosen before the terminal had answered; the terminal is told when it has. */
  wishedLanguage: Language | undefined;
  /** Codes that were scanned while nobody was signed in: neither sold nor lost. */
  waiting = $state.raw<readonly string[]>([]);
  #stale = false;
  #reading: Promise<void> | undefined;

  constructor(transport: Transport) {
    this.terminal = new Terminal(transport);
    this.catalogue = new Catalogue(this.terminal);
    this.entry = new Entry(this.terminal);
    this.screens = new Screens(this.terminal);
    this.terminal.onCatalogue = () => this.#lookAgain();
    this.terminal.onShift = () => void this.shift.load();
    this.terminal.onNews = (news) => {
      if (news.kind === 'scan') this.scanned({ data: news.data, aim: news.aim });
    };
  }

  /** Products, staff or settings have changed, perhaps many times in a row: they are read once more after the last. */
  #lookAgain(): void {
    this.terminal.lookAgain();
    this.#stale = true;
    if (this.terminal.session) this.#reading ??= this.#readWhileStale();
  }

  async #readWhileStale(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      await this.attempt('catalogue', () => this.catalogue.load());
    }
    this.#reading = undefined;
  }

  /** The line that is chosen; the one that changed last where none was. */
  get line(): CartLineView | undefined {
    const cart = this.terminal.cart;
    return cart?.lines.find(({ id }) => id === this.selected) ?? cart?.lines.find(({ id }) => id === cart.last_line);
  }

  /**
   * Does something that may be refused. A refusal is said, shown and heard; what was typed stays where it is. Gives back
   * what it answered, or undefined.
   */
  async attempt<T>(
    about: string,
    action: () => Promise<T>,
    refused?: (problem: Problem) => void,
  ): Promise<T | undefined> {
    try {
      const answer = await action();
      this.notices.settle(about);
      return answer;
    } catch (error) {
      if (error instanceof Disconnected) return undefined;
      const problem = error instanceof Refused ? error.problem : unexpected(error);
      if (problem.code === 'pin_needed') void this.lock();
      // Another person may allow it; then it is done again, once.
      if (about !== 'override' && (await this.override.ask(problem))) return this.attempt(about, action, refused);
      this.sounds.play('refused');
      this.announcer.warn(t('say.refused', { reason: sentence(problem) }));
      if (refused) refused(problem);
      else this.notices.stay(about, 'bad', { problem });
      return undefined;
    }
  }

  /** A scanner in serial mode sends its scans to where somebody is at work. */
  async takeScans(): Promise<void> {
    if (!this.terminal.session || !document.hasFocus()) return;
    await this.terminal.ask('take_scans', {}).catch(() => undefined);
  }

  // ---- ringing up --------------------------------------------------------------------------------------------------

  /** The scanner read something, wherever the focus was. */
  scanned(scan: Scan): void {
    const command = commandOf(scan.data);
    if (command !== undefined && staffOf(scan.data) === undefined) {
      if (!this.override.asked && this.keyboard.command(command)) this.#heard('found');
      else this.#refuse('scan', () => t('scan.notHere', { code: scan.data }));
      return;
    }
    if (this.onScan?.(scan)) return;
    if (command !== undefined) {
      this.#refuse('scan', () => t('scan.notHere', { code: scan.data }));
      return;
    }
    switch (this.screens.current) {
      case 'opening':
      case 'enrol':
      case 'sign_in':
        this.#keep(scan.data);
        return;
      case 'payment':
        this.#refuse('scan', () => t('pay.scanRefused'));
        return;
      default:
        if (this.terminal.tendering) {
          this.#refuse('scan', () => t('pay.scanRefused'));
          return;
        }
        if (isReceiptCode(scan.data)) {
          this.giveBack(scan.data);
          return;
        }
        this.screens.go('counter');
        this.screens.receipt = undefined;
        void this.#scan(scan);
    }
  }

  /** Rings up a product that was tapped or found. */
  async add(product: ProductView): Promise<void> {
    if (product.has_variants) {
      this.choosing = product;
      return;
    }
    const quantity = this.entry.takeMultiplier();
    await this.#rungUp('add', () => this.terminal.ringUp('add', { product: product.id, quantity }));
    // What is sold by weight waits for it.
    if (product.unit !== 'piece' && quantity === '' && this.line?.product.id === product.id) this.edit('quantity');
  }

  /** The terminal is told the symbology as well, as scanners write it: `]E0` before the code. */
  async #scan({ data, aim }: Scan): Promise<void> {
    const code = aim === '' ? data : `]${aim}${data}`;
    const quantity = this.entry.takeMultiplier();
    try {
      const cart = await this.terminal.ringUp('scan', { code, quantity });
      this.#changed(cart);
      this.#label(cart.scanned);
      this.entry.rest();
      this.#heard('found');
    } catch (error) {
      if (error instanceof Disconnected) return;
      const problem = error instanceof Refused ? error.problem : unexpected(error);
      if (problem.code === 'not_signed_in' || problem.code === 'pin_needed') {
        if (problem.code === 'pin_needed') await this.lock();
        this.#keep(code);
        return;
      }
      this.#heard(problem.code === 'unknown_barcode' ? 'missing' : 'refused');
      this.announcer.warn(t('say.refused', { reason: sentence(problem) }));
      this.notices.stay(`scan ${code}`, 'bad', { problem });
    }
  }

  /** Keeps a scan for whoever signs in next. */
  #keep(code: string): void {
    if (this.waiting.length < MOST_WAITING) this.waiting = [...this.waiting, code];
    this.#refuse('scan', () => t('signin.scanned', { n: this.waiting.length }));
  }

  /** Somebody has signed in: offers to ring up what was scanned before. */
  offerWaiting(): void {
    const codes = this.waiting;
    if (codes.length === 0) return;
    this.notices.offer('waiting', 'warn', () => t('signin.waiting', { n: codes.length }), {
      label: 'app.add',
      run: () => {
        this.waiting = [];
        this.notices.settle('waiting');
        this.screens.go('counter');
        for (const code of codes) void this.#scan({ data: code, aim: '' });
      },
      leave: () => {
        this.waiting = [];
      },
    });
  }

  /** What a label says beside the product, shown until it is dismissed where somebody should look at it. */
  #label(scanned: ScannedView | null): void {
    if (!scanned) return;
    const { label_price: label, till_price: till, best_before, past_best, expiry, lot } = scanned;
    if (label && till) {
      this.notices.stay('label', 'warn', { text: () => t('goods.scan.label', { label: label.text, till: till.text }) });
    }
    if (past_best) this.notices.stay('best', 'warn', { text: () => t('goods.scan.past', { date: best_before }) });
    const said = () =>
      [lot && t('goods.scan.lot', { lot }), expiry && t('goods.scan.expiry', { date: expiry })]
        .filter(Boolean)
        .join(' · ');
    if (said() !== '') this.notices.brief('lot', said);
  }

  async #rungUp(about: string, action: () => Promise<CartView>): Promise<void> {
    const cart = await this.attempt(about, action);
    if (!cart) return;
    this.#changed(cart);
    this.entry.rest();
    this.#heard('found');
  }

  #changed(cart: CartView): void {
    this.touched += 1;
    const line = cart.lines.find(({ id }) => id === cart.last_line);
    if (!line) return;
    this.selected = line.id;
    this.announcer.say(t('say.added', { name: named(line.product.name), total: cart.total.text }));
  }

  // ---- changing the order ------------------------------------------------------------------------------------------

  /** A command on the order that is not a new item. */
  async change(about: string, action: () => Promise<CartView>): Promise<boolean> {
    const cart = await this.attempt(about, action);
    if (!cart) return false;
    this.touched += 1;
    if (!cart.lines.some(({ id }) => id === this.selected)) this.selected = cart.last_line ?? cart.lines.at(-1)?.id;
    this.announcer.say(`${t('cart.total')} ${cart.total.text}`);
    return true;
  }

  /** Moves the selection through the order. */
  select(step: number): void {
    const lines = this.terminal.cart?.lines ?? [];
    if (lines.length === 0) return;
    const at = lines.findIndex(({ id }) => id === this.line?.id);
    const next = at < 0 ? lines.length - 1 : Math.min(Math.max(at + step, 0), lines.length - 1);
    this.selected = lines[next]?.id;
  }

  /** One more or one less of the line; the last one takes it out. */
  async step(line: CartLineView, step: 1 | -1): Promise<void> {
    this.selected = line.id;
    if (step === -1 && Number(line.quantity) <= 1) {
      await this.remove(line);
      return;
    }
    const { terminal } = this;
    await this.change('quantity', () =>
      terminal.change('set_quantity', () => {
        const now = terminal.cart?.lines.find(({ id }) => id === line.id) ?? line;
        return { line: line.id, quantity: String(Number(now.quantity) + step) };
      }),
    );
  }

  /** Takes a line out; a moment long it can be had back. */
  async remove(line: CartLineView): Promise<void> {
    const done = await this.change('remove', () =>
      this.terminal.change('remove_line', { line: line.id, reason: null }),
    );
    if (!done) return;
    this.notices.brief('remove', () => t('cart.removed', { name: named(line.product.name) }), {
      label: 'app.undo',
      run: () => void this.#putBack(line),
    });
  }

  async #putBack(line: CartLineView): Promise<void> {
    this.notices.settle('remove');
    const { terminal } = this;
    const cart = await this.attempt('remove', () =>
      terminal.ringUp('add', { product: line.product.id, quantity: line.quantity }),
    );
    const again = cart?.last_line;
    if (cart == null || again == null) return;
    this.#changed(cart);
    if (line.list_price) {
      const price = line.unit_price.amount;
      await this.change('remove', () => terminal.change('set_price', { line: again, price }));
    }
    const discount = line.discounts.find(({ kind }) => kind === 'line')?.amount.amount;
    if (discount) await this.change('remove', () => terminal.change('set_line_discount', { line: again, discount }));
  }

  /** Takes the last change of the order back. */
  async undo(): Promise<void> {
    if (await this.change('undo', () => this.terminal.change('undo', {}))) this.#heard('done');
  }

  /** Applies what was typed on the pad; a refusal is shown beside it and what was typed stays. */
  async applyEntry(text?: string): Promise<void> {
    const { entry } = this;
    const cart = await this.attempt(
      'entry',
      async () => {
        await entry.apply(this.line, text);
        return this.terminal.cart;
      },
      (problem) => {
        entry.problem = problem;
      },
    );
    if (!cart) return;
    entry.clear();
    this.touched += 1;
    this.announcer.say(`${t('cart.total')} ${cart.total.text}`);
  }

  /** Opens the pad on a field; the discount key goes to the whole order when pressed again or without a line. */
  edit(field: Field): void {
    const again = this.entry.field === 'percent' && this.entry.scope === 'line' && this.entry.open;
    const whole = field === 'percent' && (again || !this.line);
    this.entry.choose(whole ? 'order' : 'line', field);
    this.entry.open = true;
  }

  /** Gives the order up; true when it was. */
  async clearOrder(reason: string): Promise<boolean> {
    const done = await this.change('clear', () => this.terminal.change('clear', { reason }));
    if (done) this.screens.close('clear');
    return done;
  }

  async hold(label: string): Promise<boolean> {
    const done = await this.change('hold', () => this.terminal.change('hold', { label }));
    if (done) {
      this.screens.close('hold');
      this.notices.brief('hold', () => t('hold.done'));
    }
    return done;
  }

  async recall(id: string): Promise<void> {
    const done = await this.change('hold', () => this.terminal.change('recall', { id }));
    if (done) {
      this.screens.close('held');
      this.notices.brief('hold', () => t('held.taken'));
    }
  }

  /** The hold key: puts the order aside, or with none offers those that are. */
  holdKey(): void {
    if ((this.terminal.cart?.lines.length ?? 0) > 0) this.screens.toggle('hold');
    else this.screens.toggle('held');
  }

  // ---- paying ------------------------------------------------------------------------------------------------------

  async beginPayment(): Promise<void> {
    if (this.paying) return;
    this.screens.close();
    const tendering = await this.attempt('pay', () => this.terminal.pay('begin_payment', {}));
    if (tendering) this.announcer.say(`${t('pay.due')} ${tendering.due.text}`);
  }

  /** Takes the cash handed over; true when it was taken. */
  takeCash(given: string, refused: (problem: Problem) => void): Promise<boolean> {
    return this.#tender(() => this.terminal.pay('tender_cash', { given }), refused);
  }

  /** Takes what a card terminal has accepted; an empty amount is all that is due. True when it was taken. */
  takeCard(amount: string, reference: string, refused: (problem: Problem) => void): Promise<boolean> {
    return this.#tender(() => this.terminal.pay('tender_card', { amount, reference }), refused);
  }

  /** The payment that settles the order finishes the sale. */
  async #tender(take: () => Promise<TenderingView>, refused: (problem: Problem) => void): Promise<boolean> {
    if (this.paying) return false;
    this.paying = true;
    try {
      const tendering = await this.attempt('pay', take, refused);
      if (!tendering) return false;
      if (tendering.settled) await this.#finish();
      else this.announcer.say(t('say.due', { due: tendering.due.text }));
      return true;
    } finally {
      this.paying = false;
    }
  }

  async finish(): Promise<void> {
    if (this.paying) return;
    this.paying = true;
    try {
      await this.#finish();
    } finally {
      this.paying = false;
    }
  }

  async #finish(): Promise<void> {
    const receipt = await this.attempt('pay', () => this.terminal.finish(null));
    if (!receipt) return;
    this.notices.settle('scan');
    this.screens.receipt = receipt;
    this.selected = undefined;
    this.entry.rest();
    this.#heard('done');
    this.announcer.say(t('say.done', { change: receipt.change.text }));
  }

  /** Leaves payment for the order; payments already received ask first, for they would be dropped. */
  leavePayment(): void {
    if (this.#received()) this.screens.toggle('leave');
    else void this.dropPayment();
  }

  /** Money was taken: not what the customer held already by goods brought back or a deposit. */
  #received(): boolean {
    const payments = this.terminal.tendering?.payments ?? [];
    return payments.some(({ kind }) => kind === 'cash' || kind === 'card');
  }

  async dropPayment(): Promise<void> {
    const received = this.#received();
    this.screens.close();
    const done = await this.change('pay', () => this.terminal.change('cancel_payment', {}));
    if (done) this.notices.settle('scan');
    if (done && received) this.notices.brief('pay', () => t('pay.dropped'));
  }

  /** Opens a receipt to give something of it back. */
  giveBack(receipt: string): void {
    new Draft('refund.find').text = receipt;
    this.screens.go('refund');
  }

  newSale(): void {
    if (this.terminal.app?.settings.pin_each_sale && this.screens.receipt) {
      void this.lock();
      return;
    }
    this.screens.receipt = undefined;
    this.screens.go('counter');
  }

  async lock(): Promise<void> {
    await this.attempt('lock', () => this.terminal.signOut());
    this.screens.receipt = undefined;
    this.screens.go('counter');
  }

  #heard(sound: Sound): void {
    this.sounds.play(sound);
  }

  #refuse(about: string, text: () => string): void {
    this.#heard('refused');
    this.announcer.warn(text());
    this.notices.stay(about, 'warn', { text });
  }
}

/** Scans that are kept while nobody is signed in. */
const MOST_WAITING = 50;

function unexpected(error: unknown): Problem {
  return { code: 'internal', params: {}, detail: String(error) };
}

export const [useDesk, provideDesk] = createContext<Desk>();
