/** What a connection begins with under each profile, and how a draft goes over from the one to the other. */
import { API_PREFIXES, type ConnectionDraft, grantsFor, type Profile } from './connection.ts';
import { ISSUER_PRESETS, presetOf } from './issuer-presets.ts';

/** The versions of the public API, the newest first: it is the one to begin with (facts/cxone-api.md section 1). */
const PUBLIC_VERSIONS = ['v34.0', 'v30.0', 'v28.0'] as const;

/** As NICE's documents spell the path; CXone takes any case, software between us and it may not (facts section 9). */
const PUBLIC_PREFIXES: readonly string[] = PUBLIC_VERSIONS.map((version) => `/inContactAPI/services/${version}`);

/** The usual paths before `/agents/states`, the one to begin with first. */
export function prefixesFor(profile: Profile): readonly [string, ...string[]] {
  const [first = '', ...others] = profile === 'public' ? PUBLIC_PREFIXES : API_PREFIXES;
  return [first, ...others];
}

/** The version a path of the public API ends with, e.g. `v34.0`; the path itself where it names none. */
export function versionOf(prefix: string): string {
  return /\/(v\d+(?:\.\d+)?)$/i.exec(prefix)?.[1] ?? prefix;
}

/**
 * The same connection under another profile. What was left at its default goes over to the other's, what was typed stays; so one may
 * choose back and forth and lose nothing.
 */
export function withProfile<T extends Omit<ConnectionDraft, 'name'>>(draft: T, profile: Profile): T {
  if (profile === draft.profile) return draft;
  const usual = draft.apiPrefix === '' || prefixesFor(draft.profile).includes(draft.apiPrefix);
  const ofPublic = draft.issuer || (ISSUER_PRESETS[0]?.issuer ?? '');
  return {
    ...draft,
    profile,
    issuer: profile === 'public' ? ofPublic : presetOf(draft.issuer) ? '' : draft.issuer,
    apiPrefix: usual ? prefixesFor(profile)[0] : draft.apiPrefix,
    grant: grantsFor(profile).includes(draft.grant) ? draft.grant : 'authorizationCode',
  };
}
