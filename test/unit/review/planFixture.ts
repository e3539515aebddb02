import type { Plan } from '../../../src/workflow/schemas.ts';

/** A plan the linter has nothing to say about, for {@link goodFiles}. */
export function goodPlan(): Plan {
  return {
    title: 'Unique slugs',
    summary: 'Adds a registry.',
    requirements: [
      { id: 'R1', text: 'Fold accents', source: 'given' },
      { id: 'R2', text: 'Unique slugs', source: 'given' },
    ],
    architecture: { overview: 'Pure functions.', components: [], decisions: [] },
    tasks: [
      {
        id: 'T1',
        title: 'Fold accents',
        description: '',
        dependsOn: [],
        requirements: ['R1'],
        files: [{ path: 'src/slug.ts', action: 'modify' }],
        tests: ['folds é'],
        doneWhen: ['é becomes e'],
        size: 'S',
      },
      {
        id: 'T2',
        title: 'Registry',
        description: '',
        dependsOn: ['T1'],
        requirements: ['R2'],
        files: [
          { path: 'src/registry.ts', action: 'create' },
          { path: 'src/slug.ts', action: 'modify' },
        ],
        tests: ['counts up'],
        doneWhen: ['hello, then hello-2'],
        size: 'M',
      },
    ],
    successMetrics: [{ name: 'tests', target: 'all pass', measuredBy: 'node --test' }],
    risks: [],
    assumptions: [],
    outOfScope: [],
  };
}

export const goodFiles: ReadonlySet<string> = new Set(['src/slug.ts', 'README.md']);
