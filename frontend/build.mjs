// Bundles scripts and styles into dist/, which the server embeds.
import { build } from "esbuild";
import { readdir, rm } from "node:fs/promises";

for (const name of await readdir("dist")) {
  if (name !== ".gitkeep") await rm(`dist/${name}`, { recursive: true });
}
await build({
  entryPoints: { app: "assets/ts/app.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  splitting: true,
  chunkNames: "[name]-[hash]",
  target: "es2022",
  minify: true,
  legalComments: "eof",
});
await build({ entryPoints: { app: "assets/css/app.css" }, outdir: "dist", bundle: true, minify: true, legalComments: "eof" });
