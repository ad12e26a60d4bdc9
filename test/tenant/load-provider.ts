/** Loads oidc-provider on node 20, where it works but for one missing function, and keeps it from writing to the console. */
import type Provider from 'oidc-provider';

type ProviderClass = typeof Provider;

/**
 * `URL.parse` came with node 22; the library calls it for redirect URIs and resource indicators.
 * The copy here is the specified behaviour: null instead of an exception.
 */
function provideUrlParse(): void {
  if (typeof Reflect.get(URL, 'parse') === 'function') return;
  Object.defineProperty(URL, 'parse', {
    configurable: true,
    writable: true,
    value: (url: string, base?: string): URL | null => {
      try {
        return new URL(url, base);
      } catch {
        return null;
      }
    },
  });
}

let loaded: Promise<ProviderClass> | undefined;

async function load(): Promise<ProviderClass> {
  provideUrlParse();
  const { warn } = console;
  // "Unsupported runtime" is said once, on import; node 20 is known to do.
  console.warn = () => {};
  try {
    return (await import('oidc-provider')).default;
  } finally {
    console.warn = warn;
  }
}

/** The Provider class. */
export function loadProvider(): Promise<ProviderClass> {
  loaded ??= load();
  return loaded;
}
