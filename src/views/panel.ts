import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import type { Environment, FromPanel, ToPanel } from '../protocol.ts';
import { attemptView } from '../workflow/attemptView.ts';
import type { LiveEvent, RunEvent } from '../workflow/engine/events.ts';
import type { Store } from '../workflow/engine/store.ts';
import type { PackedView } from '../workflow/packedView.ts';
import { packView } from '../workflow/packView.ts';
import type { RunView } from '../workflow/runState.ts';
import { runTitle } from '../workflow/runTitle.ts';
import type { Review } from '../workflow/schemas.ts';
import type { PanelPlaces } from './panelPlaces.ts';
import { mediaFolder, webviewPage } from './webviewPage.ts';

/** More events at once are sent as what they add up to. */
const EVENTS_AT_ONCE = 200;

/** Shows one run in an editor tab, from its event log alone: as it is when the page opens, then event by event. */
export class Panel implements vscode.Disposable {
  readonly #store: Store;
  readonly #feed: RunFeed;
  readonly #extensionUri: vscode.Uri;
  readonly #places: PanelPlaces;
  readonly #environment: (runId: string | null) => Environment;
  readonly #handle: (message: FromPanel, runId: string | null) => Promise<void>;
  readonly #unsubscribe: () => void;
  #panel: vscode.WebviewPanel | undefined;
  #runId: string | null = null;
  /** An earlier attempt to show instead of the newest. */
  #attempt: number | null = null;
  #shownSeq = 0;
  /** What the page begins with. */
  #heading = '';
  /** Whether what is posted reaches a page, now or once VS Code has made it. */
  #ready = false;
  /** The view packed last: a page that is made anew is sent the same. */
  #packed: { readonly view: RunView; readonly bytes: PackedView } | undefined;
  /** The requirement to show once the page can. */
  #reveal: string | undefined;
  #reveals = 0;

  constructor(options: {
    readonly store: Store;
    readonly feed: RunFeed;
    readonly extensionUri: vscode.Uri;
    readonly places: PanelPlaces;
    readonly environment: (runId: string | null) => Environment;
    readonly handle: (message: FromPanel, runId: string | null) => Promise<void>;
  }) {
    this.#store = options.store;
    this.#feed = options.feed;
    this.#extensionUri = options.extensionUri;
    this.#places = options.places;
    this.#environment = options.environment;
    this.#handle = options.handle;
    this.#unsubscribe = options.feed.onMove((runIds) => {
      // An empty panel shows the first run that begins, wherever it was started.
      const [first] = runIds;
      if (this.#runId === null && this.#ready && first !== undefined) this.#start(first);
      else if (this.#runId !== null && runIds.has(this.#runId)) this.#sendEvents();
    });
  }

  get runId(): string | null {
    return this.#runId;
  }

  /** The attempt shown of it. */
  get attempt(): number {
    return this.#attempt ?? ((this.#runId !== null && this.#feed.view(this.#runId)?.attempt) || 1);
  }

  /** Opens the panel, or brings it forward, with the run given or the newest one; at a requirement of its report. */
  show(runId: string | null = this.#feed.latest()?.runId ?? null, requirementId?: string): void {
    this.#reveal = requirementId;
    if (!this.#panel) {
      const options = { enableScripts: true, localResourceRoots: [this.#media] };
      const { Active } = vscode.ViewColumn;
      const panel = vscode.window.createWebviewPanel('planwright.panel', 'Planwright', Active, options);
      this.adopt(panel, runId ?? undefined);
      return;
    }
    // Before it is seen: VS Code makes its page from what it was set to.
    if (runId !== this.#runId) this.#start(runId);
    else this.#sendReveal();
    this.#panel.reveal(undefined, false);
  }

  /** Shows one attempt of the run; the newest one is followed as it goes on. */
  showAttempt(attempt: number): void {
    const newest = (this.#runId !== null && this.#feed.view(this.#runId)?.attempt) || 1;
    this.#start(this.#runId, attempt === newest ? null : attempt);
  }

  /** Takes over a panel, one that VS Code restored with the run it showed. */
  adopt(panel: vscode.WebviewPanel, runId?: string): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#ready = false;
    this.#attempt = null;
    this.#runId = (runId === undefined ? null : this.#feed.view(runId)?.runId) ?? this.#feed.latest()?.runId ?? null;
    const icon = (theme: string) => vscode.Uri.joinPath(this.#extensionUri, 'media', `tab-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#media] };
    panel.webview.onDidReceiveMessage((message: FromPanel) => {
      if (message.type === 'ready') {
        // Made anew, as after another editor was in front of it, it has been told nothing; else only the time has moved on.
        if (!message.told) this.#start(this.#runId, this.#attempt);
        else {
          this.refreshEnvironment();
          this.#sendReveal();
        }
      } else if (message.type === 'keep') {
        this.#places.keep(message.runId, message.place);
      } else {
        void this.#handle(message, this.#runId);
      }
    });
    panel.onDidChangeViewState(() => this.#refreshHidden());
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    this.#setPage(panel);
    // VS Code keeps it until the page is there. Packing and sending take place while the page is made, which takes longer;
    // a timer, for what asks for the page leaves this process in one too, and has to go first.
    setTimeout(() => {
      if (this.#panel !== panel) return;
      this.#ready = true;
      this.#start(this.#runId);
    });
  }

  live(live: LiveEvent): void {
    if (live.runId === this.#runId) this.#post({ type: 'live', live });
  }

  linted(number: number, review: Review): void {
    this.#post({ type: 'linted', number, review });
  }

  refreshEnvironment(): void {
    this.#post({ type: 'environment', environment: this.#environment(this.#runId) });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#panel?.dispose();
  }

  get #media(): vscode.Uri {
    return mediaFolder(this.#extensionUri);
  }

  #setPage(panel: vscode.WebviewPanel): void {
    this.#heading = this.#headingNow();
    const { webview } = panel;
    webview.html = webviewPage(webview, this.#media, 'panel', { title: 'Planwright', heading: this.#heading });
  }

  /** VS Code makes a page that is seen again from what it was set to: by then the heading may be another. */
  #refreshHidden(): void {
    const panel = this.#panel;
    if (panel && !panel.visible && this.#heading !== this.#headingNow()) this.#setPage(panel);
  }

  #headingNow(): string {
    const view = this.#runId === null ? null : this.#feed.view(this.#runId);
    return view === null ? '' : runTitle(view);
  }

  #start(runId: string | null, earlier: number | null = null): void {
    this.#runId = runId;
    this.#attempt = earlier;
    this.#refreshHidden();
    const view = this.#ready ? this.#view() : null;
    this.#shownSeq = view?.seq ?? 0;
    this.#post({
      type: 'show',
      runId,
      view: this.#pack(view),
      environment: this.#environment(runId),
      place: this.#places.of(runId),
    });
    this.#sendReveal();
  }

  /** The run as it is, or as it was at the end of the attempt shown. */
  #view(): RunView | null {
    if (this.#runId === null) return null;
    if (this.#attempt === null) return this.#feed.view(this.#runId);
    return attemptView(this.#store.events(this.#runId, 0), this.#attempt);
  }

  #pack(view: RunView | null): PackedView | null {
    if (view === null) return null;
    if (this.#packed?.view !== view) this.#packed = { view, bytes: packView(view) };
    return this.#packed.bytes;
  }

  #sendReveal(): void {
    // A page that is hidden hears nothing; it is made anew, and says so, when it is seen again.
    if (!this.#ready || !this.#panel?.visible || this.#reveal === undefined) return;
    this.#post({ type: 'reveal', requirementId: this.#reveal, number: ++this.#reveals });
    this.#reveal = undefined;
  }

  #sendEvents(): void {
    if (!this.#ready || this.#runId === null) return;
    this.#refreshHidden();
    const fresh = this.#store.events(this.#runId, this.#shownSeq);
    const last = fresh.at(-1);
    if (!last) return;
    this.#shownSeq = last.seq;
    const upTo = this.#attempt ?? Number.POSITIVE_INFINITY;
    const events = fresh.filter(({ attempt }) => attempt <= upTo);
    const view = events.length > EVENTS_AT_ONCE ? this.#view() : null;
    if (view !== null) this.#post({ type: 'view', view: packView(view) });
    else if (events.length > 0) this.#post({ type: 'events', events });
    if (fresh.some(({ event }) => changesOutlook(event.type))) this.refreshEnvironment();
  }

  #post(message: ToPanel): void {
    if (this.#ready) void this.#panel?.webview.postMessage(message);
  }
}

/** Events after which the time left, or what can be done with the run, is another. */
function changesOutlook(type: RunEvent['type']): boolean {
  return /^(workflow|phase|task|gate)\./.test(type);
}
