/** `npm run chaos`: kills the service worker again and again in the middle of its work and looks whether anything was lost. */
import { parseArgs } from 'node:util';
import { batchCampaign } from './batch.ts';
import { takeBuild } from './build.ts';
import { pollCampaign } from './poll.ts';
import { REGIMES, type Regime, refreshCampaign } from './refresh.ts';
import { signInCampaign } from './sign-in.ts';

const HELP = `npm run chaos -- CAMPAIGN [--kills N] [--seed S] [--grace | --no-grace] [--sso | --no-sso] [--build DIR]

Campaigns
  refresh   killed while renewing the token. Three kinds of provider, which share the kills evenly:
            one with a grace for the token just spent, one with single sign-on only, one with neither.
  poll      killed while asking for states and writing them down; what was written is compared with what was.
  sign-in   killed while the sign-in window is open and while its answer is dealt with.
  batch     killed while checking and writing batches of skills, at a tenant that applies late and answers badly; journal and
            audit log are compared with what the tenant really did. Its 0 to 20 s are a hundredth here.

Options
  --kills N      how often in all; 100
  --seed S       1. Decides everything but the timing of the machine.
  --grace        refresh: only the provider with a grace
  --no-grace     refresh: only those without
  --sso, --no-sso   refresh: of those without a grace, only the one with (without) single sign-on
  --settle MS    batch: how long a write may take to show before it is read back (with 0, and --kills 100, the campaign must fail)
  --build DIR    this build of the extension instead of dist-demo, which is built when it is missing or older than the sources

Half of the kills come at the named steps of the demo build (chaosStep), half at random moments. The last line is one JSON object;
the exit code is 0 only when lost, missed, doubled, invented and stuck (and harness, what failed in the campaign itself) are all 0;
of batch also missing, mismatched, unconfirmed and resent, and unknown at most 0.5 % of rows.`;

class Misuse extends Error {}

function wholeNumber(text: string, name: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > 2 ** 31)
    throw new Misuse(`--${name} must be a whole number from ${least}.`);
  return value;
}

function regimesOf({ grace, sso }: { grace?: boolean; sso?: boolean }): Regime[] {
  return REGIMES.filter((regime) => {
    if (regime === 'grace') return grace !== false && sso === undefined;
    return grace !== true && (sso === undefined || sso === (regime === 'sso'));
  });
}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      kills: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      grace: { type: 'boolean' },
      sso: { type: 'boolean' },
      settle: { type: 'string' },
      build: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [campaign, ...rest] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (campaign === undefined || rest.length > 0) throw new Misuse('Name one campaign.');
  if (!['refresh', 'poll', 'sign-in', 'batch'].includes(campaign)) throw new Misuse(`There is no campaign "${campaign}".`);
  const kills = wholeNumber(values.kills, 'kills', 1);
  const seed = wholeNumber(values.seed, 'seed', 0);
  const regimes = regimesOf(values);
  if (regimes.length === 0) throw new Misuse('--grace and --sso are two kinds of provider: choose one.');
  const build = takeBuild(values.build ?? null);
  // However it ends, also by a signal.
  process.once('exit', build.remove);
  const common = { kills, seed, build: build.folder };
  console.log(`${campaign}: ${kills} kills, seed ${seed}`);
  if (campaign === 'refresh') return (await refreshCampaign({ ...common, regimes })) ? 0 : 1;
  if (campaign === 'batch') {
    const settleMs = values.settle === undefined ? null : wholeNumber(values.settle, 'settle', 0);
    return (await batchCampaign({ ...common, settleMs })) ? 0 : 1;
  }
  return (await (campaign === 'poll' ? pollCampaign : signInCampaign)(common)) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const misuse = error instanceof Misuse || (error instanceof TypeError && 'code' in error);
  console.error(misuse ? `${error.message}\n\n${HELP}` : error);
  process.exitCode = misuse ? 2 : 1;
}
// Chromium's pipe may keep the process for a while after it is closed.
process.exit();
