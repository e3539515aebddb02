import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';

/** A node that runs so many times, each result checkpointed; milliseconds from start to end. */
export async function run(steps, payload, folder) {
  await once(5, payload, mkdtempSync(join(folder, 'warm-')));
  return once(steps, payload, folder);
}

async function once(steps, payload, folder) {
  const State = Annotation.Root({ n: Annotation(), text: Annotation() });
  const checkpointer = SqliteSaver.fromConnString(join(folder, 'langgraph.db'));
  const graph = new StateGraph(State)
    .addNode('work', ({ n }) => ({ n: n + 1, text: payload }))
    .addEdge(START, 'work')
    .addConditionalEdges('work', ({ n }) => (n < steps ? 'work' : END))
    .compile({ checkpointer });
  const started = performance.now();
  const end = await graph.invoke(
    { n: 0, text: '' },
    { configurable: { thread_id: 'bench' }, recursionLimit: steps + 10 },
  );
  const took = performance.now() - started;
  if (end.n !== steps) throw new Error(`LangGraph made ${end.n} steps.`);
  return took;
}
