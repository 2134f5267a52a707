/** Where the demo prints: how wide it is, whether it moves and whether it has colors. */

/** What the demo has to know of its output. */
export interface Screen {
  /** Columns to fill at most: 80, or fewer where the terminal is narrower. */
  readonly width: number;
  /** Whether text may be colored. */
  readonly color: boolean;
  /** Whether a line can be drawn over: a terminal, not a file or a pipe. */
  readonly live: boolean;
  /** Prints text and ends the line. */
  print(text?: string): void;
}

/**
 * The screen behind the standard output: colored in a terminal unless NO_COLOR is set (https://no-color.org).
 * When its reader has seen enough, as `head` does, the process ends without a word.
 */
export function standardOutput(): Screen {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const live = process.stdout.isTTY === true && process.env.TERM !== "dumb";
  return {
    width: Math.min(Math.max(process.stdout.columns ?? 80, 40), 80),
    color: live && !process.env.NO_COLOR,
    live,
    print: (text = "") => console.log(text),
  };
}

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, blue: 34, cyan: 36 } as const;

/** The name of a way to show text. */
export type Style = keyof typeof STYLES;

/** The text in a style where the screen has colors, unchanged where not. */
export function paint(screen: Pick<Screen, "color">, style: Style, text: string): string {
  return screen.color ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
}
