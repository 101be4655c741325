// The alerts of all instances, the newest few: what an operator has to look at.
import { alerts, isNew, ofInstances } from '../../live/alerts'
import { AlertLines, SeenButton } from '../../parts/alerts'
import { count } from '../../words/amounts'

/// More are on the page of events.
const shown = 5

/// `all`: those of the node's own contents and addresses too.
export function LookAt({ all = false }: { all?: boolean }) {
  const list = all ? alerts.value : ofInstances(alerts.value)
  if (list.length === 0) return null
  const fresh = list.filter(isNew).length
  return (
    <section aria-label="Alerts" class="lookat">
      <h2 class="row">
        <a href="#/events?kind=alerts">Alerts</a>
        {fresh > 0 && <span class="badge" title={`${count(fresh)} not seen yet`}>{count(fresh)}</span>}
        <SeenButton list={list} />
      </h2>
      <AlertLines list={list.slice(0, shown)} />
    </section>
  )
}
