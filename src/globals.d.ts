/** True in the demo build alone, where loopback http counts as a host. Replaced at build time (vite.config.ts). */
declare const __DEMO__: boolean;
