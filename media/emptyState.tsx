import type { Environment } from '../src/protocol.ts';
import { Icon } from './icon.tsx';
import { t } from './l10n.ts';
import { post } from './vscode.ts';

/** What the panel shows while there is no run. */
export function EmptyState({ environment }: { environment: Environment }) {
  const { model, hasFolder } = environment;
  return (
    <main class="empty">
      <h1>Planwright</h1>
      <p>
        {t(
          'Say what you want built: Planwright plans it, reviews and refines the plan, and proposes edits that you accept one at a time.',
        )}
      </p>
      <button
        type="button"
        class="primary"
        disabled={!hasFolder}
        onClick={() => post({ type: 'start' })}
        data-testid="start"
      >
        <Icon name="rocket" /> {t('Start implementation workflow')}
      </button>
      {!hasFolder && (
        <p>
          <Icon name="folder-opened" tone="warn" /> {t('Open a folder first; a plan is made against its files.')}
        </p>
      )}
      <p class="quiet">
        <Icon name="sparkle" /> {model === null ? t('No model chosen.') : t('Model: {0}.', model)}{' '}
        <button type="button" class="link" onClick={() => post({ type: 'chooseModel' })}>
          {t('Choose model…')}
        </button>
      </p>
    </main>
  );
}
