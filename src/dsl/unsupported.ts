import type { WorkflowDocument } from './document.ts';
import type { Finding } from './problem.ts';

export function unsupportedFindings(_document: WorkflowDocument): Finding[] {
  return [];
}
