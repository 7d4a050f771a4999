/** How amounts from the terminal are set; nothing is computed. */
import type { MoneyView } from './generated/api';

/** An amount that is taken off, with a real minus sign. */
export function minus(money: MoneyView): string {
  return money.text.startsWith('-') ? `−${money.text.slice(1)}` : `−${money.text}`;
}

/** True for an amount of nothing. */
export function isZero(money: MoneyView): boolean {
  return /^-?[0.]*$/.test(money.amount);
}

/** True when two amounts are written the same. */
export function isSame(one: MoneyView, other: MoneyView): boolean {
  return one.amount === other.amount;
}
