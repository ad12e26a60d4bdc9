/**
 * What the pages share, cut into two files instead of the bundler's dozens: the popup is opened a hundred times a day, and each file costs it.
 * `base` is what the popup and the options need, `glance` what the popup and the console do; the rest the bundler cuts as it likes.
 */
interface Graph {
  getModuleInfo(id: string): { importers: readonly string[] } | null;
}

const PAGE = /pages\/(popup|options|console)\/main\.tsx$/;

/** @returns the name of the file a module goes into; null: the bundler decides */
export function pageChunks(): (id: string, graph: Graph) => string | null {
  const known = new Map<string, Set<string>>();

  /** The pages that load a module before anything is clicked: by static imports alone. */
  function pagesOf(id: string, graph: Graph): Set<string> {
    const before = known.get(id);
    if (before) return before;
    const page = PAGE.exec(id)?.[1];
    const pages = new Set<string>(page ? [page] : []);
    // Before its importers are looked at: packages may import each other in a circle.
    known.set(id, pages);
    for (const importer of graph.getModuleInfo(id)?.importers ?? []) for (const name of pagesOf(importer, graph)) pages.add(name);
    return pages;
  }

  return (id, graph) => {
    const pages = pagesOf(id, graph);
    if (!pages.has('popup') || pages.size === 1) return null;
    return pages.has('options') ? 'base' : 'glance';
  };
}
