/*
 * Which texts of a document are expressions.
 *
 * The rule (strict mode; plan/expression.ts has the loose one): a field typed as an expression takes bare
 * jq or jq in `${ }`; a free-form value is an expression only when the whole text is one `${ }`. A text
 * that has `${` somewhere else stays a text, and validation notes it (`embeddedExpression`). What comes in
 * as data is never looked at: expressions stand in definitions only.
 */

export type ExpressionPosition = 'expression' | 'free';

/** The jq source in `value`, or undefined when `value` is a literal text. */
export function expressionOf(value: string, position: ExpressionPosition): string | undefined {
  const inner = wrapped(value.trim());
  if (inner !== undefined) return inner;
  return position === 'expression' ? value.trim() : undefined;
}

/** True for a text that has `${` in it and is not an expression as a whole. */
export function embeddedExpression(value: string): boolean {
  return value.includes('${') && wrapped(value.trim()) === undefined;
}

/** How to write text around an expression: `"Hello ${ .x }"` -> `${ "Hello \(.x)" }`. */
export function interpolated(value: string): string {
  let text = '';
  for (let offset = 0; offset < value.length;) {
    const end = value.startsWith('${', offset) ? closingBrace(value, offset + 1) : undefined;
    if (end === undefined) {
      text += JSON.stringify(value[offset]).slice(1, -1);
      offset++;
    } else {
      text += `\\(${value.slice(offset + 2, end).trim()})`;
      offset = end + 1;
    }
  }
  return `\${ "${text}" }`;
}

function wrapped(text: string): string | undefined {
  if (!text.startsWith('${') || !text.endsWith('}') || text.length < 3) return undefined;
  // `${ .a } and ${ .b }` begins and ends like an expression; the first brace closes too early.
  const end = closingBrace(text, 1);
  return end === undefined || end === text.length - 1 ? text.slice(2, -1).trim() : undefined;
}

/**
 * The offset of the brace that closes the one at `open`, with jq's strings, their interpolations and
 * comments in mind; undefined when nothing closes it (the jq compiler will say what is wrong).
 */
function closingBrace(text: string, open: number): number | undefined {
  // What is open, innermost last: braces, and strings with the interpolations inside them.
  const stack: ('{' | '"' | '(')[] = [];
  for (let i = open; i < text.length; i++) {
    const char = text[i];
    const inside = stack.at(-1);
    if (inside === '"') {
      if (char === '\\' && text[i + 1] === '(') {
        stack.push('(');
        i++;
      } else if (char === '\\') i++;
      else if (char === '"') stack.pop();
      continue;
    }
    if (char === '"' || char === '{' || char === '(') stack.push(char);
    else if (char === '}' && inside === '{') {
      stack.pop();
      if (stack.length === 0) return i;
    } else if (char === ')' && inside === '(') stack.pop();
    else if (char === '#') {
      const line = text.indexOf('\n', i);
      if (line < 0) return undefined;
      i = line;
    }
  }
  return undefined;
}
