/** Holds DESIGN section 3: which room may import from which, and what only one file may do. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brokenImportRules } from './lib/import-rules.ts';

const root = join(import.meta.dirname, '..');
const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const sources = new Map(
  files.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')];
  }),
);
const broken = brokenImportRules(sources);
for (const line of broken) console.error(line);
console.log(`${sources.size} files, ${broken.length} broken import rules`);
process.exitCode = broken.length > 0 ? 1 : 0;
