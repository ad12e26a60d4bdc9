import { type Route, routeHash } from './where.ts';

const CONSOLE = 'src/pages/console/index.html';

/** Shows the console beside whatever page is open. By a click alone: Chrome opens no side panel without one. */
export async function dockConsole(): Promise<void> {
  try {
    const { id = chrome.windows.WINDOW_ID_NONE } = await chrome.windows.getCurrent();
    await chrome.sidePanel.open({ windowId: id });
  } catch {
    // A window that has no room for one, such as an app's: the full tab is always there.
    await openConsole();
  }
  window.close();
}

/**
 * Shows the console, at a place of it if given: in the tab that is open already, else in a new one.
 * `getContexts` finds our own tab without the `tabs` permission.
 */
export async function openConsole(to?: Partial<Route>): Promise<void> {
  const page = chrome.runtime.getURL(CONSOLE);
  const url = to === undefined ? page : page + routeHash(to);
  const ours = await chrome.runtime.getContexts({ contextTypes: ['TAB'] }).catch(() => []);
  const open = ours.find((context) => context.documentUrl?.split('#')[0] === page && context.tabId >= 0);
  if (!open) {
    await chrome.tabs.create({ url });
    return;
  }
  await chrome.tabs.update(open.tabId, to === undefined ? { active: true } : { active: true, url });
  await chrome.windows.update(open.windowId, { focused: true });
}
