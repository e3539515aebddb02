import { demoScript, type Script } from '../../fixtures/openaiServer.ts';

/** The recorded demo as a server, with something else in all that it says. */
export function demoVariant(from: string, to: string): Script {
  const demo = demoScript();
  return async (request) => {
    const replies = JSON.stringify([await demo(request)].flat());
    return JSON.parse(replies.replaceAll(inJson(from), inJson(to)));
  };
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
