import type { Language } from '../words/language.ts';

/** The words for what the report's data names by codes; a code without one stands for itself. */
export function codeWords({ t }: Language): (code: string) => string {
  const words: Readonly<Record<string, string>> = {
    // Requirements
    met: t('met'),
    partly: t('partly'),
    open: t('open'),
    unchecked: t('unchecked'),
    // Decisions
    accepted: t('accepted'),
    rejected: t('rejected'),
    pending: t('pending'),
    superseded: t('superseded'),
    // Checks and tests
    'new failure': t('new failure'),
    'already failing': t('already failing'),
    mended: t('mended'),
    passes: t('passes'),
    unknown: t('unknown'),
    passed: t('passed'),
    'timed-out': t('timed-out'),
    'not-run': t('not-run'),
    proven: t('proven'),
    vacuous: t('vacuous'),
    unproven: t('unproven'),
    'not tried': t('not tried'),
    // Phases, tasks and agents
    planning: t('planning'),
    review: t('review'),
    refinement: t('refinement'),
    implementation: t('implementation'),
    active: t('active'),
    running: t('running'),
    done: t('done'),
    skipped: t('skipped'),
    failed: t('failed'),
    cancelled: t('cancelled'),
    planner: t('planner'),
    reviewer: t('reviewer'),
    refiner: t('refiner'),
    implementer: t('implementer'),
    all: t('all'),
  };
  return (code) => (Object.hasOwn(words, code) ? (words[code] ?? code) : code);
}
