// How much of a limit is used: a thin bar with its numbers. The bar only
// repeats what the text says; at the limit a notch shows that nothing passes.
import { fullness, type Limit } from '../words/limits'
import { share } from '../words/amounts'

export function Used({ limit, named = false }: { limit: Limit; named?: boolean }) {
  const tone = fullness(limit.part)
  const width = 60 * Math.min(1, limit.part)
  return (
    <span class={`used ${tone}`} title={`${limit.exact}, ${share(Math.round(limit.part * 10_000), 10_000)}`}>
      <svg viewBox="0 0 60 8" aria-hidden="true" preserveAspectRatio="none">
        <rect class="all" width="60" height="8" />
        <rect class="part" width={width} height="8" />
        {tone === 'full' && <rect class="notch" x="57" width="3" height="8" />}
      </svg>
      <span class="text">
        <b>{limit.used}</b> <span class="quiet">of {limit.most}{named && ` ${limit.name}`}</span>
      </span>
    </span>
  )
}
