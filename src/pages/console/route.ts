import { signal } from '@preact/signals';

/** Where one is in the console: the address after `#`, so that Back, a bookmark and the popup's "Details" all work. */
export interface Route {
  room: string;
  agent: string | null;
}

export function parseRoute(hash: string): Route {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  return { room: params.get('room') ?? '', agent: params.get('agent') || null };
}

export function routeHash({ room, agent }: Partial<Route>): string {
  const params = new URLSearchParams();
  if (room) params.set('room', room);
  if (agent) params.set('agent', agent);
  return `#${params}`;
}

export const route = signal<Route>({ room: '', agent: null });

export function followRoute(): void {
  const follow = () => {
    route.value = parseRoute(location.hash);
  };
  addEventListener('hashchange', follow);
  follow();
}

export function go(to: Partial<Route>): void {
  location.hash = routeHash(to);
}
