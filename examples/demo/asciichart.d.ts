/** What the demo uses of asciichart, which ships no types. */
declare module "asciichart" {
  /** How to draw a chart. */
  export interface PlotConfig {
    /** Rows between the lowest and the highest value. */
    height?: number;
    /** The label of a value on the axis; all of one length. */
    format?: (value: number) => string;
    /** Characters for: the first value, the axis, and eight parts of a line. */
    symbols?: string[];
    /** Escape sequences, one a series. */
    colors?: string[];
  }

  /** A line chart of the values, one character wide each. */
  export function plot(series: readonly number[], config?: PlotConfig): string;
}
