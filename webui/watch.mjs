// `./dev ui`: rebuilds at every change below src/ and serves the pages with
// the API of a running node behind them. `node watch.mjs HOST:PORT [LISTEN_PORT]`.
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAll } from './build.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const [host, port] = (process.argv[2] ?? '127.0.0.1:3004').split(':')
const out = mkdtempSync(join(tmpdir(), 'weir-ui-'))
const mimes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' }
const settle = 100

async function rebuild() {
  const begun = performance.now()
  try {
    await buildAll(out, { minify: false, sourcemap: 'linked' })
    console.log(`built in ${Math.round(performance.now() - begun)} ms`)
  } catch {
    console.log('not built: see above; the last good pages were removed')
  }
}

/// The node refuses foreign Host and Origin headers: it is asked in its own name.
function forward(req, res) {
  const headers = { ...req.headers, host: `${host}:${port}` }
  if (headers.origin) headers.origin = `http://${host}:${port}`
  delete headers.referer
  const ask = request({ host, port, method: req.method, path: req.url, headers }, (answer) => {
    res.writeHead(answer.statusCode, answer.headers)
    answer.pipe(res)
  })
  ask.on('error', (e) => {
    if (!res.headersSent) res.writeHead(502, { 'Content-Type': 'application/problem+json' })
    res.end(JSON.stringify({ code: 'unreachable', detail: `No node answers at ${host}:${port}: ${e.message}` }))
  })
  res.on('close', () => ask.destroy())
  req.pipe(ask)
}

function serve(req, res) {
  const path = req.url.split('?')[0]
  if (path.startsWith('/api/')) return forward(req, res)
  const file = normalize(join(out, path === '/' ? 'index.html' : path))
  if (!file.startsWith(out) || !existsSync(file)) return res.writeHead(404).end()
  res.writeHead(200, { 'Content-Type': mimes[extname(file)] ?? 'application/octet-stream', 'Cache-Control': 'no-store' })
  res.end(readFileSync(file))
}

let timer
function changed() {
  clearTimeout(timer)
  timer = setTimeout(rebuild, settle)
}

await rebuild()
// Not every Node watches below a folder by itself: each folder on its own.
for (const part of ['.', 'api', 'drawings', 'live', 'pages', 'pages/ffs', 'parts', 'shell', 'styles', 'upload', 'words']) watch(join(here, 'src', part), changed)
const server = createServer(serve).listen(Number(process.argv[3] ?? 0), '127.0.0.1', () => {
  console.log(`dashboard at http://127.0.0.1:${server.address().port}/ over the node at ${host}:${port}; Ctrl-C ends`)
})
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    rmSync(out, { recursive: true, force: true })
    process.exit(0)
  })
