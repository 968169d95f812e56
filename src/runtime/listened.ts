/*
 * What a strand listens for, in words: one for each filter that is still open. Pure.
 *
 * Bounded, whatever a document says: it stands in a row of the index for each run that listens.
 */
import { comparable } from '../dsl/index.ts';
import type { EventFilter, EventTerm, Json, Subscription } from '../wire/index.ts';

const FILTERS_MAX = 5;
const WORDS_MAX = 160;

export function listened({ filters }: Subscription): readonly string[] {
  if (filters.length === 0) return ['any event'];
  const shown = filters.slice(0, FILTERS_MAX).map(filterWords);
  const more = filters.length - shown.length;
  return more === 0 ? shown : [...shown, `${more} more`];
}

function filterWords({ correlate = {}, with: terms }: EventFilter): string {
  const { type, ...others } = terms;
  const name = type === undefined ? 'any event' : termWords('', type).trim();
  const conditions = [
    ...Object.entries(others).map(([attribute, term]) => termWords(attribute, term)),
    ...Object.entries(correlate).map(([, { expect, from }]) =>
      expect === undefined ? `${from.text} of one value` : `${from.text} = ${valueWords(expect)}`,
    ),
  ];
  return short(conditions.length === 0 ? name : `${name} with ${conditions.join(', ')}`);
}

function termWords(name: string, term: EventTerm): string {
  if ('has' in term) {
    return Object.entries(term.has)
      .map(([member, one]) => termWords(`${name}.${member}`, one))
      .join(', ');
  }
  const equals = name === '' ? '' : `${name} = `;
  if ('is' in term) return name === '' ? comparable(term.is) : `${equals}${valueWords(term.is)}`;
  if ('matches' in term) return `${equals}/${term.matches}/`;
  return name === '' ? `\${ ${term.holds.text} }` : `${name}: \${ ${term.holds.text} }`;
}

function valueWords(value: Json): string {
  return JSON.stringify(value);
}

function short(words: string): string {
  return words.length <= WORDS_MAX ? words : `${words.slice(0, WORDS_MAX - 3)}...`;
}
