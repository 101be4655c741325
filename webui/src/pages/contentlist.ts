// The list of contents that Files and a bucket's page share: rows keep the
// deals that the list's answer brought, and learn of new ones from the stream.
import type { Params } from '../api/http'
import { get } from '../api/http'
import type { Change, Content, Deal, Placement } from '../api/types'
import { throttle } from '../live/throttle'
import type { LiveList, ListSpec } from '../live/list'

function mergeContent(old: Content | undefined, record: Content): Content {
  return { ...record, deals: record.deals ?? old?.deals ?? [], pieces: record.pieces ?? old?.pieces ?? [] }
}

function absorbDeal(deal: Deal, list: LiveList<Content>): void {
  for (const [key, content] of list.items) {
    if (!content.pieces?.includes(deal.piece)) continue
    const deals = (content.deals ?? []).filter((d) => d.uuid !== deal.uuid)
    list.set(key, { ...content, deals: [...deals, deal] })
  }
}

function absorbPlacement(placement: Placement, list: LiveList<Content>): void {
  const content = list.items.get(placement.content)
  if (!content || content.pieces?.includes(placement.piece)) return
  list.set(content.id, { ...content, pieces: [...(content.pieces ?? []), placement.piece] })
}

/// A placement may come after the deals of its piece; then only the node knows them all.
const stale = new Map<LiveList<Content>, Set<string>>()
const refresh = throttle(500, () => {
  for (const [list, keys] of stale)
    for (const key of keys)
      get<Content>(`/contents/${key}`).then((c) => list.items.has(key) && list.set(key, c)).catch(() => {})
  stale.clear()
})

const refreshAtMost = 40

function absorb({ table, record }: Change, list: LiveList<Content>): void {
  if (!record) return
  if (table === 'deals') absorbDeal(record as unknown as Deal, list)
  if (table !== 'placements') return
  const placement = record as unknown as Placement
  absorbPlacement(placement, list)
  const keys = stale.get(list) ?? new Set()
  if (list.items.has(placement.content) && keys.size < refreshAtMost) stale.set(list, keys.add(placement.content))
  refresh()
}

export interface ContentFilter { q: string; state: string; bucket: string }

function matches(c: Content, { q, state, bucket }: ContentFilter): boolean {
  if (c.state === 'removed' && state !== 'removed') return false
  if (state && c.state !== state) return false
  if (bucket && c.bucket !== bucket) return false
  const word = q.toLowerCase()
  return !q || c.name.toLowerCase().includes(word) || c.cid.startsWith(q) || c.id.startsWith(word)
}

export function contentList(filter: ContentFilter): ListSpec<Content> {
  return {
    path: '/contents',
    params: { ...filter } as Params,
    table: 'contents',
    key: (c) => c.id,
    match: (c) => matches(c, filter),
    // The node's answer has those that were removed, for a while.
    keep: (c) => c.state !== 'removed' || filter.state === 'removed',
    compare: (a, b) => b.created - a.created || a.name.localeCompare(b.name),
    absorb,
    merge: mergeContent,
  }
}
