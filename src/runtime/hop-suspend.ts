/*
 * Records that put a strand aside and let it go on (PROTOCOL.md, write budget: suspend and resume).
 *
 * A strand that is put aside while its activity has just answered keeps the answer as its cause: it is
 * stepped when somebody resumes it, not before. One that was parked already keeps why, and until when.
 */
import { HOLD_MAX_MS, type Cause, type ParkBody, type StepBody } from '../wire/index.ts';
import { draft, type Draft, type Subject } from './unit.ts';

/** Puts a strand aside; with `answer` it has just heard that, and is to be stepped with it later. */
export function setAside(
  subject: Subject,
  { state, cause, activity, notBefore }: StepBody,
  answer: Cause | undefined,
): Draft {
  const waits =
    answer === undefined
      ? {
          cause,
          ...(activity === undefined ? {} : { activity }),
          ...(notBefore === undefined ? {} : { notBefore }),
        }
      : { cause: answer, pending: true };
  return draft('PARK', { kind: 'PARK', state, why: 'suspend', ...waits }, subject);
}

/** Puts a parked strand aside: its time may come and go. */
export function setParkedAside(subject: Subject, body: ParkBody): Draft {
  const { due, why, emitted: _, happened: _h, ...kept } = body;
  const waits = due === undefined ? {} : { notBefore: due };
  return draft('PARK', { ...kept, why: 'suspend', was: why, ...waits }, subject);
}

/** Parks a parked strand for ever: whoever resumes it steps it anew, or lets it listen again. */
export function setParkedDead(about: Partial<Draft>, body: ParkBody, reason: string): Draft {
  const { due, subscription, emitted: _e, happened: _h, ...kept } = body;
  const listened = body.why === 'listen' && subscription !== undefined;
  const again = listened
    ? { was: body.why, subscription, ...(due === undefined ? {} : { notBefore: due }) }
    : {};
  return draft('PARK', { ...kept, ...again, why: 'dead', reason }, about);
}

/** Lets a strand go on that was put aside or is dead; undefined: it has an answer to be stepped with. */
export function goingOn(subject: Subject, body: ParkBody, now: number): Draft | undefined {
  const { state, cause, activity, was, notBefore, pending, subscription } = body;
  if (pending) return undefined;
  const waitsLong = notBefore !== undefined && notBefore - now > HOLD_MAX_MS;
  if (was === 'listen' || (was !== undefined && waitsLong)) {
    const due = notBefore === undefined ? {} : { due: notBefore };
    const more = {
      ...(activity === undefined ? {} : { activity }),
      ...(subscription === undefined ? {} : { subscription }),
    };
    return draft('PARK', { kind: 'PARK', state, cause, why: was, ...due, ...more }, subject);
  }
  // What stands somewhere and waited for a time goes on by time; the rest goes on at once.
  const time = notBefore ?? (state.entering || activity !== undefined ? undefined : now);
  return draft(
    'STEP',
    {
      kind: 'STEP',
      state,
      cause,
      ...(activity === undefined ? {} : { activity }),
      ...(time === undefined ? {} : { notBefore: time }),
    },
    subject,
  );
}
