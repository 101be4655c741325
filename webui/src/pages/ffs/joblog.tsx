// The log of a CID or of one job: history, then live, the newest first.
import { useEffect, useState } from 'preact/hooks'
import { at, type LogLine } from '../../api/ffs'
import { Watch } from '../../live/watch'
import { link } from '../../routes'
import { shortId, withShort } from '../../words/names'
import { absolute, exact } from '../../words/time'
import { count } from '../../words/amounts'

const kept = 2000
const firstRoom = 60

export function JobLog({ instance, cid, job }: { instance: string; cid: string; job?: string }) {
  const [lines, setLines] = useState<LogLine[]>([])
  const [room, setRoom] = useState(firstRoom)
  useEffect(() => {
    const all = new Map<string, LogLine>()
    let frame = 0
    const draw = () => {
      frame = 0
      const sorted = [...all.values()].sort((a, b) => b.time - a.time || b.number - a.number)
      for (const old of sorted.splice(kept)) all.delete(old.time + '/' + old.number)
      setLines(sorted)
    }
    const watch = new Watch(at(instance, 'cids', cid, 'log', 'watch'), { job }, null, (kind, record) => {
      if (kind !== 'log') return
      const line = record as LogLine
      all.set(line.time + '/' + line.number, line)
      if (!frame) frame = requestAnimationFrame(draw)
    })
    watch.start()
    return () => {
      watch.stop()
      cancelAnimationFrame(frame)
    }
  }, [instance, cid, job])
  return (
    <section aria-label="Log">
      <h2>Log</h2>
      {lines.length === 0 && <p class="quiet">Nothing was said yet.</p>}
      <ol class="ticker log">
        {lines.slice(0, room).map((l) => (
          <li key={l.time + '/' + l.number}>
            <time class="quiet" title={exact(l.time)}>{absolute(l.time)}</time>
            <span class="event">
              {!job && <a class="quiet" href={link('ffs', instance, 'jobs', l.job)} title={`job ${l.job}`}>{shortId(l.job)}</a>} <span title={l.message}>{withShort(l.message.replaceAll(l.job, shortId(l.job)))}</span>
            </span>
          </li>
        ))}
      </ol>
      {lines.length > room && <p><button type="button" onClick={() => setRoom(room + 200)}>{count(lines.length - room)} older</button></p>}
    </section>
  )
}
