/**
 * A terminal without a core, for tests of the screens and for looking at them. It computes like a shop, in whole cents,
 * but proves nothing about the real one.
 */
import type {
  PaymentView,
  Problem,
  ProductPage,
  ReceiptView,
  SettingsView,
  ShiftView,
  SyncView,
  TenderingView,
  TillEvent,
} from '../lib/generated/api';
import { type Answer, type Args, type CommandName, Disconnected, Refused, type Transport } from '../lib/transport';
import { cents, FakeOrder, refuse } from './fake-order';
import { categories, people, type Stocked, stock, yuan } from './shop';

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
    auto_lock_minutes: 0,
    pin_each_sale: false,
    devices: {
      receipt: { characters: 'gbk', qr: 'native', barcodes: 'native', cut: 'partial' },
      logo: true,
      label_address: '',
      label_columns: 32,
      label: { characters: 'gbk', qr: 'native', barcodes: 'native', cut: 'partial' },
      display: 'off',
      display_language: 'zh',
      pole: '',
      scanner_suffix: 'either',
      scanner_suffix_text: '',
      scanner_gap_ms: 30,
      scanner_port: '',
    },
  };
  shift: ShiftView = {
    state: 'open',
    number: 3,
    cashier: 'lin',
    cashier_name: '小林',
    opened_at: '2026-11-24 09:00',
    required: false,
    coins: [],
    unfinished: [],
    moves: [],
    sales: 0,
    refunds: 0,
    no_sales: 0,
    clock_back: 0,
    expected: null,
    counted: null,
  };
  receipts: (ReceiptView & { lines: number })[] = [];
  readonly order = new FakeOrder(() => this.staff?.role);
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
      scan: () => this.order.scan(args.code ?? '', args.quantity ?? ''),
      add: () => this.order.add(this.order.product(args.product ?? ''), args.quantity ?? ''),
      set_quantity: () => this.order.setQuantity(this.order.line(args.line ?? 0), args.quantity ?? ''),
      set_price: () => this.order.setPrice(this.order.line(args.line ?? 0), args.price ?? ''),
      set_line_discount: () => this.order.discountLine(this.order.line(args.line ?? 0), args.discount ?? ''),
      set_order_discount: () => {
        this.order.off(args.discount ?? '', this.order.subtotal());
        this.order.discount = args.discount ?? '';
      },
      set_mo_ling: () => {
        this.order.moLing = Boolean(args.on);
      },
      remove_line: () => this.order.remove(this.order.line(args.line ?? 0)),
      clear: () => this.order.empty(),
      hold: () => this.order.hold(args.label ?? ''),
      recall: () => this.order.recall(args.id ?? ''),
    };
    const change = changes[name];
    if (change) {
      if (this.#paying) refuse('paying_already');
      change();
      return this.order.cart();
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
      case 'shift':
        return this.shift;
      case 'held':
        return this.order.held.map((held) => ({
          id: held.id,
          label: held.label,
          at: '10:32',
          total: yuan(held.lines.reduce((sum, line) => sum + this.order.extended(line), 0)),
          lines: held.lines.length,
          till: '',
          staff: '小林',
        }));
      case 'begin_payment':
        if (this.order.lines.length === 0) refuse('cart_empty');
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
        return this.order.cart();
      case 'finish':
        return this.#finish();
      case 'print_queue':
      case 'retry_prints':
        return { printers: [{ printer: 'receipt', address: '', waiting: 0, problem: null }], jobs: [] };
      case 'ports':
        return { printers: [], serial: [], problem: null };
      case 'logo':
        return { png: '' };
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
      training: null,
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
        may: [],
      },
      cart: this.order.cart(),
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

  // ---- payment -----------------------------------------------------------------------------------------------------

  #due(): number {
    return this.order.total() - this.#payments.reduce((sum, payment) => sum + payment.cents, 0);
  }

  #tendering(): TenderingView {
    const due = this.#due();
    const notes = [100, 500, 1000, 2000, 5000, 10000].map((note) => Math.ceil(due / note) * note);
    return {
      total: yuan(this.order.total()),
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
      id: `payment-${this.order.next++}`,
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
      id: `payment-${this.order.next++}`,
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
      total: yuan(this.order.total()),
      change: this.#tendering().change,
      synced: false,
      print: 'none',
      lines: this.order.lines.length,
    };
    this.receipts.unshift(receipt);
    this.#paying = false;
    this.#payments = [];
    this.order.empty();
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
      ...this.order.lines.flatMap((line) => [
        line.item.view.name.zh,
        row(`  ${line.thousandths / 1000} x ${yuan(line.price).amount}`, yuan(this.order.extended(line)).amount),
      ]),
      '-'.repeat(48),
      row('合计 TOTAL', yuan(this.order.total()).text),
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
