// A job's way, in the shape of a content's life: the same six stations, the
// current one breathing, what was not needed said so.
import { isFinal, type Job } from '../api/ffs'
import { absolute, duration, exact } from '../words/time'

const stations = ['queued', 'hot copy', 'unfreeze', 'deals', 'finish', 'done'] as const
const stepAt = { waiting: 0, hot: 1, unfreeze: 2, cold: 3, finish: 4 } as const

function notNeeded(j: Job, station: number): boolean {
  if (station === 1) return !j.config.hot.enabled
  if (station === 2) return isFinal(j.state) ? !j.unfroze : !j.config.hot.allowUnfreeze
  return station === 3 && !j.config.cold.enabled
}

export function JobLine({ job: j }: { job: Job }) {
  const ended = j.state === 'failed' || j.state === 'cancelled'
  const current = j.state === 'done' || j.state === 'failed' ? 5 : j.state === 'queued' ? 0 : stepAt[j.step]
  const tone = { done: 'active', failed: 'failed', cancelled: 'removed', queued: '', in_progress: '' }[j.state]
  const next = stations.findIndex((_, i) => i > current && !notNeeded(j, i))
  return (
    <ol class={`life ${tone}`} aria-label={`Its way: ${j.state.replace('_', ' ')}`}>
      {stations.map((station, i) => {
        const name = i === 5 && j.state === 'failed' ? 'failed' : station
        const kind = i > current ? (i === next && !ended ? 'next' : 'later') : i === current ? 'current' : 'past'
        const time = i === 0 ? j.created : i === current && isFinal(j.state) ? j.ended : 0
        const skipped = notNeeded(j, i)
        return (
          <li key={name} class={kind} aria-current={kind === 'current' ? 'step' : undefined}>
            <span class="dot" aria-hidden="true" />
            <span class="name">{name}</span>
            <span class="when">
              {time > 0 && <time title={exact(time)}>{absolute(time)}</time>}
              {i === 5 && j.ended > 0 && j.started > 0 && <span class="took">+{duration((j.ended - j.started) / 1000)}</span>}
              {skipped && kind !== 'current' && <span class="took">not needed</span>}
              {kind === 'next' && <span class="took">next</span>}
              {j.state === 'cancelled' && i === current && <b class="quiet">cancelled</b>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
