/*
 * Inputs of runs: literal cases with weights, and generated ones.
 *
 * A generated value is a template: plain JSON, in which an object with one key that begins with `$`
 * stands for something drawn. `{ $id: 'm-{}' }` is unique within a workload, the rest is drawn from the
 * given random numbers alone, so the same numbers give the same workload.
 */
import type { Json, JsonObject } from '../../wire/json.ts';
import type { InputCase, Inputs, Template } from './format.ts';

export interface DrawnInput {
  readonly case: string;
  readonly input: Json;
}

/** First number of generated ids: five digits, so that they sort. */
const FIRST_ID = 10_000;

/** Draws a case by weight, and its value. `index` counts within the workload. */
export function drawInput(
  cases: readonly InputCase[],
  random: () => number,
  index: number,
): DrawnInput {
  const chosen = byWeight(cases, random);
  return { case: chosen.name, input: chosen.make(random, index) };
}

/** All inputs of a workload: a named one of the scenario, or so many draws of all its cases. */
export function drawWorkload(
  inputs: Inputs,
  workload: string | number,
  random: () => number,
): DrawnInput[] {
  const { cases, count } =
    typeof workload === 'number'
      ? { cases: inputs.cases, count: workload }
      : named(inputs, workload);
  return Array.from({ length: count }, (_, index) => drawInput(cases, random, index));
}

function named(inputs: Inputs, name: string): { cases: readonly InputCase[]; count: number } {
  const workload = inputs.workloads.get(name);
  if (workload === undefined) {
    const known = [...inputs.workloads.keys()].join(', ') || 'none';
    throw new RangeError(`the scenario has no workload ${name} (it has: ${known})`);
  }
  return workload;
}

function byWeight<T extends { readonly weight: number }>(
  items: readonly T[],
  random: () => number,
): T {
  let rest = random() * items.reduce((sum, { weight }) => sum + weight, 0);
  for (const item of items) {
    rest -= item.weight;
    if (rest < 0) return item;
  }
  return items.at(-1) as T;
}

// -- templates -----------------------------------------------------------------------------------

/** Reports what is wrong with a template: pointer below the template, message, what was expected. */
export type TemplateFault = (pointer: string, message: string, expected: string) => void;

/** What can be drawn, and what its argument must be. */
export const GENERATORS = {
  $id: 'a text with {} where the number goes, such as "m-{}"',
  $range: 'two whole numbers, [from, to]',
  $choice: 'a list of values, each as likely as the others',
  $weighted: 'a list of { weight, value }',
  $join: 'a list of parts that are put together to one text',
  $list: '{ of: template, length: [from, to] }',
} as const;

/** A template that gives the value as it stands. */
export function literal(value: Json): Template {
  return () => value;
}

/** Compiles a template; faults are reported, and stand for null in the result. */
export function compileTemplate(value: Json, pointer: string, fault: TemplateFault): Template {
  if (typeof value !== 'object' || value === null) return literal(value);
  if (Array.isArray(value)) {
    const items = value.map((item: Json, index) =>
      compileTemplate(item, `${pointer}/${index}`, fault),
    );
    return (random, index) => items.map((item) => item(random, index));
  }
  const entries = Object.entries(value as JsonObject);
  const first = entries[0];
  if (first?.[0].startsWith('$')) {
    if (entries.length === 1) {
      return compileGenerator(first[0], first[1], `${pointer}/${first[0]}`, fault);
    }
    fault(pointer, 'a generator stands alone in its object', `only ${first[0]}`);
    return literal(null);
  }
  const members = entries.map(
    ([key, member]) => [key, compileTemplate(member, `${pointer}/${key}`, fault)] as const,
  );
  return (random, index) =>
    Object.fromEntries(members.map(([key, make]) => [key, make(random, index)]));
}

function compileGenerator(
  name: string,
  argument: Json,
  pointer: string,
  fault: TemplateFault,
): Template {
  const wrong = (): Template => {
    const known = Object.hasOwn(GENERATORS, name);
    fault(
      pointer,
      known ? `${name} cannot take this` : `there is no generator ${name}`,
      known ? GENERATORS[name as keyof typeof GENERATORS] : Object.keys(GENERATORS).join(', '),
    );
    return literal(null);
  };
  switch (name) {
    case '$id': {
      if (typeof argument !== 'string' || !argument.includes('{}')) return wrong();
      return (_random, index) => argument.replace('{}', String(FIRST_ID + index));
    }
    case '$range': {
      const bounds = asRange(argument);
      if (bounds === undefined) return wrong();
      return (random) => between(bounds, random);
    }
    case '$choice': {
      if (!isList(argument)) return wrong();
      const choices = argument.map((item, index) =>
        compileTemplate(item, `${pointer}/${index}`, fault),
      );
      return (random, index) =>
        (choices[Math.floor(random() * choices.length)] as Template)(random, index);
    }
    case '$weighted': {
      const choices = isList(argument)
        ? argument.map((item, index) => asWeighted(item, `${pointer}/${index}`, fault))
        : [undefined];
      if (!choices.every((choice) => choice !== undefined)) return wrong();
      return (random, index) => byWeight(choices, random).make(random, index);
    }
    case '$join': {
      if (!isList(argument)) return wrong();
      const parts = argument.map((item, index) =>
        compileTemplate(item, `${pointer}/${index}`, fault),
      );
      return (random, index) => parts.map((part) => asText(part(random, index))).join('');
    }
    case '$list': {
      const { of, length } = isObject(argument) ? argument : {};
      const bounds = asRange(length ?? null);
      if (of === undefined || bounds === undefined || bounds[0] < 0) return wrong();
      const item = compileTemplate(of, `${pointer}/of`, fault);
      return (random, index) =>
        Array.from({ length: between(bounds, random) }, () => item(random, index));
    }
    default:
      return wrong();
  }
}

function asWeighted(
  item: Json,
  pointer: string,
  fault: TemplateFault,
): { weight: number; make: Template } | undefined {
  const { weight, value } = isObject(item) ? item : {};
  if (typeof weight !== 'number' || weight < 0 || value === undefined) return undefined;
  return { weight, make: compileTemplate(value, `${pointer}/value`, fault) };
}

function asRange(value: Json): readonly [number, number] | undefined {
  if (!isList(value) || value.length !== 2) return undefined;
  const [from, to] = value;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return undefined;
  return (from as number) <= (to as number) ? [from as number, to as number] : undefined;
}

function between([from, to]: readonly [number, number], random: () => number): number {
  return from + Math.floor(random() * (to - from + 1));
}

function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value) && value.length > 0;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
