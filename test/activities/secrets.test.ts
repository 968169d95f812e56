/* Secrets at the call: filled in, refused with 403, and masked in whatever is answered. */
import { describe, expect, test } from 'vitest';
import { activitiesOf } from '../../src/activities/index.ts';
import { Mask } from '../../src/activities/mask.ts';
import type { ActivityAnswer, ActivityContext, Secrets } from '../../src/ports/index.ts';
import type { Activity, Json, LateArguments } from '../../src/wire/index.ts';

const context: ActivityContext = {
  run: 'r',
  strand: '',
  definition: 'd',
  onAbort: () => {},
  heartbeat: () => {},
};
const TOKEN = 'hunter2-and-more';

function secretsOf(values: Record<string, Json | Error>): Secrets & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async get(name) {
      asked.push(name);
      const value = values[name];
      if (value instanceof Error) throw value;
      return value;
    },
  };
}

function activity(
  args: Json,
  leaves: LateArguments['leaves'],
  declared: readonly string[],
): Activity {
  const late = { leaves, secrets: declared, variables: {}, input: null };
  const rest = { role: 'do', pointer: '/do/0/a', kind: 'function', name: 'f', attempt: 1 } as const;
  return { ...rest, key: 'ab'.repeat(16), arguments: args, late, timeout: 1_000 };
}

async function ask(
  f: (args: Json) => unknown,
  secrets: Secrets,
  text = '$secrets.token',
): Promise<ActivityAnswer> {
  const { run } = activitiesOf({ functions: { f: f as never }, secrets });
  return run(activity({ x: null }, [{ at: '/x', text }], ['token', 'other']), context);
}

describe('at the call', () => {
  test('a function gets the value, and only what is read is fetched', async () => {
    let seen: Json = null;
    const secrets = secretsOf({ token: TOKEN, other: 'o' });
    const f = (args: Json): string => {
      seen = args;
      return 'done';
    };
    expect(await ask(f, secrets)).toEqual({ result: 'done' });
    expect(seen).toEqual({ x: TOKEN });
    expect(secrets.asked).toEqual(['token']);
  });

  test.each([
    ['one that is missing', secretsOf({}), '$secrets.token', 'no secret "token"'],
    ['one that is not declared', secretsOf({ x: 1 }), '$secrets.x', 'does not declare'],
    [
      'one that may not be read',
      secretsOf({ token: new Error('EACCES') }),
      '$secrets.token',
      'EACCES',
    ],
  ])('%s is an authorization error', async (_name, secrets, text, says) => {
    const answer = await ask(() => 'never', secrets, text);
    expect(answer).toMatchObject({
      error: {
        type: expect.stringMatching(/\/authorization$/),
        status: 403,
        detail: expect.stringContaining(says),
      },
    });
  });

  test('without any source there is none', async () => {
    const { run } = activitiesOf({ functions: { f: () => 1 } });
    const answer = await run(
      activity(null, [{ at: '', text: '$secrets.token' }], ['token']),
      context,
    );
    expect(answer).toMatchObject({ error: { status: 403 } });
  });
});

describe('in the answer', () => {
  const secrets = secretsOf({ token: TOKEN });
  const json = async (f: (args: Json) => unknown): Promise<string> =>
    JSON.stringify(await ask(f, secrets));

  test.each<[string, () => unknown]>([
    ['a result', () => `it was ${TOKEN}`],
    ['deep in a result', () => ({ a: [{ b: TOKEN, [TOKEN]: 1 }] })],
    ['base64', () => Buffer.from(`user:${TOKEN}`).toString('utf8')],
  ])('%s', async (_name, f) => {
    const text = await json(f);
    expect(text).not.toContain('hunter2');
    expect(text).toContain('***');
  });

  test('an error keeps its status', async () => {
    const answer = await ask(() => {
      throw { type: 'a:b', status: 418, title: `no ${TOKEN}`, detail: `with ${TOKEN} not` };
    }, secrets);
    expect(answer).toEqual({
      error: { type: 'a:b', status: 418, title: 'no ***', detail: 'with *** not' },
    });
  });

  test('what has no secret in it is what it was', async () => {
    const result = { a: [1, 'x', null, true], b: { c: 1.5 } };
    expect(await ask(() => result, secrets)).toEqual({ result });
  });
});

describe('the mask', () => {
  const mask = new Mask();
  mask.add({ user: 'jane doe/ü"', pin: 123456, short: 'abc' });

  test.each([
    ['as it stands', 'x jane doe/ü" y', 'x *** y'],
    ['percent-encoded', 'q=jane%20doe%2F%C3%BC%22&r', 'q=***&r'],
    ['as a form', 'q=jane+doe%2F%C3%BC%22&r', 'q=***&r'],
    ['in JSON', '{"a":"jane doe/ü\\""}', '{"a":"***"}'],
    ['base64', Buffer.from('jane doe/ü"').toString('base64'), '***'],
    ['a number', 'pin 123456.', 'pin ***.'],
    ['what is too short to be one', 'abc', 'abc'],
  ])('%s', (_name, text, masked) => {
    expect(mask.text(text)).toBe(masked);
  });

  test('numbers only if they are the secret', () => {
    expect(mask.json([123456, 1234567, 12])).toEqual(['***', 1234567, 12]);
  });

  test('bytes that are no text survive', () => {
    const bytes = Buffer.concat([
      Buffer.from([0, 255, 128]),
      Buffer.from('jane doe/ü"'),
      Buffer.from([254]),
    ]);
    expect([...mask.bytes(bytes)]).toEqual([0, 255, 128, 42, 42, 42, 254]);
    const other = Buffer.from([1, 2, 3]);
    expect(mask.bytes(other)).toBe(other);
  });
});

describe('what this process does not have', () => {
  test('is an error where nobody else may have it', async () => {
    const { run } = activitiesOf({});
    expect(await run(activity(null, [], []), context)).toMatchObject({
      error: { status: 400, detail: expect.stringContaining('no function "f"') },
    });
    const other = { ...activity(null, [], []), kind: 'telegraph' };
    expect(await run(other, context)).toMatchObject({
      error: { status: 400, detail: expect.stringContaining('"telegraph"') },
    });
  });

  test('is absent, and told once each, where others may have it', async () => {
    const told: string[] = [];
    const { run } = activitiesOf({ onAbsent: (of, what) => void told.push(`${of} ${what}`) });
    const telegraph = { ...activity(null, [], []), kind: 'telegraph' };
    for (const asked of [activity(null, [], []), activity(null, [], []), telegraph]) {
      expect(await run(asked, context)).toEqual({ absent: true });
    }
    expect(told).toEqual(['r the function "f"', 'r what can run telegraph']);
  });
});
