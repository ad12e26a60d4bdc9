import { signal } from '@preact/signals';
import { parseRoute, type Route, routeHash } from '../parts/where.ts';

/** The address after `#`, so that Back, a bookmark and the popup's "Details" all work. */
export const route = signal<Route>(parseRoute(''));

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

/** Another address for what is on screen already: Back does not come past the old one. */
export function settle(to: Partial<Route>): void {
  history.replaceState(history.state, '', routeHash(to));
  route.value = parseRoute(location.hash);
}
