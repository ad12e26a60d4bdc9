/** Keys that would widen what the extension can touch (DESIGN section 5, facts/security-reliability.md): a change of mind needs a change here. */
const FORBIDDEN_KEYS = [
  'content_scripts',
  'web_accessible_resources',
  'externally_connectable',
  'host_permissions',
  'sandbox',
  'update_url',
];
/** The dev server and the demo build leave these behind; a production build has none. */
const FORBIDDEN_TEXTS = ['localhost', '127.0.0.1', 'http:', '<all_urls>', 'unsafe-', 'data:'];

type Manifest = Record<string, unknown>;

/** `assets/main-Ab3_x9Zq.js` → `assets/main-HASH.js`: the same source, the same snapshot. */
export function withoutHashes(manifest: Manifest): Manifest {
  return JSON.parse(JSON.stringify(manifest).replace(/-[\w-]{8}\.(js|css)"/g, '-HASH.$1"'));
}

export function forbiddenInManifest(manifest: Manifest): string[] {
  const text = JSON.stringify(manifest);
  return [
    ...FORBIDDEN_KEYS.filter((key) => key in manifest).map((key) => `the manifest must not have "${key}"`),
    ...FORBIDDEN_TEXTS.filter((part) => text.includes(part)).map((part) => `the manifest must not contain "${part}"`),
  ];
}
