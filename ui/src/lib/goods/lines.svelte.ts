/** What was scanned for a stock document and not yet booked; it survives a reload of the page. */
import type { GoodsView, ProductView } from '../generated/api';
import { Draft } from '../state/drafts.svelte';

export interface Line {
  readonly product: ProductView;
  readonly expected: string;
  quantity: string;
  cost: string;
  lot: string;
  expiry: string;
}

export class Lines {
  list = $state<Line[]>([]);
  readonly #draft: Draft;

  constructor(key: string) {
    this.#draft = new Draft(key);
    try {
      this.list = JSON.parse(this.#draft.text || '[]') as Line[];
    } catch {
      this.list = [];
    }
  }

  /** Adds what was found; the same product again is more of it. Pieces and weights, no money. */
  add(goods: GoodsView): Line {
    const same = this.list.find(({ product, lot }) => product.id === goods.product.id && lot === goods.lot);
    if (same) {
      const sum = Math.round((Number(same.quantity || '0') + Number(goods.quantity)) * 1000) / 1000;
      same.quantity = String(sum);
      this.keep();
      return same;
    }
    const line: Line = {
      product: goods.product,
      expected: goods.on_hand,
      quantity: goods.quantity,
      cost: '',
      lot: goods.lot,
      expiry: goods.expiry,
    };
    this.list = [line, ...this.list];
    this.keep();
    return line;
  }

  remove(line: Line): void {
    this.list = this.list.filter((other) => other !== line);
    this.keep();
  }

  clear(): void {
    this.list = [];
    this.keep();
  }

  keep(): void {
    this.#draft.text = this.list.length === 0 ? '' : JSON.stringify(this.list);
  }
}
