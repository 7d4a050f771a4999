/** Every screen besides the counter: one line each, in the order of the menu. */

import Tag from '@lucide/svelte/icons/badge-percent';
import Boxes from '@lucide/svelte/icons/boxes';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Coins from '@lucide/svelte/icons/coins';
import Quote from '@lucide/svelte/icons/file-clock';
import Cap from '@lucide/svelte/icons/graduation-cap';
import Buoy from '@lucide/svelte/icons/life-buoy';
import Printer from '@lucide/svelte/icons/printer';
import History from '@lucide/svelte/icons/receipt-text';
import Scroll from '@lucide/svelte/icons/scroll-text';
import Cog from '@lucide/svelte/icons/settings-2';
import Tags from '@lucide/svelte/icons/tags';
import Undo from '@lucide/svelte/icons/undo-2';
import Users from '@lucide/svelte/icons/users-round';
import type { Component } from 'svelte';
import Audit from '../audit/Audit.svelte';
import PrintQueue from '../devices/PrintQueue.svelte';
import type { PermissionsView } from '../generated/api';
import Catalogue from '../goods/Catalogue.svelte';
import Stock from '../goods/Stock.svelte';
import Help from '../help/Help.svelte';
import Members from '../members/Members.svelte';
import type { MessageKey } from '../messages';
import Orders from '../orders/Orders.svelte';
import Promotions from '../promotions/Promotions.svelte';
import Refund from '../refund/Refund.svelte';
import Reports from '../reports/Reports.svelte';
import Sales from '../sales/Sales.svelte';
import Settings from '../settings/Settings.svelte';
import ShiftScreen from '../shift/ShiftScreen.svelte';
import Training from '../training/Training.svelte';

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
  { id: 'refund', title: 'menu.refund', Icon: Undo, Screen: Refund },
  { id: 'orders', title: 'menu.orders', Icon: Quote, Screen: Orders },
  { id: 'members', title: 'menu.members', Icon: Users, Screen: Members },
  { id: 'shift', title: 'menu.shift', Icon: Coins, Screen: ShiftScreen },
  {
    id: 'reports',
    title: 'menu.reports',
    Icon: ChartColumn,
    Screen: Reports,
    offered: (permissions) => permissions.may.includes('read_reports'),
  },
  {
    id: 'stock',
    title: 'menu.stock',
    Icon: Boxes,
    Screen: Stock,
    offered: (permissions) => permissions.may.includes('move_stock'),
  },
  { id: 'catalogue', title: 'menu.catalogue', Icon: Tags, Screen: Catalogue },
  {
    id: 'promotions',
    title: 'menu.promotions',
    Icon: Tag,
    Screen: Promotions,
    offered: (permissions) => permissions.may.includes('manage_promotions'),
  },
  { id: 'prints', title: 'menu.prints', Icon: Printer, Screen: PrintQueue },
  {
    id: 'audit',
    title: 'menu.audit',
    Icon: Scroll,
    Screen: Audit,
    offered: (permissions) => permissions.may.includes('audit'),
  },
  {
    id: 'training',
    title: 'menu.training',
    Icon: Cap,
    Screen: Training,
    offered: (permissions) => permissions.may.includes('train'),
  },
  { id: 'settings', title: 'header.settings', Icon: Cog, Screen: Settings },
  { id: 'help', title: 'menu.help', Icon: Buoy, Screen: Help },
] as const satisfies readonly PlaceEntry[];

export type PlaceId = (typeof places)[number]['id'];
