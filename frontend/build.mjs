// Bundles scripts and styles into dist/, which the server embeds.
import { build } from "esbuild";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";

// Of the framework's styles, a tenth: those of classes that our pages have.
const framework = "@tabler/core/dist/css/tabler.min.css";
const used = "node_modules/.cache/tabler.css";
const [{ css }] = await new PurgeCSS().purge({
  content: ["templates/*.html", "assets/ts/*.ts"],
  css: [`node_modules/${framework}`],
  variables: true,
  keyframes: true,
});
await mkdir("node_modules/.cache", { recursive: true });
await writeFile(used, css);

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
// The one script that runs before the page is drawn.
await build({ entryPoints: { theme: "assets/ts/theme.ts" }, outdir: "dist", bundle: true, format: "iife", target: "es2022", minify: true });
await build({
  entryPoints: { app: "assets/css/app.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  legalComments: "eof",
  alias: { [framework]: `./${used}` },
});
