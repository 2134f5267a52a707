/** Adds one to the first number of each memory it gets, and says so. */
addEventListener("message", ({ data }) => {
  Atomics.add(new Int32Array(data.buffer), 0, 1);
  postMessage("added");
});
