/** Reading a built extension: its files, and what a page or the worker loads at once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { parseSync } from 'vite';

export const root = join(import.meta.dirname, '..', '..');

interface BuiltManifest {
  background: { service_worker: string };
  action: { default_popup: string };
  options_ui: { page: string };
  version: string;
}

/** A folder that `vite build` has written. All paths are relative to it, with forward slashes. */
export class Built {
  readonly manifest: BuiltManifest & Record<string, unknown>;
  private readonly home: string;

  constructor(folder: 'dist' | 'dist-demo') {
    this.home = join(root, folder);
    if (!existsSync(join(this.home, 'manifest.json')))
      throw new Error(`${folder} is not built: run npm run build${folder === 'dist' ? '' : ':demo'} first.`);
    this.manifest = JSON.parse(this.text('manifest.json'));
  }

  bytes(path: string): Buffer {
    return readFileSync(join(this.home, path));
  }

  text(path: string): string {
    return this.bytes(path).toString('utf8');
  }

  /** What is shipped: everything but source maps and the bundler's own notes. */
  files(): string[] {
    return readdirSync(this.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.home, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((path) => !path.endsWith('.map') && !path.startsWith('.vite/'))
      .sort();
  }

  /** Scripts and style sheets that are loaded before anything is clicked: static imports, not dynamic ones. */
  loadedBy(entry: string): string[] {
    const loaded = new Set(entry.endsWith('.html') ? this.tagsOf(entry) : [entry]);
    // A set being walked also yields what is added to it on the way.
    for (const path of loaded) if (path.endsWith('.js')) for (const target of this.importsOf(path)) loaded.add(target);
    return [...loaded];
  }

  private tagsOf(page: string): string[] {
    const tags = this.text(page).matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+\.(?:js|css))"/g);
    return [...tags].map(([, path = '']) => this.resolve(page, path));
  }

  private importsOf(path: string): string[] {
    const { staticImports, staticExports } = parseSync(path, this.text(path)).module;
    const reExports = staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value ?? ''));
    return [...staticImports.map(({ moduleRequest }) => moduleRequest.value), ...reExports]
      .filter(Boolean)
      .map((specifier) => this.resolve(path, specifier));
  }

  private resolve(from: string, path: string): string {
    return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path);
  }
}
