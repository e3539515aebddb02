import { findBrowser } from './lib/browser.ts';
import { prepareServer } from './lib/vscodeServer.ts';

/** Gets what the tests in VS Code and in the browser need, where it is not there yet. */

await prepareServer();
await findBrowser();
