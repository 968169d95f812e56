/*
 * Invariants of order-fulfilment that are easier said in TypeScript. Every exported function gets the
 * world at rest and says what is wrong, or nothing.
 */
import type { FinalWorld } from '../src/chaos/scenario/format.ts';

interface Order {
  readonly orderId: string;
  readonly lines: readonly { readonly quantity: number; readonly price: number }[];
}

/** What is held on a card is what the order costs, every time it is asked for. */
export function holdsWhatTheOrderCosts({ ledger, runs }: FinalWorld): string[] {
  const costs = new Map(
    runs.map(({ id, input }) => {
      const { lines } = input as unknown as Order;
      return [id, lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)];
    }),
  );
  return ledger
    .filter(({ name }) => name === 'payment-hold')
    .filter(({ request, run }) => (request as { amount: number }).amount !== costs.get(run))
    .map(({ run }) => `run ${run} holds an amount that its order does not cost`);
}
