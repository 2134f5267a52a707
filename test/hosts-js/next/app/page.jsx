import { program } from "../program.mjs";
import { Client } from "./client.jsx";

export const dynamic = "force-dynamic";

export default async function Page() {
  const answer = await program();
  return (
    <>
      <pre id="server">{JSON.stringify(answer)}</pre>
      <Client />
    </>
  );
}
