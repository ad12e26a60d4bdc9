/** The connection a message is about. */
import type { ConnectionId } from '../domain/connection.ts';
import { type Config, loadConfig } from './config.ts';
import { Refusal } from './router.ts';

/** The one with this id, or the one shown; refused with words when there is none. */
export async function required(id?: ConnectionId): Promise<Config> {
  const config = await loadConfig(id);
  if (!config) throw new Refusal('noConnection', 'error_noConnection');
  return config;
}
