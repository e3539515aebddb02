import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { readPrompt } from '../../src/models/demo/reading.ts';
import type { AgentName } from '../../src/workflow/engine/events.ts';
import { criterionIds, type Input } from '../../src/workflow/schemas.ts';
import { type Content, callTool, scriptedModel, text } from '../unit/agents/scriptedModel.ts';

/** A small job with everything in it: a refinement, two tasks, a rejected hunk, a change asked for, a new file. */

export const input: Input = { request: 'Greet people by name', requirements: ['Greets by name', 'Knows some names'] };

export const files: Readonly<Record<string, string>> = {
  'README.md': '# Greeter\n\nSays hello.\n\nNothing more.\n',
  'src/greet.ts': [
    'export function greet() {',
    "  return 'Hello';",
    '}',
    '',
    '// a',
    '// b',
    '// c',
    '',
    'export function bye() {',
    "  return 'Bye';",
    '}',
    '',
  ].join('\n'),
};

const task = (id: string, title: string, dependsOn: string[], requirements: string[], paths: [string, string][]) => ({
  id,
  title,
  description: title,
  dependsOn,
  requirements,
  files: paths.map(([path, action]) => ({ path, action })),
  tests: ['none: shown by reading'],
  doneWhen: ['it is there'],
  size: 'S',
});

const plan = {
  title: 'Greet by name',
  summary: 'A greeting and some names.',
  impliedRequirements: [],
  architecture: { overview: 'One function.', components: [], decisions: [] },
  tasks: [
    task('T1', 'Greet by name', [], ['R1'], [['src/greet.ts', 'modify']]),
    task(
      'T2',
      'Know names',
      ['T1'],
      ['R2'],
      [
        ['src/names.ts', 'create'],
        ['README.md', 'modify'],
      ],
    ),
  ],
  successMetrics: [{ name: 'greets', target: 'always', measuredBy: 'reading it' }],
  risks: [],
  assumptions: [],
  outOfScope: [],
};

const review = (score: number) => ({
  criteria: criterionIds.map((id) => ({
    id,
    score,
    rationale: `It is a ${score}.`,
    evidence: [{ taskId: 'T1' }],
    improvements: score < 8 ? [{ what: `Better ${id}`, why: 'It is thin.', severity: 'major' }] : [],
  })),
});
const report = (summary: string) => ({
  summary,
  documentation: `${summary} (docs)`,
  tests: ['t'],
  evidence: [{ doneWhen: 'it is there', how: 'It is written.' }],
});
const said = (value: unknown): Content => text(JSON.stringify(value));

/** The turns of each conversation. */
function turnsOf(agent: AgentName, options: LanguageModelV4CallOptions): readonly Content[] {
  const { reviewRound, taskId, change } = readPrompt(options.prompt);
  switch (agent) {
    case 'planner':
      return [callTool('read_file', { path: 'src/greet.ts' }), said(plan)];
    case 'reviewer':
      return [said(review(reviewRound === 0 ? 6 : 9))];
    case 'refiner':
      return [said({ plan, addressed: [{ improvementId: 'I1', change: 'made it better' }], declined: [] })];
    case 'implementer':
      if (change) {
        return [
          callTool('write_file', {
            path: 'src/names.ts',
            content: "export const names = ['Ada', 'Grace'];\n",
            requirements: ['R2'],
            why: change.feedback,
          }),
          said(report('Renamed')),
        ];
      }
      return taskId === 'T1' ? firstTask : secondTask;
  }
}

const firstTask = [
  callTool('edit_file', {
    path: 'src/greet.ts',
    oldText: "export function greet() {\n  return 'Hello';",
    newText: "export function greet(name: string) {\n  return 'Hello ' + name;",
    requirements: ['R1'],
    why: 'the name',
  }),
  callTool('edit_file', {
    path: 'src/greet.ts',
    oldText: "return 'Bye';",
    newText: "return 'Good bye';",
    requirements: [],
    why: 'nicer',
  }),
  said(report('Greets by name')),
];
const secondTask = [
  callTool('write_file', {
    path: 'src/names.ts',
    content: "export const names = ['Ann'];\n",
    requirements: ['R2'],
    why: 'names',
  }),
  callTool('edit_file', {
    path: 'README.md',
    oldText: 'Says hello.',
    newText: 'Says hello by name.',
    requirements: ['R1'],
    why: 'docs',
  }),
  said(report('Knows names')),
];

export function scriptedAgent(agent: AgentName): LanguageModelV4 {
  return scriptedModel((_n, options) => {
    const turns = turnsOf(agent, options);
    return turns[readPrompt(options.prompt).turn] ?? said({});
  });
}
