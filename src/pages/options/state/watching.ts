/** Who is watched goes by its own message: the popup changes it too, and a whole list would overwrite what it did. */
import { send } from '../../../messages/send.ts';
import { attempt, say } from '../../parts/notice.tsx';
import { settings } from './autosave.ts';

function show(change: (ids: string[]) => string[]): void {
  const before = settings.peek();
  settings.value = { ...before, watchedAgentIds: change(before.watchedAgentIds) };
}

/** Puts the agents on screen at once, and takes them off again when the worker could not. */
export async function watch(agentIds: string[], words: string | null): Promise<boolean> {
  const fresh = agentIds.filter((id) => !settings.peek().watchedAgentIds.includes(id));
  show((ids) => [...ids, ...fresh]);
  const done = await attempt(() => send('watch', { agentIds: fresh, on: true }));
  if (!done) show((ids) => ids.filter((id) => !fresh.includes(id)));
  else if (words !== null) say(words, () => void unwatch(fresh, null));
  return done;
}

export async function unwatch(agentIds: string[], words: string | null): Promise<boolean> {
  const before = settings.peek().watchedAgentIds;
  const gone = new Set(agentIds);
  show((ids) => ids.filter((id) => !gone.has(id)));
  const done = await attempt(() => send('watch', { agentIds: [...gone], on: false }));
  const back = () => {
    // To their old places: the list is in the order in which people were added.
    show((ids) => [...before.filter((id) => gone.has(id) || ids.includes(id)), ...ids.filter((id) => !before.includes(id))]);
  };
  if (!done) back();
  else if (words !== null) {
    say(words, () => {
      back();
      void attempt(() => send('watch', { agentIds: [...gone], on: true }));
    });
  }
  return done;
}
