/*
 * A counterexample as people read it: one line per move, and what would happen by itself after the last.
 */
import type { Found, Violation } from './search.ts';

export function figures({ configuration, depth, seconds, states, transitions }: Found): string {
  const count = (value: number): string => value.toLocaleString('en').padStart(11);
  return `${configuration.name.padEnd(30)}${count(states)} states${count(transitions)} moves  depth ${String(depth).padStart(2)}  ${seconds.toFixed(1).padStart(5)} s`;
}

export function story({ moves, says, story: steps }: Violation): string[] {
  const lines = [`${says}, after ${moves} moves`, ''];
  steps.forEach(({ says: said, who }, index) => {
    if (index === moves) lines.push('', '  from here on nothing goes wrong any more:');
    const subject = who === undefined ? '' : `runner-${who + 1} `;
    lines.push(`  ${String(index + 1).padStart(2)}  ${subject}${said}`);
  });
  return lines;
}
