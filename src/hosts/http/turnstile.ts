/** Requests that are begun in one turn of the event loop. */
const PER_TURN = 8;

/**
 * Lets so much work begin in each turn of the event loop, and the rest wait in line: the run's own timers, model
 * answers and database writes come between, however many clients ask at once.
 */
export function turnstile(perTurn = PER_TURN): (work: () => void) => void {
  let begun = 0;
  let turning = false;
  let line: (() => void)[] = [];
  const turn = (): void => {
    const next = line.slice(0, perTurn);
    line = line.slice(perTurn);
    begun = next.length;
    turning = begun > 0;
    if (turning) setImmediate(turn);
    for (const work of next) work();
  };
  return (work) => {
    if (!turning) {
      turning = true;
      setImmediate(turn);
    }
    if (begun < perTurn) {
      begun += 1;
      work();
    } else {
      line.push(work);
    }
  };
}
