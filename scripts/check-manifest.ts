/**
 * The built manifest is what a reviewer approved: it equals test/manifest.snapshot.json (hashes apart), and some things are never in it.
 * `--update` writes the snapshot anew; look at the difference before you commit it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Built, root } from './lib/built.ts';
import { forbiddenInManifest, withoutHashes } from './lib/manifest-rules.ts';

const SNAPSHOT = join(root, 'test', 'manifest.snapshot.json');
const built = withoutHashes(new Built('dist').manifest);
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const wrong = forbiddenInManifest(built);
if (process.argv.includes('--update')) {
  writeFileSync(SNAPSHOT, pretty(built));
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  spawnSync(process.execPath, [biome, 'format', '--write', SNAPSHOT], { cwd: root });
  console.log('test/manifest.snapshot.json written');
} else {
  const approved: unknown = existsSync(SNAPSHOT) ? JSON.parse(readFileSync(SNAPSHOT, 'utf8')) : null;
  if (!isDeepStrictEqual(built, approved)) {
    wrong.push(
      'the built manifest differs from test/manifest.snapshot.json. If that is meant: npx tsx scripts/check-manifest.ts --update',
    );
    const lines = (value: unknown) => new Set(pretty(value).split('\n'));
    const [now, then] = [lines(built), lines(approved)];
    wrong.push(...[...then].filter((line) => !now.has(line)).map((line) => `- ${line}`));
    wrong.push(...[...now].filter((line) => !then.has(line)).map((line) => `+ ${line}`));
  }
}
for (const line of wrong) console.error(line);
if (wrong.length === 0) console.log('the built manifest is as approved');
process.exitCode = wrong.length > 0 ? 1 : 0;
