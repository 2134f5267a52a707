/** The cost of each epoch as a line. */
import uPlot from "uplot";

/** A chart that fills its element, in the page's present colors. */
export class CostChart {
  readonly #element: HTMLElement;
  #epochs: number[] = [];
  #costs: number[] = [];
  readonly #all: number;
  #chart: uPlot | undefined;

  /** With room for so many epochs. */
  constructor(element: HTMLElement, epochs: number) {
    this.#element = element;
    this.#all = epochs;
    this.restyle();
    new ResizeObserver(() => this.#chart?.setSize(this.#size())).observe(element);
  }

  /** Begins anew. */
  clear(): void {
    this.#epochs = [];
    this.#costs = [];
    this.draw();
  }

  /** Remembers a cost, to be drawn when `draw` is next called. */
  add(epoch: number, cost: number): void {
    this.#epochs.push(epoch);
    this.#costs.push(cost);
  }

  /** Draws all costs so far. */
  draw(): void {
    this.#chart?.setData([this.#epochs, this.#costs]);
  }

  /** Takes over the page's colors. */
  restyle(): void {
    this.#chart?.destroy();
    const style = getComputedStyle(this.#element);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: color("--quiet"),
      grid: { stroke: color("--edge"), width: 1 },
      ticks: { show: false },
      font: `12px ${style.fontFamily}`,
    };
    const options: uPlot.Options = {
      ...this.#size(),
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [0, this.#all] },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.05 : 1] },
      },
      axes: [
        { ...axis, space: 70, size: 32 },
        { ...axis, size: 44 },
      ],
      series: [{}, { stroke: color("--accent"), width: 2, points: { show: false } }],
    };
    this.#chart = new uPlot(options, [this.#epochs, this.#costs], this.#element);
  }

  #size(): { width: number; height: number } {
    return { width: this.#element.clientWidth, height: this.#element.clientHeight };
  }
}
