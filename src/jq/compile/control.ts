/*
 * `if`, `try`, `?`, `label`, `break`.
 */
import { Break, Raise } from '../errors.ts';
import { state } from '../state.ts';
import { isTruthy, type Json } from '../values/json.ts';
import {
  type Arity,
  type Code,
  type Frame,
  heightOf,
  many,
  type Paths,
  single,
  type Sink,
  usesInput,
} from './code.ts';
import { isCatchable } from './operators.ts';
import { up } from './scope.ts';

const ARITIES: readonly Arity[] = ['one', 'optional', 'many'];

/** The arity of what yields what one of these does. */
export function oneOf(...codes: readonly Code[]): Arity {
  return ARITIES[Math.max(...codes.map(({ arity }) => ARITIES.indexOf(arity)))]!;
}

export function conditional(test: Code, then: Code, otherwise: Code): Code {
  if (test.constant !== undefined) return isTruthy(test.constant) ? then : otherwise;
  const shape = {
    input: usesInput(test, then, otherwise),
    height: heightOf(test) + Math.max(then.height, otherwise.height),
    paths: (): Paths => (path, input, frame, sink) =>
      test.each(input, frame, (condition) =>
        (isTruthy(condition) ? then : otherwise).paths(path, input, frame, sink),
      ),
  };
  const arity = oneOf(test, then, otherwise);
  if (arity !== 'many') {
    const condition = test.value;
    const yes = then.value;
    const no = otherwise.value;
    if (test.arity === 'one') {
      return single(
        arity,
        (input, frame) =>
          isTruthy(condition(input, frame)!) ? yes(input, frame) : no(input, frame),
        shape,
      );
    }
    return single(
      arity,
      (input, frame) => {
        const output = condition(input, frame);
        if (output === undefined) return undefined;
        return isTruthy(output) ? yes(input, frame) : no(input, frame);
      },
      shape,
    );
  }
  if (test.arity === 'one') {
    const condition = test.value;
    return many(
      (input, frame, sink) =>
        (isTruthy(condition(input, frame)!) ? then : otherwise).each(input, frame, sink),
      shape,
    );
  }
  return many(
    (input, frame, sink) =>
      test.each(input, frame, (condition) =>
        (isTruthy(condition) ? then : otherwise).each(input, frame, sink),
      ),
    shape,
  );
}

/** What a program may catch; everything else goes on up. */
export function caught(error: unknown): Raise {
  if (!isCatchable(error)) throw error;
  return error;
}

/** Catches what the body raises, not what is raised by those who use its outputs. */
export function attempt(body: Code, handler: Code | undefined): Code {
  const shape = {
    input: usesInput(body, ...(handler ? [handler] : [])),
    height: heightOf(body) + (handler?.height ?? 0),
    paths: () => attemptPaths(body, handler),
  };
  if (body.arity === 'many' || handler?.arity === 'many') {
    return many(attemptEach(body, handler), shape);
  }
  const { value } = body;
  const handle = handler?.value;
  return single(
    handler === undefined ? 'optional' : oneOf(body, handler),
    (input, frame) => {
      const { stack } = state;
      let raise: Raise;
      try {
        return value(input, frame);
      } catch (error) {
        raise = caught(error);
      }
      state.stack = stack;
      return handle === undefined ? undefined : handle(raise.value, frame);
    },
    shape,
  );
}

function attemptEach(body: Code, handler: Code | undefined) {
  return (input: Json, frame: Frame, sink: Sink): boolean => {
    const { stack } = state;
    let outside = false;
    let raise: Raise;
    try {
      return body.each(input, frame, (output) => {
        outside = true;
        const stop = sink(output);
        outside = false;
        return stop;
      });
    } catch (error) {
      if (outside) throw error;
      raise = caught(error);
    }
    state.stack = stack;
    return handler !== undefined && handler.each(raise.value, frame, sink);
  };
}

function attemptPaths(body: Code, handler: Code | undefined): Paths {
  return (path, input, frame, sink) => {
    const { stack } = state;
    let outside = false;
    let raise: Raise;
    try {
      return body.paths(path, input, frame, (p, output) => {
        outside = true;
        const stop = sink(p, output);
        outside = false;
        return stop;
      });
    } catch (error) {
      if (outside) throw error;
      raise = caught(error);
    }
    state.stack = stack;
    return handler !== undefined && handler.paths(undefined, raise.value, frame, sink);
  };
}

/** Each entry has an identity of its own in `slot`, which is what `break` asks for. */
export function label(body: Code, slot: number): Code {
  const around = (frame: Frame, run: (token: object) => boolean): boolean => {
    const token = {};
    const { stack } = state;
    frame[slot] = token;
    try {
      if (!run(token)) return false;
    } catch (error) {
      if (!(error instanceof Break) || error.label !== token) throw error;
      state.leaving = undefined;
      state.stack = stack;
      return false;
    }
    if (state.leaving !== token) return true;
    state.leaving = undefined;
    state.stack = stack;
    return false;
  };
  return many(
    (input, frame, sink) =>
      around(frame, (token) =>
        body.each(input, frame, (output) => {
          const stop = sink(output);
          frame[slot] = token;
          return stop;
        }),
      ),
    {
      input: body.input,
      height: heightOf(body) + 2,
      paths: () => (path, input, frame, sink) =>
        around(frame, (token) =>
          body.paths(path, input, frame, (p, output) => {
            const stop = sink(p, output);
            frame[slot] = token;
            return stop;
          }),
        ),
    },
  );
}

export function breakTo(levels: number, slot: number): Code {
  const leaveFor = (frame: Frame): boolean => {
    state.leaving = up(frame, levels)[slot] as object;
    return true;
  };
  return many((_input, frame) => leaveFor(frame), {
    input: false,
    paths: () => (_path, _input, frame) => leaveFor(frame),
  });
}
