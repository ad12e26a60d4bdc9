import { startClock } from '../parts/clock.ts';
import { goLive } from '../parts/live.ts';
import { mount } from '../parts/mount.tsx';
import { openStore } from '../parts/store.ts';
import { Popup } from './popup.tsx';

// What is stored is painted first; only then is the worker woken and CXone asked.
await openStore();
startClock();
mount(Popup);
requestAnimationFrame(() => setTimeout(goLive));
