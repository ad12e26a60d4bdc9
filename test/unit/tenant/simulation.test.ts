import { describe, expect, it } from 'vitest';
import { Simulation, type SimulationOptions, type StateCode } from '../../tenant/simulation.ts';

/** A simulation whose real clock the test turns. */
function simulation(options: SimulationOptions = {}) {
  const clock = { ms: Date.parse('2026-03-02T09:00:00Z') };
  return { sim: new Simulation({ ...options, real: () => clock.ms }), clock };
}

const share = (sim: Simulation, state: StateCode) =>
  sim.agents.filter((agent) => agent.state === state).length / sim.agents.length;

describe('the simulation', () => {
  it('begins as a centre at work, each state with a past', () => {
    const { sim, clock } = simulation({ agents: 3000 });
    expect(share(sim, 'ON_CONTACT')).toBeCloseTo(0.4, 1);
    expect(share(sim, 'READY')).toBeCloseTo(0.25, 1);
    expect(share(sim, 'WRAP_UP')).toBeCloseTo(0.12, 1);
    expect(share(sim, 'NOT_READY')).toBeCloseTo(0.13, 1);
    expect(share(sim, 'LOGIN')).toBeGreaterThan(0.01);
    expect(share(sim, 'LOGOUT')).toBeGreaterThan(0.03);
    for (const agent of sim.agents) {
      expect(agent.since).toBeLessThan(clock.ms);
      expect(agent.nextAt).toBeGreaterThanOrEqual(clock.ms);
    }
    expect(new Set(sim.agents.map((agent) => agent.person.id)).size).toBe(3000);
    expect(new Set(sim.agents.map((agent) => agent.person.name)).size).toBe(3000);
  });

  it('stays a centre at work over a shift', () => {
    const { sim, clock } = simulation({ agents: 1000 });
    clock.ms += 90 * 60_000;
    sim.advance();
    expect(share(sim, 'ON_CONTACT')).toBeGreaterThan(0.3);
    expect(share(sim, 'LOGOUT')).toBeLessThan(0.35);
    expect(sim.truth.some((entry) => entry.subState === 'Lunch')).toBe(true);
    expect(sim.truth.some((entry) => entry.to === 'LOGOUT')).toBe(true);
    clock.ms += 24 * 3600_000;
    sim.advance();
    expect(share(sim, 'LOGOUT')).toBeLessThan(0.9);
  });

  it('is the same for the same seed, however often one looks', () => {
    const seldom = simulation({ seed: 7 });
    const often = simulation({ seed: 7 });
    const other = simulation({ seed: 8 });
    seldom.clock.ms += 3600_000;
    seldom.sim.advance();
    other.clock.ms += 3600_000;
    for (let i = 0; i < 1000; i++) {
      often.clock.ms += 3600;
      often.sim.advance();
    }
    expect(often.sim.truth.length).toBeGreaterThan(500);
    expect(often.sim.truth).toEqual(seldom.sim.truth);
    expect(often.sim.agents.map((agent) => often.sim.row(agent))).toEqual(
      seldom.sim.agents.map((agent) => seldom.sim.row(agent)),
    );
    expect(other.sim.truthSince(0)).not.toEqual(seldom.sim.truth);
  });

  it('tells every transition once, in order, each from where the last one ended', () => {
    const { sim, clock } = simulation({ agents: 50 });
    const at = new Map(sim.agents.map((agent) => [agent.person.id, agent.state]));
    for (let i = 0; i < 100; i++) {
      clock.ms += 20_000;
      sim.advance();
    }
    let last = '';
    sim.truth.forEach((entry, index) => {
      expect(entry.seq).toBe(index + 1);
      expect(entry.at >= last).toBe(true);
      expect(entry.from).toBe(at.get(entry.agentId));
      at.set(entry.agentId, entry.to);
      last = entry.at;
    });
    for (const agent of sim.agents) expect(at.get(agent.person.id)).toBe(agent.state);
    expect(sim.truthSince(sim.truth.length - 3)).toHaveLength(3);
  });

  it('changes something every few seconds among thirty', () => {
    const { sim, clock } = simulation();
    clock.ms += 600_000;
    sim.advance();
    expect(sim.truth.length).toBeGreaterThan(60);
    expect(sim.truth.length).toBeLessThan(400);
  });

  it('holds an agent set by hand until it is released', () => {
    const { sim, clock } = simulation();
    const dana = sim.find('Dana Ortiz');
    if (!dana) throw new Error('no Dana');
    sim.set(dana, { state: 'NOT_READY', subState: 'Lunch', startDate: '2026-03-02T08:00:00.000Z' });
    clock.ms += 3600_000;
    sim.advance();
    expect(sim.row(dana)).toMatchObject({ state: 'NOT_READY', subState: 'Lunch', startDate: '2026-03-02T08:00:00.000Z' });
    expect(sim.truth.filter((entry) => entry.agentId === dana.person.id)).toHaveLength(1);
    sim.set(dana, { skills: [] });
    expect(sim.row(dana)).toMatchObject({ state: 'NOT_READY', subState: 'Lunch', skillStates: [] });
    sim.release(dana);
    expect(sim.row(dana).skillStates.length).toBeGreaterThan(0);
    clock.ms += 3600_000;
    sim.advance();
    expect(sim.truth.filter((entry) => entry.agentId === dana.person.id).length).toBeGreaterThan(1);
  });

  it('stands still while frozen, and never tells of a change before what was shown', () => {
    const { sim, clock } = simulation({ frozen: true });
    clock.ms += 600_000;
    sim.advance();
    expect(sim.truth).toEqual([]);
    const shown = sim.clock.now();
    sim.moveClock({ advanceSeconds: 300 });
    expect(sim.truth.length).toBeGreaterThan(10);
    for (const entry of sim.truth) {
      expect(Date.parse(entry.at)).toBeGreaterThan(shown);
      expect(Date.parse(entry.at)).toBeLessThanOrEqual(sim.clock.now());
    }
    const before = sim.truth.length;
    clock.ms += 60_000;
    sim.moveClock({ frozen: false });
    expect(sim.truth.length).toBe(before);
    clock.ms += 60_000;
    sim.advance();
    expect(sim.truth.length).toBeGreaterThan(before);
    expect(Date.parse(sim.truth[before]?.at ?? '')).toBeGreaterThan(shown + 300_000 + 60_000);
  });

  it('runs faster and slower', () => {
    const { sim, clock } = simulation({ speed: 60 });
    clock.ms += 1000;
    expect(sim.clock.now() - sim.clock.startedAt).toBe(60_000);
    sim.moveClock({ speed: 1 });
    clock.ms += 1000;
    expect(sim.clock.now() - sim.clock.startedAt).toBe(61_000);
  });
});
