/** Showing, leaving and removing connections. */
import { send } from '../../../messages/send.ts';
import { attempt } from '../../parts/notice.tsx';
import { dropChanges, hasUnsaved, saveNow } from './autosave.ts';
import { adding, connectionId } from './connection-form.ts';
import { forgetDraft } from './draft-store.ts';
import { takeAll } from './load.ts';

/** Shows another connection here, in the popup and in the console. What was typed and not saved waits for its return. */
export async function showConnection(id: string): Promise<void> {
  await saveNow();
  // It could not be saved, and says so.
  if (hasUnsaved()) return;
  await attempt(async () => {
    if (adding.peek() || id !== connectionId.peek()) await send('switchConnection', { id });
    adding.value = false;
    await takeAll();
  });
}

/** Forgets a connection with all that belongs to it. False when that did not work. */
export function removeConnection(id: string): Promise<boolean> {
  return attempt(async () => {
    if (id === connectionId.peek()) dropChanges();
    await send('removeConnection', { id });
    forgetDraft(id);
    await takeAll();
  });
}
