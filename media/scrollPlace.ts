import { useLayoutEffect } from 'preact/hooks';
import { keep, kept, type Reader } from './kept.ts';
import type { TabName } from './vscode.ts';

/**
 * How far a place is scrolled: in CSS pixels, and which item of a list is at the top of the window with how much of it
 * above. A long list knows the height of what it has drawn only, so pixels alone would lead elsewhere the next time.
 */
interface Scrolled {
  readonly y: number;
  readonly key?: string;
  readonly top?: number;
}

/** Frames to wait until what was seen is drawn; a long list takes two or three, a first paint of a long run more. */
const patience = 60;
/** Scrolling rests this long before it is kept, in milliseconds. */
const restMs = 100;

/**
 * Each place is scrolled as the developer left it; one that was not seen yet begins at its top. A link that leads to
 * something in it (`led`) does its own scrolling.
 */
export function useScrollPlace(place: TabName, led: boolean): void {
  useLayoutEffect(() => {
    const name = `scroll.${place}`;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const there = kept(name, asScrolled) ?? { y: Math.min(window.scrollY, startOfPlace()) };
    const stop = led ? () => {} : bringBack(there);
    const look = () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(name, scrolledNow()), restMs);
    };
    window.addEventListener('scroll', look, { passive: true });
    return () => {
      stop();
      clearTimeout(timer);
      window.removeEventListener('scroll', look);
    };
  }, [place]);
}

/** Where the tabs stick, so that what is shown of a place begins right under them. */
function startOfPlace(): number {
  const panel = document.getElementById('tabpanel');
  const tabs = document.querySelector<HTMLElement>('[role="tablist"]');
  if (panel === null || tabs === null) return 0;
  return Math.max(0, panel.getBoundingClientRect().top + window.scrollY - tabs.offsetHeight);
}

function scrolledNow(): Scrolled {
  const y = Math.round(window.scrollY);
  for (const item of document.querySelectorAll<HTMLElement>('#tabpanel [data-key]')) {
    const { top, bottom } = item.getBoundingClientRect();
    if (bottom > 0 && top < window.innerHeight) return { y, key: item.dataset.key ?? '', top };
  }
  return { y };
}

/** Scrolls there, frame after frame until it is there and stays, also when fonts come late; whoever scrolls meanwhile is not fought. */
function bringBack({ y, key, top = 0 }: Scrolled): () => void {
  if (y === Math.round(window.scrollY) && key === undefined) return () => {};
  let frames = patience;
  let frame = 0;
  let still = 0;
  const step = () => {
    const item = key === undefined ? null : document.querySelector(`#tabpanel [data-key="${CSS.escape(key)}"]`);
    const off = item === null ? y - window.scrollY : item.getBoundingClientRect().top - top;
    if (Math.round(off) !== 0) {
      window.scrollBy(0, off);
      still = 0;
    } else if (document.fonts.status === 'loaded' && (key === undefined || item !== null)) still += 1;
    frames -= 1;
    if (frames > 0 && still < 3) frame = requestAnimationFrame(step);
    else stop();
  };
  const yieldTo = (event: Event) => {
    if (!(event instanceof KeyboardEvent) || movingKeys.has(event.key)) stop();
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    for (const type of takesOver) window.removeEventListener(type, yieldTo);
  };
  for (const type of takesOver) window.addEventListener(type, yieldTo, { passive: true });
  step();
  return stop;
}

const takesOver = ['wheel', 'keydown', 'pointerdown', 'touchstart'] as const;
/** Keys that scroll, or lead to something that may be elsewhere on the page; those of VS Code come by here too. */
const movingKeys = new Set([
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Home',
  'End',
  ' ',
  'Enter',
  'Tab',
]);

const asScrolled: Reader<Scrolled> = (value) => {
  const { y, key, top } = (value ?? {}) as Partial<Scrolled>;
  if (typeof y !== 'number') return undefined;
  return typeof key === 'string' && typeof top === 'number' ? { y, key, top } : { y };
};
