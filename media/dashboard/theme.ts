import { useEffect, useState } from 'preact/hooks';

/** The workbench's colours and font, as a canvas wants them. */
export interface Theme {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  readonly blue: string;
  readonly purple: string;
  readonly yellow: string;
  readonly grey: string;
  readonly green: string;
  readonly red: string;
}

/** The theme now; another value whenever VS Code's changes. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    // VS Code puts its tokens on the root's style and the kind of theme on the body's classes.
    const observer = new MutationObserver(() => setTheme(readTheme()));
    observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
    return () => observer.disconnect();
  }, []);
  return theme;
}

function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: token('vscode-foreground'),
    quiet: token('vscode-descriptionForeground') || token('vscode-foreground'),
    grid: token('vscode-charts-lines') || token('vscode-foreground'),
    background: token('vscode-editor-background'),
    font: `12px ${style.fontFamily}`,
    blue: token('vscode-charts-blue'),
    purple: token('vscode-charts-purple'),
    yellow: token('vscode-charts-yellow'),
    grey: token('vscode-disabledForeground'),
    green: token('vscode-charts-green'),
    red: token('vscode-charts-red'),
  };
}
