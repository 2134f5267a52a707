"use client";

import { useEffect, useState } from "react";
import { program } from "../program.mjs";

export function Client() {
  const [answer, setAnswer] = useState("");
  useEffect(() => {
    program().then(
      (found) => setAnswer(JSON.stringify(found)),
      (error) => setAnswer(JSON.stringify({ error: String(error) })),
    );
  }, []);
  return <pre id="answer">{answer}</pre>;
}
