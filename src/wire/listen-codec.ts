/* What a task that listens remembers between two events. */
import { optional, present, uint32, type Writable } from './fields.ts';
import type { waybill } from './generated/messages.js';
import type { Json } from './json.ts';
import { jsonText, jsonValue } from './json-text.ts';
import type { ListenState } from './state.ts';
import { WireError } from './wire-error.ts';

type ListenMessage = waybill.v1.ListenState.$Properties;

export function listenToMessage(node: ListenState): ListenMessage {
  return {
    outputsJson: optional(node.outputs, 'what was made of the events', jsonText),
    seenJson: optional(node.seen, 'the events so far', jsonText),
    met: node.met.map((index) => uint32(index, 'met')),
    metUntil: node.metUntil.map((index) => uint32(index, 'metUntil')),
    keysJson: Object.fromEntries(
      Object.entries(node.keys).map(([name, key]) => [name, jsonText(key, `the key ${name}`)]),
    ),
    index: uint32(node.index, 'index'),
    itemJson: optional(node.item, 'the event under way', jsonText),
  };
}

export function listenFromMessage(message: ListenMessage): ListenState {
  const { outputsJson, seenJson, itemJson } = message;
  const node: Writable<ListenState> = {
    kind: 'listen',
    met: message.met ?? [],
    metUntil: message.metUntil ?? [],
    keys: Object.fromEntries(
      Object.entries(message.keysJson ?? {}).map(([name, text]) => [
        name,
        jsonValue(text, `the key ${name}`),
      ]),
    ),
    index: message.index ?? 0,
  };
  if (present(outputsJson)) node.outputs = list(outputsJson, 'what was made of the events');
  if (present(seenJson)) node.seen = list(seenJson, 'the events so far');
  if (present(itemJson)) node.item = jsonValue(itemJson, 'the event under way');
  return node;
}

function list(text: string, what: string): readonly Json[] {
  const value = jsonValue(text, what);
  if (Array.isArray(value)) return value as readonly Json[];
  throw new WireError(`${what} is not a list`);
}
