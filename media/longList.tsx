import {
  defaultRangeExtractor,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core';
import type { ComponentChildren, RefObject } from 'preact';
import { useCallback, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

/** Lists up to this length are drawn whole: the browser finds in them, and nothing moves. */
const drawnWhole = 60;
/** Items drawn beyond each edge of the window, so that Tab has somewhere to go. */
const beyondEdge = 4;
/** Frames to wait for an item that was scrolled to; it is there in two or three. */
const patience = 30;

export interface ListHandle {
  /** Brings the item into view and puts the focus on it; nothing for a key that the list does not have. */
  readonly reveal: (key: string) => void;
}

interface LongListProps<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** About how high an item is drawn, in CSS pixels; what is drawn is measured. */
  readonly height: (item: T) => number;
  readonly draw: (item: T) => ComponentChildren;
  readonly label: string;
  /** Between two items, in CSS pixels. */
  readonly gap?: number;
  readonly class?: string;
  readonly handle?: RefObject<ListHandle | null>;
}

/** A list in the page's own scroll, of which only what can be seen is in the document when it is long. */
export function LongList<T>(props: LongListProps<T>) {
  return props.items.length <= drawnWhole ? <WholeList {...props} /> : <WindowedList {...props} />;
}

function WholeList<T>({ items, keyOf, draw, label, gap = 0, class: name = '', handle }: LongListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  expose(handle, (key) => reach(list, key));
  return (
    <ul class={`long-list ${name}`} aria-label={label} ref={list} style={{ rowGap: `${gap}px` }}>
      {items.map((item) => (
        <li key={keyOf(item)} data-key={keyOf(item)} tabIndex={-1}>
          {draw(item)}
        </li>
      ))}
    </ul>
  );
}

function WindowedList<T>({ items, keyOf, height, draw, label, gap = 0, class: name = '', handle }: LongListProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const margin = useRef(0);
  const held = useRef<string | null>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const at = (index: number) => items[index] as T;
  // Another function would have the places of all items computed anew.
  const keyAt = useCallback((index: number) => keyOf(items[index] as T), [items]);
  const options: VirtualizerOptions<Window, HTMLLIElement> = {
    count: items.length,
    getScrollElement: () => window,
    estimateSize: (index) => height(at(index)),
    getItemKey: keyAt,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    scrollMargin: margin.current,
    overscan: beyondEdge,
    gap,
    initialOffset: () => window.scrollY,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    // What has the focus stays, or typing would end when it is scrolled away.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      const kept = held.current === null ? -1 : items.findIndex((item) => keyOf(item) === held.current);
      return kept < 0 || indexes.includes(kept) ? indexes : [...indexes, kept].sort((a, b) => a - b);
    },
    onChange: () => redraw(0),
  };
  const [virtual] = useState(() => new Virtualizer<Window, HTMLLIElement>(options));
  virtual.setOptions(options);

  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  // Whatever grows or goes above the list moves it.
  useLayoutEffect(() => {
    const look = () => {
      const top = Math.round((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
      if (top === margin.current) return;
      margin.current = top;
      redraw(0);
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  expose(handle, (key) => {
    const index = items.findIndex((item) => keyOf(item) === key);
    if (index < 0) return;
    virtual.scrollToIndex(index, { align: 'center' });
    reach(list, key);
  });

  return (
    <ul
      class={`long-list long-list-windowed ${name}`}
      aria-label={label}
      ref={list}
      style={{ height: `${virtual.getTotalSize()}px` }}
      onFocusIn={({ target }) => {
        held.current = (target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key ?? null;
      }}
      onFocusOut={() => {
        held.current = null;
      }}
    >
      {virtual.getVirtualItems().map(({ index, key, start }) => (
        <li
          key={key}
          ref={virtual.measureElement}
          data-index={index}
          data-key={key}
          tabIndex={-1}
          aria-setsize={items.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start - margin.current}px)` }}
        >
          {draw(at(index))}
        </li>
      ))}
    </ul>
  );
}

function expose(handle: RefObject<ListHandle | null> | undefined, reveal: ListHandle['reveal']): void {
  if (handle !== undefined) handle.current = { reveal };
}

/** Focuses the item as soon as it is drawn. */
function reach(list: RefObject<HTMLElement | null>, key: string, frames = patience): void {
  const item = list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (item) {
    item.scrollIntoView({ block: 'nearest' });
    item.focus({ preventScroll: true });
  } else if (frames > 0) requestAnimationFrame(() => reach(list, key, frames - 1));
}
