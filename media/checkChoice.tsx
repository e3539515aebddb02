import type { OfferedCheck } from '../src/workflow/engine/events.ts';
import { texts, useKept } from './kept.ts';
import { told } from './l10n.ts';

interface CheckChoiceProps {
  readonly gateId: string;
  readonly checks: readonly OfferedCheck[];
  readonly label: string;
  readonly sent: boolean;
  /** Gets the chosen names, one a line. */
  readonly send: (names: string) => void;
}

const noneOff: readonly string[] = [];

/** The commands a run would like to start, all ticked at first. */
export function CheckChoice({ gateId, checks, label, sent, send }: CheckChoiceProps) {
  const [off, setOff] = useKept(`checks off ${gateId}`, noneOff, texts);
  const chosen = checks.map(({ name }) => name).filter((name) => !off.includes(name));
  const toggle = (name: string) => setOff(off.includes(name) ? off.filter((other) => other !== name) : [...off, name]);
  return (
    <form
      class="check-choice"
      data-testid="check-choice"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) send(chosen.join('\n'));
      }}
    >
      {checks.map(({ name, command, cwd }) => (
        <label key={name}>
          <input type="checkbox" checked={!off.includes(name)} onChange={() => toggle(name)} /> {name}{' '}
          {(command !== name || cwd !== '.') && (
            <span class="quiet">
              <code>{command}</code>
              {cwd === '.' ? '' : ` (${cwd})`}
            </span>
          )}
        </label>
      ))}
      <button type="submit" class="primary" disabled={sent || chosen.length === 0} data-testid="gate-choice-allow">
        {told(label)}
      </button>
    </form>
  );
}
