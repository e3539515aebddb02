import { Component, type ComponentChildren, h } from 'preact';

/** Draws `View` again only when one of its props is another value; that is what keeps long lists cheap. */
export function memo<P extends object>(View: (props: P) => ComponentChildren) {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      const keys = Object.keys(after);
      return keys.length !== Object.keys(before).length || keys.some((key) => before[key] !== after[key]);
    }
    override render() {
      return h(View as never, this.props as never);
    }
  };
}
