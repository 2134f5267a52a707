/**
 * Where the boxes of a graph stand: in columns from left to right, inputs before what uses them, few crossings, edges
 * short (the steps of Sugiyama, Tagawa, Toda, 1981).
 */

/** A box with the places of its inputs, which stand before it in the list. */
export interface Box {
  width: number;
  height: number;
  inputs: readonly number[];
}

/** A point, in pixels from the upper left corner. */
export interface Point {
  x: number;
  y: number;
}

/** The centre of each box, the route of each edge, and the size of the whole. */
export interface Layout {
  centres: Point[];
  /** From the right side of one box to the left side of another, over free places in the columns between. */
  routes: Point[][];
  width: number;
  height: number;
}

/** Something in a column: a box, or the lane of an edge that passes it. */
interface Item {
  width: number;
  height: number;
  before: Item[];
  after: Item[];
  column: number;
  place: number;
  y: number;
}

const MARGIN = 16;
const BETWEEN_COLUMNS = 56;
const BETWEEN_ROWS = 18;
const LANE = 10;
/** How far apart edges reach a box. */
const ENTRY = 16;
const SWEEPS = 4;

/** Lanes take more room than they are worth where a graph is large and edges are long. */
const MOST_LANES = 20_000;

/** Places boxes. The same boxes stand at the same places always. */
export function layout(boxes: readonly Box[]): Layout {
  const items = boxes.map(({ width, height }) => item(0, width, height));
  boxes.forEach(({ inputs }, i) => {
    for (const input of inputs) items[i]!.column = Math.max(items[i]!.column, items[input]!.column + 1);
  });
  const lanes = addLanes(boxes, items);
  const columns: Item[][] = [];
  for (const each of [...items, ...lanes.flat()]) {
    columns[each.column] ??= [];
    columns[each.column]!.push(each);
  }
  uncross(columns);
  const height = straighten(columns);
  const { x, width } = sideBySide(columns);
  const side = ({ column, width, y }: Item, sign: 1 | -1): Point => ({ x: x[column]! + (sign * width) / 2, y });
  const routes = boxes.flatMap(({ inputs }, i) => {
    const target = items[i]!;
    const between = inputs.map((input) => lanes[input]!.filter(({ column }) => column < target.column));
    const last = inputs.map((input, k) => between[k]!.at(-1) ?? items[input]!);
    return inputs.map((input, k) => {
      const { x, y } = side(target, -1);
      const above = last.filter((other, o) => other.y < last[k]!.y || (other.y === last[k]!.y && o < k)).length;
      const entry = y + ((above + 1) / (inputs.length + 1) - 0.5) * Math.min(target.height, ENTRY * inputs.length);
      const middle = between[k]!.flatMap((lane) => [side(lane, -1), side(lane, 1)]);
      return [side(items[input]!, 1), ...middle, { x, y: entry }];
    });
  });
  return { centres: items.map(({ column, y }) => ({ x: x[column]!, y })), routes, width, height };
}

function item(column: number, width: number, height: number): Item {
  return { column, width, height, before: [], after: [], place: 0, y: 0 };
}

function join(a: Item, b: Item): void {
  a.after.push(b);
  b.before.push(a);
}

/** Joins boxes that are used by one another, over a lane in each column between; lanes of each box. */
function addLanes(boxes: readonly Box[], items: readonly Item[]): Item[][] {
  const last = items.map(({ column }) => column);
  boxes.forEach(({ inputs }, i) => {
    for (const input of inputs) last[input] = Math.max(last[input]!, items[i]!.column);
  });
  const count = items.reduce((sum, { column }, i) => sum + Math.max(0, last[i]! - column - 1), 0);
  const lanes = items.map((from, i) => {
    const row: Item[] = [];
    for (let column = from.column + 1; column < last[i]! && count <= MOST_LANES; column++) {
      const lane = item(column, 0, LANE);
      join(row.at(-1) ?? from, lane);
      row.push(lane);
    }
    return row;
  });
  boxes.forEach(({ inputs }, i) => {
    for (const input of inputs) {
      const before = items[i]!.column - items[input]!.column - 2;
      join(lanes[input]![before] ?? items[input]!, items[i]!);
    }
  });
  return lanes;
}

/** Sorts each column by where its neighbours stand in the column before, then after, again and again. */
function uncross(columns: readonly Item[][]): void {
  const number = (column: readonly Item[]): void => {
    column.forEach((each, place) => {
      each.place = place;
    });
  };
  columns.forEach(number);
  sweep(columns, (column, neighbours) => {
    if (column.length === 1) return;
    const wish = new Map(column.map((each) => [each, mean(neighbours(each), ({ place }) => place) ?? each.place]));
    column.sort((a, b) => wish.get(a)! - wish.get(b)!);
    number(column);
  });
}

/** Moves the items of each column as near to their neighbours as order and distances allow; the height of all. */
function straighten(columns: readonly Item[][]): number {
  for (const column of columns)
    place(
      column,
      column.map(() => 0),
    );
  sweep(columns, (column, neighbours) => {
    place(
      column,
      column.map((each) => mean(neighbours(each), ({ y }) => y) ?? each.y),
    );
  });
  let [top, bottom] = [Infinity, -Infinity];
  for (const { y, height } of columns.flat()) {
    top = Math.min(top, y - height / 2);
    bottom = Math.max(bottom, y + height / 2);
  }
  for (const each of columns.flat()) each.y += MARGIN - top;
  return bottom - top + 2 * MARGIN;
}

/** Goes through the columns to the right with what stands before, to the left with what stands after. */
function sweep(
  columns: readonly Item[][],
  act: (column: Item[], neighbours: (each: Item) => readonly Item[]) => void,
): void {
  for (let i = 0; i < SWEEPS; i++) {
    for (const column of columns) act(column, ({ before }) => before);
    for (const column of [...columns].reverse()) act(column, ({ after }) => after);
  }
}

/**
 * Heights with the least squared distance from the wishes that keep order and gaps: without the gaps, wishes that do
 * not increase meet at their mean (pool adjacent violators: Ayer et al., 1955).
 */
function place(column: readonly Item[], wishes: readonly number[]): void {
  const offsets: number[] = [];
  column.forEach(({ height }, i) => {
    const above = column[i - 1];
    offsets.push(above ? offsets[i - 1]! + (above.height + height) / 2 + BETWEEN_ROWS : 0);
  });
  const pools: { sum: number; count: number }[] = [];
  wishes.forEach((wish, i) => {
    let pool = { sum: wish - offsets[i]!, count: 1 };
    for (let above = pools.at(-1); above && above.sum / above.count > pool.sum / pool.count; above = pools.at(-1)) {
      pool = { sum: above.sum + pool.sum, count: above.count + pool.count };
      pools.pop();
    }
    pools.push(pool);
  });
  let i = 0;
  for (const { sum, count } of pools) {
    for (const end = i + count; i < end; i++) column[i]!.y = sum / count + offsets[i]!;
  }
}

/** The middle of each column, and the width of all. Lanes become as wide as their column. */
function sideBySide(columns: readonly Item[][]): { x: number[]; width: number } {
  let right = MARGIN - BETWEEN_COLUMNS;
  const x = columns.map((column) => {
    const width = column.reduce((most, each) => Math.max(most, each.width), 0);
    for (const each of column) if (each.width === 0) each.width = width;
    right += BETWEEN_COLUMNS + width;
    return right - width / 2;
  });
  return { x, width: right + MARGIN };
}

function mean(items: readonly Item[], of: (each: Item) => number): number | undefined {
  if (items.length === 0) return undefined;
  let sum = 0;
  for (const each of items) sum += of(each);
  return sum / items.length;
}
