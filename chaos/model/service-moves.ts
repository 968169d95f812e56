/*
 * Moves of the service behind the activity of a saga: it is called, carries the call out when it likes
 * until the deadline, answers, and undoes. One effect, known by its key.
 */
import { cancelAsked } from './hops.ts';
import { type Emit, RANK, viewOf, withRunner } from './move.ts';
import type { Parts, Runner, Service, World } from './world.ts';

export function serviceMoves(parts: Parts, world: World, emit: Emit): void {
  if (!parts.configuration.runs.includes('saga')) return;
  const { runners, service } = world;
  runners.forEach((runner, who) => {
    if (runner.phase === 'owner') asks(parts, world, who, runner, emit);
  });
  service.calls.forEach((call, index) => {
    if (call.done) {
      answers(world, index, emit);
      return;
    }
    // Nobody waits for an answer any more: only the effect is left.
    const waits = runners.some(({ nonce }) => nonce === call.by);
    const calls = service.calls.toSpliced(index, 1, ...(waits ? [{ ...call, done: true }] : []));
    const late = service.late || (service.undone && !service.done);
    emit({ ...world, service: { ...service, calls, done: true, late } }, RANK.store, () => ({
      did: 'is-called',
      says: `the service carries out the call of #${call.by}`,
    }));
  });
  if (service.expired) return;
  const left: Service = {
    ...service,
    expired: true,
    calls: service.calls.filter(({ done }) => done),
  };
  emit({ ...world, service: left }, RANK.deadline, () => ({
    did: 'expires',
    says: 'the deadline of the activity passes: what has not arrived never will',
  }));
}

function answers(world: World, index: number, emit: Emit): void {
  const { runners, service } = world;
  const { by } = service.calls[index] as Service['calls'][number];
  const who = runners.findIndex(({ nonce }) => nonce === by);
  const left: World = {
    ...world,
    service: { ...service, calls: service.calls.toSpliced(index, 1) },
  };
  const runner = runners[who];
  const to = runner === undefined ? left : withRunner(left, who, { ...runner, heard: true });
  emit(to, RANK.store, () => ({
    did: 'answers',
    ...(who < 0 ? {} : { who }),
    says: 'hears that it is done',
  }));
}

function asks(parts: Parts, world: World, who: number, runner: Runner, emit: Emit): void {
  const { service } = world;
  for (const open of viewOf(parts, runner).open.values()) {
    if (open.kind !== 'STEP') continue;
    if (open.at === 'do' && !runner.called && !service.expired) {
      // Once a cancel has been asked for, what another tenure may have begun is not begun again (R18).
      if (cancelAsked(viewOf(parts, runner), open.run)) continue;
      const to: World = {
        ...withRunner(world, who, { ...runner, called: true }),
        service: { ...service, calls: [...service.calls, { by: runner.nonce, done: false }] },
      };
      emit(to, RANK.work, () => ({ did: 'calls', who, says: 'calls the service' }));
    }
    if (open.at === 'undo' && !service.undone) {
      emit({ ...world, service: { ...service, undone: true } }, RANK.work, () => ({
        did: 'undoes',
        who,
        says: 'has it undone',
      }));
    }
  }
}
