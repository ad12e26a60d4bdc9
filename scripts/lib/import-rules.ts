/** The rules of DESIGN section 3 as a pure function over source texts, so that a test can show each one going red. */
import { posix } from 'node:path';
import { parseSync } from 'vite';

/** A room may always import from itself. */
const ARROWS: Record<string, readonly string[]> = {
  pages: ['messages', 'domain'],
  messages: ['domain'],
  background: ['auth', 'cxone', 'storage', 'messages', 'domain'],
  auth: ['domain'],
  cxone: ['domain'],
  storage: ['domain'],
  domain: [],
};
/** Pages take types only from the contract, so that the schema library never reaches them; tokens and their library stay in the worker. */
const NEVER_IN_PAGES = ['zod', 'oauth4webapi', 'idb'];
const NETWORK_FILE = 'src/cxone/http.ts';
const STORAGE_FILE = 'src/messages/published.ts';
const NETWORK = new Set(['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'sendBeacon']);
const CODE = /\.tsx?$/;

interface Edge {
  specifier: string;
  /** Erased by the compiler: an arrow all the same, but nothing that runs. */
  typeOnly: boolean;
  line: number;
}
interface Module {
  edges: Edge[];
  dynamicLines: number[];
  /** Names called, constructed or read as a member: `fetch`, `chrome`, `storage` … with their lines. */
  uses: { name: string; how: 'call' | 'member' | 'object'; line: number }[];
}
interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function visit(node: Node, seen: (node: Node) => void): void {
  seen(node);
  for (const child of Object.values(node).flat()) if (isNode(child)) visit(child, seen);
}

/** The name that is called: `fetch(…)`, `globalThis.fetch(…)`, `new WebSocket(…)`. */
function calledName(callee: unknown): string {
  if (!isNode(callee)) return '';
  if (callee.type === 'Identifier') return String(callee.name);
  return callee.type === 'MemberExpression' ? calledName(callee.property) : '';
}

function readModule(path: string, source: string): Module {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const module: Module = { edges: [], dynamicLines: [], uses: [] };
  visit(program as unknown as Node, (node) => {
    const line = source.slice(0, node.start).split('\n').length;
    const from = isNode(node.source) ? String(node.source.value) : '';
    if (/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type) && from)
      module.edges.push({ specifier: from, typeOnly: node.importKind === 'type' || node.exportKind === 'type', line });
    else if (node.type === 'ImportExpression') {
      module.dynamicLines.push(line);
      module.edges.push({ specifier: from, typeOnly: false, line });
    } else if (node.type === 'TSImportType') module.edges.push({ specifier: from, typeOnly: true, line });
    else if (node.type === 'CallExpression' || node.type === 'NewExpression')
      module.uses.push({ name: calledName(node.callee), how: 'call', line });
    else if (node.type === 'MemberExpression') {
      if (isNode(node.object) && node.object.type === 'Identifier')
        module.uses.push({ name: String(node.object.name), how: 'object', line });
      if (isNode(node.property))
        module.uses.push({ name: String(node.property.name ?? node.property.value), how: 'member', line });
    }
  });
  return module;
}

const roomOf = (path: string) => path.split('/')[1] ?? '';
const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const isRelative = (specifier: string) => /^\.{1,2}\//.test(specifier);

/**
 * @param sources every file of `src/` by its path from the root ("src/domain/x.ts").
 * @returns one line per broken rule: path:line and what to do.
 */
export function brokenImportRules(sources: ReadonlyMap<string, string>): string[] {
  const modules = new Map(
    [...sources].filter(([path]) => CODE.test(path)).map(([path, source]) => [path, readModule(path, source)]),
  );
  const broken: string[] = [];
  const report = (path: string, line: number, text: string) => void broken.push(`${path}:${line} ${text}`);
  const resolve = (path: string, specifier: string) => {
    const target = posix.join(posix.dirname(path), specifier.replace(/\?.*$/, ''));
    return [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((candidate) => sources.has(candidate)) ?? target;
  };

  for (const [path, { edges, uses }] of modules) {
    const room = roomOf(path);
    for (const edge of edges) checkEdge(path, room, edge);
    for (const use of uses) checkUse(path, room, use);
  }
  for (const cycle of cycles(runtimeGraph())) report(cycle[0] ?? '', 1, `import cycle: ${[...cycle, cycle[0]].join(' → ')}`);
  for (const path of reachableFrom('background')) {
    for (const line of modules.get(path)?.dynamicLines ?? [])
      report(path, line, 'dynamic import in the worker: a service worker cannot load code later.');
  }
  for (const path of reachableFrom('pages')) {
    for (const { specifier, typeOnly, line } of modules.get(path)?.edges ?? []) {
      if (typeOnly || !NEVER_IN_PAGES.includes(packageOf(specifier))) continue;
      report(
        path,
        line,
        `${packageOf(specifier)} reaches a page: import only types from here, or move what pages need to another file.`,
      );
    }
  }
  return broken.sort();

  function checkEdge(path: string, room: string, { specifier, typeOnly, line }: Edge): void {
    if (specifier === 'zod') report(path, line, "import 'zod/mini' instead of 'zod'.");
    if (!isRelative(specifier)) {
      if (room === 'domain' && specifier !== 'zod/mini')
        report(path, line, `domain imports no package but zod/mini, not ${specifier}.`);
      return;
    }
    const target = resolve(path, specifier);
    if (!target.startsWith('src/')) {
      if (!(typeOnly && target.startsWith('public/_locales/'))) report(path, line, `${target} is outside src/.`);
      return;
    }
    if (!sources.has(target)) {
      report(path, line, `${target} does not exist.`);
      return;
    }
    const to = roomOf(target);
    if (to !== room && !ARROWS[room]?.includes(to)) report(path, line, `${room} must not import from ${to} (${target}).`);
  }

  function checkUse(path: string, room: string, { name, how, line }: Module['uses'][number]): void {
    if (how === 'call' && NETWORK.has(name) && path !== NETWORK_FILE)
      report(path, line, `only ${NETWORK_FILE} may use the network (${name}).`);
    if (how === 'member' && name === 'storage' && room === 'messages' && path !== STORAGE_FILE)
      report(path, line, `in messages only ${STORAGE_FILE} may touch storage.`);
    if (room !== 'domain') return;
    if (how === 'object' && ['chrome', 'browser', 'document', 'window', 'navigator'].includes(name))
      report(path, line, `domain knows no browser (${name}).`);
    if ((how === 'member' && name === 'now') || (how === 'call' && name === 'random'))
      report(path, line, `domain has no clock or dice of its own (${name}): take the value as a parameter.`);
  }

  function runtimeGraph(): Map<string, string[]> {
    const targets = (path: string, edges: Edge[]) =>
      edges
        .filter(({ typeOnly, specifier }) => !typeOnly && isRelative(specifier))
        .map(({ specifier }) => resolve(path, specifier));
    return new Map([...modules].map(([path, { edges }]) => [path, targets(path, edges)]));
  }

  function reachableFrom(room: string): Set<string> {
    const graph = runtimeGraph();
    const reached = new Set([...modules.keys()].filter((path) => roomOf(path) === room));
    // A set being walked also yields what is added to it on the way.
    for (const path of reached) for (const target of graph.get(path) ?? []) reached.add(target);
    return reached;
  }
}

/** Every cycle found by walking depth first; each once, from where it was entered. */
function cycles(graph: ReadonlyMap<string, string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) return void found.push(trail.slice(at));
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}
