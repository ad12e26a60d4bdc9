/** Where one is in the room, as an address: Back and a bookmark work. */
import { go, route } from '../route.ts';

export const ROOM = 'skills';
export const TABS = ['new', 'batch', 'past', 'audit'] as const;
export type Tab = (typeof TABS)[number];

/** The tab of an address; the first is where one starts. */
export function tabOf({ tab }: { tab?: string }): Tab {
  return TABS.find((each) => each === tab) ?? 'new';
}

export function showTab(tab: Tab, batch?: string): void {
  go({ room: ROOM, tab, ...(batch !== undefined && { batch }) });
}

export const showBatch = (batchId: string): void => showTab('batch', batchId);

export const currentTab = (): Tab => tabOf(route.value);
