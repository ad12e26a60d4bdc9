/** Are the settings right? Used at the field by the options page and again by the worker before it saves. */
import { CATEGORIES } from './agent-state.ts';
import { isAllowedAddress } from './connection-hosts.ts';
import type { FieldNote } from './field-note.ts';
import { looksSecret } from './looks-secret.ts';
import { LIMITS, type QuietHours, type Rule, type Settings } from './settings.ts';

export type RuleNotes = Partial<Record<'categories' | 'reasons' | 'minutes', FieldNote>>;
export type QuietNotes = Partial<Record<'from' | 'to' | 'days', FieldNote>>;

/** Empty when all is right. `rules` holds the notes of the rules that are wrong, by rule id. */
export interface SettingsErrors {
  watchedAgentIds?: FieldNote;
  /** About the list of rules as a whole. */
  ruleCount?: FieldNote;
  rules?: Record<string, RuleNotes>;
  quietHours?: QuietNotes;
  pollSeconds?: FieldNote;
  retentionDays?: FieldNote;
  auditUrl?: FieldNote;
  wfmUrl?: FieldNote;
}

const ENDPOINT_MAX = 500;
const REASONS_MAX = 50;
const REASON_LENGTH_MAX = 500;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** @param loopback plain http to this computer is allowed */
export function checkSettings(settings: Settings, loopback = false): SettingsErrors {
  const errors: SettingsErrors = {};
  if (settings.watchedAgentIds.length > LIMITS.watchedAgents) errors.watchedAgentIds = tooMany(LIMITS.watchedAgents);
  if (settings.rules.length > LIMITS.rules) errors.ruleCount = tooMany(LIMITS.rules);
  const rules = settings.rules.map((rule) => [rule.id, checkRule(rule)] as const).filter(([, notes]) => hasNotes(notes));
  if (rules.length > 0) errors.rules = Object.fromEntries(rules);
  const quiet = checkQuietHours(settings.quietHours);
  if (hasNotes(quiet)) errors.quietHours = quiet;
  for (const field of ['pollSeconds', 'retentionDays'] as const) {
    const found = checkWhole(settings[field], LIMITS[field]);
    if (found !== null) errors[field] = found;
  }
  for (const field of ['auditUrl', 'wfmUrl'] as const) {
    const found = checkEndpoint(settings[field], loopback);
    if (found !== null) errors[field] = found;
  }
  return errors;
}

/** An address that audit entries or rows are sent on to: https, whole, and nothing secret in it; '' = none. */
export function checkEndpoint(text: string, loopback: boolean): FieldNote | null {
  if (text === '') return null;
  if (text.length > ENDPOINT_MAX) return { key: 'field_tooLong', params: [String(ENDPOINT_MAX)] };
  if (looksSecret(text)) return { key: 'field_secret', params: [] };
  if (isAllowedAddress(text, loopback)) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) {
    const suggestion = `https://${text.replace(/^\/+/, '')}`;
    const note: FieldNote = { key: 'field_urlUnreadable', params: [] };
    return isAllowedAddress(suggestion, false) ? { ...note, suggestion } : note;
  }
  if (url.username !== '' || url.password !== '') return { key: 'field_urlCredentials', params: [] };
  return { key: 'field_httpsOnly', params: [] };
}

/** A rule says nothing about its kind's unused fields; those are not looked at. */
export function checkRule(rule: Rule): RuleNotes {
  const notes: RuleNotes = {};
  const narrows = rule.kind === 'enters' || rule.kind === 'leaves' || rule.kind === 'longerThan';
  if (!narrows) return notes;
  // "Longer than 10 minutes in any state" would alert for every agent who is logged out.
  if (rule.kind === 'longerThan' && rule.categories.length === 0 && rule.reasons.length === 0) {
    notes.categories = { key: 'field_ruleNoState', params: [] };
  }
  if (rule.categories.some((category) => !CATEGORIES.includes(category)))
    notes.categories = { key: 'field_ruleNoState', params: [] };
  if (rule.reasons.length > REASONS_MAX) notes.reasons = tooMany(REASONS_MAX);
  else if (rule.reasons.some((reason) => reason.trim() === '' || reason.length > REASON_LENGTH_MAX)) {
    notes.reasons = { key: 'field_ruleReason', params: [String(REASON_LENGTH_MAX)] };
  }
  if (rule.kind === 'longerThan') {
    const found = checkWhole(rule.minutes, LIMITS.ruleMinutes);
    if (found !== null) notes.minutes = found;
  }
  return notes;
}

/** `from` = `to` is right: a whole day (quiet.ts). Days may be empty only while the hours are switched off. */
export function checkQuietHours(quiet: QuietHours): QuietNotes {
  const notes: QuietNotes = {};
  for (const field of ['from', 'to'] as const) {
    if (!CLOCK.test(quiet[field])) notes[field] = { key: 'field_clock', params: [] };
  }
  if (quiet.enabled && quiet.days.length === 0) notes.days = { key: 'field_quietDays', params: [] };
  return notes;
}

/** A whole number within its limits. The suggestion is the nearest one that is. */
export function checkWhole(value: number, { min, max }: { min: number; max: number }): FieldNote | null {
  if (Number.isInteger(value) && value >= min && value <= max) return null;
  const note: FieldNote = { key: 'field_range', params: [String(min), String(max)] };
  return Number.isFinite(value) ? { ...note, suggestion: String(Math.min(max, Math.max(min, Math.round(value)))) } : note;
}

function tooMany(max: number): FieldNote {
  return { key: 'field_tooMany', params: [String(max)] };
}

function hasNotes(notes: object): boolean {
  return Object.keys(notes).length > 0;
}
