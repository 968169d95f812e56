/*
 * What happened in a hop, for those who project the Log (lifecycle events) <-> Happened. Texts are
 * written once each: a step of a thousand tasks names the same few pointers over and over.
 *
 * Who wants to know nothing else of a record gets it without its State (`happenedIn`).
 */
import { integer, uint32 } from './fields.ts';
import { waybill } from './generated/messages.js';
import { payloadOf } from './envelope.ts';
import { asBuffer, ExactReader } from './protobuf.ts';
import { asWireError, WireError } from './wire-error.ts';

/** One thing that happened to the run of the record. Kinds are names, so that an older reader passes over what it does not know. */
export interface Happening {
  readonly kind: string;
  readonly strand: string;
  /** JSON pointer of the task; '' = the workflow */
  readonly pointer: string;
  /** JSON: an error, values of correlations; '' = nothing */
  readonly detail: string;
}

export interface Happened {
  /** ms since the epoch */
  readonly at: number;
  /** in order */
  readonly what: readonly Happening[];
}

/** Numbers of one item. */
const WIDTH = 4;
/** 8 * field number + 2, of a WorkflowCommand */
const HAPPENED = 330;

export function happenedToMessage({ at, what }: Happened): waybill.v1.Happened.$Properties {
  const places = new Map<string, number>([['', 0]]);
  const texts: string[] = [];
  const place = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, texts.push(text));
    return texts.length;
  };
  const items = what.flatMap(({ kind, strand, pointer, detail }) =>
    [kind, strand, pointer, detail].map((text) => uint32(place(text), 'place of a text')),
  );
  return { texts, items, at: integer(at, 'at') };
}

export function happenedFromMessage(message: waybill.v1.Happened.$Properties): Happened {
  const texts = ['', ...(message.texts ?? [])];
  const items = message.items ?? [];
  if (items.length % WIDTH !== 0) throw new WireError('what happened is cut off');
  const text = (item: number): string => {
    const found = texts[items[item] ?? 0];
    if (found === undefined) throw new WireError(`what happened names text ${items[item]}`);
    return found;
  };
  const what: Happening[] = [];
  for (let i = 0; i < items.length; i += WIDTH) {
    what.push({
      kind: text(i),
      strand: text(i + 1),
      pointer: text(i + 2),
      detail: text(i + 3),
    });
  }
  return { at: message.at ?? 0, what };
}

/** What an encoded STEP says that happened; all else of its body is passed over. Throws a WireError. */
export function happenedIn(record: Uint8Array): Happened | undefined {
  try {
    const reader = new ExactReader(payloadOf(asBuffer(record)));
    let happened: Happened | undefined;
    while (reader.pos < reader.len) {
      const tag = reader.tag();
      if (tag === HAPPENED) {
        const message = waybill.v1.Happened.decode(reader, reader.size());
        happened = happenedFromMessage(message);
      } else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    return happened;
  } catch (error) {
    throw asWireError('not a STEP', error);
  }
}
