/** The tests of arrays and training once more, over the kernel in plain JavaScript. */
import { expect, test, vi } from "vitest";
import { info } from "../../src/index.ts";
import "../broadcasting.test.ts";
import "../operations.test.ts";
import "../optimizers.test.ts";
import "../out.test.ts";
import "../preprocessing.test.ts";
import "../products.test.ts";
import "../random.test.ts";
import "../reductions.test.ts";
import "../selecting.test.ts";
import "../slicing.test.ts";
import "../softmax-regression.test.ts";
import "../views.test.ts";

vi.mock("../../src/loading/inlined.ts", () => import("../../src/loading/plain.ts"));

test("it is that kernel", () => {
  expect(info().build).toBe("js");
});
