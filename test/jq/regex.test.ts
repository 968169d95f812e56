/*
 * Oniguruma's patterns, as Perl_NT syntax has them, on JavaScript's engine.
 */
import { describe, expect, test } from 'vitest';
import { type Case, jq } from './run.ts';

const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  'anchors and dots': [
    [
      '[test("^b"), test("a$"), test("b$"), test("b\\\\z"), test("b\\\\Z"), test("\\\\Aa")]',
      'a\nb\n',
      '[false,false,true,false,true,true]',
    ],
    [
      '[test("a.b"), test("a.b"; "s"), test("a.b"; "p"), test("(?s)a.b"), test("a.b"; "x")]',
      'a\nb',
      '[false,false,true,true,false]',
    ],
    ['[match("\\\\b"; "g").offset]', 'ab cd', '[0,2,3,5]'],
    ['[match("^"; "g").offset]', 'a\nb', '[0]'],
  ],
  classes: [
    ['[scan("\\\\d+")], [scan("\\\\w+")], [scan("\\\\s")]', 'é1 x٣', '["1","٣"] ["é1","x٣"] [" "]'],
    ['[scan("\\\\h+")]', 'xAf9z', '["Af9"]'],
    [
      '[scan("[[:alpha:]]+")], [scan("[[:digit:][:upper:]]+")], [scan("[^[:alpha:]]+")]',
      'ab1C',
      '["ab","C"] ["1C"] ["1"]',
    ],
    ['[scan("[a-c&&[^b]]")]', 'abcd', '["a","c"]'],
    ['[scan("[a[bc]]+")]', 'abcd', '["abc"]'],
    [
      '[scan("\\\\p{Lu}")], [scan("\\\\P{L}")], [scan("\\\\p{^L}")], [scan("\\\\p{Greek}+")]',
      'aBΓδ1',
      '["B","Γ"] ["1"] ["1"] ["Γδ"]',
    ],
    ['[scan("[\\\\w-]+")], [scan("[-a]+")], [scan("[]a]+")]', 'a-b]', '["a-b"] ["a-"] ["a","]"]'],
    ['[scan("[\\\\d.]+")]', '1.5 x', '["1.5"]'],
    ['[scan("\\\\W")], [scan("[^\\\\s\\\\d]")]', 'a 1!', '[" ","!"] ["a","!"]'],
    ['[scan("\\\\R")] | length', 'a\r\nb\nc', '2'],
  ],
  groups: [
    ['[capture("(?<a>.)(?<b>.)")]', 'xy', '[{"a":"x","b":"y"}]'],
    ['match("(a)(?:b)(c)").captures | map(.string)', 'abc', '["a","c"]'],
    ['[test("(.)\\\\1"), test("(?<x>.)\\\\k<x>")]', 'abba', '[true,true]'],
    [
      '[scan("(?i)AB"), scan("a(?i:B)"), scan("(?i:A)B")]',
      'ab AB aB',
      '["ab","AB","aB","ab","aB","AB","aB"]',
    ],
    ['[test("(?>a+)ab"), test("a++ab"), test("a+ab")]', 'aaab', '[false,false,true]'],
    ['match("(?>(a)|b)+(c)").captures | map(.string)', 'abac', '["a","c"]'],
    [
      '[scan("a(?=b)")], [scan("a(?!b)")], [scan("(?<=x)a")], [scan("(?<!x)a")]',
      'xab a',
      '["a"] ["a"] ["a"] ["a"]',
    ],
    [
      '[test("a(?#comment)b"), test("a b # c"; "x"), test("a\\\\ b"; "x")]',
      'ab',
      '[true,true,false]',
    ],
  ],
  quantifiers: [
    [
      '[scan("a{2}")], [scan("a{2,}")], [scan("a{1,2}")], [scan("a+?")]',
      'aaaa',
      '["aa","aa"] ["aaaa"] ["aa","aa"] ["a","a","a","a"]',
    ],
    ['[test("a{x"), test("{1}a"), test("a{,2}")]', 'a{x', '[true,false,true]'],
    ['[test("x{"), test("}")]', 'x{}', '[true,true]'],
  ],
  escapes: [
    [
      '[test("\\\\x41"), test("\\\\x{1F600}"), test("\\\\t"), test("\\\\e")]',
      'A😀',
      '[true,true,false,false]',
    ],
    ['[test("a\\\\.b"), test("a\\\\-b"), test("\\\\Qa.b\\\\E")]', 'a.b', '[true,false,true]'],
  ],
  'code points': [
    ['[match("."; "g") | [.offset, .length, .string]]', 'a😀é', '[[0,1,"a"],[1,1,"😀"],[2,1,"é"]]'],
    ['[match(""; "g").offset]', '😀a', '[0,1,2]'],
    ['[splits("")], gsub("";"-")', '😀a', '["","😀","a",""] "-😀-a-"'],
  ],
  errors: [
    ['test("(")', 'a', '!Regex failure: end pattern with unmatched parenthesis'],
    ['test(")")', 'a', '!Regex failure: unmatched close parenthesis'],
    ['test("*")', 'a', '!Regex failure: target of repeat operator is not specified'],
    ['test("a\\\\")', 'a', '!Regex failure: end pattern at escape'],
    ['test("(?<>a)")', 'a', '!Regex failure: group name is empty'],
    ['test("\\\\k<x>")', 'a', '!Regex failure: undefined name <x> reference'],
    ['test("\\\\2")', 'a', '!Regex failure: invalid backref number/name'],
    ['test("a"; "z")', 'a', '!z is not a valid modifier string'],
    ['test("a"; 1)', 'a', '!number (1) is not a string'],
    ['test("\\\\K")', 'a', '!Regex failure: \\K is not supported'],
  ],
};

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(group, () => {
    test.each(cases.map(([source, input, expected]) => ({ source, input, expected })))(
      '$source on $input',
      ({ source, input, expected }) => {
        expect(jq(source, input)).toBe(expected);
      },
    );
  });
}
