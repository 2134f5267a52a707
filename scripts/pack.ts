/** Packs the kernel into text; the format is described in assembly/unpacker, which reads it. */
import { Matches } from "./matches.ts";

const EXPECTED = 65536;
const MATCH = EXPECTED + 65536;
const REPEAT = MATCH + 5 * 256;
const LENGTH = REPEAT + 16;
const NUMBER = 80;
const DISTANCE = LENGTH + 3 * NUMBER;
const CONTEXTS = DISTANCE + 4 * NUMBER;

/** What takes the decisions of the format: the coder, or one who asks what they would cost. */
interface Sink {
  decide(context: number, bit: number): void;
  /** The `bits` lowest bits of a value, each as likely 0 as 1. */
  plain(bits: number, value: number): void;
}

/** An adaptive binary range coder that writes digits of six bits, and counts the outcomes of each context. */
class Coder implements Sink {
  readonly #chances = new Uint16Array(CONTEXTS).fill(16384);
  readonly #times = new Uint8Array(CONTEXTS);
  readonly #digits: number[] = [];
  readonly outcomes = [new Uint32Array(CONTEXTS), new Uint32Array(CONTEXTS)] as const;
  #low = 0;
  #range = 2 ** 30 - 1;

  decide(context: number, bit: number): void {
    const chance = this.#chances[context]!;
    const bound = Math.floor(this.#range / 4096) * (chance >> 3);
    if (bit) this.#narrow(bound, this.#range - bound);
    else this.#narrow(0, bound);
    const times = this.#times[context]!;
    const rate = times > 9 ? 4 : times > 3 ? 3 : times > 0 ? 2 : 1;
    this.#chances[context] = bit ? chance - (chance >> rate) : chance + ((32768 - chance) >> rate);
    this.#times[context] = Math.min(times + 1, 10);
    this.outcomes[bit as 0 | 1][context]!++;
  }

  plain(bits: number, value: number): void {
    const step = Math.floor(this.#range / 2 ** bits);
    this.#narrow(value * step, step);
  }

  #narrow(from: number, range: number): void {
    this.#low += from;
    this.#range = range;
    for (; this.#range < 2 ** 24; this.#range *= 64) this.#shift();
  }

  /** Moves the upper six of 30 bits out. What runs over carries into the digits before. */
  #shift(): void {
    const digit = Math.floor(this.#low / 2 ** 24);
    this.#low = (this.#low % 2 ** 24) * 64;
    this.#digits.push(digit % 64);
    if (digit < 64) return;
    let i = this.#digits.length - 2;
    for (; this.#digits[i] === 63; i--) this.#digits[i] = 0;
    this.#digits[i]!++;
  }

  text(): string {
    for (let i = 0; i < 5; i++) this.#shift();
    return this.#digits.map((digit) => String.fromCharCode(digit === 44 ? 112 : digit + 48)).join("");
  }
}

/** Adds up about how many bits decisions take, as the contexts went the last time. */
class Prices implements Sink {
  readonly #prices: readonly [Float64Array, Float64Array];
  sum = 0;

  /** Without outcomes, each decision takes a bit. */
  constructor(outcomes?: Coder["outcomes"]) {
    const price = (bit: 0 | 1) =>
      Float64Array.from({ length: CONTEXTS }, (_, context) => {
        if (!outcomes) return 1;
        const [zeros, ones] = outcomes;
        return Math.log2((zeros[context]! + ones[context]! + 0.8) / (outcomes[bit][context]! + 0.4));
      });
    this.#prices = [price(0), price(1)];
  }

  decide(context: number, bit: number): void {
    this.sum += this.#prices[bit as 0 | 1][context]!;
  }

  plain(bits: number): void {
    this.sum += bits;
  }
}

function tree(sink: Sink, context: number, bits: number, value: number): void {
  for (let i = bits - 1, node = 1; i >= 0; i--) {
    const bit = (value >> i) & 1;
    sink.decide(context + node, bit);
    node = 2 * node + bit;
  }
}

function number(sink: Sink, context: number, n: number): void {
  const bits = 31 - Math.clz32(n);
  tree(sink, context, 4, bits);
  const rest = bits - Math.min(bits, 2);
  tree(sink, context + 16 + 4 * bits, bits - rest, (n >> rest) & 3 & (2 ** bits - 1));
  sink.plain(rest, n % 2 ** rest);
}

/** Where coding stands before a token: the state and the last two distances, as the unpacker knows them. */
interface Place {
  readonly state: number;
  readonly distance: number;
  readonly other: number;
}

/** One byte (distance 0), or `length` bytes that stand `distance` bytes before. */
interface Token {
  readonly length: number;
  readonly distance: number;
}

const START: Place = { state: 0, distance: 0, other: 0 };

/** Codes the token that stands at a position; returns where coding stands then. */
function put(sink: Sink, data: Uint8Array, position: number, place: Place, { length, distance }: Token): Place {
  const { state } = place;
  const before = position > 0 ? data[position - 1]! : 0;
  sink.decide(MATCH + 256 * state + before, distance > 0 ? 1 : 0);
  if (distance === 0) {
    const context = state > 0 ? EXPECTED + 256 * data[position - place.distance]! : 256 * before;
    tree(sink, context, 8, data[position]!);
    return { ...place, state: Math.max(state - 2, 0) };
  }
  const swap = distance === place.distance ? 0 : distance === place.other ? 1 : undefined;
  sink.decide(REPEAT + 2 * state, swap === undefined ? 0 : 1);
  if (swap === undefined) {
    number(sink, LENGTH, length - 1);
    number(sink, DISTANCE + NUMBER * (Math.min(length, 5) - 2), distance);
    return { state: 3, distance, other: place.distance };
  }
  sink.decide(REPEAT + 2 * state + 1, swap);
  number(sink, LENGTH + NUMBER + NUMBER * swap, length);
  return { state: 4, distance, other: swap ? place.distance : place.other };
}

/** The cheapest way known to a position, and the token that leads there. */
interface Way {
  cost: number;
  place: Place;
  token: Token;
}

/** The tokens that cost the least together, the cheapest way to each position being all that is followed. */
function choose(data: Uint8Array, matches: Matches, prices: Prices): Token[] {
  const ways: (Way | undefined)[] = [{ cost: 0, place: START, token: { length: 0, distance: 0 } }];
  for (let position = 0; position < data.length; position++) {
    const { cost, place } = ways[position]!;
    const consider = (token: Token): void => {
      prices.sum = cost;
      const next = put(prices, data, position, place, token);
      const end = position + token.length;
      if (prices.sum < (ways[end]?.cost ?? Infinity)) ways[end] = { cost: prices.sum, place: next, token };
    };
    consider({ length: 1, distance: 0 });
    for (const distance of new Set([place.distance, place.other])) {
      const longest = distance ? matches.length(position, distance) : 0;
      for (let length = 1; length <= longest; length = further(length, longest)) consider({ length, distance });
    }
    let length = 2;
    for (const { distance, length: longest } of matches.at(position)) {
      for (; length <= longest; length = further(length, longest)) consider({ length, distance });
      length = longest + 1;
    }
  }
  const tokens: Token[] = [];
  for (let end = data.length; end > 0; end -= tokens.at(-1)!.length) tokens.push(ways[end]!.token);
  return tokens.reverse();
}

/** Every length up to 48, then only the longest: a long match is worth all that it can be. */
function further(length: number, longest: number): number {
  return length < longest ? (length < 48 ? length + 1 : longest) : length + 1;
}

/** Text from which the unpacker makes these bytes again. */
export function pack(data: Uint8Array): string {
  const matches = new Matches(data);
  let coder: Coder | undefined;
  let shortest: string | undefined;
  // What decisions cost follows from what was chosen, and the other way round.
  for (let turn = 0; turn < 8; turn++) {
    const tokens = choose(data, matches, new Prices(coder?.outcomes));
    coder = new Coder();
    let place = START;
    let position = 0;
    for (const token of tokens) {
      place = put(coder, data, position, place, token);
      position += token.length;
    }
    const text = coder.text();
    if (shortest === undefined || text.length < shortest.length) shortest = text;
  }
  return shortest!;
}
