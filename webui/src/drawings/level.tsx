// The level: a bucket as water against a weir. Water is the bytes in it, the
// crest is its threshold, the mark on the left scale falls from the top while
// its age runs towards its due time. What flows over becomes a piece.
import type { Bucket } from '../api/types'
import { bytes, share } from '../words/amounts'
import { bucketTitle } from '../words/names'

const width = 168
const height = 96
const left = 14
const face = 104
const floor = 86
const crest = 28
const top = 8

/// The wall: upright against the water, an ogee on the side where it flows off.
const wall = `M${face} ${floor}V${crest}q1-3 5-3 6 0 8 7l13 42q4 12 14 12z`
/// The sheet of water over it, and what runs off below.
const sheet = `M${face - 10} ${crest - 5.5}H${face + 4}q9 0 12 8l13 41q4 12.5 14 12.5H${width}`

export interface LevelProps {
  bucket: Bucket
  /// How much of its time has passed, 0 to 1; null where nothing is due.
  age: number | null
}

function surfaceOf(bucket: Bucket): number {
  if (bucket.state === 'complete' || bucket.size <= 0) return floor
  const part = bucket.threshold > 0 ? bucket.size / bucket.threshold : 0.5
  return part > 1 ? crest - 6 : floor - Math.max(2, part * (floor - crest))
}

export function Level({ bucket, age }: LevelProps) {
  const surface = surfaceOf(bucket)
  const passed = bucket.state === 'complete'
  const flowing = surface < crest
  const words = describe(bucket, age)
  return (
    <svg class={`level ${passed ? 'passed' : bucket.ready}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      <title>{words}</title>
      {!passed && <line class="crest" x1={left} x2={face + 18} y1={crest - 3} y2={crest - 3} />}
      {surface < floor && (
        <g class="water">
          <path class="body" d={`M${left} ${surface}H${face}V${floor}H${left}z`} />
          <line class="surface" x1={left} x2={flowing ? face - 8 : face} y1={surface} y2={surface} />
        </g>
      )}
      {passed && <path class="body tail" d={`M${face + 22} ${floor - 22}H${width}V${floor}H${face + 34}z`} />}
      <path class="wall" d={wall} />
      {flowing && <path class="sheet" d={sheet} />}
      <path class="bed" d={`M${left} ${top}V${floor}H${width}`} />
      {age !== null && !passed && <Age part={age} />}
    </svg>
  )
}

function Age({ part }: { part: number }) {
  const y = top + Math.min(1, Math.max(0, part)) * (floor - top)
  return (
    <g class="age">
      <line x1={left} x2={left} y1={top} y2={y} />
      <path d={`M${left - 10} ${y - 4.5}l8 4.5-8 4.5z`} />
    </g>
  )
}

function describe(bucket: Bucket, age: number | null): string {
  const name = `Bucket ${bucketTitle(bucket.name)}`
  if (bucket.state === 'complete') return `${name}: complete, ${bytes(bucket.size)} packed`
  const full = bucket.threshold > 0 ? `, ${share(bucket.size, bucket.threshold)} of its threshold` : ''
  const time = age === null ? '' : `, ${share(age, 1)} of its time passed`
  return `${name}: ${bytes(bucket.size)}${full}${time}`
}
