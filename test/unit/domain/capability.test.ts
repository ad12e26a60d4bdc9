import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../src/domain/config-file.ts';
import { configOf, planImport } from '../../../src/domain/config-plan.ts';
import {
  type ConnectionDraft,
  EMPTY_DRAFT,
  requiredScopes,
  scopesOf,
  vitalScopes,
  withCapability,
} from '../../../src/domain/connection.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';

const draft = (more: Partial<ConnectionDraft> = {}): ConnectionDraft => ({ ...EMPTY_DRAFT, ...more });
const own = draft({ vocabulary: 'custom', scopes: ['states', 'people'] });

describe('the capability history', () => {
  it('asks for its scope besides, in every vocabulary; the public API has none', () => {
    for (const vocabulary of ['view', 'read', 'agent'] as const) {
      const on = withCapability(draft({ vocabulary }), 'history', true, true);
      expect(requiredScopes(on)).toEqual([...requiredScopes(draft({ vocabulary })), 'reporting']);
    }
    const open = withCapability(draft({ profile: 'public' }), 'history', true, true);
    expect([requiredScopes(open), scopesOf(open, 'history')]).toEqual([[], []]);
    expect(open.capabilities).toEqual(['watch', 'history']);
  });

  it('is not needed for watching', () => {
    const on = withCapability(draft(), 'history', true, true);
    expect(vitalScopes(on)).toEqual(['view:agent', 'view:interaction']);
    expect(vitalScopes(withCapability(own, 'history', true, true))).toEqual(['states', 'people']);
    // Nothing else is asked for: then that is what it is all about.
    expect(vitalScopes(draft({ capabilities: ['history'] }))).toEqual(['reporting']);
    expect(vitalScopes(draft({ vocabulary: 'custom', scopes: ['reports'] }))).toEqual(['reports']);
  });

  it('switched on and off again leaves what there was', () => {
    for (const before of [draft(), draft({ profile: 'public' }), own]) {
      const on = withCapability(before, 'history', true, true);
      expect(withCapability(on, 'history', true, true)).toEqual(on);
      expect(withCapability(on, 'history', false, true)).toEqual(before);
    }
  });

  it('adds to a list of the tenant’s own what it lacks, and only where it may', () => {
    expect(withCapability(own, 'history', true, true).scopes).toEqual(['states', 'people', 'reporting']);
    expect(withCapability(own, 'history', true, false).scopes).toEqual(['states', 'people']);
    const named = draft({ vocabulary: 'custom', scopes: ['states', 'Reports.Read'] });
    expect(withCapability(named, 'history', true, true).scopes).toEqual(['states', 'Reports.Read']);
    expect(scopesOf(named, 'history')).toEqual(['Reports.Read']);
  });

  it('goes through a file and back', () => {
    const before = withCapability(
      draft({ issuer: 'https://id.example', apiBaseUrl: 'https://api.example' }),
      'history',
      true,
      true,
    );
    const { values, refused } = checkConfig({ ...configOf(before, DEFAULT_SETTINGS) }, false);
    expect(refused).toEqual([]);
    const plan = planImport(values, { saved: draft(), draft: draft(), settings: DEFAULT_SETTINGS, locked: new Set() });
    expect(plan.draft).toMatchObject({ vocabulary: 'view', capabilities: ['watch', 'history'] });
    expect(requiredScopes(plan.draft)).toEqual(requiredScopes(before));
  });
});

const SKILLS = ['users:read', 'users:write', 'routing:read', 'analytics:read', 'audit:read'];

describe('the capability skills', () => {
  it('is off until somebody wants it', () => {
    expect(draft().capabilities).toEqual(['watch']);
    expect(requiredScopes(draft())).toEqual(['view:agent', 'view:interaction']);
  });

  it('asks for its scopes besides, in every vocabulary; the public API has none', () => {
    for (const vocabulary of ['view', 'read', 'agent'] as const) {
      const before = withCapability(draft({ vocabulary }), 'history', true, true);
      const on = withCapability(before, 'skills', true, true);
      expect(requiredScopes(on)).toEqual([...requiredScopes(before), ...SKILLS]);
      expect(scopesOf(on, 'skills')).toEqual(SKILLS);
      expect(vitalScopes(on)).toEqual(vitalScopes(draft({ vocabulary })));
      expect(withCapability(on, 'skills', false, true)).toEqual(before);
    }
    const open = withCapability(draft({ profile: 'public' }), 'skills', true, true);
    expect([requiredScopes(open), scopesOf(open, 'skills'), open.capabilities]).toEqual([[], [], ['watch', 'skills']]);
  });

  it('adds to a list of the tenant’s own each scope it lacks, and takes them away again', () => {
    const on = withCapability(own, 'skills', true, true);
    expect(on.scopes).toEqual(['states', 'people', ...SKILLS]);
    expect(vitalScopes(on)).toEqual(['states', 'people']);
    expect(withCapability(on, 'skills', false, true)).toEqual(own);
    expect(withCapability(on, 'skills', true, true)).toEqual(on);
    const some = draft({ vocabulary: 'custom', scopes: ['states', 'routing:read', 'users:read'] });
    expect(withCapability(some, 'skills', true, true).scopes).toEqual([
      'states',
      'routing:read',
      'users:read',
      'users:write',
      'analytics:read',
      'audit:read',
    ]);
    expect(withCapability(own, 'skills', true, false).scopes).toEqual(own.scopes);
  });

  it('leaves alone what the tenant calls otherwise', () => {
    const named = draft({ vocabulary: 'custom', scopes: ['states', 'Skills.ReadWrite', 'users_read'] });
    expect(withCapability(named, 'skills', true, true).scopes).toEqual(named.scopes);
    expect(scopesOf(named, 'skills')).toEqual(['Skills.ReadWrite', 'users_read']);
  });

  it.each([
    ['users:read', true],
    ['user.write', true],
    ['Routing', true],
    ['analytics/query', true],
    ['audit_log', true],
    ['agent-skills', true],
    ['userinfo', false],
    ['agent:users', false],
    ['view:agent', false],
  ])('%s is its own: %s', (scope, is) => {
    expect(scopesOf(draft({ vocabulary: 'custom', scopes: [scope] }), 'skills')).toEqual(is ? [scope] : []);
  });

  it('switched off, takes nothing away from what watching needs', () => {
    const watching = draft({ vocabulary: 'custom', scopes: ['agents:read', 'analytics:realtime'] });
    expect(vitalScopes(watching)).toEqual(watching.scopes);
    expect(vitalScopes({ ...watching, capabilities: ['watch', 'skills'] })).toEqual(['agents:read']);
  });

  it('goes through a file and back', () => {
    const before = withCapability(
      draft({ issuer: 'https://id.example', apiBaseUrl: 'https://api.example' }),
      'skills',
      true,
      true,
    );
    const { values, refused } = checkConfig({ ...configOf(before, DEFAULT_SETTINGS) }, false);
    expect(refused).toEqual([]);
    const plan = planImport(values, { saved: draft(), draft: draft(), settings: DEFAULT_SETTINGS, locked: new Set() });
    expect(plan.draft).toMatchObject({ vocabulary: 'view', capabilities: ['watch', 'skills'] });
    expect(requiredScopes(plan.draft)).toEqual(requiredScopes(before));
  });
});
