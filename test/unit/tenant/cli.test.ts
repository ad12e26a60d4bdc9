import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../../tenant/main.ts', import.meta.url));

interface Run {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  ended: Promise<number | null>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, out: () => out, err: () => err, ended };
}

describe('the command', () => {
  it('prints one line of JSON, serves, and ends on SIGTERM', async () => {
    const { child, out, err, ended } = run(
      '--agents',
      '3',
      '--scenario',
      'day',
      '--speed',
      '2',
      '--bare-rows',
      '--seed',
      '5',
      '--history',
      '40',
    );
    try {
      await expect.poll(out).toContain('\n');
      const line = JSON.parse(out()) as Record<string, string>;
      expect(Object.keys(line)).toEqual(['issuer', 'apiBaseUrl', 'clientId', 'profile', 'control']);
      expect(line).toMatchObject({ clientId: 'agent-watch', profile: 'v2' });
      expect(await (await fetch(`${line.issuer}/.well-known/openid-configuration`)).json()).toMatchObject({
        issuer: line.issuer,
      });
      expect(await (await fetch(`${line.control}/agents`)).json()).toHaveLength(3);
      expect(await (await fetch(`${line.control}/scenario`)).json()).toMatchObject({ name: 'day' });
      const past = (await (await fetch(`${line.control}/history?agent=Dana%20Ortiz`)).json()) as unknown[];
      expect(past.length).toBeGreaterThanOrEqual(40);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
    expect(out().trim().split('\n')).toHaveLength(1);
    expect(err()).toBe('');
  });

  it('prints the same line for profile public, whose API is another host', async () => {
    const { child, out, err, ended } = run('--profile', 'public', '--agents', '2', '--scenario', 'partitionRestricted');
    try {
      await expect.poll(out).toContain('\n');
      const line = JSON.parse(out()) as Record<string, string>;
      expect(Object.keys(line)).toEqual(['issuer', 'apiBaseUrl', 'clientId', 'profile', 'control']);
      expect(line.profile).toBe('public');
      expect(line.apiBaseUrl).not.toBe(line.issuer);
      expect(await (await fetch(`${line.control}/connection`)).json()).toMatchObject({ apiBaseUrl: line.apiBaseUrl });
    } finally {
      child.kill('SIGTERM');
    }
    expect([await ended, err()]).toEqual([0, '']);
  });

  it.each([
    [['--profile', 'v3'], 'must be v2 or public'],
    [['--profile', 'public', '--scenario', 'scopeMissing'], 'noChangeSince'],
    [['--one-port'], '--profile public'],
    [['--scenario', 'nope'], 'rateLimited'],
    [['--agents', 'many'], '--agents must be'],
    [['--history', '0'], '--history must be'],
    [['--history-paging', 'links'], 'numbers or token'],
    [['--nonsense'], '--help'],
    [['--redirect-uri', 'nowhere'], 'not an address'],
  ])('refuses %j with status 2', async (args, message) => {
    const { out, err, ended } = run(...args);
    expect(await ended).toBe(2);
    expect(err()).toContain(message);
    expect(out()).toBe('');
  });

  it('explains itself', async () => {
    const { out, ended } = run('--help');
    expect(await ended).toBe(0);
    for (const option of ['--port', '--grace', '--access-token-seconds', '--redirect-uri', 'notLoggedInToASkill']) {
      expect(out()).toContain(option);
    }
  });
});
