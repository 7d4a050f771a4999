/** A promotion being typed; kept across a reload. */
import type { PromotionForm } from '../generated/api';
import { Draft } from '../state/drafts.svelte';

export const kinds = ['percent', 'amount', 'fixed_price', 'buy_get', 'mix_and_match', 'threshold'] as const;
export type Kind = (typeof kinds)[number];

export function blank(): PromotionForm {
  return {
    id: '',
    name_zh: '',
    name_en: '',
    kind: 'percent',
    percent: '',
    amount: '',
    buy: '',
    get: '',
    count: '',
    spend: '',
    every: false,
    products: '',
    except: '',
    categories: [],
    all_stores: false,
    levels: '',
    from: '',
    until: '',
    weekdays: [],
    hours_from: '',
    hours_until: '',
    priority: '100',
    stacks: false,
    group: '',
    per_order: '',
    coupons: false,
    offline_coupons: false,
  };
}

export class TypedPromotion {
  readonly #kept = new Draft('promotions.form');
  readonly #now = $derived.by<PromotionForm | undefined>(() => {
    if (this.#kept.text === '') return undefined;
    try {
      return { ...blank(), ...(JSON.parse(this.#kept.text) as PromotionForm) };
    } catch {
      return undefined;
    }
  });

  get form(): PromotionForm | undefined {
    return this.#now;
  }

  open(form: PromotionForm | undefined): void {
    this.#kept.text = form ? JSON.stringify(form) : '';
  }

  set(change: Partial<PromotionForm>): void {
    if (this.#now) this.open({ ...this.#now, ...change });
  }
}
