import { gzipSync } from 'node:zlib';
import type { PackedView } from './packedView.ts';
import type { RunView } from './runState.ts';

/**
 * Packs a view for the page, see packedView.ts. The quickest level: a run of a thousand tasks becomes a tenth in a few
 * milliseconds, and crosses to the page while VS Code still makes it.
 */
export function packView(view: RunView): PackedView {
  // The plan that counts is one of the rounds' plans, and is most of a run before its first edit.
  const { plan, ...rest } = view;
  const known = view.plans.some((entry) => entry.round === view.planRound && entry.plan === plan);
  return Uint8Array.from(gzipSync(JSON.stringify(known ? rest : view), { level: 1 }));
}
