import { deepStrictEqual } from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { decodeHeader, decodeRecord, recordFromJson, sha256Hex } from '../../src/wire/index.ts';
import { goldens } from './golden/samples.ts';

/** Every released version of the format, for ever. Append a line when samples are added. */
const PINNED = [
  { count: 18, sha256: '73992471080e2fdbdf92ade81dc71f57d013e610c14b630eb4e7c07b5af34247' },
  { count: 19, sha256: '73db34c5ddede187b590359dbaccb85708aee82602a00f2aa9ae966dd843e683' },
  { count: 23, sha256: '68ece1f5bbb07ab85fa20e821e0d7195adccbf2119f3fb243c57c53e1df1e6c7' },
  { count: 24, sha256: '07ad90325bfbac50a13ba0782fec53a00133510b7b8a803960561d5ae87c4a8a' },
  { count: 26, sha256: '108663f1fe64f5ead07b638e544bce8b16df6d4c377d1e9b5c33decaa650e706' },
  { count: 27, sha256: '6fcbb0ea6636977a2062446405504f57ccf46f12832ebc300c38cdc388ee9099' },
  { count: 28, sha256: 'b9c8769f82eb617a4029e46e1c0245d027c5ce5027f5ab0fd65bcc4d871b51f6' },
  { count: 29, sha256: '4405e79140eb8f63e45e566c99809d2c50a26c2a72e385d4cb8855d02f7d9a6a' },
];

describe('golden bytes', () => {
  test.each(goldens())('$name decodes to what it was', ({ hex, json }) => {
    const bytes = Buffer.from(hex, 'hex');
    const record = decodeRecord(bytes);
    deepStrictEqual(record, recordFromJson(json));
    deepStrictEqual(decodeHeader(bytes), record.header);
  });

  test.each(PINNED)('the first $count have not been touched', ({ count, sha256 }) => {
    expect(sha256Hex(JSON.stringify(goldens().slice(0, count)))).toBe(sha256);
  });

  test('all of them are pinned', () => {
    expect(goldens().length).toBe(PINNED.at(-1)?.count);
  });

  test('there is one of each kind', () => {
    const kinds = new Set(goldens().map(({ hex }) => decodeHeader(Buffer.from(hex, 'hex')).kind));
    expect([...kinds].sort()).toEqual(
      [
        ...['ANSWER', 'CANCELLING', 'CARRY', 'CLAIM', 'CLOSE', 'CONTROL'],
        ...['END', 'MARK', 'OUTPUT', 'PARK', 'RESUME', 'START', 'STEP'],
      ].sort(),
    );
  });
});
