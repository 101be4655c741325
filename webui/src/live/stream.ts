// The one event stream: reads GET /watch as server-sent events, knows the
// last revision that it delivered, and after a break goes on from there.
// EventSource is not used: it hides why a connection ended, and the page
// must know whether it is asked for a token or its revision is gone.
import type { NodeInfo, Transaction } from '../api/types'
import { readEvents, type ServerEvent } from './sse'

export type Status =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'broken'; since: number; retryAt: number; why: string }
  | { state: 'locked' }

export type Message =
  | { type: 'transaction'; data: Transaction }
  | { type: 'node'; data: Partial<NodeInfo> }
  | { type: 'status'; data: Status }
  | { type: 'reload' }

const firstPause = 500
const longestPause = 10_000

export class Stream {
  status: Status = { state: 'connecting' }
  private abort: AbortController | null = null
  private pause = firstPause
  private timer = 0
  private brokenSince = 0

  constructor(
    public revision: number,
    private readonly url: string,
    private readonly deliver: (message: Message) => void,
  ) {}

  start(): void {
    void this.run()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.abort?.abort()
    this.abort = null
  }

  /// Tries at once: after a login, or because somebody pressed the button.
  retry(): void {
    this.stop()
    this.pause = firstPause
    this.start()
  }

  private say(status: Status): void {
    this.status = status
    this.deliver({ type: 'status', data: status })
  }

  private async run(): Promise<void> {
    const abort = new AbortController()
    this.abort = abort
    try {
      const response = await fetch(`${this.url}?from=${this.revision}&records=1`, {
        headers: { Accept: 'text/event-stream' },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      })
      if (response.status === 401) return this.say({ state: 'locked' })
      if (response.status === 410) return this.compacted(response)
      if (!response.ok || !response.body) throw new Error(`the node answered ${response.status}`)
      this.pause = firstPause
      this.brokenSince = 0
      this.say({ state: 'live' })
      await readEvents(response.body, (e) => this.take(e))
      throw new Error('the node closed the stream')
    } catch (e) {
      if (this.abort === abort) this.broken(e instanceof TypeError ? 'the node does not answer' : String((e as Error).message))
    }
  }

  private broken(why: string): void {
    if (!this.brokenSince) this.brokenSince = Date.now()
    this.say({ state: 'broken', since: this.brokenSince, retryAt: Date.now() + this.pause, why })
    this.timer = setTimeout(() => this.run(), this.pause) as unknown as number
    this.pause = Math.min(this.pause * 2, longestPause)
  }

  private compacted(response: Response): void {
    const newest = Number(response.headers.get('Weir-Revision') ?? 0)
    if (newest > 0) this.revision = newest
    this.deliver({ type: 'reload' })
    this.broken('the revision is no longer kept')
  }

  private take({ kind, data }: ServerEvent): void {
    if (kind === 'compacted') return this.onCompacted(data)
    if (!data) return
    const parsed = JSON.parse(data)
    if (kind === 'node') this.deliver({ type: 'node', data: parsed })
    else if (kind === 'transaction') this.onTransaction(parsed)
  }

  private onTransaction(t: Transaction): void {
    if (t.revision <= this.revision) return // seen before a break
    if (t.previous !== undefined && t.previous > this.revision) throw new Error('a part of the stream is missing')
    this.revision = t.revision
    this.deliver({ type: 'transaction', data: t })
  }

  private onCompacted(data: string): void {
    const said = data ? JSON.parse(data) : {}
    if (said.revision > 0) this.revision = said.revision
    this.deliver({ type: 'reload' })
  }
}
