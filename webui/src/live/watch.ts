// A watch of FFS: what a page shows of jobs or of a log, told as it happens.
// It goes on from the revision that it knows after a break. A tab that nobody
// looks at holds none: browsers allow few connections to one host, and the
// state of a job that is told late is still its newest.
import { locked, address, type Params } from '../api/http'
import { readEvents } from './sse'

const firstPause = 500
const longestPause = 10_000

export class Watch {
  private abort: AbortController | null = null
  private pause = firstPause
  private timer = 0
  private readonly look = () => (document.hidden ? this.close() : this.open())

  /// `from` null: what there is first, then what changes.
  constructor(
    private readonly path: string,
    private readonly params: Params,
    private from: number | null,
    private readonly take: (kind: string, record: unknown) => void,
    /// The revision is no longer kept: what is shown has to be loaded again.
    private readonly lost: () => void = () => {},
  ) {}

  start(): void {
    document.addEventListener('visibilitychange', this.look)
    this.look()
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.look)
    this.close()
  }

  private open(): void {
    if (!this.abort) void this.run()
  }

  private close(): void {
    clearTimeout(this.timer)
    this.abort?.abort()
    this.abort = null
  }

  private async run(): Promise<void> {
    const abort = (this.abort = new AbortController())
    try {
      const response = await fetch(address(this.path, { ...this.params, from: this.from }), {
        headers: { Accept: 'text/event-stream' },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      })
      if (response.status === 401) return void (locked.value = true)
      // Gone or not allowed: asking again would not change that; the page's own question says why.
      if (response.status === 403 || response.status === 404) return
      if (response.status === 410) {
        this.from = null
        this.lost()
      }
      if (response.ok && response.body) {
        this.pause = firstPause
        await readEvents(response.body, ({ kind, data }) => this.hear(kind, data))
      }
    } catch {
      // the banner of the one event stream says that the node is away
    }
    if (this.abort !== abort) return
    this.timer = setTimeout(() => void this.run(), this.pause) as unknown as number
    this.pause = Math.min(this.pause * 2, longestPause)
  }

  private hear(kind: string, data: string): void {
    if (!data) return
    const record = JSON.parse(data)
    if (kind === 'revision') this.from = record.revision
    else this.take(kind, record)
  }
}
