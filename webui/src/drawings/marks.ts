// What the six say: from deals to one mark for each promised copy.
import type { DealBrief } from '../api/types'

export type Mark = 'wanted' | 'intended' | 'proposed' | 'published' | 'activated' | 'active' | 'struck' | 'turning'

const rank: Record<string, number> = { active: 0, activated: 1, published: 2, proposed: 3, intended: 4 }
const lost = new Set(['failed', 'slashed', 'expired'])

export interface MarkedCopy { mark: Mark; deal: DealBrief | null }

/// Good deals first, the furthest along first; then what was lost and has no
/// successor yet; then what is still wanted. A successor on its way turns.
export function marksOf(copies: number, deals: DealBrief[]): MarkedCopy[] {
  const good = deals.filter((d) => d.state in rank).sort((a, b) => rank[a.state] - rank[b.state])
  const replaced = new Set(good.map((d) => d.replaces).filter(Boolean))
  const struck = deals.filter((d) => lost.has(d.state) && !replaced.has(d.uuid))
  const marks: MarkedCopy[] = good.slice(0, Math.max(copies, 0)).map((deal) => ({ mark: markOf(deal), deal }))
  for (const deal of struck) if (marks.length < copies) marks.push({ mark: 'struck', deal })
  while (marks.length < copies) marks.push({ mark: 'wanted', deal: null })
  return marks
}

/// A piece of FFS promises nothing itself: its deals are those of its contents, and all that are good count.
export function promisedOf(copies: number, deals: DealBrief[]): number {
  return copies > 0 ? copies : deals.filter((d) => d.state in rank).length
}

function markOf(deal: DealBrief): Mark {
  const underWay = deal.state === 'intended' || deal.state === 'proposed'
  if (underWay && deal.replaces) return 'turning'
  return deal.state as Mark
}

export const markWords: Record<Mark, string> = {
  wanted: 'wanted',
  intended: 'about to be proposed',
  proposed: 'proposed',
  published: 'published',
  activated: 'activated, not final',
  active: 'active',
  struck: 'lost',
  turning: 'being replaced',
}

/// "4 of 6 copies active, 1 published, 1 wanted".
export function sentenceOf(marks: MarkedCopy[]): string {
  const counts = new Map<Mark, number>()
  for (const { mark } of marks) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  const active = counts.get('active') ?? 0
  const rest = [...counts].filter(([m]) => m !== 'active').map(([m, n]) => `${n} ${markWords[m]}`)
  return [`${active} of ${marks.length} copies active`, ...rest].join(', ')
}
