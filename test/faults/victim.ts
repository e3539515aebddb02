import { runJob } from './job.ts';
import { faultPoints } from './points.ts';

/** Runs the job in a process of its own and ends it, without any notice, at the given point. */

const [folder = '', database = '', at = '0'] = process.argv.slice(2);
let count = 0;
const outcome = await runJob(
  folder,
  database,
  faultPoints(() => {
    count += 1;
    if (count === Number(at)) process.kill(process.pid, 'SIGKILL');
  }),
);
console.log(JSON.stringify({ count, ...outcome }));
