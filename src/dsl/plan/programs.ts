/*
 * Programs of texts that come as data, with what they read given beside them: late leaves, filters of
 * subscriptions. There are as many as definitions have such texts; each is compiled once.
 */
import { compile, type Program } from '../../jq/index.ts';

const programs = new Map<string, Program>();
const PROGRAMS_MAX = 1_000;

/** Throws JqSyntaxError. */
export function programOf(text: string, names: readonly string[]): Program {
  const key = `${names.join()} ${text}`;
  const known = programs.get(key);
  if (known !== undefined) return known;
  const program = compile(text, { variables: names });
  if (programs.size >= PROGRAMS_MAX) programs.clear();
  programs.set(key, program);
  return program;
}

/** Names of functions of jq that read the clock. */
const CLOCK = /\b(?:now|localtime|strflocaltime)\b/;

/** Whether a jq text may read the clock. */
export function readsClock(text: string): boolean {
  return CLOCK.test(text);
}
