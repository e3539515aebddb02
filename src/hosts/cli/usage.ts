import type { CommandName } from './options.ts';

const place = `
  -w, --workspace DIR   the folder to work in; the current one by default
  --data-dir DIR        where runs are kept (PLANWRIGHT_DATA_DIR); by default where the
                        editor keeps them, else the user's data folder`;

const versioning = `
  --commit-per-task     commit the files of each task on your branch once it is decided; your hooks
                        run, nothing is pushed
  --branch NAME         a branch to begin with, as planwright/{title}; {run} is the run's id
  --no-checkpoints      do not keep the working tree on refs/planwright/ as the run goes on`;

const carryingOut = `
  -m, --model ID        openai:<model>, openai-compatible:<model> or demo (PLANWRIGHT_MODEL)
  --models AGENT=ID     another model for planner, reviewer, refiner or implementer; as often as needed
  --parameter NAME=VAL  reasoningEffort, temperature, topP or maxOutputTokens of the model's calls;
                        AGENT.NAME=VAL for one agent; as often as needed
  --base-url URL        base address of an OpenAI-compatible API (PLANWRIGHT_BASE_URL)
  --budget WHAT=N       tokens, cost or minutes of model time, after which a run asks at a gate before it
                        goes on; as often as needed
  --prices FILE.json    what a million tokens cost (PLANWRIGHT_PRICES):
                        {"<model>": {"input": 1.25, "cachedInput": 0.125, "output": 10}}
  --accept ask|all|none ask (the default) reviews hunk by hunk in the terminal; all accepts
                        every hunk except of files that can run code; none leaves all pending
  --checks all|none|NAME,…  which of the workspace's own checks run over what agents make, in a
                        scratch copy; by default those you chose before, asking on a terminal
  --plan-only           stop when the plan is reviewed and refined, and print it${versioning}
  --demo-speed N        how fast the demo model writes: 1 is believable, 0 (the default) at once
  --json                print one event a line, and the result last`;

const details: Record<CommandName, string> = {
  run: `planwright run [--input FILE.json | --request TEXT] [options]

Plans a change, reviews and refines the plan, and implements it as edits that you decide.

  -i, --input FILE      {"request", "requirements", "constraints"} as JSON; - for standard input
  --request TEXT        what shall be built
  --requirement TEXT    what it must do; give it as often as needed
  --constraint TEXT     what it must respect; give it as often as needed${carryingOut}${place}`,
  resume: `planwright resume ID [options]

Goes on where a run stopped. No model call that was answered is made again.
${carryingOut}${place}`,
  restart: `planwright restart ID --from PHASE [options]

Begins another attempt from a phase. The earlier attempt stays readable.

  --from PHASE          planning, review, refinement or implementation${carryingOut}${place}`,
  status: `planwright status [ID] [--json]

Tells how far a run is; the newest by default.

  --json                print it as JSON${place}`,
  list: `planwright list [--json]

Lists the runs of the workspace, newest first.

  --json                print one run a line as JSON${place}`,
  export: `planwright export ID [--report] [--attempt N] [--format md|json] [--out FILE]

Prints the plan with its review (md), or everything the run came to (json).

  --report              the report instead: each requirement with its edits, tests and checks,
                        what was decided and why, and what it took
  --attempt N           as that attempt ended; the newest by default
  --format md|json      md by default
  -o, --out FILE        write it there instead of printing it${place}`,
  checkpoints: `planwright checkpoints [ID] [--json]

Lists the checkpoints of a run, the newest by default: the working tree as it was.

  --json                print one a line as JSON${place}`,
  restore: `planwright restore ID --checkpoint N [--file PATH]… [--dry-run | --yes]

Shows what would change for files to be as they were at a checkpoint, asks, and brings them back:
text or not, links and executable bits too. Files made since are removed. What the files are now
becomes a checkpoint first. Without a terminal to ask on, nothing changes unless --yes is there.

  --checkpoint N        which one; see “planwright checkpoints ID”
  --file PATH           this file only; give it as often as needed
  --dry-run             show it, and change nothing
  -y, --yes             do not ask${place}`,
  cancel: `planwright cancel ID

Ends a run. It can be resumed.
${place}`,
  hooks: `planwright hooks [DELIVERY] [--again | --drop] [--all] [--json]

Lists what outbound hooks could not be told: what is tried again later, and what was given up.

  --again               send that delivery again, from the first try on
  --drop                forget it
  --all                 with either of them: every delivery that was given up
  --json                print one delivery a line as JSON, with what it tells${place}`,
  serve: `planwright serve [--port N] [options]

Serves the HTTP API of a workspace on 127.0.0.1 until Ctrl-C. The file it names has the token;
PLANWRIGHT_TOKEN sets one.

  -p, --port N          0 (the default) takes any that is free
  --triggers FILE       what starts runs by itself, as JSON; see docs/triggers.md
  -m, --model ID        for runs that are started (PLANWRIGHT_MODEL)
  --models, --parameter, --budget, --prices as of “planwright run”
  --base-url URL        base address of an OpenAI-compatible API (PLANWRIGHT_BASE_URL)
  --checks all|none|NAME,…  which of the workspace's own checks run; by default those chosen before${versioning}
  --demo-speed N        how fast the demo model writes${place}`,
};

const all = `planwright: plans, reviews, refines and implements a change with agents, as edits you decide

  planwright run --workspace DIR --input FILE.json [--model ID] [--accept ask|all|none]
  planwright resume ID                  go on where a run stopped
  planwright restart ID --from PHASE    begin another attempt from a phase
  planwright status [ID]                how far a run is
  planwright list                       the runs of the workspace
  planwright export ID [--report]       the plan or the report as Markdown, or as JSON
  planwright checkpoints [ID]           the checkpoints of a run
  planwright restore ID --checkpoint N  bring files back, once you have seen which
  planwright cancel ID                  end a run
  planwright hooks [DELIVERY]           what outbound hooks could not be told; --again, --drop
  planwright serve [--port N]           the HTTP API of the workspace
  planwright COMMAND --help             the options of a command
  planwright --version

The key comes from OPENAI_API_KEY in the environment, or PLANWRIGHT_API_KEY for --base-url;
never from an argument. NO_COLOR is respected. OTEL_EXPORTER_OTLP_ENDPOINT, where it is set,
gets metrics and traces.

Exit codes: 0 completed, 1 failed, 2 wrong use, 3 waiting for a decision, 130 cancelled.`;

export function usage(command: CommandName | undefined): string {
  return command === undefined ? all : details[command];
}
