/* The wish not to have an answer any more, as an AbortSignal. */
import type { ActivityContext } from '../ports/index.ts';

/** Making one costs more than a small hop: it is made for those who look at it. */
export function signalOf(context: ActivityContext): AbortSignal {
  const controller = new AbortController();
  context.onAbort(() => controller.abort());
  return controller.signal;
}
