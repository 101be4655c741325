// The six, large, with what they say beside them.
import type { DealBrief } from '../api/types'
import { marksOf, sentenceOf } from './marks'
import { Six } from './six'

/// More than these are drawn smaller.
const roomy = 12

export function CopiesLine({ copies, deals }: { copies: number; deals: DealBrief[] }) {
  return (
    <p class="row copies">
      <Six copies={copies} deals={deals} size={copies > roomy ? 14 : 28} />
      <span>{sentenceOf(marksOf(copies, deals))}</span>
    </p>
  )
}
