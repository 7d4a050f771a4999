/** The shift as the terminal last told it, and what the person is doing with it. */
import type { CashMoveView, CountEntry, ShiftReportView, ShiftView } from '../generated/api';
import type { Desk } from '../state/desk.svelte';
import { t } from '../state/language.svelte';
import type { Args, CommandName } from '../transport';

export type Way = CashMoveView['way'];
/** What the shift screen is used for. */
export type Task = 'overview' | 'open' | 'no_sale' | 'hand_over' | 'close' | Way;

type ShiftCommand =
  | 'open_shift'
  | 'move_cash'
  | 'no_sale'
  | 'hand_over'
  | 'suspend_shift'
  | 'resume_shift'
  | 'count_shift'
  | 'cancel_unfinished';

export class Shift {
  view = $state.raw<ShiftView>();
  task = $state<Task>('overview');
  /** The X or Z that is looked at. */
  report = $state.raw<ShiftReportView>();
  /** True once the person does not want to open a shift now; asked again at the next sign-in. */
  skipped = $state(false);
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Nothing is counted: no shift is open. */
  get closed(): boolean {
    return this.view?.state === 'closed';
  }

  async load(): Promise<void> {
    const view = await this.#desk.attempt('shift', () => this.#desk.terminal.ask('shift', {}));
    if (view) this.view = view;
  }

  /** Somebody signed in. */
  begin(): void {
    this.skipped = false;
    this.report = undefined;
    this.task = 'overview';
    void this.load();
  }

  /** Goes to the shift screen for `task`. */
  go(task: Task): void {
    this.task = task;
    this.report = undefined;
    this.#desk.screens.go('shift');
  }

  /** Gives a command whose answer is the shift; true when it was done. */
  async do<N extends ShiftCommand>(name: N, args: Args<N>): Promise<boolean> {
    const view = await this.#desk.attempt('shift', () => this.#desk.terminal.do(name as CommandName, args as never));
    if (!view) return false;
    this.view = view as ShiftView;
    return true;
  }

  /** Closes the shift; the Z is shown. */
  async close(takenOut: string, reason: string): Promise<boolean> {
    const { terminal } = this.#desk;
    const report = await this.#desk.attempt('shift', () => terminal.do('close_shift', { taken_out: takenOut, reason }));
    if (!report) return false;
    this.report = report;
    this.task = 'overview';
    await this.load();
    return true;
  }

  async showX(print: boolean): Promise<void> {
    const { terminal } = this.#desk;
    const report = await this.#desk.attempt('shift', () => terminal.do('x_report', { print }));
    if (report) this.#show(report, print);
  }

  async showZ(number: number, print: boolean): Promise<void> {
    const { terminal } = this.#desk;
    const report = await this.#desk.attempt('shift', () => terminal.do('z_report', { number, print }));
    if (report) this.#show(report, print);
  }

  #show(report: ShiftReportView, print: boolean): void {
    this.report = report;
    if (print) this.#desk.notices.brief('shift', () => t('sales.reprinted'));
  }
}

/** A count with nothing in it. */
export function emptyCount(view: ShiftView): CountEntry {
  const pieces = view.coins.map(({ amount }) => ({ value: amount, pieces: '' })).reverse();
  return { pieces, loose: '' };
}
