/*
 * `waybill graph FILE`: the workflow as a picture, on the standard output or in a file.
 */
import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { buildGraph } from '../dsl/graph.ts';
import { toMermaid } from '../dsl/mermaid.ts';
import { graphSvg } from '../report/graph-svg.ts';
import type { CliCommand } from './main.ts';
import { print, readWorkflow, renderProblem } from './validate.ts';

const FORMATS = ['mermaid', 'svg'];

export const graphCommand: CliCommand = {
  configure(command: Command) {
    command
      .argument('<file>', 'a workflow file, or - for the standard input')
      .option('-f, --format <format>', `${FORMATS.join(' or ')} (else by the name of the output)`)
      .option('-o, --output <file>', 'write to a file')
      .action((path: string, options: { format?: string; output?: string }) => {
        const { output } = options;
        const format = options.format ?? (output?.endsWith('.svg') === true ? 'svg' : 'mermaid');
        if (!FORMATS.includes(format)) {
          return fail(
            `there is no format ${JSON.stringify(format)}; choose ${FORMATS.join(' or ')}`,
          );
        }
        const { definition, problems, text } = readWorkflow(path);
        if (definition === undefined) {
          return fail(problems.map((problem) => renderProblem(problem, text)).join('\n'));
        }
        const graph = buildGraph(definition.document);
        const picture = format === 'svg' ? graphSvg(graph) : toMermaid(graph);
        if (output === undefined) return print(picture);
        try {
          writeFileSync(output, picture);
        } catch (error) {
          const { code = 'EIO' } = error as NodeJS.ErrnoException;
          fail(`${output} cannot be written (${code})`);
        }
      });
  },
};

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
