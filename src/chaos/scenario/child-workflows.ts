/* The workflows that a document runs, which a scenario must bring along. */
import { isTask, type WorkflowDocument, type WorkflowProcess } from '../../dsl/document.ts';
import { surveyDocument } from '../../dsl/survey.ts';

export function childWorkflows(document: WorkflowDocument): readonly WorkflowProcess[] {
  return surveyDocument(document).tasks.flatMap(
    ({ task }) => (isTask(task, 'run') && task.run.workflow) || [],
  );
}
