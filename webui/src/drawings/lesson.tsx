// For somebody who has nothing here yet: the same line of stations, with what
// each means and the drawings that will stand for it.
import type { Bucket, DealBrief, DealState } from '../api/types'
import { stationMeaning, stationNames, stations, type Station } from '../words/names'
import { Level } from './level'
import { Six } from './six'

const example: Bucket = {
  id: '', owner: '', name: '', state: 'init', ready: 'open', threshold: 100, maxCount: 0, every: 0, dueAt: -1, size: 62, count: 3,
  createdAt: -1, created: 0, readyAt: -1, completeAt: -1, pieces: [], problem: { code: 'none', message: '' },
}

function six(state: DealState): DealBrief[] {
  return Array.from({ length: 6 }, (_, i) => ({ uuid: String(i), provider: '', id: 0, state }))
}

function Sign({ station }: { station: Station }) {
  switch (station) {
    case 'stored': return <Six copies={6} deals={[]} />
    case 'in_bucket': return <Level bucket={example} age={0.3} />
    case 'packed': return <Level bucket={{ ...example, size: 130 }} age={null} />
    default: return <Six copies={6} deals={six(station)} />
  }
}

export function Lesson() {
  return (
    <ol class="life lesson" aria-label="The way of a content">
      {stations.map((station) => (
        <li key={station} class="later">
          <span class="dot" aria-hidden="true" />
          <span class="name">{stationNames[station]}</span>
          <span class="text">
            <span class="quiet">{stationMeaning[station]}</span>
            <span class="sign" aria-hidden="true">
              <Sign station={station} />
            </span>
          </span>
        </li>
      ))}
    </ol>
  )
}
