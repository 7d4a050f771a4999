/** The products on the screen: a category page by page, or the results of a search as it is typed. */
import type { CategoryView, ProductPage, ProductView } from '../generated/api';
import { Draft } from './drafts.svelte';
import type { Terminal } from './terminal.svelte';

const PAGE = 60;
const RESULTS = 60;
/** The most that is read again at once when the catalogue has changed under somebody's eyes. */
const MOST_AGAIN = 240;

export class Catalogue {
  categories = $state.raw<readonly CategoryView[]>([]);
  /** Code of the category shown; empty: all. */
  category = $state('');
  page = $state.raw<ProductPage>();
  /** The results and the text they are of. */
  results = $state.raw<{ text: string; page: ProductPage }>();
  readonly #typed = new Draft('search');
  readonly #terminal: Terminal;
  #searching: Promise<void> | undefined;
  #asked = 0;
  loading = $state(false);

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** The text in the search field. */
  get text(): string {
    return this.#typed.text;
  }

  /** What is shown: results while something is searched for, else the category. */
  get products(): readonly ProductView[] {
    return (this.searched ? this.results?.page : this.page)?.products ?? [];
  }

  /** The text searched for, without spaces around it. */
  get searched(): string {
    return this.#typed.text.trim();
  }

  get complete(): boolean {
    return (this.searched ? this.results?.page : this.page)?.catalogue_complete ?? true;
  }

  /** Reads categories and the products shown again. */
  async load(): Promise<void> {
    this.categories = await this.#terminal.ask('categories', {});
    const known = this.categories.some(({ code }) => code === this.category);
    await this.#browse(
      known ? this.category : '',
      Math.min(Math.max(PAGE, this.page?.products.length ?? 0), MOST_AGAIN),
    );
    if (this.searched) await this.#search();
  }

  async choose(category: string): Promise<void> {
    await this.#browse(category, PAGE);
  }

  async #browse(category: string, limit: number): Promise<void> {
    this.category = category;
    const asked = ++this.#asked;
    const page = await this.#terminal.ask('browse', { category, offset: 0, limit });
    if (asked === this.#asked) this.page = page;
  }

  /** Reads the products that follow. */
  async more(): Promise<void> {
    const before = this.page;
    if (!before?.more || this.loading) return;
    this.loading = true;
    try {
      const asked = this.#asked;
      const args = { category: this.category, offset: before.products.length, limit: PAGE };
      const next = await this.#terminal.ask('browse', args);
      if (asked === this.#asked) this.page = { ...next, products: [...before.products, ...next.products] };
    } finally {
      this.loading = false;
    }
  }

  /** Searches for what has been typed; while one search runs, only the newest text waits behind it. */
  async search(text: string): Promise<void> {
    this.#typed.text = text;
    if (!this.searched) {
      this.results = undefined;
      return;
    }
    await this.#search();
  }

  clear(): void {
    this.#typed.text = '';
    this.results = undefined;
  }

  /** The first product found for the text as it stands now, waiting for its search if that still runs. */
  async first(): Promise<ProductView | undefined> {
    const text = this.searched;
    if (!text) return undefined;
    await this.#search();
    return this.results?.text === text ? this.results.page.products[0] : undefined;
  }

  #search(): Promise<void> {
    this.#searching ??= this.#searchUntilCurrent().finally(() => {
      this.#searching = undefined;
    });
    return this.#searching;
  }

  async #searchUntilCurrent(): Promise<void> {
    let text = this.searched;
    while (text) {
      const page = await this.#terminal.ask('search', { text, limit: RESULTS });
      const now = this.searched;
      if (now) this.results = { text, page };
      if (now === text) return;
      text = now;
    }
  }
}
