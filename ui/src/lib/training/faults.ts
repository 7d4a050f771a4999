/** Names of the faults that can be practised. */
import { t } from '../state/language.svelte';

const known = ['network_gone', 'hub_slow', 'out_of_paper', 'power_cut', 'clock_wrong'] as const;
type Fault = (typeof known)[number];

function isKnown(fault: string): fault is Fault {
  return (known as readonly string[]).includes(fault);
}

/** What people call a fault; its own name where this version does not know it. */
export function faultName(fault: string): string {
  return isKnown(fault) ? t(`fault.${fault}`) : fault;
}

/** What to practise under a fault. */
export function faultTask(fault: string): string {
  return isKnown(fault) ? t(`fault.${fault}.task`) : '';
}
