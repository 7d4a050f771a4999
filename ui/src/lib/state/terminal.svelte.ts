/**
 * What the terminal last said, and the commands to it. Nothing is shown before the terminal has answered it. Commands that
 * change the order run one at a time in the order they were given.
 */
import type {
  AppView,
  CartView,
  ReceiptView,
  SessionNews,
  SessionView,
  SettingsView,
  SyncView,
  TenderingView,
  TillEvent,
} from '../generated/api';
import { type Answer, type Args, type CommandName, Disconnected, Refused, type Transport } from '../transport';
import { Queue } from './queue';

type CartCommand = {
  [N in CommandName]: Answer<N> extends CartView ? (CartView extends Answer<N> ? N : never) : never;
}[CommandName];
type TenderingCommand = 'begin_payment' | 'tender_cash' | 'tender_card' | 'remove_payment';

const RETRY_MS = [300, 600, 1200, 2500, 5000];

export class Terminal {
  app = $state.raw<AppView>();
  /** Who is signed in; the order and the payment are `cart` and `tendering`. */
  session = $state.raw<Pick<SessionView, 'staff' | 'permissions'> | null>(null);
  cart = $state.raw<CartView>();
  tendering = $state.raw<TenderingView | null>(null);
  sync = $state.raw<SyncView>();
  /** False while the terminal does not answer. */
  answering = $state(true);
  /** Commands given and not answered. */
  waiting = $state(0);
  /** Hears that the catalogue has changed. */
  onCatalogue: () => void = () => undefined;
  /** Hears that the shift has changed. */
  onShift: () => void = () => undefined;
  /** Hears what only this user interface is told. */
  onNews: (news: SessionNews) => void = () => undefined;

  readonly #transport: Transport;
  readonly #queue = new Queue();
  #reconnecting: Promise<void> | undefined;
  /** Counts the answers that changed the order, so that a state read before one of them cannot undo it. */
  #answers = 0;
  #wake: () => void = () => undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Reads everything and listens from then on; gives back how to stop. */
  open(): () => void {
    const stop = this.#transport.onEvent(
      (event) => this.#heard(event),
      (connected) => {
        if (!connected) void this.#queue.run(() => this.refresh()).catch(() => undefined);
        else if (!this.answering) this.retryNow();
      },
    );
    void this.#queue.run(() => this.refresh()).catch(() => undefined);
    return stop;
  }

  /** Reads the whole state again, as after a reload. */
  async refresh(): Promise<void> {
    const seen = this.#answers;
    this.#took(await this.ask('app', {}), seen);
    this.sync = await this.ask('sync', {});
  }

  /** Asks for something that changes nothing; not kept in order with the commands. */
  async ask<N extends CommandName>(name: N, args: Args<N>): Promise<Answer<N>> {
    try {
      const answer = await this.#transport.call(name, args);
      this.answering = true;
      return answer;
    } catch (error) {
      if (error instanceof Disconnected) void this.#reconnect();
      if (error instanceof Refused && error.problem.code === 'not_signed_in') this.session = null;
      throw error;
    }
  }

  /** Reads the state again when the person comes back to this window, which another one may have changed. */
  lookAgain(): void {
    if (this.app && this.waiting === 0) void this.#queue.run(() => this.refresh()).catch(() => undefined);
  }

  /** Gives a command in its turn. */
  do<N extends CommandName>(name: N, args: Args<N>): Promise<Answer<N>> {
    return this.#inTurn(() => this.ask(name, args));
  }

  /** A command whose answer is the order; arguments that depend on the order as it then is are made in its turn. */
  async change<N extends CartCommand>(name: N, args: Args<N> | (() => Args<N>)): Promise<CartView> {
    return this.#inTurn(async () => {
      const cart: CartView = await this.ask(name, typeof args === 'function' ? args() : args);
      this.#answers += 1;
      this.cart = cart;
      this.tendering = null;
      return cart;
    });
  }

  /**
   * Rings something up. When the answer is lost on the way, the order itself tells whether it was rung up: if not, it is
   * done again once the terminal answers, so that no scan is dropped and none counts twice.
   */
  async ringUp<N extends 'scan' | 'add'>(name: N, args: Args<N>): Promise<CartView> {
    return this.#inTurn(async () => {
      for (;;) {
        const before = JSON.stringify(this.cart?.lines);
        try {
          const cart: CartView = await this.ask(name, args);
          this.#answers += 1;
          this.cart = cart;
          return cart;
        } catch (error) {
          if (!(error instanceof Disconnected)) throw error;
          await this.#reconnect();
          if (!this.session) throw error;
          if (this.cart && JSON.stringify(this.cart.lines) !== before) return this.cart;
        }
      }
    });
  }

  /** A command whose answer is the payment. */
  async pay<N extends TenderingCommand>(name: N, args: Args<N>): Promise<TenderingView> {
    return this.#inTurn(async () => {
      const tendering: TenderingView = await this.ask(name, args);
      this.#answers += 1;
      this.tendering = tendering;
      return tendering;
    });
  }

  /** Finishes the sale. When the answer is lost, the terminal is asked whether the sale was made. */
  async finish(print: boolean | null): Promise<ReceiptView> {
    const receipt = await this.#inTurn(async () => {
      try {
        return await this.ask('finish', { print });
      } catch (error) {
        if (!(error instanceof Disconnected)) throw error;
        await this.#reconnect();
        const [newest] = this.session && !this.tendering ? await this.ask('recent', { before: 0, limit: 1 }) : [];
        if (!newest) throw error;
        return await this.ask('receipt', { order: newest.order });
      }
    });
    this.#answers += 1;
    this.tendering = null;
    void this.#queue.run(() => this.refresh()).catch(() => undefined);
    return receipt;
  }

  async signIn(staff: string, pin: string): Promise<void> {
    this.#enter(await this.do('sign_in', { staff, pin }));
  }

  async signOut(): Promise<void> {
    await this.do('sign_out', {});
    this.session = null;
  }

  /** Asks how sync stands. */
  async lookAtSync(): Promise<void> {
    try {
      this.sync = await this.ask('sync', {});
    } catch {
      // Said elsewhere.
    }
  }

  /** Enters training at this screen, or leaves it. */
  async train(enter: boolean): Promise<void> {
    this.#answers += 1;
    this.#took(await this.do(enter ? 'begin_training' : 'end_training', {}));
    await this.lookAtSync();
  }

  async enrol(hub: string, code: string): Promise<void> {
    this.#took(await this.do('enrol', { hub, code }));
  }

  async setSettings(settings: SettingsView): Promise<void> {
    const saved = await this.do('set_settings', { settings });
    if (this.app) this.app = { ...this.app, settings: saved };
  }

  /** Tries the terminal now rather than after the pause. */
  retryNow(): void {
    this.#wake();
  }

  #heard(event: TillEvent): void {
    // In training the sync that shows is the practised one.
    if (event.type === 'sync' && this.app?.training) void this.lookAtSync();
    else if (event.type === 'sync') this.sync = event.data;
    else if (event.type === 'shift') this.onShift();
    else if (event.type === 'session') this.onNews(event.data.news);
    else this.onCatalogue();
  }

  #took(app: AppView, seen = this.#answers): void {
    this.app = app;
    if (!app.signed_in) this.session = null;
    else if (seen === this.#answers) this.#enter(app.signed_in);
  }

  #enter(session: SessionView): void {
    this.cart = session.cart;
    this.tendering = session.tendering;
    this.session = { staff: session.staff, permissions: session.permissions };
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    this.waiting += 1;
    try {
      return await this.#queue.run(task);
    } finally {
      this.waiting -= 1;
    }
  }

  /** Resolves once the terminal answers again and its state was read. */
  #reconnect(): Promise<void> {
    this.answering = false;
    this.#reconnecting ??= this.#tryUntilAnswered().finally(() => {
      this.#reconnecting = undefined;
    });
    return this.#reconnecting;
  }

  async #tryUntilAnswered(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await new Promise<void>((resolve) => {
        const pause = setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]);
        this.#wake = () => {
          clearTimeout(pause);
          resolve();
        };
      });
      try {
        const seen = this.#answers;
        this.#took(await this.#transport.call('app', {}), seen);
        this.sync = await this.#transport.call('sync', {});
        this.answering = true;
        return;
      } catch (error) {
        if (error instanceof Refused) return;
      }
    }
  }
}
