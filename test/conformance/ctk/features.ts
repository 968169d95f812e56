/*
 * Reads the features of the conformance kit: Gherkin to scenarios, a scenario to steps with the text
 * below them. What a step means is for steps.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator } from '@cucumber/messages';

export interface Step {
  readonly text: string;
  /** the block of text below the step; '' without one */
  readonly block: string;
}

export interface KitScenario {
  /** file and name: what people see */
  readonly name: string;
  readonly steps: readonly Step[];
}

export function readFeatures(folder: URL): KitScenario[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.feature'))
    .sort()
    .flatMap((file) => {
      const text = readFileSync(new URL(file, folder), 'utf8');
      return scenarios(text, file.slice(0, -'.feature'.length));
    });
}

export function scenarios(text: string, feature: string): KitScenario[] {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  const pickles = compile(parser.parse(text), feature, newId);
  return pickles.map(({ name, steps }) => ({
    name: `${feature}: ${name}`,
    steps: steps.map((step) => ({
      text: step.text,
      block: step.argument?.docString?.content ?? '',
    })),
  }));
}
