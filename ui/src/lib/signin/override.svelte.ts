/** Another person allows what was refused: who, their PIN and why; then what was refused is done again. */
import type { Problem, StaffView } from '../generated/api';
import type { Desk } from '../state/desk.svelte';

const ranks = ['cashier', 'supervisor', 'manager', 'owner'];

export class Override {
  /** What was refused and waits for somebody; undefined when nothing does. */
  asked = $state.raw<Problem>();
  problem = $state.raw<Problem>();
  working = $state(false);
  readonly #desk: Desk;
  #answer: (allowed: boolean) => void = () => undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Asks for another person; true once one has allowed it. Only what names its permission can be allowed. */
  ask(problem: Problem): Promise<boolean> {
    const { session } = this.#desk.terminal;
    if (problem.code !== 'not_allowed' || !problem.params.permission || !session || this.people(problem).length === 0) {
      return Promise.resolve(false);
    }
    this.#answer(false);
    this.problem = undefined;
    this.asked = problem;
    return new Promise((answer) => {
      this.#answer = answer;
    });
  }

  /** Who may allow it: everybody else whose role does. */
  people(problem = this.asked): StaffView[] {
    const { app, session } = this.#desk.terminal;
    const least = ranks.indexOf(problem?.params.role ?? 'owner');
    return (app?.staff ?? []).filter(({ id, role }) => id !== session?.staff.id && ranks.indexOf(role) >= least);
  }

  async submit(staff: string, pin: string, reason: string): Promise<void> {
    const permission = this.asked?.params.permission;
    if (!permission || this.working) return;
    this.working = true;
    this.problem = undefined;
    const allowed = await this.#desk.attempt(
      'override',
      async () => {
        await this.#desk.terminal.do('authorise', { permission, staff, pin, reason });
        return true;
      },
      (problem) => {
        this.problem = problem;
      },
    );
    this.working = false;
    if (allowed) this.#close(true);
  }

  cancel(): void {
    this.#close(false);
  }

  #close(allowed: boolean): void {
    this.asked = undefined;
    this.#answer(allowed);
    this.#answer = () => undefined;
  }
}
