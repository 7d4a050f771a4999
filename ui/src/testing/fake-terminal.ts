/**
 * A terminal without a core, for tests of the screens and for looking at them. It computes like a shop, in whole cents,
 * but proves nothing about the real one.
 */
import type {
  CartLineView,
  CartView,
  PaymentView,
  Problem,
  ProblemCode,
  ProductPage,
  ReceiptView,
  SettingsView,
  SyncView,
  TenderingView,
  TillEvent,
} from '../lib/generated/api';
import { type Answer, type Args, type CommandName, Disconnected, Refused, type Transport } from '../lib/transport';
import { categories, people, type Stocked, stock, yuan } from './shop';

interface Line {
  id: number;
  item: Stocked;
  thousandths: number;
  price: number;
  discount: string;
}

interface Held {
  id: string;
  label: string;
  lines: Line[];
}

function refuse(code: ProblemCode, params: Problem['params'] = {}): never {
  throw new Refused({ code, params, detail: code });
}

function cents(text: string): number {
  if (!/^[0-9]+([.][0-9]{1,2})?$/.test(text)) refuse('not_an_amount', { text });
  const [whole = '', part = ''] = text.split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

function thousandths(text: string, item: Stocked): number {
  if (!/^[0-9]+([.][0-9]{1,3})?$/.test(text)) refuse('not_a_quantity', { text });
  const [whole = '', part = ''] = text.split('.');
  const found = Number(whole) * 1000 + Number(part.padEnd(3, '0'));
  if (found > 9_999_000) refuse('quantity_too_large', { quantity: text });
  if (item.view.unit === 'piece' && found % 1000 !== 0) refuse('quantity_not_whole', { quantity: text });
  return found;
}

export class FakeTerminal implements Transport {
  /** Every command that was carried out, in order. */
  readonly calls: { name: CommandName; args: unknown }[] = [];
  /** False: nothing answers. */
  up = true;
  /** Waits before an answer. */
  delay: (name: CommandName) => Promise<void> = () => Promise.resolve();
  /** Says how to fail a command; undefined: not at all. `lost` carries it out and loses the answer. */
  fail: (name: CommandName) => 'lost' | Problem | undefined = () => undefined;
  staff: (typeof people)[number] | undefined;
  enrolled = true;
  sync: SyncView = {
    state: 'synced',
    unsent: 0,
    last_at: '2026-11-24 10:32:05',
    problem: null,
    incidents: [],
    hub: 'https://hub.example.cn',
    mirror_folder: '/media/usb',
    mirror: 'ok',
    clock_drift_seconds: 0,
    catalogue_complete: true,
    print_jobs: 0,
    print_problem: null,
  };
  settings: SettingsView = {
    language: 'zh',
    theme: 'light',
    printer_address: '',
    paper_columns: 48,
    print_always: true,
    open_drawer: true,
    mirror_folder: '/media/usb',
    scanner_prefix: '',
    sound: true,
  };
  receipts: (ReceiptView & { lines: number })[] = [];
  #lines: Line[] = [];
  #next = 1;
  #last: number | null = null;
  #order = '';
  #moLing = false;
  #held: Held[] = [];
  #paying = false;
  #payments: (PaymentView & { cents: number; back: number })[] = [];
  #heard: (event: TillEvent) => void = () => undefined;
  #connected: (yes: boolean) => void = () => undefined;

  onEvent(heard: (event: TillEvent) => void, connected: (yes: boolean) => void): () => void {
    this.#heard = heard;
    this.#connected = connected;
    return () => undefined;
  }

  emit(event: TillEvent): void {
    this.#heard(event);
  }

  /** Pulls the plug or puts it back. */
  plug(inside: boolean): void {
    this.up = inside;
    this.#connected(inside);
  }

  async call<N extends CommandName>(name: N, args: Args<N>): Promise<Answer<N>> {
    await this.delay(name);
    if (!this.up) throw new Disconnected('unplugged');
    const failure = this.fail(name);
    if (failure && failure !== 'lost') throw new Refused(failure);
    const answer = structuredClone(this.#run(name, args as never)) as Answer<N>;
    this.calls.push({ name, args });
    if (failure === 'lost') throw new Disconnected('lost');
    return answer;
  }

  #run(name: CommandName, args: Record<string, never>): unknown {
    if (name === 'app') return this.#app();
    if (name === 'sign_in') return this.#signIn(args.staff ?? '', args.pin ?? '');
    if (name === 'sync' || name === 'sync_now') return this.sync;
    if (name === 'set_settings') return this.#set(args.settings as unknown as SettingsView);
    if (name === 'enrol') return this.#enrol(args.code ?? '');
    if (!this.staff) refuse('not_signed_in');
    const changes: Partial<Record<CommandName, () => void>> = {
      scan: () => this.#scan(args.code ?? '', args.quantity ?? ''),
      add: () => this.#add(this.#product(args.product ?? ''), args.quantity ?? ''),
      set_quantity: () => this.#setQuantity(this.#line(args.line ?? 0), args.quantity ?? ''),
      set_price: () => this.#setPrice(this.#line(args.line ?? 0), args.price ?? ''),
      set_line_discount: () => this.#discountLine(this.#line(args.line ?? 0), args.discount ?? ''),
      set_order_discount: () => {
        this.#off(args.discount ?? '', this.#subtotal());
        this.#order = args.discount ?? '';
      },
      set_mo_ling: () => {
        this.#moLing = Boolean(args.on);
      },
      remove_line: () => this.#remove(this.#line(args.line ?? 0)),
      clear: () => this.#empty(),
      hold: () => this.#hold(args.label ?? ''),
      recall: () => this.#recall(args.id ?? ''),
    };
    const change = changes[name];
    if (change) {
      if (this.#paying) refuse('paying_already');
      change();
      return this.#cart();
    }
    return this.#read(name, args);
  }

  #read(name: CommandName, args: Record<string, never>): unknown {
    switch (name) {
      case 'sign_out':
        this.staff = undefined;
        return null;
      case 'categories':
        return categories;
      case 'browse':
        return this.#page(stock.filter(({ view }) => !args.category || view.category === args.category));
      case 'search':
        return this.#page(stock.filter((item) => matches(item, args.text ?? '')));
      case 'held':
        return this.#held.map((held) => ({
          id: held.id,
          label: held.label,
          at: '10:32',
          total: yuan(held.lines.reduce((sum, line) => sum + this.#extended(line), 0)),
          lines: held.lines.length,
          staff: '小林',
        }));
      case 'begin_payment':
        if (this.#lines.length === 0) refuse('cart_empty');
        this.#paying = true;
        return this.#tendering();
      case 'tender_cash':
        return this.#cash(cents(args.given ?? ''));
      case 'tender_card':
        return this.#card(args.amount ?? '', args.reference ?? '');
      case 'remove_payment':
        this.#payments = this.#payments.filter(({ id }) => id !== args.payment);
        return this.#tendering();
      case 'cancel_payment':
        this.#paying = false;
        this.#payments = [];
        return this.#cart();
      case 'finish':
        return this.#finish();
      case 'recent':
        return this.receipts.map((receipt, at) => ({ ...receipt, text: undefined, seq: this.receipts.length - at }));
      case 'receipt':
      case 'reprint':
        return (
          this.receipts.find(({ order, receipt }) => order === args.order || receipt === args.order) ??
          refuse('no_such_receipt')
        );
      default:
        return null;
    }
  }

  #app() {
    return {
      version: '0.1.0',
      terminal: {
        shop_name: { zh: '渡口便利店', en: 'Ferry Corner Store' },
        store_code: 'S1',
        number: this.enrolled ? 2 : 0,
        name: '前台',
        currency: 'CNY',
        time_zone: 'Asia/Shanghai',
        enrolled: this.enrolled,
        key: '4f2a 91c7 0d3e',
      },
      staff: this.enrolled ? people.map(({ pin: _, ...person }) => person) : [],
      signed_in: this.#session(),
      settings: this.settings,
      demo_pins: people.map(({ name, pin }) => `${name.zh} ${name.en}: ${pin}`),
    };
  }

  #session() {
    if (!this.staff) return null;
    const { pin: _, ...staff } = this.staff;
    const rank = ['cashier', 'supervisor', 'manager', 'owner'].indexOf(staff.role);
    return {
      staff,
      permissions: {
        max_discount_percent: ['10', '50', '100', '100'][rank] ?? '0',
        override_price: rank > 0,
        refund: rank > 0,
        change_settings: rank > 1,
      },
      cart: this.#cart(),
      tendering: this.#paying ? this.#tendering() : null,
    };
  }

  #signIn(staff: string, pin: string) {
    const person = people.find(({ id }) => id === staff);
    if (person?.pin !== pin) refuse('wrong_pin', { tries: '4' });
    this.staff = person;
    return this.#session();
  }

  #enrol(code: string) {
    if (code !== 'GOOD-CODE') refuse('code_refused');
    this.enrolled = true;
    return this.#app();
  }

  #set(settings: SettingsView): SettingsView {
    if (/\s/.test(settings.printer_address)) refuse('printer_address_wrong', { address: settings.printer_address });
    this.settings = settings;
    return settings;
  }

  #page(items: readonly Stocked[]): ProductPage {
    return { products: items.map(({ view }) => view), more: false, catalogue_complete: true };
  }

  // ---- the order ---------------------------------------------------------------------------------------------------

  #product(id: string): Stocked {
    return stock.find(({ view }) => view.id === id) ?? refuse('unknown_product');
  }

  #line(id: number): Line {
    return this.#lines.find((line) => line.id === id) ?? refuse('no_such_line');
  }

  #scan(code: string, quantity: string): void {
    this.#add(stock.find(({ view }) => view.barcode === code) ?? refuse('unknown_barcode', { code }), quantity);
  }

  #add(item: Stocked, quantity: string): void {
    const more = quantity === '' ? 1000 : thousandths(quantity, item);
    let line = this.#lines.find((other) => other.item === item && other.price === item.cents && other.discount === '');
    if (!line) {
      line = { id: this.#next++, item, thousandths: 0, price: item.cents, discount: '' };
      this.#lines.push(line);
    }
    line.thousandths += more;
    this.#last = line.id;
  }

  #setQuantity(line: Line, text: string): void {
    const quantity = thousandths(text, line.item);
    if (quantity === 0) this.#remove(line);
    else line.thousandths = quantity;
    this.#last = line.id;
  }

  #setPrice(line: Line, text: string): void {
    if (this.staff?.role === 'cashier') refuse('not_allowed', { role: 'supervisor' });
    line.price = text === '' ? line.item.cents : cents(text);
    this.#last = line.id;
  }

  #discountLine(line: Line, discount: string): void {
    this.#off(discount, this.#extended(line));
    line.discount = discount;
    this.#last = line.id;
  }

  #remove(line: Line): void {
    this.#lines = this.#lines.filter((other) => other !== line);
    this.#last = this.#lines.at(-1)?.id ?? null;
  }

  #empty(): void {
    this.#lines = [];
    this.#order = '';
    this.#moLing = false;
    this.#last = null;
  }

  #hold(label: string): void {
    if (this.#lines.length === 0) refuse('cart_empty');
    this.#held.push({ id: `held-${this.#next++}`, label, lines: this.#lines });
    this.#empty();
  }

  #recall(id: string): void {
    const held = this.#held.find((other) => other.id === id) ?? refuse('no_such_held_order');
    if (this.#lines.length > 0) this.#hold('');
    this.#held = this.#held.filter((other) => other !== held);
    this.#lines = held.lines;
  }

  #extended(line: Line): number {
    return Math.round((line.price * line.thousandths) / 1000);
  }

  #off(discount: string, base: number): number {
    if (discount === '') return 0;
    const percent = discount.endsWith('%');
    if (percent && !/^[0-9]+([.][0-9]+)?%$/.test(discount)) refuse('not_a_percentage', { text: discount.slice(0, -1) });
    const off = percent ? Math.round((base * Number(discount.slice(0, -1))) / 100) : cents(discount);
    if (off > base) refuse('discount_too_large');
    if (this.staff?.role === 'cashier' && off * 10 > base) refuse('not_allowed', { role: 'supervisor' });
    return off;
  }

  #subtotal(): number {
    return this.#lines.reduce((sum, line) => sum + this.#extended(line), 0);
  }

  #total(): number {
    const lines = this.#lines.reduce((sum, line) => sum + this.#off(line.discount, this.#extended(line)), 0);
    const left = this.#subtotal() - lines;
    const after = left - this.#off(this.#order, left);
    return this.#moLing ? after - (after % 10) : after;
  }

  #cart(): CartView {
    const total = this.#total();
    return {
      lines: this.#lines.map((line) => this.#lineView(line)),
      count: this.#lines.reduce(
        (sum, { item, thousandths: n }) => sum + (item.view.unit === 'piece' ? n / 1000 : 1),
        0,
      ),
      subtotal: yuan(this.#subtotal()),
      discount: yuan(this.#subtotal() - total),
      tax: yuan(Math.round((total * 13) / 113)),
      tax_included: true,
      total: yuan(total),
      order_discount: this.#order,
      mo_ling_available: true,
      mo_ling: this.#moLing,
      last_line: this.#last,
      held: this.#held.length,
    };
  }

  #lineView(line: Line): CartLineView {
    const off = this.#off(line.discount, this.#extended(line));
    return {
      id: line.id,
      product: line.item.view,
      quantity: String(line.thousandths / 1000),
      unit_price: yuan(line.price),
      list_price: line.price === line.item.cents ? null : yuan(line.item.cents),
      extended: yuan(this.#extended(line)),
      discounts: off > 0 ? [{ kind: 'line', amount: yuan(off) }] : [],
      payable: yuan(this.#extended(line) - off),
    };
  }

  // ---- payment -----------------------------------------------------------------------------------------------------

  #due(): number {
    return this.#total() - this.#payments.reduce((sum, payment) => sum + payment.cents, 0);
  }

  #tendering(): TenderingView {
    const due = this.#due();
    const notes = [100, 500, 1000, 2000, 5000, 10000].map((note) => Math.ceil(due / note) * note);
    return {
      total: yuan(this.#total()),
      due: yuan(due),
      due_in_cash: yuan(due),
      change: yuan(this.#payments.reduce((sum, payment) => sum + payment.back, 0)),
      payments: this.#payments.map(({ cents: _, back: __, ...payment }) => payment),
      quick_cash: [...new Set([due, ...notes])].slice(0, 6).map(yuan),
      settled: due === 0,
    };
  }

  #cash(given: number): TenderingView {
    const due = this.#due();
    if (due === 0) refuse('already_paid');
    if (given <= 0) refuse('amount_not_positive');
    const taken = Math.min(given, due);
    this.#payments.push({
      id: `payment-${this.#next++}`,
      kind: 'cash',
      amount: yuan(taken),
      given: yuan(given),
      change: yuan(given - taken),
      reference: null,
      cents: taken,
      back: given - taken,
    });
    return this.#tendering();
  }

  #card(text: string, reference: string): TenderingView {
    const due = this.#due();
    const amount = text === '' ? due : cents(text);
    if (amount > due) refuse('more_than_due', { due: yuan(due).text });
    if (reference === '') refuse('reference_missing');
    if (/^[0-9 ]{13,19}$/.test(reference)) refuse('looks_like_card_number');
    this.#payments.push({
      id: `payment-${this.#next++}`,
      kind: 'card',
      amount: yuan(amount),
      given: null,
      change: null,
      reference,
      cents: amount,
      back: 0,
    });
    return this.#tendering();
  }

  #finish(): ReceiptView {
    if (!this.#paying) refuse('not_paying');
    if (this.#due() > 0) refuse('still_due', { due: yuan(this.#due()).text });
    const number = `S1-2-${this.receipts.length + 1}`;
    const receipt = {
      order: `order-${this.receipts.length + 1}`,
      receipt: number,
      kind: 'sale',
      at: '2026-11-24 10:41:07',
      text: this.#paper(number),
      total: yuan(this.#total()),
      change: this.#tendering().change,
      synced: false,
      print: 'none',
      lines: this.#lines.length,
    };
    this.receipts.unshift(receipt);
    this.#paying = false;
    this.#payments = [];
    this.#empty();
    return receipt;
  }

  #paper(number: string): string {
    const row = (left: string, right: string) => left + right.padStart(48 - columns(left));
    return [
      '                   渡口便利店',
      '              Ferry Corner Store',
      '',
      row(`小票 ${number}`, '2026-11-24 10:41:07'),
      '-'.repeat(48),
      ...this.#lines.flatMap((line) => [
        line.item.view.name.zh,
        row(`  ${line.thousandths / 1000} x ${yuan(line.price).amount}`, yuan(this.#extended(line)).amount),
      ]),
      '-'.repeat(48),
      row('合计 TOTAL', yuan(this.#total()).text),
      ...this.#payments.map((payment) => row(payment.kind === 'cash' ? '现金' : '银行卡', payment.amount.text)),
      row('找零', this.#tendering().change.text),
      '',
      '               谢谢惠顾，欢迎再来',
    ].join('\n');
  }
}

function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + (character > '\u2e80' || character === '¥' ? 2 : 1), 0);
}

function matches({ view, initials }: Stocked, text: string): boolean {
  const sought = text.trim().toLowerCase();
  const words = `${view.name.zh} ${view.name.en.toLowerCase()} ${view.sku.toLowerCase()} ${view.barcode}`;
  return initials.startsWith(sought) || words.includes(sought);
}
