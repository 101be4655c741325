// The same line of stations for everything at once: how many contents stand
// at each, as a link to those.
import type { Summary } from '../api/types'
import { link } from '../routes'
import { bytes, count } from '../words/amounts'
import { stationMeaning, stationNames, stations } from '../words/names'

export function Course({ summary }: { summary: Summary }) {
  const hurt = summary.byState.degraded ?? { count: 0, bytes: 0 }
  return (
    <ol class="course" aria-label="Contents at each station">
      {stations.map((station) => {
        const sum = summary.byState[station] ?? { count: 0, bytes: 0 }
        const some = sum.count > 0
        return (
          <li key={station} class={`${some ? 'some' : 'none'} ${station}`}>
            <a href={`${link('files')}?state=${station}`} title={stationMeaning[station]}>
              <span class="dot" aria-hidden="true" />
              <span class="number">{count(sum.count)}</span>
              <span class="name">{stationNames[station]}</span>
              <span class="quiet">{some ? bytes(sum.bytes) : ' '}</span>
              {station === 'active' && hurt.count > 0 && <span class="loss">{count(hurt.count)} degraded</span>}
            </a>
          </li>
        )
      })}
    </ol>
  )
}
