// Bundles src/ into ../k8scourse/widgets/static/ (or the folder given as the first argument), together with
// the licences of every package whose code went in.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const target = process.argv[2] ?? "../k8scourse/widgets/static";

const { metafile } = await build({
  entryPoints: { k8scourse: "src/index.js", graphs: "src/graphs.js" },
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
});

const folders = Object.keys(metafile.inputs).map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
const packages = [...new Set(folders.filter((folder) => folder !== undefined))].sort();
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "THIRD_PARTY.txt"), packages.map(licence).join("\n"));

/** @param {string} folder */
function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const own = join("src/notices", `${name.replace("/", "+")}.txt`); // for a package that carries no licence file
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const path = file ? join(folder, file) : own;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return `${name} ${version} (${license})\n\n${text}`;
}
