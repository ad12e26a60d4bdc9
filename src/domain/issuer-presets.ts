/**
 * The OpenID providers of NICE's clouds (facts/cxone-api.md section 1). There is one for all commercial regions: which region (area) a tenant
 * lives in is found by discovery (`cxone/discovery.ts`), so that nobody has to know it.
 */

export interface IssuerPreset {
  key: 'commercial' | 'fedRamp' | 'sovereignAu' | 'sovereignEu';
  issuer: string;
  /** The hosts to ask Chrome for, as match patterns: issuer, API and the pages for people. A domain's own name is in its pattern. */
  hostPatterns: readonly string[];
}

export const ISSUER_PRESETS: readonly IssuerPreset[] = [
  {
    key: 'commercial',
    issuer: 'https://cxone.niceincontact.com',
    hostPatterns: ['https://*.niceincontact.com/*', 'https://*.nice-incontact.com/*', 'https://*.nicecxone.com/*'],
  },
  {
    key: 'fedRamp',
    issuer: 'https://cxone-gov.niceincontact.com',
    hostPatterns: ['https://cxone-gov.niceincontact.com/*', 'https://*.nicecxone-gov.com/*'],
  },
  { key: 'sovereignAu', issuer: 'https://nicecxone-sov1.au', hostPatterns: ['https://*.nicecxone-sov1.au/*'] },
  { key: 'sovereignEu', issuer: 'https://nicecxone-sov1.eu', hostPatterns: ['https://*.nicecxone-sov1.eu/*'] },
];

/** The preset of an issuer as people write it, with or without a slash at the end; null for another provider. */
export function presetOf(issuer: string): IssuerPreset | null {
  const bare = issuer.trim().replace(/\/+$/, '').toLowerCase();
  return ISSUER_PRESETS.find((preset) => preset.issuer === bare) ?? null;
}
