import type { RunView } from './runState.ts';

/**
 * A run's view as one block of bytes. A message of that kind is handed on between processes as it is; as objects it
 * would be written out, read and copied again at each of four borders, which takes seconds for a run of a thousand tasks.
 */

/** What is sent instead of a view: JSON in UTF-8. Only `packView` makes it, only `unpackView` reads it. */
export type PackedView = Uint8Array<ArrayBuffer>;

export function packView(view: RunView): PackedView {
  // The plan that counts is one of the rounds' plans, and is most of a run before its first edit.
  const { plan, ...rest } = view;
  const known = view.plans.some((entry) => entry.round === view.planRound && entry.plan === plan);
  return new TextEncoder().encode(JSON.stringify(known ? rest : view));
}

export function unpackView(packed: PackedView): RunView {
  const view = JSON.parse(new TextDecoder().decode(packed)) as Omit<RunView, 'plan'> & Partial<Pick<RunView, 'plan'>>;
  const plan = view.plans.find(({ round }) => round === view.planRound)?.plan ?? null;
  return view.plan === undefined ? { ...view, plan } : (view as RunView);
}
