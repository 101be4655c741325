// Times: absolute with the relative beside them. A chain's epochs are dates
// of the chain's clock, which on the devnet may run ahead of the wall's.
import { signal } from '@preact/signals'

/// The wall clock, once a second, so that "3 min ago" stays true.
export const now = signal(Date.now())
setInterval(() => (now.value = Date.now()), 1000)

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })

/// "10:02:11" today, "20 Nov 10:02" this year, "20 Nov 2027" otherwise.
export function absolute(ms: number): string {
  const date = new Date(ms)
  const today = new Date(now.peek())
  if (date.toDateString() === today.toDateString()) return clock.format(date)
  if (date.getFullYear() === today.getFullYear()) return `${day.format(date)} ${clock.format(date).slice(0, 5)}`
  return dayAndYear.format(date)
}

export function timeOfDay(ms: number): string {
  return clock.format(new Date(ms))
}

export function exact(ms: number): string {
  return full.format(new Date(ms))
}

const steps: [number, string][] = [
  [365 * 86400, 'y'],
  [86400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
]

/// "3 d 4 h", "12 min", "5 s": the two largest units that say something.
export function duration(seconds: number): string {
  let rest = Math.max(0, Math.round(seconds))
  const i = steps.findIndex(([size]) => rest >= size)
  if (i < 0) return '0 s'
  const [size, name] = steps[i]
  const n = Math.floor(rest / size)
  rest -= n * size
  const below = steps[i + 1]
  const m = below ? Math.floor(rest / below[0]) : 0
  return m > 0 && n < 10 && name !== 's' ? `${n} ${name} ${m} ${below[1]}` : `${n} ${name}`
}

export function relative(ms: number, from: number): string {
  const seconds = (from - ms) / 1000
  if (Math.abs(seconds) < 2) return 'now'
  return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`
}

const spans: [unit: string, seconds: number][] = [['d', 86400], ['h', 3600], ['min', 60], ['s', 1]]

/// Seconds in the largest unit that loses nothing, as a field shows them: "180 d".
export function exactSpan(seconds: number): string {
  const [unit, size] = spans.find(([, n]) => seconds >= n && seconds % n === 0) ?? ['s', 1]
  return `${seconds / size} ${unit}`
}

/// What somebody wrote into a field as seconds: "180 d", "72 h", "15 min", "30 epochs"; null when it is no time.
export function parseSpan(text: string, epochSeconds: number): number | null {
  const found = /^(\d+(?:\.\d+)?)\s*(d|days?|h|hours?|min|minutes?|s|seconds?|epochs?)$/i.exec(text.trim())
  if (!found) return text.trim() === '0' ? 0 : null
  const unit = found[2].toLowerCase()
  const size = unit.startsWith('epoch') ? epochSeconds : spans.find(([u]) => u[0] === unit[0])![1]
  return Number(found[1]) * size
}
