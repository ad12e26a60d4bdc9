/**
 * A small browser for unit tests. It stands in for `webextension-polyfill` and for `chrome` (setup.ts) and is empty again before each test.
 * Own rather than @webext-core/fake-browser: that one lacks identity, permissions, i18n, access levels and promise answers (facts/e2e.md section 11).
 */
import { FakeEvent } from './fake-event.ts';
import { type Changes, FakeStorageArea } from './fake-storage.ts';
import { EXTENSION_ID, manifest, textOf } from './files.ts';

export { EXTENSION_ID };

const url = (path = '') => `chrome-extension://${EXTENSION_ID}/${path.replace(/^\//, '')}`;

const everyArea = new FakeEvent<[Changes, string]>();
const area = (name: string) => new FakeStorageArea(name, everyArea);
const storage = {
  local: area('local'),
  session: area('session'),
  managed: area('managed'),
  sync: area('sync'),
  onChanged: everyArea,
};

export interface Alarm {
  name: string;
  scheduledTime: number;
  periodInMinutes?: number;
}
type AlarmInfo = { when?: number; delayInMinutes?: number; periodInMinutes?: number };
export interface Sender {
  id: string;
  url: string;
  origin: string;
}
type Origins = { origins?: string[]; permissions?: string[] };
type Rule = { id: number } & Record<string, unknown>;

const fresh = () => ({
  locale: 'en',
  alarms: new Map<string, Alarm>(),
  badge: { text: '', color: '' as unknown, textColor: '' as unknown, title: '', icon: null as unknown, popup: '' },
  notifications: new Map<string, Record<string, unknown>>(),
  /** Every notification ever created since the last reset, cleared ones too. */
  notified: [] as { id: string; options: Record<string, unknown> }[],
  /** Host patterns the user has granted. */
  granted: new Set<string>(),
  /** What the user answers when asked for a host; asked patterns are in `permissionRequests`. */
  grantAnswer: true,
  permissionRequests: [] as Origins[],
  idle: 'active' as 'active' | 'idle' | 'locked',
  sessionRules: [] as Rule[],
  tabs: [] as { id: number; url: string }[],
  /** Extension pages that are open: what `runtime.getContexts` answers. */
  contexts: [] as Record<string, unknown>[],
  optionsOpened: 0,
  /** Who `runtime.sendMessage` speaks for. */
  sender: { id: EXTENSION_ID, url: url('src/pages/popup/index.html'), origin: url().slice(0, -1) } as Sender,
  /** The sign-in window: set by a test, gets the authorize URL, answers with the redirect URL. */
  launchWebAuthFlow: async (_details: { url: string; interactive?: boolean }): Promise<string | undefined> => {
    throw new Error('The test did not set fake.launchWebAuthFlow.');
  },
});
/** What a test sets and looks at. */
export let fake = fresh();

const covers = (pattern: string, asked: string) =>
  pattern === asked ||
  pattern === '<all_urls>' ||
  (pattern.endsWith('://*/*') && asked.startsWith(pattern.slice(0, -3))) ||
  (pattern.includes('://*.') &&
    new URL(asked.replace('*.', '')).hostname.endsWith(pattern.split('://*.')[1]?.split('/')[0] ?? '\0'));
const isGranted = ({ origins = [] }: Origins) =>
  origins.every((asked) => [...fake.granted].some((pattern) => covers(pattern, asked)));

const badge = (part: Partial<typeof fake.badge>) => void Object.assign(fake.badge, part);
const onMessage = new FakeEvent<[unknown, Sender]>();

export const fakeBrowser = {
  storage,
  runtime: {
    id: EXTENSION_ID,
    lastError: undefined,
    getURL: url,
    getManifest: () => manifest,
    getPlatformInfo: async () => ({ os: 'linux', arch: 'x86-64' }),
    getContexts: async () => fake.contexts,
    openOptionsPage: async () => void fake.optionsOpened++,
    /** Chrome's rule: the first listener that answers with a promise wins; with none, the channel closes with `undefined`. */
    sendMessage: async (message: unknown): Promise<unknown> => {
      if (!onMessage.hasListeners()) throw new Error('Could not establish connection. Receiving end does not exist.');
      const sent: unknown = JSON.parse(JSON.stringify(message));
      return (await onMessage.trigger(sent, fake.sender)).find((answer) => answer !== undefined);
    },
    onMessage,
    onConnect: new FakeEvent(),
    onInstalled: new FakeEvent<[{ reason: string; previousVersion?: string }]>(),
    onStartup: new FakeEvent<[]>(),
    onSuspend: new FakeEvent<[]>(),
    onUpdateAvailable: new FakeEvent(),
  },
  alarms: {
    create: async (name: string, info: AlarmInfo) => {
      const scheduledTime = info.when ?? Date.now() + (info.delayInMinutes ?? info.periodInMinutes ?? 0) * 60_000;
      const period = info.periodInMinutes === undefined ? {} : { periodInMinutes: info.periodInMinutes };
      fake.alarms.set(name, { name, scheduledTime, ...period });
    },
    get: async (name: string) => fake.alarms.get(name),
    getAll: async () => [...fake.alarms.values()],
    clear: async (name: string) => fake.alarms.delete(name),
    clearAll: async () => fake.alarms.clear(),
    onAlarm: new FakeEvent<[Alarm]>(),
  },
  i18n: {
    getUILanguage: () => fake.locale,
    getMessage: (key: string, substitutions: string | string[] = []) => textOf(fake.locale, key, [substitutions].flat()),
  },
  action: {
    setBadgeText: async ({ text }: { text: string | null }) => badge({ text: text ?? '' }),
    getBadgeText: async () => fake.badge.text,
    setBadgeBackgroundColor: async ({ color }: { color: unknown }) => badge({ color }),
    setBadgeTextColor: async ({ color }: { color: unknown }) => badge({ textColor: color }),
    setTitle: async ({ title }: { title: string }) => badge({ title }),
    getTitle: async () => fake.badge.title,
    setIcon: async (icon: unknown) => badge({ icon }),
    setPopup: async ({ popup }: { popup: string }) => badge({ popup }),
    onClicked: new FakeEvent(),
  },
  notifications: {
    create: async (id: string, options: Record<string, unknown>) => {
      fake.notifications.set(id, options);
      fake.notified.push({ id, options });
      return id;
    },
    update: async (id: string, options: Record<string, unknown>) =>
      fake.notifications.has(id) && fake.notifications.set(id, { ...fake.notifications.get(id), ...options }).has(id),
    clear: async (id: string) => fake.notifications.delete(id),
    getAll: async () => Object.fromEntries([...fake.notifications.keys()].map((id) => [id, true])),
    getPermissionLevel: async () => 'granted',
    onClicked: new FakeEvent<[string]>(),
    onClosed: new FakeEvent<[string, boolean]>(),
    onButtonClicked: new FakeEvent<[string, number]>(),
  },
  permissions: {
    contains: async (asked: Origins) => isGranted(asked),
    getAll: async () => ({ origins: [...fake.granted], permissions: [] }),
    request: async (asked: Origins) => {
      fake.permissionRequests.push(asked);
      if (isGranted(asked) || !fake.grantAnswer) return isGranted(asked);
      for (const origin of asked.origins ?? []) fake.granted.add(origin);
      await fakeBrowser.permissions.onAdded.trigger(asked);
      return true;
    },
    remove: async (asked: Origins) => {
      for (const origin of asked.origins ?? []) fake.granted.delete(origin);
      await fakeBrowser.permissions.onRemoved.trigger(asked);
      return true;
    },
    onAdded: new FakeEvent<[Origins]>(),
    onRemoved: new FakeEvent<[Origins]>(),
  },
  identity: {
    getRedirectURL: (path = '') => `https://${EXTENSION_ID}.chromiumapp.org/${path}`,
    launchWebAuthFlow: (details: { url: string; interactive?: boolean }) => fake.launchWebAuthFlow(details),
  },
  idle: {
    queryState: async () => fake.idle,
    setDetectionInterval: () => undefined,
    onStateChanged: new FakeEvent<['active' | 'idle' | 'locked']>(),
  },
  declarativeNetRequest: {
    getSessionRules: async () => fake.sessionRules,
    updateSessionRules: async ({ addRules = [], removeRuleIds = [] }: { addRules?: Rule[]; removeRuleIds?: number[] }) => {
      fake.sessionRules = [...fake.sessionRules.filter((rule) => !removeRuleIds.includes(rule.id)), ...addRules];
    },
  },
  tabs: {
    create: async ({ url: target = '' }: { url?: string }) =>
      fake.tabs[fake.tabs.push({ id: fake.tabs.length + 1, url: target }) - 1],
    query: async () => fake.tabs,
    update: async () => undefined,
  },
  windows: { update: async () => undefined, onFocusChanged: new FakeEvent() },
};

/** The worker dies: its listeners are gone, everything stored stays. Follow with `vi.resetModules()` and a new import for the next boot. */
export function killFakeWorker(): void {
  for (const api of [...Object.values(fakeBrowser), ...Object.values(storage)]) {
    for (const member of Object.values(api)) if (member instanceof FakeEvent) member.clear();
  }
}

/** A new browser: nothing stored, nothing granted, nobody listening. */
export function resetFakeBrowser(): void {
  killFakeWorker();
  fake = fresh();
  for (const one of [storage.local, storage.session, storage.managed, storage.sync]) one.reset();
}
