/** `npm run pack`: the zip that goes to the Chrome Web Store, from dist/. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Built, root } from './lib/built.ts';
import { zip } from './lib/zip.ts';

const built = new Built('dist');
const packed = zip(new Map(built.files().map((path) => [path, built.bytes(path)])));
const name = `agent-watch-for-cxone-${built.manifest.version}.zip`;
writeFileSync(join(root, name), packed);
console.log(`${name}: ${(packed.length / 1024).toFixed(1)} KB`);
