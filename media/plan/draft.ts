import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Gate } from '../../src/workflow/engine/events.ts';
import type { TaskComment } from '../../src/workflow/phases/words.ts';
import * as edits from '../../src/workflow/planEdits.ts';
import type { RunView } from '../../src/workflow/runState.ts';
import type { Plan, Review, Task } from '../../src/workflow/schemas.ts';
import { type Reader, useKept } from '../kept.ts';
import { t } from '../l10n.ts';
import type { Linted } from '../panelState.ts';
import { post, recall, remember } from '../vscode.ts';

/** How long typing rests before the linter is asked, in milliseconds. */
const restMs = 150;

/** The plan as the developer is changing it at a gate, their comments, and what can be done with both. */
export interface Draft {
  /** Run, attempt and gate it is for. */
  readonly key: string;
  /** Null until something was changed. */
  readonly plan: Plan | null;
  readonly comments: readonly TaskComment[];
  /** What the review comes to with the changed plan; null while the linter has not answered. */
  readonly review: Review | null;
  /** The task whose fields are open. */
  readonly editing: string | null;
  readonly commenting: string | null;
  readonly canEdit: boolean;
  readonly canComment: boolean;
  readonly edit: (id: string | null) => void;
  readonly commentOn: (id: string | null) => void;
  readonly change: (id: string, change: Partial<Omit<Task, 'id'>>) => void;
  readonly move: (id: string, by: -1 | 1) => void;
  readonly drop: (id: string) => void;
  readonly split: (id: string) => void;
  readonly add: () => void;
  /** An empty text takes the comment back. */
  readonly comment: (taskId: string, text: string) => void;
  readonly discard: () => void;
  /** Sends the plan back, with the comments. */
  readonly refine: () => void;
  /** Uses the changed plan instead of the one that was reviewed. */
  readonly use: () => void;
}

/** The draft at the gate that is open, if it takes one. It outlives a reload, not its gate. */
export function useDraft(view: RunView, active: boolean, linted: Linted | null): Draft | null {
  const gate = view.openGates.find(takesDraft);
  const key = gate === undefined || !active ? null : `${view.runId} ${view.attempt} ${gate.id}`;
  const [kept, keep] = useState(recall().draft);
  const [open, setOpen] = useKept<Open>('draft.open', closed, asOpen);
  const asked = useRef(0);
  const mine = kept?.key === key ? kept : null;
  const plan = mine?.plan ?? null;

  useEffect(() => {
    if (plan === null) return;
    const timer = setTimeout(() => {
      asked.current += 1;
      post({ type: 'lintPlan', number: asked.current, plan });
    }, restMs);
    return () => clearTimeout(timer);
  }, [plan]);

  return useMemo(() => {
    const base = plan ?? view.plan;
    if (key === null || gate === undefined || base === null) return null;
    const comments = mine?.comments ?? [];
    const put = (next: Plan | null, said: readonly TaskComment[] = comments) => {
      const draft = next === null && said.length === 0 ? null : { key, plan: next, comments: said };
      keep(draft);
      remember({ draft });
    };
    const openNew = ({ plan: next, id }: { readonly plan: Plan; readonly id: string }) => {
      put(next);
      setOpen({ editing: id, commenting: null });
    };
    const send = (choice: string, data: Record<string, string>) => {
      setOpen(closed);
      post({ type: 'decide', gateId: gate.id, choice, data });
    };
    const planData: Record<string, string> = plan === null ? {} : { plan: JSON.stringify(plan) };
    return {
      key,
      plan,
      comments,
      review: linted !== null && linted.number === asked.current ? linted.review : null,
      ...open,
      canEdit: gate.choices.some(({ wantsPlan }) => wantsPlan),
      canComment: gate.choices.some(({ takesComments }) => takesComments),
      edit: (editing) => setOpen({ editing, commenting: null }),
      commentOn: (commenting) => setOpen({ editing: null, commenting }),
      change: (id, change) => put(edits.changeTask(base, id, change)),
      move: (id, by) => put(edits.moveTask(base, id, by)),
      drop: (id) =>
        put(
          edits.dropTask(base, id),
          comments.filter(({ taskId }) => taskId !== id),
        ),
      split: (id) => openNew(edits.splitTask(base, id)),
      add: () => openNew(edits.addTask(base, t('New task'))),
      comment: (taskId, text) => {
        const others = comments.filter((comment) => comment.taskId !== taskId);
        put(plan, text === '' ? others : [...others, { taskId, text }]);
        setOpen(closed);
      },
      discard: () => {
        put(null, []);
        setOpen(closed);
      },
      refine: () => send('refine', { ...planData, comments: JSON.stringify(comments) }),
      use: () => send('edit', planData),
    };
  }, [key, kept, open, view.plan, linted]);
}

/** The task whose fields are open, or the one that is commented on. */
type Open = Pick<Draft, 'editing' | 'commenting'>;

const closed: Open = { editing: null, commenting: null };

const asOpen: Reader<Open> = (value) => {
  const { editing, commenting } = (value ?? {}) as Partial<Open>;
  return typeof editing === 'string' || typeof commenting === 'string'
    ? { editing: editing ?? null, commenting: commenting ?? null }
    : undefined;
};

function takesDraft({ choices }: Gate): boolean {
  return choices.some(({ wantsPlan, takesComments }) => wantsPlan || takesComments);
}
