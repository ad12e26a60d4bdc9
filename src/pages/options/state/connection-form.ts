/** The connection as it is typed, checked and saved. */
import { computed, effect, signal } from '@preact/signals';
import { type Connection, type ConnectionDraft, EMPTY_DRAFT } from '../../../domain/connection.ts';
import { checkConnection, type FieldNote } from '../../../domain/connection-check.ts';
import { connectionHosts } from '../../../domain/connection-hosts.ts';
import { send } from '../../../messages/send.ts';
import { t } from '../../../messages/words.ts';
import { same } from '../../parts/keep.ts';
import { say } from '../../parts/notice.tsx';
import { forgetDraft, keepDraft, keptDraft } from './draft-store.ts';
import { type Failure, failureOf } from './failure.ts';
import { askForHosts, lookAtHosts, tellHosts } from './host-access.ts';

export type DraftField = keyof ConnectionDraft;
export type TextField = Exclude<DraftField, 'profile' | 'vocabulary' | 'scopes' | 'capabilities'>;

export const connectionId = signal<string | null>(null);
export const saved = signal<ConnectionDraft>(EMPTY_DRAFT);
export const draft = signal<ConnectionDraft>(EMPTY_DRAFT);
/** Fields whose notes are shown: those left once, and all after Save. */
const touched = signal<ReadonlySet<DraftField>>(new Set());
export const saving = signal(false);
export const saveFailure = signal<Failure | null>(null);
const ready = signal(false);

export const check = computed(() => checkConnection(draft.value, { loopback: __DEMO__ }));
export const dirty = computed(() => !same(check.value.draft, saved.value));
export const canUse = computed(() => connectionId.value !== null || dirty.value);

/** Where the first wrong field stands in the page, to go to it. */
const ORDER: DraftField[] = [
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
export const ADVANCED: readonly DraftField[] = ['authorizationEndpoint', 'tokenEndpoint', 'apiPrefix', 'tenantId'];
export const fieldId = (field: DraftField) => `connection-${field}`;

effect(() => {
  if (!ready.value) return;
  if (dirty.value) keepDraft(connectionId.value, draft.value);
  else forgetDraft();
});

/** Takes what the worker has saved. What was typed and not saved stays, but for fields the organisation sets. */
export function takeConnection(connection: Connection | null, locked: readonly string[]): void {
  const next = connection === null ? EMPTY_DRAFT : withoutId(connection);
  const id = connection?.id ?? null;
  const typed = ready.peek() && dirty.peek() ? draft.peek() : keptDraft(id, next);
  connectionId.value = id;
  saved.value = next;
  draft.value = typed === null ? next : { ...next, ...typed, ...fixedBy(next, locked) };
  ready.value = true;
  void lookAtHosts(connectionHosts(next));
}

function withoutId({ id: _, ...rest }: Connection): ConnectionDraft {
  return rest;
}

function fixedBy(next: ConnectionDraft, locked: readonly string[]): Partial<ConnectionDraft> {
  const fields = new Set(locked);
  const fixed = Object.entries(next).filter(([name]) => fields.has(name));
  return { ...Object.fromEntries(fixed), ...(fields.has('scopes') ? { vocabulary: next.vocabulary } : {}) };
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
  draft.value = saved.peek();
  touched.value = new Set();
  saveFailure.value = null;
  say(t('options_discarded'), () => {
    draft.value = typed;
  });
}

/** After "erase everything": what was typed goes too. */
export function forgetForm(): void {
  ready.value = false;
  forgetDraft();
  saved.value = EMPTY_DRAFT;
  draft.value = EMPTY_DRAFT;
  touched.value = new Set();
  saveFailure.value = null;
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
  const asked = askForHosts(connectionHosts(tidy));
  // Saved also when Chrome refuses: nothing typed hangs on that answer.
  const done = dirty.peek() ? save(tidy) : Promise.resolve(true);
  void Promise.all([asked, done]).then(tellHosts);
  return { saved: done, asked };
}

async function save(tidy: ConnectionDraft): Promise<boolean> {
  const before = draft.peek();
  saving.value = true;
  saveFailure.value = null;
  try {
    const { id } = await send('saveConnection', { draft: tidy });
    connectionId.value = id;
    saved.value = tidy;
    if (draft.peek() === before) draft.value = tidy;
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
