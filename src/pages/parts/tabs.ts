const CONSOLE = 'src/pages/console/index.html';

/**
 * Shows the console, at one agent if given: in the tab that is open already, else in a new one.
 * `getContexts` finds our own tab without the `tabs` permission.
 */
export async function openConsole(agentId?: string): Promise<void> {
  const page = chrome.runtime.getURL(CONSOLE);
  const url = agentId === undefined ? page : `${page}#agent=${encodeURIComponent(agentId)}`;
  const ours = await chrome.runtime.getContexts({ contextTypes: ['TAB'] }).catch(() => []);
  const open = ours.find((context) => context.documentUrl?.split('#')[0] === page && context.tabId >= 0);
  if (!open) {
    await chrome.tabs.create({ url });
    return;
  }
  await chrome.tabs.update(open.tabId, agentId === undefined ? { active: true } : { active: true, url });
  await chrome.windows.update(open.windowId, { focused: true });
}
