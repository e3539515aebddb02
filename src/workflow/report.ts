import type { Candidate } from './phases/context.ts';
import type { Implementation } from './phases/implement.ts';
import type { Output } from './schemas.ts';

/** What the run leaves behind: every figure from what happened, null where nothing measured it. */
export function report({ review }: Candidate, { reports, durationMs, testCoverage }: Implementation): Output {
  return {
    implementation: reports.map(({ task, report }) => `${task.id} ${task.title}: ${report.summary}`).join('\n'),
    documentation: reports
      .map(({ report }) => report.documentation)
      .filter((text) => text.trim() !== '')
      .join('\n\n'),
    tests: reports.flatMap(({ report }) => report.tests),
    metrics: { planScore: review.score, implementationTime: durationMs, testCoverage },
  };
}
