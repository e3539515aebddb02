#!/usr/bin/env node
import { nodeProblem } from './nodeVersion.ts';

// Nothing else is loaded before it is known that this Node can load it.
const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  void import('./cli.ts').then(({ main }) => main(process.argv.slice(2)));
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
