/** The order of a fake terminal: lines, discounts and held orders, in whole cents. */
import type { CartLineView, CartView, Problem, ProblemCode, StaffView } from '../lib/generated/api';
import { Refused } from '../lib/transport';
import { type Stocked, stock, yuan } from './shop';

export interface Line {
  id: number;
  item: Stocked;
  thousandths: number;
  price: number;
  discount: string;
}

export interface Held {
  id: string;
  label: string;
  lines: Line[];
}

export function refuse(code: ProblemCode, params: Problem['params'] = {}): never {
  throw new Refused({ code, params, detail: code });
}

export function cents(text: string): number {
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

export class FakeOrder {
  lines: Line[] = [];
  held: Held[] = [];
  next = 1;
  last: number | null = null;
  discount = '';
  moLing = false;

  constructor(private readonly role: () => StaffView['role'] | undefined) {}

  product(id: string): Stocked {
    return stock.find(({ view }) => view.id === id) ?? refuse('unknown_product');
  }

  line(id: number): Line {
    return this.lines.find((line) => line.id === id) ?? refuse('no_such_line');
  }

  scan(code: string, quantity: string): void {
    this.add(stock.find(({ view }) => view.barcode === code) ?? refuse('unknown_barcode', { code }), quantity);
  }

  add(item: Stocked, quantity: string): void {
    const more = quantity === '' ? 1000 : thousandths(quantity, item);
    let line = this.lines.find((other) => other.item === item && other.price === item.cents && other.discount === '');
    if (!line) {
      line = { id: this.next++, item, thousandths: 0, price: item.cents, discount: '' };
      this.lines.push(line);
    }
    line.thousandths += more;
    this.last = line.id;
  }

  setQuantity(line: Line, text: string): void {
    const quantity = thousandths(text, line.item);
    if (quantity === 0) this.remove(line);
    else line.thousandths = quantity;
    this.last = line.id;
  }

  setPrice(line: Line, text: string): void {
    if (this.role() === 'cashier') refuse('not_allowed', { role: 'supervisor' });
    line.price = text === '' ? line.item.cents : cents(text);
    this.last = line.id;
  }

  discountLine(line: Line, discount: string): void {
    this.off(discount, this.extended(line));
    line.discount = discount;
    this.last = line.id;
  }

  remove(line: Line): void {
    this.lines = this.lines.filter((other) => other !== line);
    this.last = this.lines.at(-1)?.id ?? null;
  }

  empty(): void {
    this.lines = [];
    this.discount = '';
    this.moLing = false;
    this.last = null;
  }

  hold(label: string): void {
    if (this.lines.length === 0) refuse('cart_empty');
    this.held.push({ id: `held-${this.next++}`, label, lines: this.lines });
    this.empty();
  }

  recall(id: string): void {
    const held = this.held.find((other) => other.id === id) ?? refuse('no_such_held_order');
    if (this.lines.length > 0) this.hold('');
    this.held = this.held.filter((other) => other !== held);
    this.lines = held.lines;
  }

  extended(line: Line): number {
    return Math.round((line.price * line.thousandths) / 1000);
  }

  off(discount: string, base: number): number {
    if (discount === '') return 0;
    const percent = discount.endsWith('%');
    if (percent && !/^[0-9]+([.][0-9]+)?%$/.test(discount)) refuse('not_a_percentage', { text: discount.slice(0, -1) });
    const off = percent ? Math.round((base * Number(discount.slice(0, -1))) / 100) : cents(discount);
    if (off > base) refuse('discount_too_large');
    if (this.role() === 'cashier' && off * 10 > base) refuse('not_allowed', { role: 'supervisor' });
    return off;
  }

  subtotal(): number {
    return this.lines.reduce((sum, line) => sum + this.extended(line), 0);
  }

  total(): number {
    const lines = this.lines.reduce((sum, line) => sum + this.off(line.discount, this.extended(line)), 0);
    const left = this.subtotal() - lines;
    const after = left - this.off(this.discount, left);
    return this.moLing ? after - (after % 10) : after;
  }

  cart(): CartView {
    const total = this.total();
    return {
      lines: this.lines.map((line) => this.lineView(line)),
      count: this.lines.reduce((sum, { item, thousandths: n }) => sum + (item.view.unit === 'piece' ? n / 1000 : 1), 0),
      subtotal: yuan(this.subtotal()),
      discount: yuan(this.subtotal() - total),
      tax: yuan(Math.round((total * 13) / 113)),
      tax_included: true,
      total: yuan(total),
      order_discount: this.discount,
      mo_ling_available: true,
      mo_ling: this.moLing,
      last_line: this.last,
      scanned: null,
      held: this.held.length,
      note: '',
      returned: null,
      deposit: null,
      customer_order: null,
      balance: null,
      member: null,
      coupons: [],
    };
  }

  lineView(line: Line): CartLineView {
    const off = this.off(line.discount, this.extended(line));
    return {
      id: line.id,
      product: line.item.view,
      quantity: String(line.thousandths / 1000),
      unit_price: yuan(line.price),
      list_price: line.price === line.item.cents ? null : yuan(line.item.cents),
      extended: yuan(this.extended(line)),
      discounts: off > 0 ? [{ kind: 'line', amount: yuan(off), name: null }] : [],
      payable: yuan(this.extended(line) - off),
    };
  }
}
