/** Bad options of the asynchronous fits: rejections, not throws, before anything has changed. */
import { describe, expect, test } from "vitest";
import { configure } from "../src/index.ts";
import { expectRejection } from "./async-cases.ts";
import { expectSame } from "./compare.ts";
import { wrong } from "./error-rows.ts";
import { samples } from "./fixtures.ts";
import { expectRefusal, type Kind, type Model, models, parametersOf } from "./model-state.ts";

const { X, Y } = samples(3, 20);

const forms: [form: string, names: string, run: (model: Model, options: unknown) => Promise<unknown>][] = [
  [
    "fitAsync",
    '"onEpoch", "sampleWeight", "progressMs", "threads", "earlyStopping", "signal", "onAbort" or "sliceMs"',
    (model, options) => model.fitAsync(X, Y, wrong(options)),
  ],
  [
    "epochs",
    '"sampleWeight", "threads", "earlyStopping", "signal", "onAbort" or "sliceMs"',
    async (model, options) => {
      for await (const _ of model.epochs(X, Y, wrong(options)));
    },
  ],
  [
    "fitStream",
    '"onEpoch", "progressMs", "epochs", "signal", "onAbort" or "sliceMs"',
    (model, options) => model.fitStream(() => [[X, Y]], wrong(options)),
  ],
];

const signal = "expected an AbortSignal.";
const threads = 'expected "auto" or a whole number from 1 to 256.';
const whole = "expected a whole number from 1 to 2147483647.";

/** Option, value, class, message after `Model.method: `. */
const rows: [option: string, value: unknown, kind: Kind, message: string][] = [
  ["signal", null, TypeError, `signal is null; ${signal}`],
  ["signal", true, TypeError, `signal is true; ${signal}`],
  ["signal", new AbortController(), TypeError, `signal is an object (AbortController); ${signal}`],
  ["signal", new EventTarget(), TypeError, `signal is an object (EventTarget); ${signal}`],
  ["onAbort", "kep", RangeError, 'onAbort is "kep"; expected "keep" or "restore". Did you mean "keep"?'],
  ["onAbort", "forget", RangeError, 'onAbort is "forget"; expected "keep" or "restore".'],
  ["onAbort", true, TypeError, 'onAbort is true; expected "keep" or "restore".'],
  ["progressMs", -1, RangeError, "progressMs is -1; expected a finite number >= 0."],
  ["progressMs", Infinity, RangeError, "progressMs is Infinity; expected a finite number >= 0."],
  ["progressMs", Number.NaN, RangeError, "progressMs is NaN; expected a finite number >= 0."],
  ["progressMs", "50", TypeError, 'progressMs is "50"; expected a number.'],
  ["sliceMs", 0, RangeError, "sliceMs is 0; expected a finite number > 0."],
  ["sliceMs", Infinity, RangeError, "sliceMs is Infinity; expected a finite number > 0."],
  ["sliceMs", null, TypeError, "sliceMs is null; expected a number."],
  ["onEpoch", "log", TypeError, 'onEpoch is "log"; expected a function.'],
  ["threads", 0, RangeError, `threads is 0; ${threads}`],
  ["threads", 1.5, RangeError, `threads is 1.5; ${threads}`],
  ["threads", 257, RangeError, `threads is 257; ${threads}`],
  ["threads", Number.NaN, RangeError, `threads is NaN; ${threads}`],
  ["threads", "all", TypeError, `threads is "all"; ${threads}`],
  ["threads", null, TypeError, `threads is null; ${threads}`],
  ["epochs", 0, RangeError, `epochs is 0; ${whole}`],
  ["epochs", 2.5, RangeError, `epochs is 2.5; ${whole}`],
  ["epochs", "10", TypeError, 'epochs is "10"; expected a whole number.'],
];

const cases = models.flatMap(({ name, make }) =>
  forms.map(([form, names, run]) => ({ name, form, names, run, make })),
);

describe.each(cases)("$name, $form", ({ name, form, names, run, make }) => {
  /** Refused for a fitted model and one that is not, which both stay what they were, and are not busy. */
  async function expectRefused(options: unknown, kind: Kind, message: string): Promise<void> {
    using fitted = make({ epochs: 2 });
    using never = make({ epochs: 2 });
    fitted.fit(X, Y);
    const learned = parametersOf(fitted);
    for (const model of [fitted, never]) {
      await expectRejection(() => run(model, options), kind, `${name}.${form}: ${message}`);
    }
    expectSame(parametersOf(fitted), learned, "parameters");
    expect(() => never.parameters).toThrow("has no parameters yet");
    fitted.free();
  }

  const known = rows.filter(([option]) => names.includes(`"${option}"`));
  test.each(known)("refuses %s: %s", (option, value, kind, message) =>
    expectRefused({ [option]: value }, kind, message),
  );

  test.each([
    ["sgnal", ' Did you mean "signal"?'],
    ["slicems", ' Did you mean "sliceMs"?'],
    ["onabort", ' Did you mean "onAbort"?'],
    ["momentum", ""],
  ])("refuses the unknown option %s, naming the nearest if one is near", (option, near) =>
    expectRefused({ [option]: 1 }, TypeError, `option "${option}" does not exist; expected ${names}.${near}`),
  );

  const others = ["onEpoch", "progressMs", "threads", "earlyStopping", "epochs"];
  test.each(others.filter((option) => !names.includes(`"${option}"`)))(
    "refuses %s, which is not its own",
    async (option) => {
      const model = make();
      await expect(run(model, { [option]: 1 })).rejects.toThrow(
        `${name}.${form}: option "${option}" does not exist; expected ${names}.`,
      );
    },
  );

  test.each([
    [null, "null"],
    [7, "7"],
    [[], "an array of 0"],
    ["fast", '"fast"'],
  ])("refuses options that are no object: %j", (options, shown) =>
    expectRefused(options, TypeError, `options is ${shown}; expected an object with options.`),
  );

  test("takes undefined for an option that is left out", async () => {
    using model = make({ epochs: 2 });
    const left = names.match(/\w+(?=")/g)!.map((option) => [option, undefined]);
    await run(model, Object.fromEntries(left));
    for (const good of [{ sliceMs: 0.01 }, { onAbort: "keep" }, { signal: new AbortController().signal }]) {
      await run(make({ epochs: 1 }), good);
    }
  });
});

test.each([
  [7, "7"],
  [null, "null"],
  [{ href: "worker.js" }, "an object (Object)"],
])("configure refuses the workerUrl %j", (workerUrl, shown) => {
  const message = `configure: workerUrl is ${shown}; expected a URL or a string.`;
  expectRefusal(() => configure({ workerUrl: wrong(workerUrl) }), TypeError, message);
});
