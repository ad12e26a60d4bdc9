import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forbiddenInManifest, withoutHashes } from '../../../scripts/lib/manifest-rules.ts';
import { zip } from '../../../scripts/lib/zip.ts';

describe('the manifest rules', () => {
  it('hide hashes and nothing else', () => {
    expect(withoutHashes({ a: 'assets/main-Ab3_x-Zq.js', b: 'service-worker.js' })).toEqual({
      a: 'assets/main-HASH.js',
      b: 'service-worker.js',
    });
  });

  it.each([
    ['web_accessible_resources', { web_accessible_resources: [] }],
    ['host_permissions', { host_permissions: ['https://x/*'] }],
    ['127.0.0.1', { optional_host_permissions: ['http://127.0.0.1/*'] }],
    ['unsafe-', { content_security_policy: { extension_pages: "script-src 'unsafe-eval'" } }],
  ])('go red for %s', (words, manifest) => {
    expect(forbiddenInManifest(manifest).join()).toContain(words);
  });
});

describe('the zip', () => {
  const files = new Map([
    ['b/ü.txt', Buffer.from('hello '.repeat(1000))],
    ['a.txt', Buffer.from('')],
  ]);

  it('is the same for the same files, whatever their order', () => {
    expect(zip(files).equals(zip(new Map([...files].reverse())))).toBe(true);
  });

  it.skipIf(spawnSync('python3', ['-V']).status !== 0)('is read by another program', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zip-'));
    try {
      const path = join(folder, 'x.zip');
      writeFileSync(path, zip(files));
      const script =
        'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, i.file_size) for i in z.infolist()])';
      const said = execFileSync('python3', ['-c', script, path], {
        encoding: 'utf8',
        env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
      });
      expect(said.trim()).toBe("None [('a.txt', 0), ('b/ü.txt', 6000)]");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
