/** Joining a hub: what was typed, and what came of it. */
import type { Problem } from '../generated/api';
import type { Desk } from '../state/desk.svelte';
import { Draft } from '../state/drafts.svelte';
import { named, t } from '../state/language.svelte';

export class Enrolment {
  readonly hub = new Draft('enrol.hub');
  readonly code = new Draft('enrol.code');
  working = $state(false);
  problem = $state.raw<Problem>();
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  get ready(): boolean {
    return this.hub.text.trim() !== '' && this.code.text.trim() !== '';
  }

  async submit(): Promise<void> {
    if (!this.ready || this.working) return;
    this.working = true;
    this.problem = undefined;
    const { terminal, notices } = this.#desk;
    await this.#desk.attempt(
      'enrol',
      async () => {
        await terminal.enrol(this.hub.text.trim(), this.code.text.trim());
        this.code.text = '';
        const shop = terminal.app?.terminal.shop_name;
        if (shop) notices.brief('enrol', () => t('enrol.joined', { name: named(shop) }));
      },
      (refused) => {
        this.problem = refused;
      },
    );
    this.working = false;
  }
}
