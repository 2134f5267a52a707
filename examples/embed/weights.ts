/**
 * The weights that main.py must reproduce to the last bit: logistic regression on the breast-cancer data,
 * simd build, trained through fourlane's own host. Prints them as JSON, each f64 as 16 hexadecimal digits.
 */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { array, configure, info, LogisticRegression } from "../../src/index.ts";

configure({ reproducible: true });
const text = readFileSync(new URL("../../data/breast-cancer.csv", import.meta.url));
const rows: number[][] = parse(text, { from_line: 2 }).map((row) => row.map(Number));
const labels = rows.map((row) => row.pop()!);

// Standardised with loops that any language repeats bit by bit: +, −, ·, / and √ round the same everywhere.
const features = rows[0]!.map((_, k) => {
  const values = rows.map((row) => row[k]!);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / values.length;
  return values.map((x) => (x - mean) / Math.sqrt(variance));
});

const model = new LogisticRegression({ learningRate: 0.1, epochs: 1000 });
model.fit(array(features, { dtype: "f64" }), array([labels], { dtype: "f64" }));
const parameters = [...model.w.data, model.b];
const hex = parameters.map((value) => Buffer.from(Float64Array.of(value).buffer).reverse().toString("hex"));
console.log(JSON.stringify({ build: info().build, parameters: hex }));
