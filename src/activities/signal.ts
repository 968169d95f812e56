/* The wish not to have an answer any more, as an AbortSignal. */
import type { ActivityContext } from '../ports/index.ts';

export function signalOf(context: ActivityContext): AbortSignal {
  const controller = new AbortController();
  context.onAbort(() => controller.abort());
  return controller.signal;
}
