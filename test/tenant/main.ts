/** `npm run tenant`: starts a tenant and prints where it is, as one line of JSON. Everything else goes to standard error. */
import { parseArgs } from 'node:util';
import { isScenario, scenarioHelp, V2_BOOK } from './scenarios.ts';
import { PUBLIC_BOOK } from './scenarios-public.ts';
import { EXTENSION_REDIRECT, startTenant, type TenantOptions } from './tenant.ts';

const HELP = `Starts a stand-in for a CXone tenant on 127.0.0.1: a real OpenID provider, an API, living agents, faults on demand.
Prints one line of JSON when ready: {issuer, apiBaseUrl, clientId, profile, control}. Ends on SIGINT or SIGTERM.

  --port P                    port to listen on; 0 or none: any free one; profile public takes the next two as well
  --profile v2|public         which API it speaks (v2); public: issuer, API and UI are hosts of their own
  --one-port                  profile public: all three on one port
  --agents N                  how many agents (30)
  --scenario NAME             which situation to begin with (calm); "help" lists them
  --seed S                    the same seed, the same people and events (1)
  --speed X                   simulated seconds per real second (1)
  --frozen                    agents do not move by themselves
  --grace S                   a rotated refresh token may be presented again for S seconds (0)
  --access-token-seconds S    life of access tokens (3600)
  --offline-access            refresh tokens only with offline_access and prompt=consent (else always, as CXone does)
  --bare-rows                 rows of the states list carry no startDate
  --history N                 everybody has a past of N states in the last --history-hours H hours (20)
  --history-paging WAY        numbers or token: which way the pages of the v2 history go (numbers)
  --redirect-uri URL          allowed redirect; may be given several times (${EXTENSION_REDIRECT})
  --help                      this text

Sign in as demo (supervisor), other (another organisation) or norole, with any password but "wrong".
GET {control} explains how to change faults, agents and the clock, and to read the request log.

Scenarios:
${scenarioHelp()}

Scenarios of profile public:
${scenarioHelp(PUBLIC_BOOK)}
`;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function numberOption(name: string, text: string | undefined, whole: boolean, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high || (whole && !Number.isInteger(value))) {
    fail(`--${name} must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}, not "${text}"; --help explains the options`);
  }
  return value;
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        profile: { type: 'string' },
        'one-port': { type: 'boolean' },
        agents: { type: 'string' },
        scenario: { type: 'string' },
        seed: { type: 'string' },
        speed: { type: 'string' },
        frozen: { type: 'boolean' },
        grace: { type: 'string' },
        'access-token-seconds': { type: 'string' },
        'offline-access': { type: 'boolean' },
        'bare-rows': { type: 'boolean' },
        history: { type: 'string' },
        'history-hours': { type: 'string' },
        'history-paging': { type: 'string' },
        'redirect-uri': { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}; --help explains the options`);
  }
}

function optionsFrom(values: ReturnType<typeof parse>): TenantOptions {
  const { profile = 'v2', scenario = 'calm' } = values;
  if (profile !== 'v2' && profile !== 'public') fail(`--profile must be v2 or public, not "${profile}"`);
  const book = profile === 'public' ? PUBLIC_BOOK : V2_BOOK;
  if (!isScenario(scenario, book)) fail(`unknown scenario "${scenario}"; there are:\n${scenarioHelp(book)}`);
  if (values['one-port'] && profile !== 'public') fail('--one-port is for --profile public');
  const redirectUris = values['redirect-uri'];
  for (const uri of redirectUris ?? []) if (!URL.canParse(uri)) fail(`--redirect-uri is not an address: "${uri}"`);
  const numbers = {
    port: numberOption('port', values.port, true, 0, 65535),
    agents: numberOption('agents', values.agents, true, 0, 100_000),
    seed: numberOption('seed', values.seed, true, 0, 2 ** 32 - 1),
    speed: numberOption('speed', values.speed, false, 0, 100_000),
    refreshGraceSeconds: numberOption('grace', values.grace, false, 0, 86_400),
    accessTokenSeconds: numberOption('access-token-seconds', values['access-token-seconds'], true, 1, 86_400),
  };
  const records = numberOption('history', values.history, true, 1, 1_000_000);
  const hours = numberOption('history-hours', values['history-hours'], false, 1, 24 * 90) ?? 20;
  const historyPaging = values['history-paging'] ?? 'numbers';
  if (historyPaging !== 'numbers' && historyPaging !== 'token') fail('--history-paging must be numbers or token');
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)),
    profile,
    onePort: values['one-port'] ?? false,
    scenario,
    frozen: values.frozen ?? false,
    offlineAccess: values['offline-access'] ?? false,
    rowSince: !values['bare-rows'],
    historyPaging,
    ...(records === undefined ? {} : { history: [{ agent: '*', records, hours, seed: numbers.seed ?? 1 }] }),
    ...(redirectUris ? { redirectUris } : {}),
  };
}

const values = parse(process.argv.slice(2));
if (values.help) {
  process.stdout.write(HELP);
} else if (values.scenario === 'help') {
  process.stdout.write(`Scenarios:\n${scenarioHelp(values.profile === 'public' ? PUBLIC_BOOK : V2_BOOK)}\n`);
} else {
  const tenant = await startTenant(optionsFrom(values)).catch((error: unknown) => {
    process.stderr.write(`the tenant could not start: ${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  });
  const { issuer, apiBaseUrl, clientId, profile, control } = tenant;
  process.stdout.write(`${JSON.stringify({ issuer, apiBaseUrl, clientId, profile, control })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void tenant.close().then(() => process.exit(0));
    });
  }
}
