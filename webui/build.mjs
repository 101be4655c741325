// Builds the dashboard: `node build.mjs --out DIR [--check] [--gzip]`.
//
// --check   runs the type checker too and fails on its errors
// --gzip    writes FILE.gz beside each file, for embedding
//
// Scripts and styles get their content's hash into their name and may be
// cached for ever; index.html names them and must be asked for each time.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
/// What the brief allows for all scripts of a page together, compressed.
const scriptBudget = 120 * 1024

function typeCheck() {
  const tsc = join(here, 'node_modules', 'typescript', 'bin', 'tsc')
  const run = spawnSync(process.execPath, [tsc, '--noEmit', '-p', here], { stdio: 'inherit' })
  if (run.status !== 0) throw new Error('the type checker found errors')
}

async function bundle(entry, outdir, options = {}) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    outdir: join(outdir, 'assets'),
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2021'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  })
  const made = Object.entries(result.metafile.outputs).find(([, o]) => o.entryPoint === entry)
  return '/' + relative(outdir, join(here, made[0])).split('\\').join('/')
}

export function filesBelow(dir, base = dir) {
  return readdirSync(dir, { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? filesBelow(join(dir, e.name), base) : [relative(base, join(dir, e.name))]))
    .sort()
}

function writePage(outdir, names) {
  let html = readFileSync(join(here, 'src', 'index.html'), 'utf8')
  for (const [key, value] of Object.entries(names)) html = html.replaceAll(`{{${key}}}`, value)
  writeFileSync(join(outdir, 'index.html'), html)
}

export async function buildAll(outdir, { minify = true, sourcemap = false } = {}) {
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  const options = { minify, sourcemap }
  const worker = await bundle('src/live/worker.ts', outdir, options)
  const icon = readFileSync(join(here, 'src', 'icon.svg'))
  writeFileSync(join(outdir, 'favicon.svg'), icon)
  const [script, style] = await Promise.all([
    bundle('src/main.tsx', outdir, { ...options, define: { WORKER_URL: JSON.stringify(worker) } }),
    bundle('src/styles/main.css', outdir, options),
  ])
  writePage(outdir, { script, style })
}

function compress(outdir) {
  let scripts = 0
  for (const file of filesBelow(outdir)) {
    const gz = gzipSync(readFileSync(join(outdir, file)), { level: 9 })
    writeFileSync(join(outdir, file + '.gz'), gz)
    if (file.endsWith('.js')) scripts += gz.length
  }
  if (scripts > scriptBudget) throw new Error(`the scripts are ${scripts} bytes compressed, over ${scriptBudget}`)
  return scripts
}

async function main(args) {
  const out = args[args.indexOf('--out') + 1]
  if (!args.includes('--out') || !out) throw new Error('usage: node build.mjs --out DIR [--check] [--gzip]')
  if (args.includes('--check')) typeCheck()
  await buildAll(out)
  if (args.includes('--gzip')) console.log(`dashboard: ${(compress(out) / 1024).toFixed(1)} KiB of compressed script`)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href && statSync(process.argv[1]).isFile()) {
  main(process.argv.slice(2)).catch((e) => {
    console.error(String(e.message ?? e))
    process.exit(1)
  })
}
