// What must not be overlooked: the stream is broken, this is the past, the
// chain is away. None of it is a loss, so none of it is red.
import { at } from '../api/http'
import { retry, revision, status } from '../live/feed'
import { node, scarce } from '../live/node'
import { log } from '../live/events'
import { link } from '../routes'
import { bytes, count } from '../words/amounts'
import { absolute, duration, now, timeOfDay } from '../words/time'

/// At the foot of the page: nothing that is read moves when it comes or goes.
export function Broken() {
  const s = status.value
  if (s.state !== 'broken') return null
  const left = Math.max(0, Math.ceil((s.retryAt - now.value) / 1000))
  return (
    <div class="banner away" role="alert">
      <b>The stream broke at {timeOfDay(s.since)}: {s.why}.</b> What you see is from then. Nothing is lost by that: it goes on
      from revision {count(revision.value)}, {left > 0 ? `next try in ${duration(left)}` : 'trying now'}.
      <button type="button" onClick={retry}>
        Try now
      </button>
    </div>
  )
}

function Past() {
  const past = at.value
  if (past === null) return null
  const time = log.value.find((t) => t.revision === past)?.time
  const step = (by: number) => (at.value = Math.max(1, Math.min(revision.peek(), past + by)))
  return (
    <div class="banner past" role="status">
      <b>
        You look at revision {count(past)}
        {time ? `, ${absolute(time)}` : ''}.
      </b>{' '}
      Every page but FFS shows that moment.
      <span class="row">
        <button type="button" onClick={() => step(-1)} aria-label="One revision earlier">←</button>
        <button type="button" onClick={() => step(1)} aria-label="One revision later">→</button>
        <button type="button" class="primary" onClick={() => (at.value = null)}>Back to now</button>
      </span>
    </div>
  )
}

function Chain() {
  const info = node.value
  if (!info || info.network === 'none' || !info.chain || info.chain.connected) return null
  const problem = info.chain.problem
  const words = typeof problem === 'string' ? problem : problem?.message
  return (
    <div class="banner wait" role="status">
      <b>The chain node does not answer{info.chain.lagEpochs > 0 ? ` or lags ${count(info.chain.lagEpochs)} epochs behind` : ''}.</b>{' '}
      {words} Stored data is not touched; deals go on when it is back.
    </div>
  )
}

/// As the stream says it now; the page of the node says more.
function Disk() {
  const store = node.value?.store
  if (!store || !scarce(store)) return null
  return (
    <div class="banner wait" role="status">
      <b>The disk is nearly full: {bytes(store.freeBytes)} are free.</b> What is stored stays stored; new data and pieces are refused when nothing is left.
      <a href={link('node')}>What can be done</a>
    </div>
  )
}

export function Banners() {
  return (
    <>
      <Past />
      <Chain />
      <Disk />
    </>
  )
}
