/*
 * What an operator should hear about the brokers: once when trouble begins, once when it is over.
 * Never per try.
 */
export class Notices {
  readonly #say: (said: string) => void;
  readonly #now: () => number;
  /** what is wrong -> since when, ms */
  readonly #open = new Map<string, number>();

  constructor(say: ((said: string) => void) | undefined, now: () => number = Date.now) {
    this.#say = say ?? (() => {});
    this.#now = now;
  }

  /** `about` names what is in trouble; only the first call until `over` is heard. */
  trouble(about: string, why: unknown): void {
    if (this.#open.has(about)) return;
    this.#open.set(about, this.#now());
    const said = why instanceof Error ? why.message : String(why);
    this.#say(`${about}: ${said}`);
  }

  over(about: string): void {
    const since = this.#open.get(about);
    if (since === undefined) return;
    this.#open.delete(about);
    this.#say(`${about}: fine again after ${((this.#now() - since) / 1000).toFixed(1)} s`);
  }

  /** Something that has no end. */
  tell(said: string): void {
    this.#say(said);
  }
}
