/*
 * Configurations: small worlds in which the sound protocol must hold. The small ones are exhausted on
 * every `npm test`, the large ones every night; README.md has their figures.
 */
import type { Configuration } from './world.ts';

const CALM = { runners: 2, usurpers: 0, crashes: 0 } as const;

export const SMALL: readonly Configuration[] = [
  {
    ...CALM,
    name: 'three-claims',
    says: 'one activity; the partition is claimed twice more, by any of three runners',
    runs: ['step'],
    runners: 3,
    usurpers: 2,
  },
  {
    ...CALM,
    name: 'takeover-of-a-wait',
    says: 'a run that waits; a crash and a zombie',
    runs: ['wait'],
    usurpers: 1,
    crashes: 1,
  },
  {
    ...CALM,
    name: 'copies-of-a-wait',
    says: 'a run that waits; an append arrives twice, and a zombie',
    runs: ['wait'],
    usurpers: 1,
    copies: 1,
  },
  {
    ...CALM,
    name: 'marks-of-a-wait',
    says: 'a run that waits; a mark, stale or fresh, and a zombie',
    runs: ['wait'],
    usurpers: 1,
    marks: 1,
  },
  {
    ...CALM,
    name: 'cancelled-wait',
    says: 'a cancel races the timer; a zombie',
    runs: ['wait'],
    cancel: true,
    usurpers: 1,
  },
  {
    ...CALM,
    name: 'late-commits',
    says: 'a run that waits; a transaction of the Store commits long after it was sent; a zombie',
    runs: ['wait'],
    usurpers: 1,
    lateCommits: 1,
  },
  {
    ...CALM,
    name: 'lost-commits',
    says: 'a run that waits; the Store fails over and loses commits; marks, and a crash',
    runs: ['wait'],
    crashes: 1,
    marks: 1,
    failovers: 1,
  },
  {
    ...CALM,
    name: 'copies-of-a-fork',
    says: 'two branches and a join; an append arrives twice, and a zombie',
    runs: ['fork'],
    usurpers: 1,
    copies: 1,
  },
  {
    ...CALM,
    name: 'carried-fork',
    says: 'two branches and a join that is carried forward; a mark, and a zombie',
    runs: ['fork'],
    usurpers: 1,
    carries: 1,
    marks: 1,
  },
  {
    ...CALM,
    name: 'two-runs-in-one-append',
    says: 'units of two runs share an append; a crash',
    runs: ['step', 'wait'],
    pairs: true,
    crashes: 1,
  },
  {
    ...CALM,
    name: 'event-and-cancel',
    says: 'a run that listens; its event races a cancel; a crash of the owner or the correlator',
    runs: ['listen'],
    cancel: true,
    crashes: 1,
  },
  {
    ...CALM,
    name: 'cancelled-activity',
    says: 'an activity under way is cancelled and undone; a zombie',
    runs: ['saga'],
    cancel: true,
    usurpers: 1,
  },
  {
    ...CALM,
    name: 'started-twice',
    says: 'a second START, in time or too late; a crash, a mark',
    runs: ['step'],
    startAgain: true,
    windows: 2,
    crashes: 1,
    marks: 1,
  },
];

export const LARGE: readonly Configuration[] = [
  {
    ...CALM,
    name: 'trimmed-wait',
    says: 'a run that waits; the Log is trimmed, the Store fails over; a crash',
    runs: ['wait'],
    crashes: 1,
    marks: 1,
    trims: 1,
    failovers: 1,
  },
  {
    ...CALM,
    name: 'trimmed-starts',
    says: 'a second START, and a Log that is trimmed; a crash, a mark',
    runs: ['step'],
    startAgain: true,
    windows: 2,
    crashes: 1,
    marks: 1,
    trims: 1,
  },
  {
    ...CALM,
    name: 'event-cancel-zombie',
    says: 'a run that listens; its event races a cancel; a crash and a zombie',
    runs: ['listen'],
    cancel: true,
    usurpers: 1,
    crashes: 1,
  },
  {
    ...CALM,
    name: 'many-owners',
    says: 'one activity; two zombies and a crash',
    runs: ['step'],
    usurpers: 2,
    crashes: 1,
  },
  {
    ...CALM,
    name: 'two-runs-and-a-zombie',
    says: 'units of two runs share an append; a zombie',
    runs: ['step', 'wait'],
    pairs: true,
    usurpers: 1,
  },
];

export const CONFIGURATIONS: readonly Configuration[] = [...SMALL, ...LARGE];
