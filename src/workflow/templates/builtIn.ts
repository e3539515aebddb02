import type { Template } from '../schemas.ts';
import { parseTemplate } from './parse.ts';

/** The templates that come with Planwright, written as the files of a workspace are. */
const texts: Readonly<Record<string, string>> = {
  'new-endpoint': `---
name: New endpoint
description: An HTTP endpoint or RPC method, from its contract to its tests.
weights: { requirementsCoverage: 25, architecture: 20, feasibility: 15, taskBreakdown: 10, testability: 15, riskAndSecurity: 15 }
---
Look first at one existing endpoint that is well made, and at how the project routes, validates, authorises, reports errors
and documents its API. The new one follows it.

## Contract
Request, response and every error with its status, written where the project keeps its contracts. Done when a test names
each of them.

## Input and authorisation
Validate everything that comes from outside; refuse who may not. Done when a test sends bad, missing and foreign input.

## Behaviour
The logic, apart from transport, where the project keeps its logic. Done when it is tested without a server.

## Wiring
Route, dependency injection, feature flag if the project has them. Done when one test goes through the real router.

## Documentation
API reference or OpenAPI, change log. Say what happens to old clients.

Success metrics name the tests, and a limit for time or size where one matters.
`,
  'bug-fix': `---
name: Bug fix with regression test
description: Find the cause, show it with a failing test, mend it there.
weights: { requirementsCoverage: 20, architecture: 10, feasibility: 25, taskBreakdown: 10, testability: 25, riskAndSecurity: 10 }
---
Find the cause before planning the cure: name the line where the wrong thing happens and why. Say in a decision why the fix
belongs there and not where the symptom shows.

## Regression test
The smallest test that fails today for the reported reason. Done when it fails without the fix and passes with it.

## Fix
The cause, with as few changed lines as are clear. Nothing else is cleaned up on the way.

## The same fault elsewhere
Search for the same pattern; mend it or name the places that stay. Done when the search is listed.

Out of scope: refactoring. Risks: who may rely on the old behaviour.
`,
  refactor: `---
name: Refactor without behaviour change
description: Another shape, the same behaviour, shown by tests that do not change.
weights: { requirementsCoverage: 15, architecture: 30, feasibility: 20, taskBreakdown: 20, testability: 10, riskAndSecurity: 5 }
---
Behaviour stays: every existing test passes unchanged after every task. Public names stay, or old ones go on working.

## Pin the behaviour
Where what moves is not tested, write characterisation tests first. Done when they pass on the code as it is.

## Steps
One mechanical step a task (extract, move, rename, inline, replace), each leaving everything green. No task both moves and
changes code.

## Remove what is left over
Old paths, shims and comments, once nothing uses them. Done when a search finds no user.

Success metrics measure the reason for it: size of the largest file, number of dependents, cycles, duplicated lines.
`,
  'dependency-upgrade': `---
name: Dependency upgrade
description: A new version of a library, its breaking changes one by one.
weights: { requirementsCoverage: 20, architecture: 10, feasibility: 30, taskBreakdown: 15, testability: 10, riskAndSecurity: 15 }
---
List every use of the dependency, and from its change log each breaking change between the two versions that touches one.
Say which transitive versions move with it.

## Prepare
Changes that work with both versions go first, each on its own.

## Upgrade
The manifest and the lock file together, one version at a time when there are several majors. Done when the install is clean.

## Adapt
One task for each breaking change that applies, with the place it is used. Done when types and tests pass.

## Check what tests do not see
Bundle size, start-up, warnings, licences, known vulnerabilities. Say how to go back.
`,
  performance: `---
name: Performance fix
description: Measure, change what the measurement points at, measure again.
weights: { requirementsCoverage: 20, architecture: 15, feasibility: 20, taskBreakdown: 10, testability: 25, riskAndSecurity: 10 }
---
No task changes anything before the slow thing is measured. A target is a number with its unit, data size and machine, or a
ratio against a floor in the same run.

## Benchmark
One that can be repeated, with real sizes, kept with the project. Done when it shows the slowness.

## Cause
A profile, and the place that takes the time; a decision names it with its share.

## Change
The smallest change at that place. Algorithm before micro-tuning; caches only with a rule for their end.

## Same results
Tests that compare old and new on many inputs, edge cases and errors included.

Success metrics: the benchmark before and after. Risks: memory, readability, concurrency.
`,
  'add-tests': `---
name: Add tests
description: Tests for code that has none, without changing what it does.
weights: { requirementsCoverage: 25, architecture: 10, feasibility: 20, taskBreakdown: 15, testability: 25, riskAndSecurity: 5 }
---
Read how the project tests, and use its runner, its fixtures and its way to name things. Product code changes only where a
seam is missing, in a task of its own.

## What matters
Rank the untested behaviour by what breaks when it is wrong: money, data, security, public API first.

## Tests by behaviour
One task an area: normal cases, limits, errors, odd input. A test's name says the behaviour. Each is seen to fail when the
code is broken on purpose.

## Bugs found
What a new test shows to be wrong is listed, not mended here, and its test says so.

Success metrics: the ranked behaviours covered; coverage of lines is a by-product, not the aim.
`,
};

/** By id, which is what a file of a workspace with the same name replaces. */
export function builtInTemplates(): ReadonlyMap<string, Template> {
  return new Map(Object.entries(texts).map(([id, text]) => [id, parseTemplate(text, id)]));
}
