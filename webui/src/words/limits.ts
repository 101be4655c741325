// What an instance may use and what it uses: in words, and how near the two
// are. Plain logic, so that it can be tested without a page.
import type { Quota } from '../api/ffs'
import { bytes, count, exactBytes, exactFil, fil } from './amounts'

export type LimitKind = keyof Quota

export interface Limit {
  kind: LimitKind
  /// What it is of, as in "bytes".
  name: string
  used: string
  most: string
  /// Both without rounding.
  exact: string
  /// Used of the limit; over 1 when the limit was lowered below what is used.
  part: number
}

/// From here on somebody should know.
export const nearPart = 0.8

export const limitNames: Record<LimitKind, string> = { bytes: 'bytes', jobs: 'waiting jobs', spend: 'spend' }

/// What is over a limit is refused; what that means for its owner.
export const atLimit: Record<LimitKind, string> = {
  bytes: 'nothing more is taken until something is removed',
  jobs: 'pushes are refused until a job begins',
  spend: 'no deal is made and nothing sent any more',
}

function partOf(used: string | number, most: string | number): number {
  return Number((BigInt(used) * 10_000n) / BigInt(most)) / 10_000
}

const shown: Record<LimitKind, (v: string | number) => string> = { bytes: (v) => bytes(Number(v)), jobs: (v) => count(Number(v)), spend: (v) => fil(String(v)) }
const exact: Record<LimitKind, (v: string | number) => string> = { bytes: (v) => exactBytes(Number(v)), jobs: (v) => count(Number(v)), spend: (v) => exactFil(String(v)) }

export function hasLimit(limits: Quota, kind: LimitKind): boolean {
  return String(limits[kind]) !== '0'
}

export function amount(kind: LimitKind, value: string | number): string {
  return shown[kind](value)
}

function limitOf(kind: LimitKind, limits: Quota, use: Quota): Limit {
  return {
    kind,
    name: limitNames[kind],
    used: shown[kind](use[kind]),
    most: shown[kind](limits[kind]),
    exact: `${exact[kind](use[kind])} of ${exact[kind](limits[kind])}`,
    part: partOf(use[kind], limits[kind]),
  }
}

/// Those that are set, the nearest first.
export function limitsOf(limits: Quota, use: Quota): Limit[] {
  const kinds: LimitKind[] = ['bytes', 'jobs', 'spend']
  return kinds.filter((k) => hasLimit(limits, k)).map((k) => limitOf(k, limits, use)).sort((a, b) => b.part - a.part)
}

export function isNear(limits: Quota, use: Quota | undefined): boolean {
  return !!use && limitsOf(limits, use).some((l) => l.part >= nearPart)
}

export type Fullness = '' | 'near' | 'full'

export function fullness(part: number): Fullness {
  return part >= 1 ? 'full' : part >= nearPart ? 'near' : ''
}

/// "weir ffs limit ID --bytes 1073741824", for what is another limit than before.
export function limitFlags(wished: Quota, before: Quota): string {
  const flags = [
    wished.bytes !== before.bytes ? ` --bytes ${wished.bytes}` : '',
    wished.jobs !== before.jobs ? ` --jobs ${wished.jobs}` : '',
    wished.spend !== before.spend ? ` --spend ${exactFil(wished.spend).replace(' ', '')}` : '',
  ]
  return flags.join('')
}
