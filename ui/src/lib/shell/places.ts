/** Every screen besides the counter: one line each, in the order of the menu. */
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Printer from '@lucide/svelte/icons/printer';
import History from '@lucide/svelte/icons/receipt-text';
import Cog from '@lucide/svelte/icons/settings-2';
import type { Component } from 'svelte';
import PrintQueue from '../devices/PrintQueue.svelte';
import type { PermissionsView } from '../generated/api';
import type { MessageKey } from '../messages';
import Reports from '../reports/Reports.svelte';
import Sales from '../sales/Sales.svelte';
import Settings from '../settings/Settings.svelte';

/** A message that needs no values. */
type Plain = Extract<MessageKey, 'header.sales' | 'header.settings' | `menu.${string}`>;

export interface PlaceEntry {
  readonly id: string;
  readonly title: Plain;
  readonly Icon: Component<{ size?: number }>;
  readonly Screen: Component;
  /** False: not offered to this person. The core decides again on every command. */
  readonly offered?: (permissions: PermissionsView) => boolean;
}

export const places = [
  { id: 'sales', title: 'header.sales', Icon: History, Screen: Sales },
  { id: 'settings', title: 'header.settings', Icon: Cog, Screen: Settings },
  {
    id: 'reports',
    title: 'menu.reports',
    Icon: ChartColumn,
    Screen: Reports,
    offered: (permissions) => permissions.may.includes('read_reports'),
  },
  { id: 'prints', title: 'menu.prints', Icon: Printer, Screen: PrintQueue },
] as const satisfies readonly PlaceEntry[];

export type PlaceId = (typeof places)[number]['id'];
