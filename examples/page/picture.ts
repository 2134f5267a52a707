/** The decision boundary and the points, on a canvas. */
import type { ArrayInput, NDArray } from "../../src/index.ts";
import type { Flower } from "./flower.ts";
import { colorOf, pixelCentres, reachOf, shade } from "./ground.ts";

/** Something that can say how likely a point is red. */
export interface Judge {
  predictProbability(X: ArrayInput): NDArray;
}

/** Pixels of a side of the ground, which is drawn larger and smooth. */
const SIDE = 96;

/** A square picture of a flower that fills its canvas. */
export class Picture {
  readonly #canvas: HTMLCanvasElement;
  readonly #ground = new OffscreenCanvas(SIDE, SIDE);
  readonly #points: Float32Array;
  readonly #labels: Float32Array;
  readonly #reach: number;
  readonly #grid: { data: Float32Array; shape: number[] };
  #probability: Float32Array | undefined;

  constructor(canvas: HTMLCanvasElement, { X, Y }: Flower) {
    this.#canvas = canvas;
    this.#points = Float32Array.from(X.copy().data);
    this.#labels = Float32Array.from(Y.copy().data);
    this.#reach = reachOf(this.#points);
    this.#grid = { data: pixelCentres({ reach: this.#reach, side: SIDE }), shape: [2, SIDE * SIDE] };
  }

  /** Draws what the model thinks now. */
  show(model: Judge): void {
    using probability = model.predictProbability(this.#grid);
    this.#probability = Float32Array.from(probability.data);
    this.draw();
  }

  /** Draws again, in the canvas' present size and the page's present colors. */
  draw(): void {
    const size = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    if (this.#canvas.width !== size) this.#canvas.width = this.#canvas.height = size;
    const style = getComputedStyle(this.#canvas);
    const [red, blue] = [style.getPropertyValue("--red"), style.getPropertyValue("--blue")];
    const context = this.#canvas.getContext("2d")!;
    context.clearRect(0, 0, size, size);
    if (this.#probability) {
      const pixels = shade(this.#probability, colorOf(blue), colorOf(red));
      this.#ground.getContext("2d")!.putImageData(new ImageData(pixels, SIDE, SIDE), 0, 0);
      context.drawImage(this.#ground, 0, 0, size, size);
    }
    const m = this.#labels.length;
    const place = (value: number) => ((value / this.#reach + 1) / 2) * size;
    const radius = Math.max(2, size / 180);
    context.lineWidth = radius / 1.6;
    for (let i = 0; i < m; i++) {
      context.beginPath();
      context.arc(place(this.#points[i]!), place(-this.#points[m + i]!), radius, 0, 2 * Math.PI);
      if (this.#labels[i] === 1) {
        context.fillStyle = red;
        context.fill();
      } else {
        context.strokeStyle = blue;
        context.stroke();
      }
    }
  }
}
