// Where to go, and at its foot whether what is shown is live.
import { useEffect } from 'preact/hooks'
import { at } from '../api/http'
import { alerts, isNew, ofInstances } from '../live/alerts'
import { revision, status } from '../live/feed'
import { node } from '../live/node'
import { summary } from '../live/summary'
import { actions, helpOpen, places } from '../parts/keys'
import { scheme, turnScheme } from '../parts/theme'
import { showCurrent } from '../parts/strip'
import { route } from '../routes'
import { count, plural } from '../words/amounts'
import { choose } from '../upload/drop'

actions.t = turnScheme
actions.u = () => choose(false)

function isHere(path: string): boolean {
  const place = route.value.parts[0] ?? ''
  return path === '/' + place || (path === '/files' && (place === 'contents' || place === 'pins'))
}

function needsAt(path: string): number {
  if (path === '/') return summary.value?.attention.length ?? 0
  return path === '/ffs' ? ofInstances(alerts.value).filter(isNew).length : 0
}

function Badge({ path }: { path: string }) {
  const needs = needsAt(path)
  if (needs === 0) return null
  return (
    <span class="badge" title={path === '/' ? `${needs} need attention` : `${plural(needs, 'alert')} not seen yet`}>
      {needs > 99 ? '99+' : needs}
    </span>
  )
}

function Mark() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path class="up" d="M1 11h15v16H1z" />
      <path class="wall" d="M16 27V9q.5-2 2.5-2 3 0 3.8 3l3.2 11.500Q27 27 31 27z" />
    </svg>
  )
}

function Live() {
  const state = status.value.state
  const words = at.value !== null ? 'the past' : state === 'live' ? 'live' : state === 'connecting' ? 'connecting' : 'broken'
  const info = node.value
  return (
    <p class={`state ${state}`} role="status" aria-label={`Event stream: ${words}`}>
      <span class="pulse" aria-hidden="true" /> {words}
      <span class="quiet" title="The last revision heard of">
        {' '}r{count(at.value ?? revision.value)}
      </span>
      {info && info.epoch > 0 && (
        <span class="quiet epoch" title={`Chain epoch; final up to ${info.finalizedEpoch}`}>
          epoch {count(info.epoch)}
        </span>
      )}
    </p>
  )
}


export function Rail() {
  const here = places.find(([, path]) => isHere(path))?.[2] ?? 'Weir'
  const badges = places.filter(([, path]) => needsAt(path) > 0).length
  useEffect(() => {
    document.title = here === 'Overview' ? 'Weir' : `${here} · Weir`
    showCurrent('.rail ul')
  }, [route.value.text, badges])
  return (
    <nav class="rail" aria-label="Pages">
      <a class="brand" href="#/" aria-label="Weir, overview">
        <Mark />
        <b>Weir</b>
        {node.value && <span class="quiet">{node.value.network.replace(/^weir-/, '')}</span>}
      </a>
      <ul>
        {places.map(([letter, path, name]) => (
          <li key={path}>
            <a href={'#' + path} aria-current={isHere(path) ? 'page' : undefined} title={`g ${letter}`}>
              {name}
              <Badge path={path} />
            </a>
          </li>
        ))}
      </ul>
      <p class="hidden" aria-live="polite">
        {here}
      </p>
      <div class="foot">
        <Live />
        <p class="row">
          <button type="button" class="text" onClick={turnScheme} aria-label={scheme.value === 'dark' ? 'Use light colours' : 'Use dark colours'}>
            {scheme.value === 'dark' ? 'light' : 'dark'}
          </button>
          <button type="button" class="text" onClick={() => (helpOpen.value = true)} aria-label="Keyboard help">
            keys <kbd>?</kbd>
          </button>
        </p>
      </div>
    </nav>
  )
}
