// A content's life: always the same line of stations, with the time at each,
// the current one breathing, the next one named.
import type { ContentState, Moment } from '../api/types'
import { stationMeaning, stationNames, stationOf, stations } from '../words/names'
import { absolute, duration, exact } from '../words/time'

export interface LifeProps { state: ContentState; life: Moment[] }

export function LifeLine({ state, life }: LifeProps) {
  const times = new Map(life.map((m) => [m.state, m]))
  // What failed or was removed stopped at the last station it had reached.
  const known = stationOf(state)
  const current = known >= 0 ? known : lastReached(times)
  const ended = state === 'failed' || state === 'removed'
  let before: number | null = null
  return (
    <ol class={`life ${state}`} aria-label={`Life line: ${state.replace('_', ' ')}`}>
      {stations.map((station, i) => {
        const reached = i <= current
        const time = times.get(station)?.time ?? null
        const took = time !== null && before !== null && time - before >= 1000 ? time - before : null
        if (time !== null) before = time
        const hurt = state === 'degraded' && i === current
        const kind = !reached ? (i === current + 1 && !ended ? 'next' : 'later') : i === current ? 'current' : 'past'
        return (
          <li key={station} class={kind} aria-current={kind === 'current' ? 'step' : undefined} title={stationMeaning[station]}>
            <span class="dot" aria-hidden="true" />
            <span class="name">{stationNames[station]}</span>
            <span class="when">
              {reached && time !== null && <time title={exact(time)}>{absolute(time)}</time>}
              {reached && took !== null && <span class="took">+{duration(took / 1000)}</span>}
              {kind === 'next' && <span class="took">next</span>}
              {hurt && <b class="loss">a copy was lost</b>}
              {ended && i === current && <b class="loss">{state}</b>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function lastReached(times: Map<string, Moment>): number {
  let last = 0
  stations.forEach((station, i) => {
    if (times.has(station)) last = i
  })
  return last
}
