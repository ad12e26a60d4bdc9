import type { BrowserContext, Page } from '@playwright/test';

interface ExtensionError {
  message: string;
  source: string;
  severity: string;
}
/** `chrome://extensions` has this API; no types exist for it. */
interface DeveloperPrivate {
  addHostPermission(id: string, pattern: string): Promise<void>;
  removeHostPermission(id: string, pattern: string): Promise<void>;
  updateProfileConfiguration(update: object): Promise<void>;
  updateExtensionConfiguration(update: object): Promise<void>;
  getExtensionInfo(
    id: string,
  ): Promise<{ runtimeErrors: ExtensionError[]; manifestErrors: ExtensionError[]; installWarnings?: string[] }>;
}

/** The extensions page of the browser: what the user could do there by hand, and the errors it has collected. */
export class Manager {
  private page: Promise<Page> | null = null;

  constructor(
    private readonly context: BrowserContext,
    private readonly id: string,
  ) {}

  /**
   * Agrees beforehand to what the extension may ask: its next `permissions.request` from a click is answered yes without a prompt,
   * which nobody could press in headless mode.
   */
  async grant(pattern: string): Promise<void> {
    await this.call('addHostPermission', this.id, pattern);
  }

  /** The user takes the permission away; `permissions.onRemoved` fires. */
  async revoke(pattern: string): Promise<void> {
    await this.call('removeHostPermission', this.id, pattern);
  }

  /** From here on uncaught errors of worker and pages are kept. */
  async collectErrors(): Promise<void> {
    await this.call('updateProfileConfiguration', { inDeveloperMode: true });
    await this.call('updateExtensionConfiguration', { extensionId: this.id, errorCollection: true });
  }

  /** Everything the browser holds against the extension, one line each; a clean run gives []. */
  async errors(): Promise<string[]> {
    const { runtimeErrors, manifestErrors, installWarnings = [] } = await this.call('getExtensionInfo', this.id);
    const line = ({ severity, message, source }: ExtensionError) => `${severity}: ${message} (${source})`;
    return [...runtimeErrors.map(line), ...manifestErrors.map(line), ...installWarnings];
  }

  async close(): Promise<void> {
    const page = await this.page;
    this.page = null;
    await page?.close();
  }

  private async call<K extends keyof DeveloperPrivate>(
    method: K,
    ...args: Parameters<DeveloperPrivate[K]>
  ): Promise<Awaited<ReturnType<DeveloperPrivate[K]>>> {
    this.page ??= this.open();
    const page = await this.page;
    return page.evaluate(
      ([name, values]) => {
        const api = (chrome as unknown as { developerPrivate: Record<string, (...rest: unknown[]) => unknown> }).developerPrivate;
        return api[name as string]?.(...(values as unknown[]));
      },
      [method, args] as const,
    ) as Promise<Awaited<ReturnType<DeveloperPrivate[K]>>>;
  }

  private async open(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto('chrome://extensions');
    return page;
  }
}
