// Writes the assembly and the table that put a built dashboard into the
// binary: `node embed.mjs --dist DIR --asm FILE.S --table FILE.cpp`. The
// bytes are embedded as they go over the wire: compressed.
import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { filesBelow } from './build.mjs'

const mimes = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

function option(name) {
  const i = process.argv.indexOf(name)
  if (i < 0 || !process.argv[i + 1]) throw new Error(`${name} is missing`)
  return resolve(process.argv[i + 1])
}

const dist = option('--dist')
const files = filesBelow(dist).filter((f) => !f.endsWith('.gz'))
let asm = '.section .rodata\n'
let externs = ''
let rows = ''
files.forEach((file, i) => {
  const bytes = readFileSync(join(dist, file))
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const mime = mimes[extname(file)]
  if (!mime) throw new Error(`no MIME type is known for ${file}`)
  const length = statSync(join(dist, file + '.gz')).size
  asm += `.balign 16\n.global weir_asset_${i}\nweir_asset_${i}: .incbin ${JSON.stringify(join(dist, file + '.gz'))}\n`
  externs += `extern const unsigned char weir_asset_${i}[];\n`
  rows += `  asset{"/${file}", "${mime}", "\\"${hash}\\"", {weir_asset_${i}, ${length}}, ${bytes.length}, ${file.startsWith('assets/')}},\n`
})
asm += '.section .note.GNU-stack,"",@progbits\n'

writeFileSync(option('--asm'), asm)
writeFileSync(
  option('--table'),
  `// Made by webui/embed.mjs.
#include "webui/assets.hpp"

#include <array>

extern "C" {
${externs}}

namespace weir::webui {

namespace {
const std::array table{
${rows}};
} // namespace

std::span<const asset> assets() { return table; }

} // namespace weir::webui
`,
)
