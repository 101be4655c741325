// Wanted against is, side by side: what differs is seen at once.
import type { CidShown } from '../../api/ffs'
import { node } from '../../live/node'
import { EpochTime } from '../../parts/text'
import { sides, type Side } from '../../words/ffs'

function Is({ side }: { side: Side }) {
  if (side.epoch !== undefined) return side.epoch >= 0 ? <>next <EpochTime epoch={side.epoch} /></> : <span class="quiet">—</span>
  return side.is ? <>{side.is}</> : <span class="quiet">{side.later ?? 'for new deals'}</span>
}

export function SideBySide({ entry }: { entry: CidShown }) {
  const rows = sides(entry, node.value?.epochSeconds || 30)
  return (
    <table class="small sides" aria-label="Wanted and is">
      <thead>
        <tr>
          <th />
          <th>Wanted</th>
          <th>Is</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => (
          <tr key={r.name} class={r.differs ? 'differs' : ''}>
            <th scope="row">{r.name}</th>
            <td>{r.wanted}</td>
            <td>
              {r.differs && <b class="wait" title="It is not as wanted">≠ <span class="hidden">not as wanted: </span></b>}
              <Is side={r} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
