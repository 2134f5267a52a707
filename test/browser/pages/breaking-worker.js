/** The package's worker, but fits of 133 epochs throw when they are done, and those of 134 leave an error uncaught. */
import "/dist/worker.js";

let epochs;
addEventListener("message", ({ data }) => {
  if (data.type === "job") epochs = data.job.settings?.epochs;
});
const post = globalThis.postMessage.bind(globalThis);
globalThis.postMessage = (report, ...rest) => {
  const breaks = report.type === "done";
  if (breaks && epochs === 133) throw new RangeError("thrown");
  if (breaks && epochs === 134) reportError(new RangeError("uncaught"));
  else post(report, ...rest);
};
