import type { CheckRound } from '../../src/workflow/runState.ts';
import { plural, t } from '../l10n.ts';

interface CheckLook {
  readonly icon: string;
  readonly tone: string;
  readonly text: string;
}

/** What a run of the checks came to, in a few words. Nothing is called good that was not seen to pass. */
export function checkLook({ state, results, reason }: CheckRound): CheckLook {
  if (state === 'running') return { icon: 'loading', tone: 'active', text: t('checking') };
  if (state === 'skipped') return { icon: 'debug-step-over', tone: 'quiet', text: reason ?? t('not checked') };
  const count = (verdict: string) => results.filter((result) => result.verdict === verdict).length;
  const broken = count('new failure');
  if (broken > 0)
    return {
      icon: 'error',
      tone: 'bad',
      text: plural(broken, t('{0} check fails', broken), t('{0} checks fail', broken)),
    };
  const passed = count('passes') + count('mended');
  const unclear = results.length - passed;
  if (unclear > 0) return { icon: 'warning', tone: 'warn', text: t('{0} of {1} checks pass', passed, results.length) };
  return {
    icon: 'pass-filled',
    tone: 'good',
    text: plural(passed, t('{0} check passes', passed), t('{0} checks pass', passed)),
  };
}
