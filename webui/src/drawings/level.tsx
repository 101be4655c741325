// The level: a bucket as a tank beside a weir. Water is the bytes in it, the
// crest of the right wall is its threshold, the mark on the left scale falls
// from the top while its age runs towards its due time. Over the crest it flows.
import type { Bucket } from '../api/types'
import { bytes, share } from '../words/amounts'
import { bucketTitle } from '../words/names'

const width = 120
const height = 92
const left = 10
const right = 92
const floor = 84
const crest = 26
const top = 6

export interface LevelProps {
  bucket: Bucket
  /// How much of its time has passed, 0 to 1; null where nothing is due.
  age: number | null
}

function waterTop(bucket: Bucket): number {
  if (bucket.size <= 0) return floor
  const part = bucket.threshold > 0 ? Math.min(1, bucket.size / bucket.threshold) : 0.5
  return floor - Math.max(1.5, part * (floor - crest))
}

export function Level({ bucket, age }: LevelProps) {
  const water = waterTop(bucket)
  const over = bucket.threshold > 0 && bucket.size > bucket.threshold
  const passed = bucket.state === 'complete'
  const words = describe(bucket, age)
  return (
    <svg class={`level ${passed ? 'passed' : bucket.ready}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      <title>{words}</title>
      {!passed && water < floor && (
        <g class="water">
          <rect x={left} y={water} width={right - left} height={floor - water} />
          <line x1={left} x2={right} y1={water} y2={water} class="surface" />
        </g>
      )}
      {over && !passed && <path class="nappe" d={`M${right - 8} ${crest - 1.500}h8q10 1 12 ${floor - crest}h-5q-2-${floor - crest - 8}-8-${floor - crest - 4}z`} />}
      <path class="wall" d={`M${left} ${top}V${floor}H${right}V${crest}`} />
      <line class="crest" x1={left} x2={right + 6} y1={crest} y2={crest} />
      {age !== null && !passed && <Age part={age} />}
      <line class="bed" x1={right} x2={width} y1={floor} y2={floor} />
    </svg>
  )
}

function Age({ part }: { part: number }) {
  const y = top + Math.min(1, Math.max(0, part)) * (floor - top)
  return (
    <g class="age">
      <line x1={left} x2={left} y1={top} y2={y} />
      <path d={`M${left - 8} ${y - 3.500}l6 3.500-6 3.500z`} />
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
