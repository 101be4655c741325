// The six: a small mark for each promised copy. Shape carries the meaning.
import type { DealBrief } from '../api/types'
import { marksOf, promisedOf, sentenceOf, type Mark } from './marks'

const middle = 8
const radius = 5.25

/// One mark, drawn in a box of 16 by 16 around its middle.
export function MarkShape({ mark }: { mark: Mark }) {
  const ring = <circle cx={middle} cy={middle} r={radius} class="ring" />
  switch (mark) {
    case 'wanted':
      return <circle cx={middle} cy={middle} r={radius} class="hollow" />
    case 'intended':
      return (
        <>
          <circle cx={middle} cy={middle} r={radius} class="hollow" />
          <circle cx={middle} cy={middle} r={1.4} class="fill" />
        </>
      )
    case 'proposed':
      return ring
    case 'published':
      return (
        <>
          {ring}
          <path d={`M${middle - radius} ${middle}a${radius} ${radius} 0 0 0 ${2 * radius} 0z`} class="fill" />
        </>
      )
    case 'activated':
      return (
        <>
          {ring}
          <circle cx={middle} cy={middle} r={3} class="fill" />
        </>
      )
    case 'active':
      return <circle cx={middle} cy={middle} r={radius + 0.75} class="fill" />
    case 'struck':
      return (
        <g class="struck">
          <circle cx={middle} cy={middle} r={radius - 0.75} />
          <path d="M2.5 13.5 13.5 2.5" />
        </g>
      )
    case 'turning':
      return (
        <g class="turning">
          <path d="M13.250 8a5.250 5.250 0 1 1-2.300-4.340" />
          <path d="m11.600 1-.3 3-3-.3" />
        </g>
      )
  }
}

const step = 16

export function Six({ copies, deals, size = 14 }: { copies: number; deals: DealBrief[]; size?: number }) {
  const marks = marksOf(copies, deals)
  const words = sentenceOf(marks)
  return (
    <svg
      class="six"
      role="img"
      aria-label={words}
      viewBox={`0 0 ${Math.max(1, marks.length) * step} 16`}
      height={size}
      width={(size / 16) * Math.max(1, marks.length) * step}
    >
      <title>{words}</title>
      {marks.map(({ mark }, i) => (
        <g key={i} class={`mark ${mark}`} transform={`translate(${i * step} 0)`}>
          <MarkShape mark={mark} />
        </g>
      ))}
    </svg>
  )
}

/// More than these would not fit into a row.
const mostMarks = 8

/// The six in a row of a list: in words where there are too many of them, or none.
export function SixInRow({ copies, deals }: { copies: number; deals: DealBrief[] }) {
  const promised = promisedOf(copies, deals)
  if (promised === 0) return <span class="quiet">none</span>
  if (promised <= mostMarks) return <Six copies={promised} deals={deals} />
  return <span title={sentenceOf(marksOf(promised, deals))}>{deals.filter((d) => d.state === 'active').length} of {promised} active</span>
}

/// One mark by itself, in a legend or beside the name of a deal's state.
export function OneMark({ mark, size = 14 }: { mark: Mark; size?: number }) {
  return (
    <svg class="six" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <g class={`mark ${mark}`}>
        <MarkShape mark={mark} />
      </g>
    </svg>
  )
}

export function markOfState(state: string): Mark {
  if (state === 'failed' || state === 'slashed' || state === 'rejected' || state === 'expired') return 'struck'
  return state as Mark
}
