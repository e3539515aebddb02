import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Tool } from 'ai';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { editingTools } from '../../../src/workflow/agents/tools/editing.ts';
import type { EditBox } from '../../../src/workflow/agents/tools/editTool.ts';
import { CallOrder } from '../../../src/workflow/agents/tools/toolBox.ts';
import { Overlay } from '../../../src/workflow/edits/overlay.ts';
import { openJournal } from './journal.ts';

/** The implementer's tools on real files and a real journal. */
export function openEditBox(t: TestContext, files: Readonly<Record<string, string | Buffer>>) {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-tools-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const workspace = new NodeWorkspace(folder);
  const journal = openJournal(t);
  /** The conversation from its first line, as after a crash. */
  const pass = () => {
    const overlay = new Overlay((path) => workspace.read(path));
    const box: EditBox = {
      run: journal.pass(),
      agent: 'implementer',
      workspace,
      overlay,
      read: (path) => overlay.read(path),
      paths: async () => overlay.paths(await workspace.listFiles()),
      overlaid: () => new Set(overlay.changes().map(({ path }) => path)),
      seen: [],
      calls: new CallOrder(),
    };
    const tools: Record<string, Tool> = editingTools(box, { names: () => 'None may run.', run: async (name) => name });
    const call = async (name: string, input: object): Promise<string> => {
      const execute = tools[name]?.execute;
      if (!execute) throw new Error(`There is no tool ${name}.`);
      const whole = { requirements: ['R1'], why: 'because', ...input };
      return (await execute(whole, { toolCallId: name, messages: [], context: {} } as never)) as string;
    };
    return { overlay, call };
  };
  return { folder, workspace, pass, events: journal.events };
}
