/** Does not live long. */
throw new Error("in the worker");
