/*
 * Texts: expressions that are empty or half wrapped, literals that look like expressions, and URI
 * templates. Whether an expression is jq is the plan compiler's question.
 */
import type { WorkflowDocument } from '../document.ts';
import { embeddedExpression, expressionOf, interpolated } from '../expression.ts';
import { quote } from '../problem.ts';
import type { Survey, TextPlace } from '../survey.ts';
import type { Verdict } from './index.ts';

export function checkTexts(
  { evaluate }: WorkflowDocument,
  survey: Survey,
  { problems, notes }: Verdict,
): void {
  // In loose mode whatever can be evaluated is: a text looks like what it is.
  const loose = evaluate?.mode === 'loose';
  for (const place of survey.texts) {
    const { pointer, text, position } = place;
    if (expressionOf(text, position) === '') {
      const message = 'this expression is empty';
      problems.push({ code: 'empty', message, pointer, expected: 'jq between ${ and }' });
    } else if (position === 'expression' && text.trim().startsWith('${')) {
      if (!embeddedExpression(text)) continue;
      problems.push({
        code: 'mixed-expression',
        message: `${quote(text)} goes on after the } that closes it`,
        pointer,
        expected: 'jq, bare or in one ${ }',
        hint: 'this field is an expression already: leave out ${ and }',
      });
    } else if (position === 'free' && !loose) notes.push(...literal(place));
  }
  for (const { pointer, value } of survey.uris) {
    if (expressionOf(value, 'free') !== undefined) continue;
    const fault = templateFault(value);
    if (fault === undefined) continue;
    problems.push({
      code: 'bad-uri',
      message: fault,
      pointer,
      expected: 'a URI with {name} variables',
      hint: '{name} stands for a property of the task input; use ${ "...\\(.a.b)" } for more',
    });
  }
}

/** A text that stays as it is, although its author may have meant otherwise. */
function literal({ pointer, text, role }: TextPlace): Verdict['notes'] {
  const meantForShell = role === 'program' && !/\$\{\s*(?:[.$]|")/.test(text);
  if (embeddedExpression(text) && !meantForShell) {
    return [
      {
        code: 'text-around-expression',
        message: 'this text stays as it is: an expression must be the whole value',
        pointer,
        expected: 'a text, or one ${ }',
        hint: `write ${interpolated(text)}`,
      },
    ];
  }
  const path = /^\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(text);
  const variable =
    /^\$(?:context|input|output|secrets|task|workflow|runtime|error|item|index)\b[\w.[\]"]*$/;
  if (role !== 'value' || !(path || variable.test(text))) return [];
  return [
    {
      code: 'looks-like-expression',
      message: `${quote(text)} is kept as a text`,
      pointer,
      expected: 'a text, or one ${ }',
      hint: `write \${ ${text} } to evaluate it`,
    },
  ];
}

/** RFC 6570 level 1: `{name}`, nothing nested, nothing left open. */
function templateFault(uri: string): string | undefined {
  let open = -1;
  for (let i = 0; i < uri.length; i++) {
    const char = uri[i];
    if (char === '{') {
      if (open >= 0) return 'a { stands inside { }';
      open = i;
    } else if (char === '}') {
      if (open < 0) return 'a } without a {';
      const name = uri.slice(open + 1, i);
      if (!/^(?:[A-Za-z0-9_.-]|%[0-9A-Fa-f]{2})+$/.test(name)) {
        return `${quote(`{${name}}`)} is not a simple variable`;
      }
      open = -1;
    }
  }
  return open < 0 ? undefined : 'a { is not closed';
}
