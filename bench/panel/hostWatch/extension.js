const { appendFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

/** How often the event loop is looked at, in milliseconds. */
const EVERY = 5;
/** A loop that comes later than this was blocked. */
const LATE = 15;

/**
 * Appends a line of JSON to the file named by PLANWRIGHT_BENCH_LOG for each time that something kept the extension
 * host's event loop: `{ at, ms }`, milliseconds since the epoch; and every second `{ at, heap }`, bytes after a
 * garbage collection that begins when nothing else goes on.
 */
exports.activate = (context) => {
  const file = process.env.PLANWRIGHT_BENCH_LOG;
  if (!file) return;
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  let last = performance.now();
  let blocks = [];
  const look = setInterval(() => {
    const now = performance.now();
    if (now - last - EVERY > LATE) blocks.push({ at: Date.now(), ms: Math.round(now - last - EVERY) });
    last = now;
  }, EVERY);
  const write = setInterval(() => {
    appendFileSync(file, blocks.map((block) => `${JSON.stringify(block)}\n`).join(''));
    blocks = [];
    if (!process.env.PLANWRIGHT_BENCH_GC) return;
    gc();
    appendFileSync(file, `${JSON.stringify({ at: Date.now(), heap: process.memoryUsage().heapUsed })}\n`);
    last = performance.now();
  }, 1000);
  context.subscriptions.push({ dispose: () => (clearInterval(look), clearInterval(write)) });
};
