import { startClock } from '../parts/clock.ts';
import { goLive } from '../parts/live.ts';
import { mount } from '../parts/mount.tsx';
import { openStore } from '../parts/store.ts';
import { Console } from './console.tsx';
import { followRoute } from './route.ts';

// What is stored is painted first; only then is the worker woken and CXone asked.
await openStore('view.diagnosis', 'view.history', 'view.batch');
startClock();
followRoute();
mount(Console);
requestAnimationFrame(() => setTimeout(goLive));
