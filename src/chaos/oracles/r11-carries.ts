/*
 * R11: what is carried forward stays what it was. A CARRY has the header and the body of the newest copy:
 * the same strand, hop, activity and attempt; a joining STEP has the ends so far and those that it folds.
 */
import type { RecordBody, StepBody } from '../../wire/record.ts';
import type { Entry, Openable, Partition, Unit } from './log-reading.ts';
import { at, type Oracle, type Verdict } from './oracle.ts';
import { sameJson } from '../same-json.ts';

export const carries: Oracle = {
  name: 'r11-carries',
  promise: 'R11',
  says: 'what is carried forward is what it was, with the ends that it folds and nothing else',
  check({ reading }, verdict) {
    for (const partition of reading.partitions) {
      for (const unit of partition.units) {
        for (const entry of unit.records) {
          if (entry.header.kind === 'CARRY') checkCarry(entry, unit, partition, verdict);
        }
      }
    }
  },
};

function checkCarry(entry: Entry, unit: Unit, partition: Partition, verdict: Verdict): void {
  const openable = partition.openables.get(entry.identity);
  const { body } = entry;
  if (openable === undefined || body.kind !== 'CARRY') return;
  const { first } = openable;
  const { definition, hop, joins, kind, run, strand } = first.header;
  const told = body.header;
  verdict.expect(
    told.kind === kind &&
      told.run === run &&
      told.strand === strand &&
      told.hop === hop &&
      told.joins === joins &&
      told.definition === definition,
    () =>
      `${entry.named} carries ${first.named} as ${told.kind} of strand "${told.strand}", hop ${told.hop}`,
    at(entry),
  );
  const before = newestBefore(openable, entry);
  if (before === undefined) return;
  const now = body.body;
  if (before.kind === 'STEP' && now.kind === 'STEP') {
    checkStep(before, now, entry, verdict);
    if (joins > 0) checkEnds(before, now, entry, unit, partition, verdict);
  } else if (before.kind === 'END' && now.kind === 'END') {
    verdict.expect(
      sameJson(before.end.output, now.end.output),
      () => `${entry.named} carries another output than ${first.named} has`,
      at(entry),
    );
  }
}

/** What the copy before this one says. */
function newestBefore({ copies }: Openable, entry: Entry): RecordBody | undefined {
  const body = copies[copies.indexOf(entry) - 1]?.body;
  if (body === undefined || body.kind === 'UNREADABLE') return undefined;
  return body.kind === 'CARRY' ? body.body : body;
}

function checkStep(before: StepBody, now: StepBody, entry: Entry, verdict: Verdict): void {
  const { activity, notBefore } = before;
  verdict.expect(
    now.activity?.key === activity?.key &&
      now.activity?.attempt === activity?.attempt &&
      sameJson(now.activity?.arguments, activity?.arguments) &&
      now.notBefore === notBefore,
    () =>
      `${entry.named} carries attempt ${now.activity?.attempt} of ${now.activity?.name}, due ${now.notBefore}; it was attempt ${activity?.attempt} of ${activity?.name}, due ${notBefore}`,
    at(entry),
  );
}

function checkEnds(
  before: StepBody,
  now: StepBody,
  entry: Entry,
  { targets }: Unit,
  { openables }: Partition,
  verdict: Verdict,
): void {
  // Who has ended first is named first: what the branches have done is undone in the reverse of that (R18).
  const due = endedInOrder(before);
  for (const target of [...targets].sort((a, b) => a - b)) {
    const ended = openables.get(target)?.first.header;
    if (ended?.kind === 'END') due.push(ended.strand.slice(ended.strand.lastIndexOf('.') + 1));
  }
  const has = endedInOrder(now);
  const names = (branches: readonly string[]): string => branches.join(' ') || 'none';
  verdict.expect(
    names(due) === names(has),
    () =>
      `${entry.named} has the ends of branches ${names(has)}; so far ${names(due)} have ended, in this order`,
    at(entry),
  );
}

/** The branches whose ends a joining STEP has, in the order in which it says that they came. */
function endedInOrder({ state }: StepBody): string[] {
  const node = state.frames.at(-1)?.node;
  if (node?.kind !== 'fork') return [];
  const ended = Object.keys(node.ends);
  const told = new Set((node.order ?? []).map(String));
  return told.size === 0 ? ended : [...told, ...ended.filter((branch) => !told.has(branch))];
}
