/** Which screen is shown. It follows from what the terminal says and from where the person has gone. */
import type { ReceiptView } from '../generated/api';
import type { PlaceId } from '../shell/places';
import type { Terminal } from './terminal.svelte';

export type Place = 'counter' | PlaceId;
export type Panel =
  | 'sync'
  | 'keys'
  | 'menu'
  | 'hold'
  | 'held'
  | 'clear'
  | 'note'
  | 'leave'
  | 'guide'
  | 'member'
  | 'coupon';
export type Screen = 'opening' | 'enrol' | 'sign_in' | 'checkout' | 'payment' | 'receipt' | PlaceId;

export class Screens {
  /** Where the person has gone by the header. */
  place = $state<Place>('counter');
  /** The one panel that lies beside the screen. */
  panel = $state<Panel>();
  /** The sale that has just been finished. */
  receipt = $state.raw<ReceiptView>();
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get current(): Screen {
    const { app, session, tendering } = this.#terminal;
    if (!app) return 'opening';
    if (!session) return app.staff.length === 0 ? 'enrol' : 'sign_in';
    if (this.place !== 'counter') return this.place;
    if (tendering) return 'payment';
    return this.receipt ? 'receipt' : 'checkout';
  }

  go(place: Place): void {
    this.place = place;
    this.panel = undefined;
  }

  toggle(panel: Panel): void {
    this.panel = this.panel === panel ? undefined : panel;
  }

  /** Closes the panel that is open, or only the one named. */
  close(panel = this.panel): void {
    if (panel === this.panel) this.panel = undefined;
  }
}
