/** What happens next: a binary heap. Ties go by index, so that the order of events is always the same. */
export class Agenda<T extends { readonly index: number; readonly nextAt: number }> {
  readonly #heap: T[] = [];

  /** The item with the earliest `nextAt`. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  /** Adds an item. */
  add(item: T): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || !before(item, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = item;
  }

  /** Takes the first item out. */
  removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      const right = heap[child + 1];
      let below = heap[child];
      if (!below) break;
      if (right && before(right, below)) {
        below = right;
        child++;
      }
      if (!before(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }

  /** Puts everything in order again after an item somewhere in the middle was given another time. Rare: only by hand. */
  reorder(): void {
    for (const item of this.#heap.splice(0)) this.add(item);
  }
}

function before(a: { index: number; nextAt: number }, b: { index: number; nextAt: number }): boolean {
  return a.nextAt < b.nextAt || (a.nextAt === b.nextAt && a.index < b.index);
}
