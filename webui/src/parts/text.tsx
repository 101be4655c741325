// Small words with their exact meaning on hover.
import type { ComponentChildren } from 'preact'
import { chainNow, epochTime } from '../live/node'
import { bytes, exactBytes } from '../words/amounts'
import { shortCid } from '../words/names'
import { absolute, exact, now, relative } from '../words/time'
import { copy } from './toast'

export function Bytes({ n }: { n: number }) {
  return <span title={exactBytes(n)}>{bytes(n)}</span>
}

/// A moment of the wall clock: absolute, with the relative beside it.
export function When({ ms, brief = false }: { ms: number; brief?: boolean }) {
  if (!ms || ms <= 0) return <span class="quiet">—</span>
  return (
    <time title={exact(ms)} dateTime={new Date(ms).toISOString()}>
      {brief ? '' : absolute(ms)}
      <span class="quiet">{brief ? '' : ' · '}{relative(ms, now.value)}</span>
    </time>
  )
}

const dayInMs = 86_400_000

/// An epoch of the chain as a date of the chain's clock.
export function EpochTime({ epoch, brief = false }: { epoch: number; brief?: boolean }) {
  if (epoch === undefined || epoch < 0) return <span class="quiet">—</span>
  const ms = epochTime.value(epoch)
  // Where the chain's clock is far from the wall's, as on a devnet, its dates would only mislead.
  const ownTime = Math.abs(chainNow.value - now.value) > dayInMs
  return (
    <time title={`epoch ${epoch}, ${exact(ms)} by the chain's clock`} dateTime={new Date(ms).toISOString()}>
      {ownTime ? relative(ms, chainNow.value) : absolute(ms)}
      {!brief && !ownTime && <span class="quiet"> · {relative(ms, chainNow.value)}</span>}
    </time>
  )
}

/// A long identifier: shortened in its middle, whole on focus, copied by a click or by `c`.
export function Cid({ cid, href, head = 8 }: { cid: string; href?: string; head?: number }) {
  if (!cid) return <span class="quiet">—</span>
  return (
    <span class="cid">
      {href ? (
        <a href={href} title={cid} data-cid={cid}>
          {shortCid(cid, head)}
        </a>
      ) : (
        <button type="button" title={`${cid}: press to copy`} data-cid={cid} onClick={() => void copy(cid)}>
          {shortCid(cid, head)}
        </button>
      )}
      <span class="whole" aria-hidden="true">{cid}</span>
    </span>
  )
}

/// The command line that does the same.
export function Command({ line }: { line: string }) {
  return (
    <span class="command">
      <code title={line}>{line}</code>
      <button type="button" class="text" onClick={() => void copy(line)} aria-label={`Copy the command ${line}`}>
        copy
      </button>
    </span>
  )
}

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

export function Keycap({ children }: { children: ComponentChildren }) {
  return <kbd>{children}</kbd>
}
