/** Every screen besides the counter: one line each, in the order of the menu. */

import Tag from '@lucide/svelte/icons/badge-percent';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import History from '@lucide/svelte/icons/receipt-text';
import Cog from '@lucide/svelte/icons/settings-2';
import type { Component } from 'svelte';
import type { PermissionsView } from '../generated/api';
import type { MessageKey } from '../messages';
import Promotions from '../promotions/Promotions.svelte';
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
  {
    id: 'promotions',
    title: 'menu.promotions',
    Icon: Tag,
    Screen: Promotions,
    offered: (permissions) => permissions.may.includes('manage_promotions'),
  },
] as const satisfies readonly PlaceEntry[];

export type PlaceId = (typeof places)[number]['id'];
