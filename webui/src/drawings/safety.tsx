// One bar for all bytes: safe, on their way, none. Filled, hatched, hollow.
import type { Summary } from '../api/types'
import { bytes, plural, share } from '../words/amounts'

const parts = [
  { key: 'safe', name: 'safe', title: 'All promised deals are active and final.' },
  { key: 'onTheirWay', name: 'on their way', title: 'Some promised deals are active, or are being made.' },
  { key: 'none', name: 'only here', title: 'No deal yet: this node holds the only copy.' },
] as const

export function Safety({ summary }: { summary: Summary }) {
  const all = summary.contents.bytes
  const shown = parts.filter((p) => summary[p.key].count > 0)
  return (
    <div class="safety">
      <div class="bar" role="img" aria-label={shown.map((p) => `${bytes(summary[p.key].bytes)} ${p.name}`).join(', ') || 'empty'}>
        {shown.map((p) => (
          <span key={p.key} class={p.key} style={{ flexGrow: Math.max(summary[p.key].bytes / Math.max(1, all), 0.004) }} title={p.title} />
        ))}
      </div>
      <ul>
        {shown.map((p) => (
          <li key={p.key} title={p.title}>
            <i class={`key ${p.key}`} aria-hidden="true" />
            <b>{bytes(summary[p.key].bytes)}</b> {p.name}
            <span class="quiet">
              {' '}
              {share(summary[p.key].bytes, all)}, {plural(summary[p.key].count, 'content')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
