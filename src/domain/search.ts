/** Finding an agent by any part of what is known. Made for a list of 10,000 filtered at every key press. */

/** Upper case without accents (upper, as it has one form for ß and ss, for σ and ς, for i and ı). Most text is plain ASCII and needs no more. */
function fold(text: string): string {
  const plain = /^[\0-\x7f]*$/.test(text) ? text : text.normalize('NFD').replace(/\p{M}/gu, '');
  return plain.toUpperCase();
}

const wordsOf = (query: string) => fold(query).split(/\s+/).filter(Boolean);

/** Tells of the parts of a row (name, team, id, state …) whether every word of the query stands in one of them, ignoring case and accents. */
export function matcher(query: string): (parts: readonly string[]) => boolean {
  const words = wordsOf(query);
  if (words.length === 0) return () => true;
  return (parts) => {
    const haystack = fold(parts.join('\n'));
    return words.every((word) => haystack.includes(word));
  };
}

/** Order among matches, smaller first: 0 the name starts with the query, 1 a later word of the name starts with the query's first word, 2 the rest. */
export function rank(query: string): (name: string) => 0 | 1 | 2 {
  const words = wordsOf(query);
  const start = words.join(' ');
  const first = words[0] ?? '';
  return (name) => {
    const folded = wordsOf(name);
    if (folded.join(' ').startsWith(start)) return 0;
    return folded.some((word) => word.startsWith(first)) ? 1 : 2;
  };
}
