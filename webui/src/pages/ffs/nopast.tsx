import { at } from '../../api/http'
import { Empty } from '../../parts/trouble'

/// Jobs and logs have no past that could be looked at.
export function NoPast() {
  return (
    <Empty title="These pages show now only.">
      <button type="button" class="as-link" onClick={() => (at.value = null)}>Come back to now</button> to see instances, their CIDs and jobs.
    </Empty>
  )
}
