/** The connection as it is typed, checked and saved. */
import { batch, computed, effect, signal } from '@preact/signals';
import { type Connection, type ConnectionDraft, EMPTY_DRAFT, type Profile } from '../../../domain/connection.ts';
import { checkConnection } from '../../../domain/connection-check.ts';
import { connectionHosts, patternsToAsk } from '../../../domain/connection-hosts.ts';
import { withProfile } from '../../../domain/connection-profile.ts';
import type { FieldNote } from '../../../domain/field-note.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { same } from '../../parts/keep.ts';
import { say } from '../../parts/notice.tsx';
import { glance } from '../../parts/store.ts';
import { forgetAllDrafts, forgetDraft, keepDraft, keptDraft } from './draft-store.ts';
import { type Failure, failureOf } from './failure.ts';
import { askForHosts, lookAtHosts, tellHosts } from './host-access.ts';

export type DraftField = keyof ConnectionDraft;
export type TextField = Exclude<DraftField, 'profile' | 'grant' | 'vocabulary' | 'scopes' | 'capabilities'>;

/** Null: it has not been saved yet. */
export const connectionId = signal<string | null>(null);
export const saved = signal<ConnectionDraft>(EMPTY_DRAFT);
export const draft = signal<ConnectionDraft>(EMPTY_DRAFT);
/** Another connection is being added, beside those there are. */
export const adding = signal(false);
/** Where CXone said the API of the saved connection is; '' = not known. */
export const foundApi = signal('');
/** Counts what was saved: whoever shows what hangs on it looks again. */
export const saves = signal(0);
/** Fields whose notes are shown: those left once, and all after Save. */
const touched = signal<ReadonlySet<DraftField>>(new Set());
export const saving = signal(false);
export const saveFailure = signal<Failure | null>(null);
const ready = signal(false);

export const check = computed(() => checkConnection(draft.value, { loopback: __DEMO__, foundApi: foundApi.value }));
export const dirty = computed(() => !same(check.value.draft, saved.value));
export const canUse = computed(() => connectionId.value !== null || dirty.value);

/** Where the first wrong field stands in the page, to go to it. */
const ORDER: readonly DraftField[] = [
  'name',
  'issuer',
  'apiBaseUrl',
  'clientId',
  'scopes',
  'authorizationEndpoint',
  'tokenEndpoint',
  'apiPrefix',
  'tenantId',
];
const RARE: readonly DraftField[] = ['authorizationEndpoint', 'tokenEndpoint', 'apiPrefix', 'tenantId'];
/** The fields under "Advanced". Of the public API the address is found by itself. */
export const advancedFields = (profile: Profile): readonly DraftField[] =>
  profile === 'public' ? ['apiBaseUrl', ...RARE] : RARE;
export const fieldId = (field: DraftField) => `connection-${field}`;

effect(() => {
  if (!ready.value) return;
  if (dirty.value) keepDraft(connectionId.value, draft.value);
  else forgetDraft(connectionId.value);
});

/** The origins the saved connection speaks to, with what has been found out about it since. */
export const neededHosts = computed(() => {
  const shown = glance.value?.connection;
  const found = shown && shown.id === connectionId.value ? shown.hosts : [];
  return [...new Set([...connectionHosts(saved.value), ...found])];
});
effect(() => {
  if (ready.value) void lookAtHosts(neededHosts.value);
});

/** Takes what the worker has saved. What was typed and not saved stays, but for fields the organisation sets. `blank`: what a new one begins with. */
export function takeConnection(
  connection: Connection | null,
  locked: readonly string[],
  blank: ConnectionDraft = EMPTY_DRAFT,
  found = '',
): void {
  const next = connection === null ? blank : withoutId(connection);
  const id = connection?.id ?? null;
  const typed = ready.peek() && id === connectionId.peek() && dirty.peek() ? draft.peek() : keptDraft(id, next);
  // At once: between two of these the draft of the one would be taken for the other's.
  batch(() => {
    if (id !== connectionId.peek()) forgetNotes();
    connectionId.value = id;
    saved.value = next;
    // What it is used for is switched with the worker, and not typed.
    draft.value = typed === null ? next : { ...next, ...typed, capabilities: next.capabilities, ...fixedBy(next, locked) };
    foundApi.value = found;
    adding.value = false;
    ready.value = true;
  });
}

/** An empty form, or what was typed into it before, beside the connections there are. */
export function startAdding(blank: ConnectionDraft, locked: readonly string[]): void {
  takeConnection(null, locked, blank);
  adding.value = true;
}

function forgetNotes(): void {
  touched.value = new Set();
  saveFailure.value = null;
}

function withoutId({ id: _, ...rest }: Connection): ConnectionDraft {
  return rest;
}

function fixedBy(next: ConnectionDraft, locked: readonly string[]): Partial<ConnectionDraft> {
  const fields = new Set(locked);
  const fixed = Object.entries(next).filter(([name]) => fields.has(name));
  return { ...Object.fromEntries(fixed), ...(fields.has('scopes') ? { vocabulary: next.vocabulary } : {}) };
}

/** Another API: what was left at its default goes over to the other's. */
export function changeProfile(profile: Profile): void {
  draft.value = withProfile(draft.peek(), profile);
  forgetNotes();
}

export function change(patch: Partial<ConnectionDraft>): void {
  draft.value = { ...draft.peek(), ...patch };
  saveFailure.value = null;
}

export function touch(...fields: DraftField[]): void {
  touched.value = new Set([...touched.peek(), ...fields]);
}

export interface ShownNote extends FieldNote {
  wrong: boolean;
}

/** The note to show beside a field now. */
export function noteOf(field: DraftField): ShownNote | null {
  if (!touched.value.has(field)) return null;
  const { errors, hints } = check.value;
  const error = errors[field];
  if (error !== undefined) return { ...error, wrong: true };
  const hint = hints[field];
  return hint === undefined ? null : { ...hint, wrong: false };
}

/** Puts the likely right value in, with one click. */
export function takeSuggestion(field: DraftField, { suggestion, also }: FieldNote): void {
  if (suggestion === undefined) return;
  change({ [field]: suggestion, ...(also === undefined ? {} : { [also.field]: also.value }) });
}

/** Back to what is saved; what was typed comes back with Undo. */
export function discard(): void {
  const typed = draft.peek();
  const id = connectionId.peek();
  draft.value = saved.peek();
  forgetNotes();
  say(t('options_discarded'), () => {
    // Another one may be shown by now: there it has no business.
    if (connectionId.peek() === id) draft.value = typed;
  });
}

/** After "erase everything": what was typed goes too. */
export function forgetForm(): void {
  ready.value = false;
  forgetAllDrafts();
  saved.value = EMPTY_DRAFT;
  draft.value = EMPTY_DRAFT;
  forgetNotes();
}

export interface Saving {
  /** True once the worker has it. */
  saved: Promise<boolean>;
  /** Settles when Chrome's question about hosts is answered. */
  asked: Promise<boolean>;
}

/**
 * Saves the draft if it was changed, and asks Chrome for its hosts. Call it in the click itself, before any await.
 * Null when a field is wrong: it is then marked and has the focus.
 */
export function saveAndAsk(): Saving | null {
  if (saving.peek()) return null;
  const { errors, draft: tidy } = check.peek();
  const wrong = ORDER.find((field) => errors[field] !== undefined);
  if (wrong !== undefined) {
    touch(...ORDER);
    showField(wrong);
    return null;
  }
  const asked = dirty.peek() ? askForHosts(patternsToAsk(tidy), connectionHosts(tidy)) : askForSaved();
  // Saved also when Chrome refuses: nothing typed hangs on that answer.
  const done = dirty.peek() ? save(tidy) : Promise.resolve(true);
  void Promise.all([asked, done]).then(tellHosts);
  return { saved: done, asked };
}

/** Asks for the hosts of the saved connection, in the click itself. Where its API is not known yet its cloud is asked for as well: one question in place of two. */
export function askForSaved(): Promise<boolean> {
  const needed = neededHosts.peek();
  const patterns = foundApi.peek() === '' ? patternsToAsk(saved.peek()) : needed.map((origin) => `${origin}/*`);
  return askForHosts(patterns, needed);
}

async function save(tidy: ConnectionDraft): Promise<boolean> {
  const before = draft.peek();
  const given = connectionId.peek();
  saving.value = true;
  saveFailure.value = null;
  try {
    const { id } = await send('saveConnection', { id: given, draft: tidy });
    // While it was being saved, another one may have been chosen.
    const still = connectionId.peek() === given;
    if (given === null || !still) forgetDraft(given);
    if (still)
      batch(() => {
        connectionId.value = id;
        saved.value = tidy;
        if (draft.peek() === before) draft.value = tidy;
        adding.value = false;
      });
    saves.value += 1;
    say(t('options_connectionSaved'));
    return true;
  } catch (error) {
    saveFailure.value = failureOf(error);
    return false;
  } finally {
    saving.value = false;
  }
}

function showField(field: DraftField): void {
  const place = document.getElementById(fieldId(field));
  place?.closest('details')?.setAttribute('open', '');
  place?.focus();
}
