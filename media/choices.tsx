interface ChoicesProps<T extends string> {
  /** Unlike that of any other on the page. */
  readonly name: string;
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly text: string }[];
  readonly pick: (value: T) => void;
}

/** One of a few, side by side: radio buttons, so that arrows move between them and one is in the tab order. */
export function Choices<T extends string>({ name, label, value, choices, pick }: ChoicesProps<T>) {
  return (
    <fieldset class="choices" data-testid={name}>
      <legend class="hidden-caption">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class="choice">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => pick(choice.value)}
          />
          <span>{choice.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
