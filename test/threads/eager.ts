/** A mock of src/async/placement.ts. Apart from everything else, since what it imports would wait for it. */
import type { Placement, Work } from "../../src/async/placement.ts";

type PlacementModule = { place(work: Work): Placement };

/**
 * For vi.mock of src/async/placement.ts: no work is too small for threads. Everything else is decided as ever, so small and
 * quick samples can go where large ones would.
 */
export async function eager<T extends PlacementModule>(original: () => Promise<T>): Promise<T> {
  const module = await original();
  return { ...module, place: (work: Work) => module.place({ ...work, parallel: Number.POSITIVE_INFINITY }) };
}
