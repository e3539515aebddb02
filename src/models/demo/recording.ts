/** One tool call as a model makes it. */
export interface RecordedCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One answer of the model: words and tool calls, or the agent's result, which ends its loop. */
export type RecordedTurn =
  | { readonly kind: 'act'; readonly say: string; readonly calls: readonly RecordedCall[] }
  | { readonly kind: 'answer'; readonly result: object };

/** The turns of one agent for one prompt, in order. */
export type Recording = readonly RecordedTurn[];

export function call(tool: string, input: Readonly<Record<string, unknown>> = {}): RecordedCall {
  return { tool, input };
}

/** A turn that calls tools. */
export function act(say: string, ...calls: readonly RecordedCall[]): RecordedTurn {
  return { kind: 'act', say, calls };
}

/** The last turn: the agent's result, said as JSON. */
export function answer(result: object): RecordedTurn {
  return { kind: 'answer', result };
}

/** An edit, in the words of the implementer's edit_file tool. */
export interface RecordedEdit {
  readonly path: string;
  readonly oldText: string;
  readonly newText: string;
  readonly requirements: readonly string[];
  readonly why: string;
}

export function edit(input: RecordedEdit): RecordedCall {
  return call('edit_file', { ...input });
}

/** A new file, in the words of the implementer's write_file tool. */
export interface RecordedFile {
  readonly path: string;
  readonly content: string;
  readonly requirements: readonly string[];
  readonly why: string;
}

export function write(input: RecordedFile): RecordedCall {
  return call('write_file', { ...input });
}
