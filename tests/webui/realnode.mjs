// A real node with the embedded devnet in a temporary folder. WEIR names the binary.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const deadline = 120_000
const any = '127.0.0.1:0'

export class RealNode {
  folder = mkdtempSync(join(tmpdir(), 'weir-ui-node-'))
  url = ''

  constructor(config = '', options = []) {
    this.options = options
    if (!config) return
    writeFileSync(join(this.folder, 'weir.toml'), config)
    this.options = ['--config', join(this.folder, 'weir.toml'), ...options]
  }

  /// The same address again after a restart.
  async start() {
    const data = join(this.folder, 'data')
    mkdirSync(data, { recursive: true })
    rmSync(join(data, 'addresses.json'), { force: true })
    const log = openSync(join(this.folder, 'log'), 'a')
    const api = this.url ? this.url.replace('http://', '') : any
    this.child = spawn(process.env.WEIR, ['node', '--devnet', '--data', data, '--api', api, '--gateway', any, '--pieces', any, ...this.options], { stdio: ['ignore', log, log] })
    const listens = await this.addresses(data)
    this.url = listens.api.includes('://') ? listens.api : `http://${listens.api}`
  }

  /// The node writes where it listens into its data folder.
  async addresses(data) {
    const path = join(data, 'addresses.json')
    const end = Date.now() + deadline
    while (Date.now() < end && this.child.exitCode === null) {
      if (existsSync(path)) {
        try {
          return JSON.parse(readFileSync(path, 'utf8'))
        } catch {
          // half written
        }
      }
      await new Promise((ok) => setTimeout(ok, 50))
    }
    throw new Error(`the node did not listen:\n${readFileSync(join(this.folder, 'log'), 'utf8')}`)
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill('SIGINT')
    await gone
  }

  async end() {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/// A file of an instance, staged with the token that its page showed once.
export async function stage(page, token, name, size) {
  return page.evaluate(
    async ([t, n, s]) => {
      const headers = { Authorization: `Bearer ${t}`, 'Content-Type': 'application/json' }
      const call = async (method, path, body) => (await fetch('/api/v1/uploads' + path, { method, headers, body, credentials: 'omit' })).json()
      const { id } = await call('POST', '', JSON.stringify({ name: n }))
      await call('PUT', `/${id}/files/`, new Uint8Array(s).map((_, i) => (i * 31) >> 2))
      return (await call('POST', `/${id}/commit`, '{}')).cid
    },
    [token, name, size],
  )
}
