import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetOf } from '../../../media/plan/graphKeys.ts';
import { type Direction, layoutGraph, nodeHeight, nodeWidth } from '../../../media/plan/graphLayout.ts';
import { inLayerOrder } from '../../../media/plan/layerOrder.ts';
import { matchingTasks } from '../../../media/plan/matchTask.ts';
import { task } from '../runState/events.ts';

const diamond = [task('T1'), task('T2', ['T1']), task('T3', ['T1']), task('T4', ['T2', 'T3'])];
const ends: Readonly<Record<Direction, readonly ['x' | 'y', 1 | -1]>> = { LR: ['x', 1], RL: ['x', -1], TB: ['y', 1] };

for (const direction of ['LR', 'RL', 'TB'] as const) {
  test(`every task stands beyond what it waits for, and none on another: ${direction}`, () => {
    const { nodes, edges, width, height } = layoutGraph(diamond, direction);
    const at = new Map(nodes.map((node) => [node.id, node]));
    const [axis, sign] = ends[direction];
    for (const { from, to } of edges) assert.ok(sign * (at.get(to)![axis] - at.get(from)![axis]) > 0, `${from} ${to}`);
    for (const a of nodes)
      for (const b of nodes)
        if (a !== b)
          assert.ok(Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight, `${a.id} ${b.id}`);
    for (const { x, y } of nodes) assert.ok(x >= 0 && y >= 0 && x + nodeWidth <= width && y + nodeHeight <= height);
  });
}

test('a plan under review may be wrong: circles, itself, nothing, and tasks that are not there', () => {
  const odd = [task('T1', ['T2']), task('T2', ['T1']), task('T3', ['T3', 'T9']), task('T4', ['T1', 'T1'])];
  const { nodes, edges } = layoutGraph(odd, 'LR');
  assert.deepEqual(nodes.map(({ id }) => id).sort(), ['T1', 'T2', 'T3', 'T4']);
  assert.equal(edges.length, 3);
  assert.ok(edges.every(({ path }) => /^M[\d. -]+C/.test(path) && !path.includes('NaN')));
  assert.deepEqual(layoutGraph([], 'LR'), { width: 0, height: 0, nodes: [], edges: [] });
  assert.equal(inLayerOrder(odd).length, 4);
});

test('arrows follow the arrows, across them they go through a layer', () => {
  const layout = layoutGraph(diamond, 'LR');
  const go = (key: string, id: string) => targetOf(key, id, layout, 'LR');
  const [upper, lower] = ['T2', 'T3'].sort(
    (a, b) => layout.nodes.find(({ id }) => id === a)!.y - layout.nodes.find(({ id }) => id === b)!.y,
  );
  assert.ok(['T2', 'T3'].includes(go('ArrowRight', 'T1') ?? ''));
  assert.equal(go('ArrowRight', 'T2'), 'T4');
  assert.equal(go('ArrowLeft', 'T3'), 'T1');
  assert.equal(go('ArrowDown', upper!), lower);
  assert.equal(go('ArrowUp', lower!), upper);
  assert.equal(go('ArrowDown', lower!), undefined);
  assert.equal(go('ArrowLeft', 'T1'), undefined);
  assert.equal(go('End', 'T1'), 'T4');
  assert.equal(go('a', 'T1'), undefined);
  assert.ok(['T2', 'T3'].includes(targetOf('ArrowLeft', 'T1', layoutGraph(diamond, 'RL'), 'RL') ?? ''));
});

test('a chain of thousands is put in order without running out of stack', () => {
  const chain = Array.from({ length: 3000 }, (_, index) => task(`T${index + 1}`, index === 0 ? [] : [`T${index}`]));
  assert.deepEqual(
    inLayerOrder(chain.toReversed()).map(({ id }) => id),
    chain.map(({ id }) => id),
  );
});

test('a filter asks for every word, wherever it stands', () => {
  const tasks = [
    task('T1', [], { title: 'Fold letters', files: [{ path: 'src/Slug.ts', action: 'modify' }] }),
    task('T2', [], { title: 'Registry', requirements: ['R7'] }),
  ];
  const ids = (find: string) => matchingTasks(tasks, find).map(({ id }) => id);
  assert.deepEqual(ids(''), ['T1', 'T2']);
  assert.deepEqual(ids('  '), ['T1', 'T2']);
  assert.deepEqual(ids('slug fold'), ['T1']);
  assert.deepEqual(ids('r7'), ['T2']);
  assert.deepEqual(ids('fold registry'), []);
});
